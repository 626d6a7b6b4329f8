"""The embedder of the settings as questions use it: while it works, and while the vectors of the index are its own."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence

from assistant.embedding import Progress, check_embedder, embed_missing, embedder_of
from assistant.errors import EmbedderError, StoreLocked
from assistant.retrieval.embed import Embedder, FloatArray
from assistant.retrieval.store import Store

PAUSE = 30.0
"""Seconds for which an embedder that failed is not asked again: a question asks several times, and may wait at each."""


class IndexEmbedder:
    """An :class:`Embedder` that is compared with the index whenever another process may have embedded it anew.

    Args:
        store: the index.
        name: the embedder, as the settings name it.
        open_: opens the model.

    Attributes:
        fault: why it could not be asked the last time, "" when it could.
    """

    def __init__(self, store: Store, name: str, open_: Callable[[], Embedder]) -> None:
        self.name = name
        self.fault = ""
        self._store = store
        self._open = open_
        self._model: Embedder | None = None
        self._compared: tuple[str, str | None] | None = None
        self._again = 0.0

    def embed_missing(self, progress: Progress | None = None) -> int:
        """Embed what has no vector yet, also after a failure of late; as ``embedding.embed_missing``.

        Raises:
            EmbedderError, StoreLocked: the model fails, or another process is writing; a later call goes on.
            EmbedderMismatch: the vectors of the index are another model's.
        """
        try:
            made = embed_missing(self._store, self.opened(), progress)
        except (EmbedderError, StoreLocked) as error:
            raise type(error)(
                f"what is not embedded is found by words alone until something is added again: {error}; "
                "how things stand says: news-assistant doctor"
            ) from error
        self.fault = ""
        return made

    def encode(self, texts: Sequence[str]) -> FloatArray:
        """Return float32 (len(texts), d), each row of unit length.

        Raises:
            EmbedderError: the model fails, or did so less than ``PAUSE`` ago.
            EmbedderMismatch: the vectors of the index are another model's.
        """
        if self.fault and time.monotonic() < self._again:
            raise EmbedderError(self.fault)
        try:
            vectors = self.opened().encode(texts)
            self._compare()  # after it, so that little time is left for another process to embed anew
        except EmbedderError as error:
            self.fault, self._again = str(error), time.monotonic() + PAUSE
            raise
        self.fault = ""
        return vectors

    def opened(self) -> Embedder:
        """Return the model itself, not compared with the index; raises EmbedderError where it cannot be opened."""
        if self._model is None:
            self._model = self._open()
        return self._model

    def _compare(self) -> None:
        """Compare the model with the index, unless the vectors there are whose they were the last time."""
        theirs = embedder_of(self._store), self._store.get_meta("embedder_probe")
        if theirs != self._compared:
            check_embedder(self._store, self.opened())
            self._compared = theirs

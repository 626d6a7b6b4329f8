"""Vectors for what was added: embed what has none yet, and never with two models in one index."""

from __future__ import annotations

import shlex
from collections.abc import Callable

import numpy as np

from assistant.errors import EmbedderMismatch
from assistant.retrieval.embed import Embedder, FloatArray
from assistant.retrieval.store import Store

Progress = Callable[[int, int], None]
"""Called with how much is done and how much there is."""

PROBE_TEXT = "The ceasefire took effect at noon on Thursday."
SAME_MODEL = 0.98
"""Least cosine between the stored and the new vector of ``PROBE_TEXT``; int8 models vary by some 0.005."""

_EMBED_AT_ONCE = 64
"""Passages in one saved batch: some seconds of work on two busy cores, which is what a stop can cost."""

_FETCHED = 2048


def embed_missing(store: Store, embedder: Embedder, progress: Progress | None = None) -> int:
    """Embed the passages that have no vector, shortest first; return how many vectors were made.

    Every batch is saved before the next begins, so that a stop costs one batch.

    Raises:
        EmbedderMismatch: the vectors in the index are another model's.
    """
    check_embedder(store, embedder)
    counts = store.counts()
    todo, made = counts.embeddable - counts.embedded, 0
    while missing := store.passage_texts_missing_embedding(_FETCHED):
        probe = embedder.encode([PROBE_TEXT])[0]
        for first in range(0, len(missing), _EMBED_AT_ONCE):
            rows = missing[first : first + _EMBED_AT_ONCE]
            vectors = embedder.encode([to_embed(title, text) for _, title, text in rows])
            with store.writing(), store.transaction():
                _claim(store, embedder.name, probe)
                store.save_embeddings(zip([key for key, _, _ in rows], vectors, strict=True))
            made += len(rows)
            if progress:
                progress(made, max(todo, made))
    return made


def check_embedder(store: Store, embedder: Embedder) -> None:
    """Refuse an embedder that did not make the vectors of the index: by its name, then by a probe text's vector.

    Raises:
        EmbedderMismatch: with both names and the command that embeds anew.
    """
    if not (name := embedder_of(store)):
        return
    probe = np.frombuffer(bytes.fromhex(store.get_meta("embedder_probe") or ""), "<f4")
    if name == embedder.name:
        now = embedder.encode([PROBE_TEXT])[0]
        if len(now) == len(probe) and float(now @ probe) >= SAME_MODEL:
            return
        name = f"another revision of {name}"
    raise _mismatch(store, name, embedder.name)


def forget_embeddings(store: Store, successor: Embedder | None = None) -> None:
    """Drop all vectors and whose they were, so that another embedder can be used.

    Raises:
        EmbedderError: the successor fails; nothing was dropped.
    """
    if successor:
        successor.encode([PROBE_TEXT])
    with store.writing(), store.transaction():
        store.drop_embeddings()
        store.set_meta("embedder", "")


def to_embed(title: str, text: str) -> str:
    """Return what is embedded of a passage: the headline says what the passage may leave unsaid."""
    return f"{title}\n{text}" if title else text


def embedder_of(store: Store) -> str:
    """Return the name of the embedder that made the vectors of the index, "" while there are none."""
    return (store.get_meta("embedder") or "") if store.query("SELECT 1 FROM embeddings LIMIT 1") else ""


def _claim(store: Store, name: str, probe: FloatArray) -> None:
    """Note whose vectors the index holds, in the transaction of the first; refuse to mix in another's later."""
    former = embedder_of(store)
    if former and former != name:
        raise _mismatch(store, former, name)
    if not former:
        store.set_meta("embedder", name)
        store.set_meta("embedder_probe", np.asarray(probe, "<f4").tobytes().hex())


def _mismatch(store: Store, former: str, name: str) -> EmbedderMismatch:
    return EmbedderMismatch(
        f"the index in '{store.folder}' was embedded with {former}, but {name} is set; "
        f"set that embedder, or embed anew with: news-assistant add --re-embed --index {shlex.quote(str(store.folder))}"
    )

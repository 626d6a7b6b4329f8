"""Every error a user can meet; each message is one plain sentence that says what to do.

::

    AssistantError
    ├── SettingsError        a setting has a value that cannot be used
    ├── QuestionError        a question, filter or history that cannot be used
    ├── DocumentError        one source cannot be read; the others go on
    ├── EmbedderError        the embedding model is missing, damaged or fails
    ├── ModelError           the language model is missing, unreachable, too slow or talks nonsense
    ├── PromptError          a prompt file is missing or asks for something that there is not
    └── StoreError           the index
        ├── StoreMissing     there is none where one was expected
        ├── StoreLocked      another process is writing
        ├── StoreDamaged     the record on disk fails its check
        ├── StoreVersion     made by a newer version
        └── EmbedderMismatch made with another embedding model
"""

from __future__ import annotations

from typing import Literal

ModelFault = Literal["unavailable", "refused", "limited", "failed", "slow", "cut", "nonsense", "long"]


class AssistantError(Exception):
    """Base of all errors that are the user's to read."""


class SettingsError(AssistantError):
    """A setting has a value that cannot be used."""


class QuestionError(AssistantError):
    """A question, filter or history that cannot be used."""


class DocumentError(AssistantError):
    """One source cannot be read; the others go on.

    ``source`` is the path or URL as given, with ``#n`` behind it for the n-th article of a file ("" when not known).
    """

    def __init__(self, message: str, source: str = "") -> None:
        super().__init__(message)
        self.source = source


class EmbedderError(AssistantError):
    """The embedding model is missing, damaged or fails."""


class ModelError(AssistantError):
    """A language model did not give a whole answer; the message never holds its provider's words or a key.

    Attributes:
        kind: ``unavailable`` (not installed, not configured, not there), ``refused`` (key, name or request),
            ``limited`` (too many requests), ``failed`` (its fault, may pass), ``slow`` (past the deadline), ``cut``
            (ended before its end), ``nonsense`` (empty or not in the form agreed), ``long`` (prompt past its context).
        retry_after: seconds that the provider asked to wait, None when it did not.
    """

    def __init__(self, message: str, kind: ModelFault, retry_after: float | None = None) -> None:
        super().__init__(message)
        self.kind = kind
        self.retry_after = retry_after

    def __reduce__(self) -> tuple[type[ModelError], tuple[object, ...]]:
        """Return how it is made again on its way from one process to another."""
        return type(self), (str(self), self.kind, self.retry_after)


class PromptError(AssistantError):
    """A prompt file is missing or asks for something that there is not."""


class StoreError(AssistantError):
    """The index cannot be used as asked."""


class StoreMissing(StoreError):
    """There is no index where one was expected."""


class StoreLocked(StoreError):
    """Another process is writing to the index."""


class StoreDamaged(StoreError):
    """The record on disk fails its check."""


class StoreVersion(StoreError):
    """The index was made by a newer version."""


class EmbedderMismatch(StoreError):
    """The index was made with another embedding model."""

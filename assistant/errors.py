"""Every error a user can meet; each message is one plain sentence that says what to do.

::

    AssistantError
    ├── SettingsError        a setting has a value that cannot be used
    ├── QuestionError        a question, filter or history that cannot be used
    ├── DocumentError        one source cannot be read; the others go on
    ├── EmbedderError        the embedding model is missing, damaged or fails
    └── StoreError           the index
        ├── StoreMissing     there is none where one was expected
        ├── StoreLocked      another process is writing
        ├── StoreDamaged     the record on disk fails its check
        ├── StoreVersion     made by a newer version
        └── EmbedderMismatch made with another embedding model
"""


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

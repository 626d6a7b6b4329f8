"""Raw news to passages: load (bytes -> RawDocument), clean (-> Article), chunk (-> Passages)."""

from assistant.corpus.chunk import chunk
from assistant.corpus.clean import clean
from assistant.corpus.load import find_sources, read_documents

__all__ = ["chunk", "clean", "find_sources", "read_documents"]

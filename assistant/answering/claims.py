"""What an answer is made of before it is numbered: claims, and the exact words that carry them."""

from __future__ import annotations

from dataclasses import dataclass

from assistant.types import Hit


@dataclass(frozen=True, slots=True)
class Quote:
    """Exact words of one article: ``article.text[start:end] == text``."""

    hit: Hit
    start: int
    end: int
    text: str


@dataclass(frozen=True, slots=True)
class Claim:
    """A statement with the quotes that carry it; ``text`` is the words of the first or a model's own."""

    text: str
    quotes: tuple[Quote, ...]


def quoted(hit: Hit, start: int, end: int) -> Quote:
    """Return the words of a passage between two places, which are characters of its article."""
    base = hit.passage.start
    return Quote(hit, start, end, hit.text[start - base : end - base])

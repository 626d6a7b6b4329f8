"""How near words stand to one another, and which words of the sources those of a statement stand for."""

from __future__ import annotations

from collections.abc import Sequence

from assistant.answering.checks.align import Alignment
from assistant.answering.checks.words import Word

_CLAUSE = 3
"""What the border of a clause counts for, in words."""
BEYOND = 30
"""Distance of words that stand in different sentences."""


def distance(one: Word, other: Word) -> int:
    """Return how many words two of one text are apart; the border of a clause counts besides."""
    return max(1, abs(one.place - other.place)) + _CLAUSE * abs(one.clause - other.clause)


def between(one: Word, other: Word) -> int:
    """Return how many words two of the cited sentences are apart."""
    return distance(one, other) if one.sentence == other.sentence else BEYOND + 10


def any_link(aligned: Alignment, said: Sequence[Word], sources: Sequence[Word]) -> bool:
    """Return whether one of the words of the statement stands for one of the words of the sources."""
    wanted = {(w.sentence, w.place) for w in sources}
    return any((p.sentence, p.place) in wanted for w in said for p in aligned.found(w))

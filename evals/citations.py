"""Citation precision and recall as ALCE defines them, with listed spans in place of a language model that judges."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import NamedTuple, TypeVar

ENOUGH = 0.5
"""Share of the shorter of two spans that they must have in common to count as the same evidence."""

T = TypeVar("T")
Supports = Callable[[int, Sequence[T]], bool]
"""Whether these citations together carry the statement of this number."""


class Span(NamedTuple):
    """Characters ``start`` up to ``end`` of an article."""

    article: str
    start: int
    end: int


def overlap(one: Span, other: Span) -> float:
    """Share of the shorter span that both have in common, 0..1; 0 for other articles or an empty span."""
    common = min(one.end, other.end) - max(one.start, other.start)
    shorter = min(one.end - one.start, other.end - other.start)
    return common / shorter if one.article == other.article and common > 0 and shorter > 0 else 0.0


def bears(citation: Span, evidence: Sequence[Span]) -> bool:
    """Whether a citation points at the evidence: it overlaps one of its spans by ``ENOUGH``."""
    return any(overlap(citation, span) >= ENOUGH for span in evidence)


def citation_recall(cited: Sequence[Sequence[T]], supports: Supports[T]) -> list[bool]:
    """For each statement, whether its citations together carry it; the mean is citation recall.

    Gao et al. 2023, "Enabling Large Language Models to Generate Text with Citations" (ALCE), section 4: recall of a
    statement is 1 if and only if it has a citation and the concatenation of what it cites entails it. Here ``supports``
    stands for the entailment model.

    Args:
        cited: the citations of each statement.
        supports: called with the statement's number, from 0, and citations of it.
    """
    return [bool(some) and supports(number, some) for number, some in enumerate(cited)]


def citation_precision(cited: Sequence[Sequence[T]], supports: Supports[T]) -> list[bool]:
    """For each citation, statement by statement, whether it is relevant; the mean is citation precision.

    ALCE, section 4: precision of a citation is 1 if its statement has recall 1 and it is not irrelevant. It is
    irrelevant if it does not carry the statement alone and the others carry it without it.

    Args:
        cited: the citations of each statement.
        supports: called with the statement's number, from 0, and citations of it.
    """
    found = []
    for number, (some, recalled) in enumerate(zip(cited, citation_recall(cited, supports), strict=True)):
        for place, one in enumerate(some):
            others = [*some[:place], *some[place + 1 :]]
            needed = supports(number, [one]) or not (others and supports(number, others))
            found.append(recalled and needed)
    return found

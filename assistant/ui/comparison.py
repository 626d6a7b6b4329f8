"""Two runs over the same cases: which measures differ, and which cases were lost and won."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from assistant.ui.reports import Figure, Row


@dataclass(frozen=True, slots=True)
class Difference:
    """A measure over the cases that both runs have.

    Attributes:
        before, now: means.
        rose, fell: cases in which it did.
        p: two-sided chance of so uneven a split of the cases that differ.
    """

    label: str
    before: float
    now: float
    n: int
    rose: int
    fell: int
    p: float


@dataclass(frozen=True, slots=True)
class Comparison:
    """What changed from one run to another.

    Attributes:
        same: cases that both have.
        differences: of the measures that differ for any of them.
        lost, won: cases that fail now and did not before, and the other way round, as (before, now).
    """

    same: int
    differences: tuple[Difference, ...]
    lost: tuple[tuple[Row, Row], ...]
    won: tuple[tuple[Row, Row], ...]


def compare(before: Iterable[Row], now: Iterable[Row], figures: Mapping[str, Figure]) -> Comparison:
    """Return what changed.

    Args:
        before: cases of the run that is compared with.
        now: cases of the run that is shown; a case is the same when its id and what it asks are.
        figures: of the run that is shown; they name the measures.
    """
    former = {(row.id, row.case): row for row in before}
    pairs = [(former[row.id, row.case], row) for row in now if (row.id, row.case) in former]
    differences = [_difference(key, figure.label, pairs) for key, figure in figures.items()]
    return Comparison(
        same=len(pairs),
        differences=tuple(one for one in differences if one is not None),
        lost=tuple((a, b) for a, b in pairs if b.failure and not a.failure),
        won=tuple((a, b) for a, b in pairs if a.failure and not b.failure),
    )


def sign_test(rose: int, fell: int) -> float:
    """Two-sided exact sign test (Dixon and Mood 1946); of values that are 0 or 1 it is McNemar's exact test (1947)."""
    n, fewer = rose + fell, min(rose, fell)
    return min(1.0, float(2 * sum(math.comb(n, k) for k in range(fewer + 1)) / 2**n))


def _difference(key: str, label: str, pairs: Iterable[tuple[Row, Row]]) -> Difference | None:
    """A measure of the cases that have it in both runs; None when it differs in none of them."""
    values = [(a.scores[key], b.scores[key]) for a, b in pairs if key in a.scores and key in b.scores]
    rose, fell = sum(b > a for a, b in values), sum(b < a for a, b in values)
    if not rose and not fell:
        return None
    n = len(values)
    means = sum(a for a, _ in values) / n, sum(b for _, b in values) / n
    return Difference(label, *means, n=n, rose=rose, fell=fell, p=sign_test(rose, fell))

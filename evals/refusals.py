"""How well an assistant knows what it does not know."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import NamedTuple


class Point(NamedTuple):
    """With everything below ``threshold`` refused: what share is answered, and what share of that is wrong."""

    threshold: float
    coverage: float
    risk: float


def refusal_precision(refused: Sequence[bool], unanswerable: Sequence[bool]) -> float:
    """Share of the refusals that are right (Rajpurkar et al. 2018: SQuAD 2.0's no-answer class); nan without any."""
    hits = [no for yes, no in zip(refused, unanswerable, strict=True) if yes]
    return sum(hits) / len(hits) if hits else math.nan


def refusal_recall(refused: Sequence[bool], unanswerable: Sequence[bool]) -> float:
    """Share of the unanswerable questions that are refused; nan without any."""
    return refusal_precision(unanswerable, refused)


def risk_coverage(confidence: Sequence[float], right: Sequence[bool]) -> list[Point]:
    """Risk-coverage curve (El-Yaniv and Wiener 2010), from the surest answer alone to all of them.

    Args:
        confidence: of each answer, also of one that was refused for it.
        right: whether showing it is right; nothing that is shown for an unanswerable question is.

    Returns:
        A point for each distinct confidence, falling; equal ones cannot be told apart and enter together.
    """
    order = sorted(zip(confidence, right, strict=True), key=lambda pair: -pair[0])
    points, wrong = [], 0
    for shown, (threshold, good) in enumerate(order, 1):
        wrong += not good
        if shown == len(order) or order[shown][0] != threshold:
            points.append(Point(threshold, shown / len(order), wrong / shown))
    return points


def area_under(curve: Sequence[Point]) -> float:
    """AURC: mean risk over coverage (Geifman and El-Yaniv 2019), lower is better; nan without points.

    Each answer counts with the risk at its own coverage; those of one confidence count alike.
    """
    before, area = 0.0, 0.0
    for point in curve:
        area += (point.coverage - before) * point.risk
        before = point.coverage
    return area if curve else math.nan

"""Intervals and paired tests, so that noise is not called progress. All are deterministic: seeds are fixed."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence

import numpy as np

SEED = 20261122
ROUNDS = 10_000
EXACT = 12
"""Pairs that differ up to which every assignment of signs is counted instead of drawing some."""


def bootstrap(values: Sequence[float], level: float = 0.95, rounds: int = 2_000) -> tuple[float, float]:
    """Return the percentile bootstrap interval of a mean (Efron 1979); (nan, nan) without values.

    Args:
        values: one per case.
        level: share of the resampled means inside.
        rounds: resamples.
    """
    if not len(values):
        return math.nan, math.nan
    data = np.asarray(values, np.float64)
    draws = np.random.default_rng(SEED).integers(0, len(data), (rounds, len(data)))
    means = data[draws].mean(axis=1)
    tail = 50 * (1 - level)
    return float(np.percentile(means, tail)), float(np.percentile(means, 100 - tail))


def mcnemar(only_one: int, only_other: int) -> float:
    """Exact two-sided p of McNemar's test (1947): discordant pairs fall to either side with chance one half."""
    return min(1.0, 2 * _tail(only_one + only_other, min(only_one, only_other)))


def mcnemar_fall(won: int, lost: int) -> float:
    """Exact one-sided p of McNemar's test: so many or more of the discordant pairs lost by chance."""
    return _tail(won + lost, won)


def _tail(n: int, most: int) -> float:
    return float(sum(math.comb(n, k) for k in range(most + 1)) / 2**n)


def fall(before: Sequence[float], now: Sequence[float]) -> float:
    """Return the one-sided p that measurements of the same cases fell by chance alone.

    The exact McNemar test where all values are 0 or 1, else Fisher's randomisation test on the mean difference, which
    Smucker et al. 2007 find fit for comparing searches: under the null hypothesis each difference is as likely
    with the other sign. With up to ``EXACT`` pairs that differ all signs are counted, else ``ROUNDS`` are drawn.
    """
    pairs = [(a, b) for a, b in zip(before, now, strict=True) if a != b]
    if all(value in (0.0, 1.0) for pair in pairs for value in pair):
        return mcnemar_fall(sum(b > a for a, b in pairs), sum(b < a for a, b in pairs))
    change = np.array([b - a for a, b in pairs])
    if len(change) <= EXACT:
        signs = 1 - 2 * (np.arange(2 ** len(change))[:, None] >> np.arange(len(change)) & 1)
        return float((signs @ change <= change.sum() + 1e-12).mean())
    signs = np.random.default_rng(SEED).integers(0, 2, (ROUNDS, len(change))) * 2 - 1
    return float((1 + (signs @ change <= change.sum() + 1e-12).sum()) / (1 + ROUNDS))


def difference(before: Sequence[float], now: Sequence[float]) -> float:
    """Return the two-sided p of a difference between measurements of the same cases: twice the smaller one-sided."""
    return min(1.0, 2 * min(fall(before, now), fall(now, before)))


def holm(p: Mapping[str, float]) -> dict[str, float]:
    """Return p values adjusted for their number (Holm 1979): below alpha, at most alpha of the families err."""
    adjusted, worst = {}, 0.0
    for place, name in enumerate(sorted(p, key=lambda name: p[name])):
        worst = max(worst, min(1.0, (len(p) - place) * p[name]))
        adjusted[name] = worst
    return adjusted

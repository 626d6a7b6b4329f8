"""What the rows of a run come to: every figure with its n and its 95 % interval."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

import numpy as np

from evals.metrics import auroc, wilson
from evals.refusals import Point, area_under, refusal_precision, refusal_recall, risk_coverage
from evals.report import percentile
from evals.rows import MEASURES, Row
from evals.significance import SEED, bootstrap, difference

RESAMPLES = 500
"""For the intervals of figures that are no means."""


@dataclass(frozen=True, slots=True)
class Figure:
    """A measure over many cases; ``low`` and ``high`` are nan where no interval is given."""

    label: str
    value: float
    low: float
    high: float
    n: int

    def cells(self) -> list[str]:
        """Return label, value, interval and n for a table; dashes for what there is not."""
        interval = "" if math.isnan(self.low) else f"{number(self.low)} - {number(self.high)}"
        return [self.label, number(self.value), interval, str(self.n)]


def number(value: float) -> str:
    """Return a figure as people read it: three decimals below 10, none above, a dash for nan."""
    return "-" if math.isnan(value) else f"{value:.3f}" if abs(value) < 10 else f"{value:.0f}"


def figures(rows: Sequence[Row], tokens: tuple[int, int] = (0, 0)) -> dict[str, Figure]:
    """Return every figure of a run by its key.

    Args:
        rows: of one configuration.
        tokens: that a model was shown and wrote for all of them.
    """
    found = {key: mean(measure.label, key, rows) for key, measure in MEASURES.items()}
    asked = [row for row in rows if row.status]
    if asked:
        found |= _of_refusals(asked)
        shown = [float(len(row.got)) for row in asked if row.got]
        found["statements"] = _plain("statements per answer", sum(shown) / len(shown) if shown else math.nan, shown)
        found["by_model"] = _plain("written by a model", sum(row.mode != "extractive" for row in asked), asked)
    took = [row.milliseconds for row in rows if not row.error]
    for percent in (50, 95):
        found[f"p{percent}"] = _plain(f"latency p{percent}, ms", percentile(took, percent), took)
    if any(tokens):
        for key, label, total in zip(("prompted", "written"), ("shown to", "written by"), tokens, strict=True):
            found[key] = _plain(f"tokens {label} the model, a question", total / max(1, len(asked)), asked)
    return {key: figure for key, figure in found.items() if figure.n}


def mean(label: str, key: str, rows: Iterable[Row]) -> Figure:
    """Return the mean of a measure over the cases that it applies to.

    The interval is Wilson's (1927) where every value is 0 or 1: the bootstrap's shrinks to nothing at 0 and 1. Else it
    is the percentile bootstrap's.
    """
    values = [row.scores[key] for row in rows if key in row.scores]
    if not values:
        return Figure(label, math.nan, math.nan, math.nan, 0)
    plain = all(value in (0.0, 1.0) for value in values)
    low, high = wilson(round(sum(values)), len(values)) if plain else bootstrap(values)
    return Figure(label, sum(values) / len(values), low, high, len(values))


def curve(rows: Iterable[Row]) -> list[Point]:
    """Return the risk-coverage curve of answers, also of those that were refused."""
    asked = [row for row in rows if row.status]
    return risk_coverage([row.sure or 0.0 for row in asked], [row.good for row in asked])


def by_tag(rows: Iterable[Row], key: str) -> list[Figure]:
    """Return a measure by tag, most cases first."""
    groups: dict[str, list[Row]] = {}
    for row in rows:
        for tag in row.tags if key in row.scores else ():
            groups.setdefault(tag, []).append(row)
    return [mean(tag, key, some) for tag, some in sorted(groups.items(), key=lambda item: (-len(item[1]), item[0]))]


def lost_at(rows: Iterable[Row]) -> list[tuple[str, int]]:
    """Return at which step how many cases were lost, most first."""
    losses = [row.lost for row in rows if row.lost]
    return sorted(((loss, losses.count(loss)) for loss in set(losses)), key=lambda item: (-item[1], item[0]))


def _of_refusals(rows: Sequence[Row]) -> dict[str, Figure]:
    measures: dict[str, tuple[str, Callable[[Sequence[Row]], float]]] = {
        "refusal_precision": ("refusal precision", lambda some: refusal_precision(*_refusals(some))),
        "refusal_recall": ("refusal recall", lambda some: refusal_recall(*_refusals(some))),
        "auroc": ("AUROC of confidence", _auroc),
        "aurc": ("area under the risk-coverage curve", lambda some: area_under(curve(some))),
    }
    return {key: _resampled(label, rows, statistic) for key, (label, statistic) in measures.items()}


def _refusals(rows: Sequence[Row]) -> tuple[list[bool], list[bool]]:
    return [row.status == "refused" for row in rows], [not row.answerable for row in rows]


def _auroc(rows: Sequence[Row]) -> float:
    sure: dict[bool, list[float]] = {True: [], False: []}
    for row in rows:
        sure[row.answerable].append(row.sure or 0.0)
    return auroc(sure[True], sure[False])


def _resampled(label: str, rows: Sequence[Row], statistic: Callable[[Sequence[Row]], float]) -> Figure:
    """A figure with the percentile bootstrap's interval over cases; resamples without a value are left out."""
    chance = np.random.default_rng(SEED)
    drawn = [statistic([rows[n] for n in chance.integers(0, len(rows), len(rows))]) for _ in range(RESAMPLES)]
    known = [value for value in drawn if not math.isnan(value)]
    value = statistic(rows)
    if math.isnan(value) or not known:
        return Figure(label, value, math.nan, math.nan, 0)
    return Figure(label, value, percentile(known, 2.5), percentile(known, 97.5), len(rows))


def _plain(label: str, value: float, of: Sequence[object]) -> Figure:
    return Figure(label, value, math.nan, math.nan, len(of))


def paired(first: Iterable[Row], other: Iterable[Row]) -> list[tuple[str, int, int, float]]:
    """Return for each measure that differs: key, cases won and lost by ``other``, and the two-sided p."""
    before, now = ({row.id_and_case: row.scores for row in rows} for rows in (first, other))
    found = []
    for key in MEASURES:
        same = [name for name in before if key in before[name] and key in now.get(name, {})]
        a, b = [before[name][key] for name in same], [now[name][key] for name in same]
        won, lost = (sum(x < y for x, y in zip(*pair, strict=True)) for pair in ((a, b), (b, a)))
        if won or lost:
            found.append((key, won, lost, difference(a, b)))
    return found

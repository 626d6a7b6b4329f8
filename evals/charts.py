"""Charts as inline SVG: no script, nothing from elsewhere, every word escaped."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from html import escape

from evals.figures import Figure, number
from evals.refusals import Point

COLOURS = ("#2563a8", "#c2571a", "#3b7d3b", "#7a4a9c", "#8a6d00")
_LINE, _LABEL, _BAR, _RIGHT = 13, 250, 420, 110
_W, _H, _LEFT, _FOOT = 460, 260, 48, 40


def bars(groups: Mapping[str, Sequence[Figure]]) -> str:
    """Draw shares as bars with their intervals, one row for each label, one bar in it for each group.

    Args:
        groups: figures in 0..1 by the name of their run; rows are those of the first, in its order.
    """
    labels = [figure.label for figure in next(iter(groups.values()), ())]
    known = {name: {figure.label: figure for figure in figures} for name, figures in groups.items()}
    parts, y = [], 4.0
    for label in labels:
        parts.append(_text(_LABEL - 8, y + _LINE * len(groups) / 2, label, "end"))
        for place, (name, figures) in enumerate(known.items()):
            if figure := figures.get(label):
                parts.append(_bar(y + place * _LINE, _LINE, figure, COLOURS[place % len(COLOURS)], name))
        y += _LINE * len(groups) + 5
    return _svg(_LABEL + _BAR + _RIGHT, y + 4, "".join(parts))


def _bar(y: float, height: float, figure: Figure, colour: str, name: str) -> str:
    width = _BAR * max(0.0, min(1.0, figure.value))
    middle = y + height / 2
    said = f"{name}: {figure.label}: {number(figure.value)}, n {figure.n}"
    drawn = (
        f'<g><title>{escape(said)}</title><rect x="{_LABEL}" y="{y:.1f}" width="{width:.1f}" height="{height - 1:.1f}" '
        f'fill="{colour}" fill-opacity=".75"/>'
    )
    if not math.isnan(figure.low):
        low, high = _LABEL + _BAR * figure.low, _LABEL + _BAR * figure.high
        drawn += f'<path d="M{low:.1f} {middle:.1f}H{high:.1f}" stroke="currentColor" stroke-width="1.2"/>'
    end = _LABEL + _BAR * max(figure.value, 0 if math.isnan(figure.high) else figure.high)
    return drawn + _text(end + 6, middle, f"{number(figure.value)} ({figure.n})", "start", 9) + "</g>"


def risk_coverage(curves: Mapping[str, Sequence[Point]]) -> str:
    """Draw what share of the answers is wrong when only the surest are shown."""
    lines = {name: [(point.coverage, point.risk) for point in curve] for name, curve in curves.items()}
    return _plot(lines, ("coverage: share of questions answered", "risk: share of those wrong"), (1.0, 1.0))


def latencies(runs: Mapping[str, Sequence[float]]) -> str:
    """Draw what share of the questions was done within how many milliseconds."""
    most = max((max(took) for took in runs.values() if took), default=1.0)
    lines = {
        name: [(value, place / len(took)) for place, value in enumerate(sorted(took), 1)] for name, took in runs.items()
    }
    return _plot(lines, ("milliseconds", "share of questions done"), (most, 1.0))


def _plot(lines: Mapping[str, Sequence[tuple[float, float]]], axes: tuple[str, str], most: tuple[float, float]) -> str:
    def at(x: float, y: float) -> str:
        return f"{_LEFT + _W * x / most[0]:.1f} {8 + _H * (1 - y / most[1]):.1f}"

    parts = []
    for step in range(5):
        share = step / 4
        left, low = _LEFT + _W * share, 8 + _H * (1 - share)
        parts.append(f'<path class="grid" d="M{_LEFT} {low:.1f}h{_W}M{left:.1f} 8v{_H}"/>')
        parts.append(_text(_LEFT - 6, low, number(share * most[1]), "end", 10))
        parts.append(_text(left, _H + 22, number(share * most[0]), "middle", 10))
    for place, (name, points) in enumerate(lines.items()):
        if points:
            path = "M" + "L".join(at(x, y) for x, y in points)
            colour = COLOURS[place % len(COLOURS)]
            parts.append(f'<path d="{path}" fill="none" stroke="{colour}" stroke-width="2">'
                         f"<title>{escape(name)}</title></path>")  # fmt: skip
    parts.append(_text(_LEFT + _W / 2, _H + _FOOT, axes[0], "middle"))
    parts.append(_text(_LEFT, 2, axes[1], "start", 10))
    return legend(lines) + _svg(_LEFT + _W + 30, _H + _FOOT + 12, "".join(parts))


def legend(names: Mapping[str, object]) -> str:
    """Return which colour is which run's; nothing for a single one."""
    if len(names) < 2:
        return ""
    return "<p>" + " ".join(
        f'<span class="key" style="background:{COLOURS[place % len(COLOURS)]}"></span>{escape(name)}'
        for place, name in enumerate(names)
    ) + "</p>"  # fmt: skip


def _text(x: float, y: float, said: str, anchor: str, size: int = 11) -> str:
    return f'<text x="{x:.1f}" y="{y + size / 3:.1f}" text-anchor="{anchor}" font-size="{size}">{escape(said)}</text>'


def _svg(width: float, height: float, inside: str) -> str:
    return f'<svg viewBox="0 -6 {width:.0f} {height + 6:.0f}" width="{width:.0f}" role="img">{inside}</svg>'

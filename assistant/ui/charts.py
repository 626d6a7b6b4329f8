"""Charts of evaluation reports as markup: bars with their intervals, and the risk-coverage curve."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence

from assistant.ui.markup import Html, el, join
from assistant.ui.reports import Figure

TAGS = 16
"""Tags drawn, those with most cases."""

POINTS = 400
"""Points of a curve that are drawn."""

_W, _H, _LEFT, _TOP = 300, 190, 40, 10


def number(value: float) -> str:
    """Return a figure as people read it: three decimals below 10, none above, a dash where there is none."""
    return "–" if not math.isfinite(value) else f"{value:.3f}" if abs(value) < 10 else f"{value:,.0f}"


def interval(figure: Figure) -> str:
    """Return a 95 % interval, "" where there is none."""
    known = math.isfinite(figure.low) and math.isfinite(figure.high)
    return f"{number(figure.low)} – {number(figure.high)}" if known else ""


def legend(names: Sequence[str]) -> Html:
    """Return which colour is which run's; nothing for a single one."""
    if len(names) < 2:
        return Html("")
    keys = (el("span", el("span", "", class_=f"key run-{place}"), name) for place, name in enumerate(names))
    return el("p", join(keys), class_="small legend")


def bars(title: str, groups: Mapping[str, Sequence[Figure]]) -> Html:
    """Draw shares as bars with their 95 % intervals.

    Args:
        title: what is drawn.
        groups: shares in 0..1 by the name of their run; the first one's order counts.
    """
    known = {name: {figure.label: figure for figure in figures} for name, figures in groups.items()}
    labels = [figure.label for figure in next(iter(groups.values()), ())][:TAGS]
    items = (
        el(
            "li",
            el("span", label, class_="tag"),
            el(
                "span",
                join(_bar(known[name][label], name, place) for place, name in enumerate(known) if label in known[name]),
                class_="shares",
            ),
        )
        for label in labels
    )
    return el("div", el("h3", title), el("ul", join(items), class_="tags", tabindex="0", aria_label=title))


def _bar(figure: Figure, name: str, place: int) -> Html:
    said = f"{name}: {number(figure.value)} of {figure.n}"
    low, high = _percent(figure.low), _percent(figure.high)
    known = bool(interval(figure))
    return el(
        "span",
        el(
            "span",
            el("span", "", class_=f"bar run-{place}", style=f"width: {_percent(figure.value):.1f}%"),
            el("span", "", class_="whisker", style=f"left: {low:.1f}%; width: {max(0.0, high - low):.1f}%")
            if known
            else None,
            class_="bar-room",
        ),
        el("span", f"{number(figure.value)} ({figure.n})", class_="bar-count"),
        class_="share",
        title=f"{said}, 95 %: {interval(figure)}" if known else said,
    )


def risk_coverage(curves: Mapping[str, Sequence[tuple[float, float]]]) -> Html:
    """Draw what share of the answers is wrong when only the surest are shown.

    Args:
        curves: (coverage, risk) by the name of their run, both 0..1.
    """
    title = "Wrong answers among the surest"
    lines = (
        el("path", d=_path(curve), class_=f"line run-{place}")
        for place, curve in enumerate(curves.values())
        if len(curve) > 1
    )
    drawn = el(
        "svg",
        el("title", title),
        join(_grid()),
        join(lines),
        _label(_LEFT + _W / 2, _TOP + _H + 34, "share of the questions answered", "middle"),
        viewBox=f"0 0 {_LEFT + _W + 16} {_TOP + _H + 42}",
        role="img",
        aria_label=f"{title}: a line for each run; the figures stand in the table",
        class_="curve",
    )
    words = "Left: only what it is surest of is answered. Right: everything is. The lower the line, the better."
    return el("div", el("h3", title), drawn, el("p", words, class_="small"))


def _grid() -> list[Html]:
    parts = []
    for step in range(5):
        x, y = _LEFT + _W * step / 4, _TOP + _H * (1 - step / 4)
        parts.append(el("path", d=f"M{_LEFT} {y:.1f}h{_W}M{x:.1f} {_TOP}v{_H}", class_="grid"))
        parts.append(_label(_LEFT - 6, y + 4, f"{25 * step} %", "end"))
        parts.append(_label(x, _TOP + _H + 16, f"{25 * step} %", "middle"))
    return parts


def _path(curve: Sequence[tuple[float, float]]) -> str:
    every = max(1, math.ceil(len(curve) / POINTS))
    shown = [*curve[::every], *([] if (len(curve) - 1) % every == 0 else [curve[-1]])]
    points = [f"{_LEFT + _W * _percent(x) / 100:.1f} {_TOP + _H * (1 - _percent(y) / 100):.1f}" for x, y in shown]
    return "M" + "L".join(points)


def _label(x: float, y: float, said: str, anchor: str) -> Html:
    return el("text", said, x=f"{x:.1f}", y=f"{y:.1f}", text_anchor=anchor)


def _percent(share: float) -> float:
    return 100 * min(1.0, max(0.0, share)) if math.isfinite(share) else 0.0

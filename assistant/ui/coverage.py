"""The coverage chart: how many articles there are, by date and by publisher."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from assistant.types import ArticleInfo
from assistant.ui.markup import Html, counted, el, join

PERIODS, PUBLISHERS = 36, 12
"""Most bars in each of the two halves."""


def periods(dates: Sequence[str]) -> list[tuple[str, int]]:
    """Return how many of the ISO dates fall into each day, month or year, the finest that fits; empty ones left out."""
    for length in (10, 7, 4):
        found = Counter(day[:length] for day in dates)
        if len(found) <= PERIODS:
            break
    return sorted(found.items())[-PERIODS:]


def coverage_html(articles: Sequence[ArticleInfo]) -> Html:
    """Return the chart; a press on a bar keeps the questions to it."""
    if not articles:
        return Html("")
    by_date = periods([one.published for one in articles if one.published])[::-1]  # as the list: newest first
    undated = sum(not one.published for one in articles)
    named = Counter(one.publisher for one in articles if one.publisher).most_common(PUBLISHERS)
    return el(
        "details",
        el("summary", "Coverage by date and publisher"),
        el("p", "Press a bar to keep the questions to it.", class_="small"),
        el("div", _half("By date", by_date, "period"), _half("By publisher", named, "publisher"), class_="charts"),
        el("p", f"{counted(undated, 'article')} without a date.", class_="small") if undated else None,
        class_="coverage",
        open=True,
    )


def _half(name: str, counts: Sequence[tuple[str, int]], kind: str) -> Html:
    most = max((count for _, count in counts), default=1)
    bars = join(
        el(
            "li",
            el(
                "button",
                el("span", label, class_="bar-name"),
                el("span", el("span", "", class_="bar", style=f"width: {100 * count / most:.1f}%"), class_="bar-room"),
                el("span", str(count), class_="bar-count"),
                type="button",
                data_act="filter",
                data_kind=kind,
                data_value=label,
                aria_label=f"{label}: {counted(count, 'article')}; keep the questions to it",
                class_="bar-line",
            ),
        )
        for label, count in counts
    )
    return el("div", el("h2", name), el("ul", bars, class_="bars", tabindex="0", aria_label=name))

"""The list of articles, what became of an addition, and the problems, as markup."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import Literal

from assistant.pipeline import Assistant
from assistant.show import OUTCOMES
from assistant.types import ArticleInfo, SourceReport, Zone
from assistant.ui.exchange import public_source
from assistant.ui.library import Progress
from assistant.ui.markup import Html, button, counted, el, join

Order = Literal["Newest first", "Oldest first", "Title", "Publisher", "Added last"]
ORDERS: tuple[Order, ...] = ("Newest first", "Oldest first", "Title", "Publisher", "Added last")

SHOWN = 50
"""Articles on one screen; the search narrows them."""

_ZONES: tuple[Zone, ...] = ("body", "caption", "comment", "boilerplate")


def summary_html(assistant: Assistant) -> Html:
    """Return how much there is."""
    counts = assistant.counts()
    if not counts.articles:
        return el("p", "There are no articles yet. Add files, addresses or pasted text below.", class_="hint")
    share = 100 * counts.embedded // counts.embeddable if counts.embeddable else 100
    zones = ", ".join(f"{counts.passages[zone]:,} {zone}" for zone in _ZONES if zone in counts.passages)
    rest = "" if share == 100 else " The others are found by their words alone until then."
    return el(
        "p",
        f"{counted(counts.articles, 'article')} with {counted(sum(counts.passages.values()), 'passage')} ({zones}). "
        f"{share} % of {counted(counts.embeddable, 'passage')} embedded.{rest}",
        class_="hint",
    )


def choose(articles: Sequence[ArticleInfo], words: str, order: str) -> list[ArticleInfo]:
    """Return the articles that hold all the words in title, publisher, date or file name, in the order asked for."""
    wanted = words.casefold().split()[:20]
    found = [one for one in articles if all(word in _searched(one) for word in wanted)]
    if order == "Title":
        return sorted(found, key=lambda one: (one.title or "\uffff").casefold())
    if order == "Publisher":
        return sorted(found, key=lambda one: ((one.publisher or "\uffff").casefold(), one.published or ""))
    if order == "Oldest first":
        return sorted(found, key=lambda one: one.published or "9999")
    if order == "Added last":
        return found[::-1]
    return sorted(found, key=lambda one: one.published or "0000", reverse=True)


def table_html(assistant: Assistant, chosen: Sequence[ArticleInfo], *, changeable: bool) -> Html:
    """Return the first of the chosen articles as a table."""
    if not chosen:
        return el("p", "No article matches.", class_="hint")
    heads = ("Title", "Publisher", "Date", "Paragraphs", "From", *(("Action",) if changeable else ()))
    rows = (_row(assistant, one, changeable=changeable) for one in chosen[:SHOWN])
    more = f"{len(chosen) - SHOWN:,} more articles match; search to narrow the list." if len(chosen) > SHOWN else ""
    return join(
        el(
            "table",
            el("caption", counted(len(chosen), "article"), class_="small"),
            el(
                "thead",
                el(
                    "tr",
                    join(
                        el("th", el("span", head, class_="sr" if head == "Action" else None), scope="col")
                        for head in heads
                    ),
                ),
            ),
            el("tbody", join(rows)),
        ),
        el("p", more, class_="hint") if more else None,
    )


def _searched(article: ArticleInfo) -> str:
    parts = (article.title, article.publisher, article.published, article.author, public_source(article.source))
    return " ".join(filter(None, parts)).casefold()


def _row(assistant: Assistant, info: ArticleInfo, *, changeable: bool) -> Html:
    article = assistant.article(info.id)
    zones: Counter[Zone] = Counter(block.zone for block in article.blocks) if article else Counter()
    paragraphs = ", ".join(f"{zones[zone]} {zone}" for zone in _ZONES if zones[zone])
    title = info.title or "Untitled"
    opener = el(
        "button", title, type="button", class_="card-head", data_open=info.id, data_start=0, data_end=0, dir="auto"
    )
    remove = button("Remove", "remove", data_article=info.id, aria_label=f"Remove {title}", data_sure="Really remove?")
    return el(
        "tr",
        el("td", opener, data_label="Title"),
        el("td", info.publisher or "unknown", data_label="Publisher", dir="auto"),
        el("td", info.published or "undated", data_label="Date", class_="date"),
        el("td", paragraphs or "none", data_label="Paragraphs", class_="small"),
        el("td", public_source(info.source), data_label="From", class_="small", dir="auto"),
        el("td", remove) if changeable else None,
    )


def progress_html(progress: Progress) -> Html:
    """Return how far an addition is, or what came of it."""
    if progress.phase == "failed":
        return el("p", progress.trouble, class_="hint problem", role="alert")
    if progress.phase == "done":
        return done_html(progress.reports)
    words = "Reading sources" if progress.phase == "reading" else "Embedding passages"
    count = f"{progress.done} of {progress.total}" if progress.total else ""
    bar = el("progress", value=progress.done, max=progress.total, aria_label=words) if progress.total else None
    return el("p", f"{words} … {count} ", bar, class_="hint", role="status")


def done_html(reports: Sequence[SourceReport]) -> Html:
    """Return what became of the sources."""
    outcomes: Counter[str] = Counter(report.outcome for report in reports)
    line = ", ".join(f"{outcomes[name]} {name}" for name in OUTCOMES if outcomes[name]) or "nothing to add"
    return el("p", f"Done: {line}.", class_="hint", role="status")


def problems_html(problems: Sequence[SourceReport]) -> Html:
    """Return the sources that could not be read, each with what to do."""
    if not problems:
        return Html("")
    items = join(
        el("li", el("strong", one.source or "source"), ": ", one.reason or "could not be read") for one in problems
    )
    return el(
        "div",
        el("h2", f"{counted(len(problems), 'problem')} since the page was started"),
        el("ul", items),
        class_="problems",
    )


def as_order(value: object) -> Order:
    """Return one of the orders."""
    return next((order for order in ORDERS if order == value), ORDERS[0])

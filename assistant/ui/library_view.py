"""The list of articles, and what became of an addition, as markup."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import Literal

from assistant.errors import AssistantError
from assistant.pipeline import Assistant
from assistant.show import OUTCOMES
from assistant.types import ArticleInfo, SourceReport, Zone
from assistant.ui.exchange import public_source
from assistant.ui.library import Library, Progress
from assistant.ui.markup import Html, button, counted, el, join

Order = Literal["Newest first", "Oldest first", "Title", "Publisher", "Added last"]
ORDERS: tuple[Order, ...] = ("Newest first", "Oldest first", "Title", "Publisher", "Added last")

SHOWN = 50
"""Articles on one screen; the search narrows them."""

REASONS = 5
"""Reasons shown below an addition; the list of problems has all of them."""

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


def refresh_html(feeds: int, pages: int) -> Html:
    """Return the button that asks for what is new, nothing where nothing came from an address.

    Args:
        feeds: feeds and sitemaps that are followed.
        pages: addresses that gave an article.
    """
    if not feeds and not pages:
        return Html("")
    asked = " and ".join(counted(count, name) for count, name in ((feeds, "feed"), (pages, "page")) if count)
    return el("p", button("Look for what is new", "refresh"), el("span", f" in {asked} on the web", class_="small"))


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


def table_html(library: Library, chosen: Sequence[ArticleInfo], *, changeable: bool) -> Html:
    """Return the first of the chosen articles as a table."""
    if not chosen:
        return el("p", "No article matches.", class_="hint")
    heads = ("Title", "Publisher", "Date", "Paragraphs", "Embedded", "From", *(("Action",) if changeable else ()))
    embedded = library.assistant.state.embedded([one.id for one in chosen[:SHOWN]])
    rows = (_row(library, one, embedded.get(one.id, (0, 0)), changeable=changeable) for one in chosen[:SHOWN])
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


def _row(library: Library, info: ArticleInfo, embedded: tuple[int, int], *, changeable: bool) -> Html:
    article = library.assistant.article(info.id)
    zones: Counter[Zone] = Counter(block.zone for block in article.blocks) if article else Counter()
    paragraphs = ", ".join(f"{zones[zone]} {zone}" for zone in _ZONES if zones[zone])
    opener = el(
        "button",
        info.title or "Untitled",
        type="button",
        class_="card-head",
        data_open=info.id,
        data_start=0,
        data_end=0,
        dir="auto",
    )
    acts = _acts(info, again=library.may_add_again(info.source)) if changeable else None
    return el(
        "tr",
        el("td", opener, data_label="Title"),
        el("td", info.publisher or "unknown", data_label="Publisher", dir="auto"),
        el("td", info.published or "undated", data_label="Date", class_="date"),
        el("td", paragraphs or "none", data_label="Paragraphs", class_="small"),
        el("td", embedded_share(*embedded), data_label="Embedded", class_="small"),
        el("td", public_source(info.source), data_label="From", class_="small", dir="auto"),
        el("td", acts, class_="acts") if changeable else None,
    )


def embedded_share(done: int, wanted: int) -> str:
    """Return how much of an article is found by its meaning too: all, a part, or words only.

    Args:
        done: passages with a vector.
        wanted: passages that are to have one.
    """
    if not done:
        return "words only"
    return "all" if done == wanted else f"{100 * done // wanted} %"


def _acts(info: ArticleInfo, *, again: bool) -> Html:
    title = info.title or "Untitled"
    return join(
        button("Add again", "again", data_article=info.id, aria_label=f"Add {title} again from where it came")
        if again
        else None,
        button("Remove", "remove", data_article=info.id, aria_label=f"Remove {title}", data_sure="Really remove?"),
    )


def progress_html(progress: Progress) -> Html:
    """Return how far an addition is, or what came of it."""
    if progress.phase == "failed":
        return el("p", progress.trouble, class_="hint problem", role="alert")
    if progress.phase == "done":
        return done_html(progress.reports, progress.trouble)
    words = "Reading sources" if progress.phase == "reading" else "Embedding passages"
    count = f"{progress.done} of {progress.total}" if progress.total else ""
    bar = el("progress", value=progress.done, max=progress.total, aria_label=words) if progress.total else None
    return el("p", f"{words} … {count} ", bar, class_="hint", role="status")


def done_html(reports: Sequence[SourceReport], trouble: str = "") -> Html:
    """Return what became of the sources; why some could not be read or embedded stands below it."""
    outcomes: Counter[str] = Counter(report.outcome for report in reports)
    line = ", ".join(f"{outcomes[name]} {name}" for name in OUTCOMES if outcomes[name]) or "nothing to add"
    if set(outcomes) == {"unchanged"}:
        line = "nothing has changed there"
    reasons = [one.reason for one in reports if one.outcome == "skipped" and one.reason]
    return join(
        el("p", f"Done: {line}.", class_="hint", role="status"),
        el("ul", join(el("li", reason, dir="auto") for reason in reasons[:REASONS]), class_="reasons")
        if reasons
        else None,
        el("p", trouble, class_="hint problem", role="alert") if trouble else None,
    )


def failed_html(error: Exception) -> str:
    """Return why nothing was done, as one sentence."""
    sentence = str(error) if isinstance(error, AssistantError) else "the file could not be kept; is the disk full?"
    return str(progress_html(Progress("failed", trouble=f"{sentence[:1].upper()}{sentence[1:]}.")))


def as_order(value: object) -> Order:
    """Return one of the orders."""
    return next((order for order in ORDERS if order == value), ORDERS[0])

"""A question and its answer as markup. Nothing here makes a decision; everything shown is escaped by ``markup``."""

from __future__ import annotations

from collections.abc import Sequence

from assistant.differences import HEADING, told_sides
from assistant.types import Answer, Citation, Filters, Statement
from assistant.ui.answer_tools import below_html
from assistant.ui.cited import about, mark
from assistant.ui.exchange import Exchange
from assistant.ui.markup import Html, el, join

_REASONS = {
    "not_in_articles": "The articles found do not say.",
    "no_articles": "There are no articles yet. Add some in the tab “Articles”.",
    "no_match_for_filters": "No article passes the filters. Widen the dates or choose other publishers.",
    "empty_question": "Ask about the articles, with a name, a place or a thing in the question.",
}

_LONG_WORD, _TIED = 20, 3
"""Characters of a word that may have to be broken, and numbers that stay on the line of the last word."""


def exchanges_html(exchanges: Sequence[Exchange]) -> Html:
    """Return the beginning of a conversation, oldest first; another exchange follows."""
    return join(exchange_html(one, number, followed=True) for number, one in enumerate(exchanges))


def exchange_html(exchange: Exchange, number: int, *, followed: bool = False) -> Html:
    """Return one question with what came of it so far.

    Args:
        exchange: to draw.
        number: its place in the conversation.
        followed: whether others come after it.
    """
    finished = exchange.state not in ("searching", "reading")
    return el(
        "section",
        el("div", _question(exchange), class_="asked"),
        el("div", _body(exchange), class_="answer", data_state=exchange.state),
        el("div", below_html(exchange, number, followed=followed), class_="below") if finished else None,
        _passages(exchange),
        class_="exchange",
        data_exchange=number,
        aria_label=f"Question {number + 1}",
        aria_busy=None if finished else "true",
    )


def filters_text(filters: Filters) -> str:
    """Return what a search was kept to, "" when it was not."""
    parts = [", ".join(filters.publishers)] if filters.publishers else []
    if filters.since and filters.until:
        parts.append(f"{filters.since} to {filters.until}")
    elif filters.since:
        parts.append(f"since {filters.since}")
    elif filters.until:
        parts.append(f"until {filters.until}")
    return "; ".join(parts)


def _question(exchange: Exchange) -> Html:
    plain = " ".join(exchange.question.split())
    rewritten = exchange.standalone if exchange.standalone not in ("", plain, exchange.question) else ""
    limits = filters_text(exchange.filters)
    return join(
        el("h2", exchange.question, class_="question", dir="auto"),
        el("p", f"Understood as: {rewritten}", class_="small", dir="auto") if rewritten else None,
        el("p", f"Only: {limits}", class_="small") if limits else None,
    )


def _body(exchange: Exchange) -> Html:
    if exchange.state == "failed":
        return el("p", *exchange.remarks, class_="refusal")
    if exchange.answer is not None and exchange.answer.status == "refused":
        return _refusal(exchange.answer)
    said = join(_statement(one, exchange.citations) for one in exchange.statements)
    if exchange.state == "searching":
        return el("p", "Searching the articles …", class_="small working")
    if exchange.state == "reading":
        return join(said, el("p", _reading(exchange), class_="small working"))
    return join(
        said,
        *(el("p", one, class_="small") for one in exchange.remarks),
        _differences(exchange.answer) if exchange.answer else None,
    )


def _reading(exchange: Exchange) -> str:
    articles = len({passage.article_id for passage in exchange.passages})
    if exchange.statements:
        return "Checking what else the passages say …"
    return f"Reading {len(exchange.passages)} passages of {articles} articles …"


def _statement(statement: Statement, citations: Sequence[Citation]) -> Html:
    cited = [one for number in statement.citations for one in citations if one.number == number]
    if not cited:
        return el("p", statement.text, el("span", " (no source)", class_="small"), class_="statement", dir="auto")
    before, _, last = statement.text.rpartition(" ")
    if len(last) > _LONG_WORD:
        before, last = statement.text, ""
    tied = el("span", last, Html(" "), *map(mark, cited[:_TIED]), class_="tied")  # no number stands alone on a line
    between = " " if before and last else ""
    return el("p", before + between, tied, *map(mark, cited[_TIED:]), class_="statement", dir="auto")


def _refusal(answer: Answer) -> Html:
    reason = _REASONS.get(answer.reason or "", answer.text)
    nearest = el(
        "div",
        el("h3", "Nearest passages – not an answer"),
        el("ul", join(_passage(one) for one in answer.nearest), class_="cards"),
        class_="nearest",
    )
    return join(
        el("p", el("strong", "No answer. "), reason, class_="refusal"),
        nearest if answer.nearest else None,
    )


def _differences(answer: Answer) -> Html | None:
    sides = told_sides(answer)
    if not sides:
        return None
    listed = join(el("li", _statement(side, answer.citations)) for side in sides)
    return el("div", el("h3", HEADING), el("ul", listed), class_="disagreement")


def _passages(exchange: Exchange) -> Html | None:
    """The passages found: in view while the answer is made, folded away afterwards."""
    if not exchange.passages or (exchange.answer and exchange.answer.status == "refused"):
        return None
    return el(
        "details",
        el("summary", "Passages found first" if exchange.state == "reading" else "Passages that were read"),
        el("ul", join(map(_passage, exchange.passages)), class_="cards"),
        class_="passages",
        open=exchange.state == "reading",
    )


def _passage(citation: Citation) -> Html:
    head = el(
        "button",
        about(citation),
        type="button",
        class_="card-head",
        data_open=citation.article_id,
        data_start=citation.start,
        data_end=citation.end,
        aria_label=f"Open the passage in {about(citation)}",
    )
    return el("li", head, el("p", citation.quote, class_="snippet", dir="auto"), class_="card")

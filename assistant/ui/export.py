"""An answer to take away: Markdown and HTML with footnotes; names and quotes cannot become markup in either."""

from __future__ import annotations

import re

from assistant.differences import HEADING, told_sides
from assistant.show import escape
from assistant.types import Citation, Statement
from assistant.ui.exchange import Exchange, notices_text
from assistant.ui.markup import Html, el, join, web_address

_ANYWHERE = re.compile(r"[\\`*_\[\]<|~]|&(?=#?\w{1,40};)")
_AT_START = re.compile(r"\d{1,9}(?=[.)](?:\s|$))|(?=[+-](?:[\s-]|$)|#{1,6}(?:\s|$)|[>=])")
"""What Markdown reads as markup within a line, and what it reads as a list, a heading, a rule or a quotation."""

_IN_ADDRESS = re.compile(r"[`*_\[\]<>|~]")


def markdown_text(value: str) -> str:
    """Return text on one line, with a backslash before what Markdown would read as markup and before nothing else."""
    plain = _ANYWHERE.sub(r"\\\g<0>", escape(value).strip())
    start = _AT_START.match(plain)
    return f"{start.group()}\\{plain[start.end() :]}" if start else plain


def as_markdown(exchange: Exchange) -> str:
    """Return a question with its answer and footnotes (``[^1]``) that quote the sources."""
    answer = exchange.answer
    lines = [f"## {markdown_text(exchange.question)}", ""]
    if answer is not None and answer.status == "refused":
        lines += [f"*{markdown_text(answer.text)}*", ""]
    for one in exchange.statements:
        lines += [_cited(one), ""]
    if sides := _differences(exchange):
        lines += [f"**{HEADING}**", "", *(f"- {_cited(side)}" for side in sides), ""]
    for remark in _remarks(exchange):
        lines += [f"*{markdown_text(remark)}*", ""]
    for cited in exchange.citations:
        address = _IN_ADDRESS.sub(lambda found: f"%{ord(found.group()):02X}", _address(cited))
        lines += [f"[^{cited.number}]: {markdown_text(_named(cited))}: “{markdown_text(cited.quote)}”{address}", ""]
    return "\n".join(lines)


def as_html(exchange: Exchange) -> Html:
    """Return the same as HTML for word processors: the statements, then a numbered list of sources."""
    sides = _differences(exchange)
    sources = (el("li", f"{_named(one)}: “{one.quote}”{_address(one)}", value=one.number) for one in exchange.citations)
    return join(
        el("h2", exchange.question),
        join(_marked("p", one) for one in exchange.statements),
        join([el("p", el("strong", HEADING)), el("ul", join(_marked("li", one) for one in sides))]) if sides else None,
        join(el("p", el("em", remark)) for remark in _remarks(exchange)),
        el("ol", join(sources)),
    )


def _differences(exchange: Exchange) -> list[Statement]:
    return told_sides(exchange.answer) if exchange.answer else []


def _remarks(exchange: Exchange) -> list[str]:
    notices = notices_text(exchange.answer) if exchange.answer else ""
    return [*exchange.remarks, *([notices] if notices else [])]


def _cited(statement: Statement) -> str:
    return markdown_text(statement.text) + "".join(f"[^{number}]" for number in statement.citations)


def _marked(tag: str, statement: Statement) -> Html:
    return el(tag, statement.text, *(el("sup", f"[{number}]") for number in statement.citations))


def _named(citation: Citation) -> str:
    publisher, title = citation.publisher or "unknown publisher", citation.title or "untitled"
    return f"{publisher}, “{title}”, {citation.published or 'undated'}"


def _address(citation: Citation) -> str:
    """The address that the article came from, with a space before it; "" for a file."""
    address = web_address(citation.source)
    return f" {address}" if address else ""

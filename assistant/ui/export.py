"""An answer to take away: Markdown and HTML with footnotes; names and quotes cannot become markup in either."""

from __future__ import annotations

import re

from assistant.show import escape
from assistant.types import Citation, Statement
from assistant.ui.exchange import Exchange
from assistant.ui.markup import Html, el, join

_MARKDOWN = re.compile(r"([\\`*_{}\[\]()<>#+\-.!|~&:$^=\"'])")


def markdown_text(value: str) -> str:
    """Return text with every character that Markdown could read as markup behind a backslash, on one line."""
    return _MARKDOWN.sub(r"\\\1", escape(value))


def as_markdown(exchange: Exchange) -> str:
    """Return a question with its answer and footnotes (``[^1]``) that quote the sources."""
    lines = [f"## {markdown_text(exchange.question)}", ""]
    if exchange.answer is not None and exchange.answer.status == "refused":
        return "\n".join([*lines, f"*{markdown_text(exchange.answer.text)}*", ""])
    for one in exchange.statements:
        lines += [markdown_text(one.text) + "".join(f"[^{number}]" for number in one.citations), ""]
    for cited in exchange.citations:
        lines += [f"[^{cited.number}]: {_named(cited, markdown_text)}: “{markdown_text(cited.quote)}”", ""]
    return "\n".join(lines)


def as_html(exchange: Exchange) -> Html:
    """Return the same as HTML for word processors: the statements, then a numbered list of sources."""
    return join(
        el("h2", exchange.question),
        join(map(_paragraph, exchange.statements)),
        el("ol", join(el("li", f"{_named(one, str)}: “{one.quote}”", value=one.number) for one in exchange.citations)),
    )


def _paragraph(statement: Statement) -> Html:
    return el("p", statement.text, *(el("sup", f"[{number}]") for number in statement.citations))


def _named(citation: Citation, form: type[str] | object) -> str:
    shown = form if callable(form) else str
    publisher, title = citation.publisher or "unknown publisher", citation.title or "untitled"
    return shown(f"{publisher}, “{title}”, {citation.published or 'undated'}")

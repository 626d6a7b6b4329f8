"""What stands below an answer: notices, the cited articles by date, and what can be done with it."""

from __future__ import annotations

import json
from collections.abc import Sequence

from assistant.types import Citation
from assistant.ui.cited import mark
from assistant.ui.exchange import Exchange, notices_text
from assistant.ui.export import as_html, as_markdown
from assistant.ui.markup import Html, button, el, join

_IN_ANSWER = ("passages", "statements", "citations")
"""Parts of an exchange that its answer holds too, or that say nothing once it is there."""


def below_html(exchange: Exchange, number: int, *, followed: bool = False) -> Html:
    """Return what follows an answer.

    Args:
        exchange: one that has ended.
        number: its place in the conversation, for the buttons.
        followed: whether others come after it; they go when it is asked again.
    """
    notices = notices_text(exchange.answer) if exchange.answer else ""
    answered = exchange.answer is not None and bool(exchange.statements)
    return join(
        el("p", notices, class_="notices") if notices else None,
        _sources(exchange.citations) if answered else None,
        _buttons(exchange, number, answered=answered, followed=followed),
    )


def _sources(citations: Sequence[Citation]) -> Html:
    """The cited articles by date: a timeline when there are several days, a list else."""
    first: dict[str, Citation] = {}
    for one in citations:
        first.setdefault(one.article_id, one)
    ordered = sorted(first.values(), key=lambda one: one.published or "9999")
    several = len({one.published for one in ordered}) > 1
    items = (
        el(
            "li",
            el("time", one.published, datetime=one.published) if one.published else el("span", "undated"),
            " ",
            el(
                "span",
                f"{one.publisher or 'unknown publisher'}: {one.title or 'untitled'} ",
                *(mark(other) for other in citations if other.article_id == one.article_id),
            ),
        )
        for one in ordered
    )
    name = "Cited articles by date" if several else "Cited article" if len(ordered) == 1 else "Cited articles"
    return el("div", el("h3", name), el("ol", join(items), class_="timeline"), class_="sources")


def _buttons(exchange: Exchange, number: int, *, answered: bool, followed: bool) -> Html:
    turn = {"data_exchange": number}
    votes = (
        button("Good", "vote", data_vote="up", aria_label="This answer is good", aria_pressed="false", **turn),
        button("Bad", "vote", data_vote="down", aria_label="This answer is bad", aria_pressed="false", **turn),
    )
    copies = (button("Copy", "copy", **turn), button("Copy with formatting", "copy-html", **turn))
    left_out = _IN_ANSWER if exchange.answer else ("passages",)
    data = json.dumps({name: value for name, value in exchange.to_dict().items() if name not in left_out})
    return el(
        "div",
        button("Ask again", "retry", data_sure="Remove what came after it?" if followed else None, **turn),
        button("Edit question", "edit", **turn),
        *(copies if answered else ()),
        *(votes if exchange.answer else ()),
        _comment(number) if exchange.answer else None,
        el("pre", as_markdown(exchange), class_="as-markdown", hidden=True),
        el("pre", str(as_html(exchange)), class_="as-html", hidden=True) if answered else None,
        el("pre", data, class_="as-json", hidden=True),
        class_="tools",
        role="group",
        aria_label=f"What to do with answer {number + 1}",
    )


def _comment(number: int) -> Html:
    """The line for a comment on a vote; page.js shows it after one."""
    return el(
        "span",
        el("input", type="text", maxlength=1000, aria_label="Comment on your vote", placeholder="Why? (optional)"),
        button("Save", "comment", data_exchange=number),
        class_="comment",
        hidden=True,
    )

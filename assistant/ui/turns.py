"""What happens in the conversation: each function returns values for parts of the tab, in their order.

A question takes two steps. The first one is quick: it draws the question and says what to ask; the page itself takes it
out of the box. The second one grows the answer and touches nothing else.
"""

from __future__ import annotations

from collections.abc import AsyncGenerator, Callable, Sequence
from contextlib import aclosing
from typing import Any

import gradio as gr

from assistant.types import Filters
from assistant.ui.answer_view import exchange_html, exchanges_html, filters_text
from assistant.ui.asking import Conversations
from assistant.ui.exchange import KEPT, Exchange, restore
from assistant.ui.filters import read_filters
from assistant.ui.markup import Html, button, el, join

Update = tuple[Any, ...]
_PARTS = ("past", "live", "hint", "box", "editing")


class Turns:
    """Answers what is pressed and typed.

    Args:
        conversations: asks.
        examples: returns questions that the articles answer.
        counts: returns how many articles there are.
    """

    def __init__(
        self, conversations: Conversations, examples: Callable[[], Sequence[str]], counts: Callable[[], int]
    ) -> None:
        self._conversations, self._examples, self._counts = conversations, examples, counts

    def asked(self, request: gr.Request, question: str, kept: object, editing: object, *filters: object) -> Update:
        """Begin with what is in the box; a question that is being edited is replaced, with all that came after it."""
        if self._conversations.running.busy(str(request.session_hash)):
            return _begun()
        earlier = restore(kept)
        if isinstance(editing, int | float) and 0 <= editing < len(earlier):
            earlier = earlier[: int(editing)]
        return self._begin(str(question or ""), earlier, filters, request)

    def pressed(self, request: gr.Request, event: gr.EventData, kept: object, *filters: object) -> Update:
        """Do what a button inside the conversation says, or begin with it."""
        told = event._data if isinstance(event._data, dict) else {}
        earlier, number = restore(kept), told.get("exchange")
        if told.get("act") == "example":
            return self._begin(str(told.get("question") or ""), earlier, filters, request)
        if not isinstance(number, int) or not 0 <= number < len(earlier):
            return _begun()
        if told.get("act") == "edit":
            return _editing(earlier, number)
        return self._begin(earlier[number].question, earlier[:number], filters, request)

    async def answered(
        self, request: gr.Request, asking: object, kept: object, *filters: object
    ) -> AsyncGenerator[Update, None]:
        """Answer what the step before said; yields the exchange as it is drawn, and the conversation to keep."""
        chosen = read_filters(*filters)[0]
        last, begun, earlier = None, False, restore(kept)
        if isinstance(asking, dict) and isinstance(asking.get("after"), int) and chosen is not None:
            earlier = earlier[: asking["after"]][1 - KEPT :]
            question, client = str(asking.get("question")), request.client.host if request.client else "unknown"
            events = self._conversations.ask(question, earlier, chosen, str(request.session_hash), client)
            async with aclosing(events) as growing:
                async for last in growing:
                    if last.state == "reading":  # kept at once: a page that is loaded anew shows it as stopped
                        keep = gr.skip() if begun else [one.to_dict() for one in [*earlier, last]]
                        begun = True
                        yield str(exchange_html(last, len(earlier))), keep
        if last is None or last.state in ("searching", "reading"):
            yield gr.skip(), gr.skip()  # nothing to ask, or superseded: Gradio would send what it had last once more
            return
        yield str(exchange_html(last, len(earlier))), [one.to_dict() for one in [*earlier, last]]

    def loaded(self, request: gr.Request, kept: object, *filters: object) -> Update:
        """Draw the conversation that the browser kept; one that is growing draws itself."""
        if self._conversations.running.busy(str(request.session_hash)):
            return gr.skip(), gr.skip(), gr.skip()
        exchanges, hint = restore(kept), _line(read_filters(*filters)[0])
        live = exchange_html(exchanges[-1], len(exchanges) - 1) if exchanges else self._welcome()
        return str(exchanges_html(exchanges[:-1])), str(live), str(hint)

    def cleared(self, request: gr.Request, *filters: object) -> Update:
        """Begin anew; the question box is emptied by the page itself."""
        self._conversations.running.stop(str(request.session_hash), superseded=True)
        hint = _line(read_filters(*filters)[0])
        return *_drawn(past="", live=self._welcome(), hint=hint, editing=-1), []

    def filtered(self, *filters: object) -> str:
        """Say what questions are kept to."""
        chosen, problem = read_filters(*filters)
        return str(_line(chosen) if chosen else hint_html(problem, problem=True))

    def given_up(self, *filters: object) -> Update:
        """Edit no earlier question any more; the page itself puts back what was in the box."""
        return str(_line(read_filters(*filters)[0])), -1

    def stopped(self, request: gr.Request) -> None:
        """Stop the question under way of this page."""
        self._conversations.running.stop(str(request.session_hash))

    def _begin(self, question: str, earlier: list[Exchange], chosen: Sequence[object], request: gr.Request) -> Update:
        filters, problem = read_filters(*chosen)
        if not question.strip() or filters is None:
            return _begun(hint=hint_html(problem or "Type a question first.", problem=True))
        self._conversations.running.expect(str(request.session_hash))
        asking = {"question": question, "after": len(earlier)}
        earlier = earlier[1 - KEPT :]
        live = exchange_html(Exchange(question, filters=filters), len(earlier))
        return _begun(asking, past=exchanges_html(earlier), live=live, hint=_line(filters), editing=-1)

    def _welcome(self) -> Html:
        count = self._counts()
        if not count:
            return el(
                "div",
                el("h2", "There are no articles yet"),
                el("p", "Add news articles in the tab “Articles”: files, addresses, or text that you paste."),
                el("p", "Then ask here. Every sentence of an answer will carry a number that opens its source."),
                class_="welcome",
            )
        examples = self._examples()
        return el(
            "div",
            el("h2", f"Ask {count:,} news articles" if count > 1 else "Ask a news article"),
            el(
                "p",
                "Every sentence of an answer carries a number. Press it to see the exact words in their article. "
                "When the articles do not say, the assistant says so.",
            ),
            el("p", "For example:", class_="small") if examples else None,
            el("div", join(button(one, "example", data_question=one) for one in examples), class_="examples"),
            class_="welcome",
        )


def hint_html(line: str, *more: Html, problem: bool = False) -> Html:
    """Return the quiet line above the box."""
    return el("p", line, *more, class_="hint problem" if problem else "hint", role="status")


def _editing(earlier: Sequence[Exchange], number: int) -> Update:
    what = "the question" if number == len(earlier) - 1 else "the question; what came after it will go"
    hint = hint_html(f"You are editing {what}. ", button("Cancel", "cancel"))
    return _begun(hint=hint, box=earlier[number].question, editing=number)


def _line(filters: Filters | None) -> Html:
    limits = filters_text(filters) if filters else ""
    return hint_html(f"Only searching: {limits}") if limits else Html("")


def _begun(asking: dict[str, Any] | None = None, **parts: Any) -> Update:  # noqa: ANN401 - values of components
    """Return values for the parts and what the next step is to ask, None for nothing."""
    return *_drawn(**parts), asking


def _drawn(**parts: Any) -> Update:  # noqa: ANN401 - values of components
    """Return values for all parts; those not named stay as they are."""
    values = [parts.get(name, gr.skip()) for name in _PARTS]
    return tuple(str(one) if isinstance(one, Html) else one for one in values)

"""What happens in the conversation: each function returns values for the parts of the tab, in their order."""

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
_PARTS = ("past", "live", "hint", "box", "editing", "kept")


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

    async def asked(
        self, request: gr.Request, question: str, kept: object, editing: object, *filters: object
    ) -> AsyncGenerator[Update, None]:
        """Ask what is in the box; a question that is being edited is replaced, with all that came after it."""
        earlier = restore(kept)
        if isinstance(editing, int | float) and 0 <= editing < len(earlier):
            earlier = earlier[: int(editing)]
        async with aclosing(self._answer(str(question or ""), earlier, filters, request)) as updates:
            async for update in updates:
                yield update

    async def pressed(
        self, request: gr.Request, event: gr.EventData, kept: object, *filters: object
    ) -> AsyncGenerator[Update, None]:
        """Do what a button inside the conversation says."""
        told = event._data if isinstance(event._data, dict) else {}
        earlier, number = restore(kept), told.get("exchange")
        if told.get("act") == "example":
            updates = self._answer(str(told.get("question") or ""), earlier, filters, request)
        elif not isinstance(number, int) or not 0 <= number < len(earlier):
            return
        elif told.get("act") == "edit":
            yield _editing(earlier, number)
            return
        else:
            updates = self._answer(earlier[number].question, earlier[:number], filters, request)
        async with aclosing(updates):
            async for update in updates:
                yield update

    def loaded(self, request: gr.Request, kept: object, *filters: object) -> Update:
        """Draw the conversation that the browser kept; one that is growing draws itself."""
        if self._conversations.running.busy(str(request.session_hash)):
            return _update()
        exchanges, hint = restore(kept), _line(read_filters(*filters)[0])
        if not exchanges:
            return _update(past="", live=self._welcome(), hint=hint, running=False)
        last = len(exchanges) - 1
        return _update(
            past=exchanges_html(exchanges[:-1]), live=exchange_html(exchanges[-1], last), hint=hint, running=False
        )

    def cleared(self, request: gr.Request, *filters: object) -> Update:
        """Begin anew."""
        self._conversations.running.stop(str(request.session_hash), superseded=True)
        hint = _line(read_filters(*filters)[0])
        return _update(past="", live=self._welcome(), hint=hint, box="", editing=-1, kept=[], running=False)

    def filtered(self, *filters: object) -> str:
        """Say what questions are kept to."""
        chosen, problem = read_filters(*filters)
        return str(_line(chosen) if chosen else hint_html(problem, problem=True))

    def stopped(self, request: gr.Request) -> None:
        """Stop the question under way of this page."""
        self._conversations.running.stop(str(request.session_hash))

    async def _answer(
        self, question: str, earlier: list[Exchange], chosen: Sequence[object], request: gr.Request
    ) -> AsyncGenerator[Update, None]:
        filters, problem = read_filters(*chosen)
        if not question.strip() or filters is None:
            yield _update(hint=hint_html(problem or "Type a question first.", problem=True))
            return
        session, client = str(request.session_hash), request.client.host if request.client else "unknown"
        earlier = earlier[1 - KEPT :]
        last: Exchange | None = None
        async with aclosing(self._conversations.ask(question, earlier, filters, session, client)) as growing:
            async for exchange in growing:
                live = exchange_html(exchange, len(earlier))
                if last is None:
                    yield _update(
                        past=exchanges_html(earlier), live=live, hint=_line(filters), box="", editing=-1, running=True
                    )
                elif exchange.state == "reading":
                    yield _update(live=live)
                last = exchange
        if last is None or last.state in ("searching", "reading"):
            return  # superseded: the page shows something else already
        kept = [one.to_dict() for one in [*earlier, last]]
        yield _update(live=exchange_html(last, len(earlier)), kept=kept, running=False)

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


def hint_html(line: str, *, problem: bool = False) -> Html:
    """Return the quiet line above the box."""
    return el("p", line, class_="hint problem" if problem else "hint", role="status")


def _editing(earlier: Sequence[Exchange], number: int) -> Update:
    what = "the question" if number == len(earlier) - 1 else "the question; what came after it will go"
    return _update(hint=hint_html(f"You are editing {what}."), box=earlier[number].question, editing=number)


def _line(filters: Filters | None) -> Html:
    limits = filters_text(filters) if filters else ""
    return hint_html(f"Only searching: {limits}") if limits else Html("")


def _update(running: bool | None = None, **parts: Any) -> Update:  # noqa: ANN401 - values of components
    """Return values for all parts; those not named stay as they are.

    Args:
        running: which of the two buttons is shown, Stop or Ask.
        parts: by name.
    """
    values = [parts.get(name, gr.skip()) for name in _PARTS]
    buttons = [gr.skip()] * 2 if running is None else [gr.update(visible=not running), gr.update(visible=running)]
    return (*(str(one) if isinstance(one, Html) else one for one in values), *buttons)

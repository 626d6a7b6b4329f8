"""What the page does with a question: exchanges as they grow, for the chat to draw."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Sequence
from contextlib import aclosing
from dataclasses import replace
from datetime import UTC, datetime

from assistant.errors import AssistantError
from assistant.events import Event, Found, Stated
from assistant.types import Filters
from assistant.ui.desk import Desk, Running, until_stopped
from assistant.ui.exchange import KEPT, Exchange, public_citation, snippets


class Conversations:
    """Asks for the page. It holds no conversation: what came before is given with each question.

    Args:
        desk: takes the questions.
    """

    def __init__(self, desk: Desk) -> None:
        self.desk = desk
        self.running = Running()

    async def ask(
        self, question: str, earlier: Sequence[Exchange], filters: Filters, session: str, client: str
    ) -> AsyncGenerator[Exchange, None]:
        """Yield the exchange whenever it has grown; the last one is finished, stopped or failed, unless superseded.

        Args:
            question: as typed.
            earlier: the conversation so far, oldest first; only its questions are used.
            filters: dates and publishers to stay within.
            session: the page that asks; a question of its that is under way is stopped.
            client: whose limits count.
        """
        stop = self.running.begin(session)
        exchange = Exchange(question, datetime.now(UTC).isoformat(timespec="seconds"), filters)
        yield exchange
        history = [one.question for one in earlier[-KEPT:]]
        events = until_stopped(self.desk.events(question, history, filters, client), stop)
        try:
            async with aclosing(events):
                async for event in events:
                    if stop.superseded:
                        return
                    exchange = grown(exchange, event)
                    yield exchange
            if exchange.state != "done" and not stop.superseded:
                yield replace(exchange, state="stopped")
        except AssistantError as error:
            yield replace(exchange, state="failed", trouble=_sentence(str(error)))
        finally:
            self.running.end(session, stop)


def grown(exchange: Exchange, event: Event) -> Exchange:
    """Return the exchange with what an event adds to it."""
    if isinstance(event, Found):
        return replace(exchange, state="reading", standalone=event.standalone_question, passages=snippets(event.hits))
    if isinstance(event, Stated):
        known = {one.number for one in exchange.citations}
        new = tuple(public_citation(one) for one in event.citations if one.number not in known)
        return replace(
            exchange, statements=(*exchange.statements, event.statement), citations=(*exchange.citations, *new)
        )
    return exchange.with_answer(event)


def _sentence(text: str) -> str:
    return f"{text[:1].upper()}{text[1:].rstrip('.')}."

"""The one way in which the page and programs ask: within the limits, stoppable, every error one plain sentence."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncGenerator
from contextlib import aclosing

from assistant.errors import AssistantError
from assistant.events import Event
from assistant.pipeline import Assistant
from assistant.questions import History
from assistant.types import Filters
from assistant.ui.gate import Gate

UNFORESEEN = "something went wrong on the server; its log says what"

_MOST = 10_000
"""Sessions of the page whose question can be stopped; some pages close before theirs begins."""

_log = logging.getLogger("assistant.ui")


class Desk:
    """Takes questions.

    Args:
        assistant: an open one.
        gate: the limits.
    """

    def __init__(self, assistant: Assistant, gate: Gate | None = None) -> None:
        self.assistant = assistant
        self.gate = gate or Gate()

    async def events(
        self, question: str, history: History, filters: Filters | None, client: str
    ) -> AsyncGenerator[Event, None]:
        """Yield what ``Assistant.astream`` does; closing it stops a model at work and frees the place.

        Raises:
            Busy: the limits are reached.
            AssistantError: as ``Assistant.ask``; anything else is logged and comes out as one.
        """
        try:
            stream = self.assistant.astream(question, history, filters)
            async with self.gate.enter(client), aclosing(stream) as events:
                async for event in events:
                    yield event
        except AssistantError:
            raise
        except Exception as error:
            _log.exception("a question could not be answered")
            raise AssistantError(UNFORESEEN) from error


class Stop(asyncio.Event):
    """Set to stop a question; ``superseded`` when the page shows something else already."""

    superseded = False
    loop: asyncio.AbstractEventLoop | None = None
    """Where the question is answered, None until it has begun."""

    def soon(self, *, superseded: bool) -> None:
        """Set it, from any thread."""
        self.superseded = superseded
        if self.loop is None:
            self.set()
        else:
            self.loop.call_soon_threadsafe(self.set)


class Running:
    """The questions under way, one for each session of the page, so that each can be stopped."""

    def __init__(self) -> None:
        self._stops: dict[str, Stop] = {}

    def expect(self, session: str) -> Stop:
        """Let the next question be stopped before it has begun; a former one of the same session is superseded."""
        self.stop(session, superseded=True)
        if len(self._stops) >= _MOST:
            del self._stops[next(iter(self._stops))]
        stop = self._stops[session] = Stop()
        return stop

    def begin(self, session: str) -> Stop:
        """Return what stops a new question; a former one of the same session is superseded."""
        stop = self._stops.get(session)
        if stop is None or stop.loop is not None:
            stop = self.expect(session)
        stop.loop = asyncio.get_running_loop()
        return stop

    def stop(self, session: str, *, superseded: bool = False) -> None:
        """Stop the question of a session, if there is one."""
        if (former := self._stops.get(session)) is None:
            return
        if superseded or former.loop is not None:
            self._stops.pop(session, None)
        former.soon(superseded=superseded)

    def busy(self, session: str) -> bool:
        """Say whether a question of the session is under way."""
        return session in self._stops and self._stops[session].loop is not None

    def end(self, session: str, stop: Stop) -> None:
        """Forget a question that has ended."""
        if self._stops.get(session) is stop:
            del self._stops[session]


async def until_stopped(events: AsyncGenerator[Event, None], stop: asyncio.Event) -> AsyncGenerator[Event, None]:
    """Yield the events until ``stop`` is set; a model at work is stopped then."""
    waiting = asyncio.ensure_future(stop.wait())
    try:
        async with aclosing(events):
            while True:
                coming = asyncio.ensure_future(anext(events, None))
                try:
                    await asyncio.wait({coming, waiting}, return_when=asyncio.FIRST_COMPLETED)
                finally:
                    if not coming.done():
                        coming.cancel()
                        await asyncio.wait({coming})
                if coming.cancelled() or (event := coming.result()) is None:
                    return
                yield event
    finally:
        waiting.cancel()

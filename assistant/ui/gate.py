"""How many questions are answered at once, how many may wait, and how many one client may ask."""

from __future__ import annotations

import asyncio
import os
import time
from collections import Counter, OrderedDict, deque
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass

from assistant.errors import AssistantError


class Busy(AssistantError):
    """A question that is not taken now.

    Attributes:
        status: HTTP status, 429 for a client that asks too much, 503 when all places are taken.
        retry_after: seconds after which to ask again.
    """

    def __init__(self, message: str, status: int, retry_after: int) -> None:
        super().__init__(message)
        self.status = status
        self.retry_after = retry_after


@dataclass(frozen=True, slots=True)
class Limits:
    """What is allowed.

    Attributes:
        at_once: questions that are answered at the same time.
        waiting: questions that may wait for one of these places.
        client_at_once: places and waiting places of one client.
        client_a_minute: questions of one client in 60 seconds.
    """

    at_once: int = 32
    waiting: int = 200
    client_at_once: int = 8
    client_a_minute: int = 60


_CLIENTS = 10_000
"""Clients whose last minute is remembered."""


def usual_limits(*, writes: bool) -> Limits:
    """Return the limits for a machine like this one.

    Args:
        writes: whether a language model elsewhere does most of the work; quoting is done here, and more at once than
            the machine has processors makes everybody wait longer for the first word.
    """
    return Limits(at_once=64 if writes else 2 * (os.cpu_count() or 2))


class Gate:
    """Lets questions in, one place each.

    Args:
        limits: how many.
    """

    def __init__(self, limits: Limits | None = None) -> None:
        self.limits = limits or Limits()
        self._places = asyncio.Semaphore(self.limits.at_once)
        self._inside = 0
        self._of_client: Counter[str] = Counter()
        self._asked: OrderedDict[str, deque[float]] = OrderedDict()

    @asynccontextmanager
    async def enter(self, client: str) -> AsyncIterator[None]:
        """Hold a place while the block runs, after waiting for one.

        Args:
            client: who asks, such as an address.

        Raises:
            Busy: there is none; says when to try again.
        """
        self._check(client)
        self._inside += 1
        self._of_client[client] += 1
        try:
            async with self._places:
                yield
        finally:
            self._inside -= 1
            self._of_client[client] -= 1
            if not self._of_client[client]:
                del self._of_client[client]

    def _check(self, client: str) -> None:
        limits, now = self.limits, time.monotonic()
        asked = self._asked.setdefault(client, deque())
        self._asked.move_to_end(client)
        while len(self._asked) > _CLIENTS:
            self._asked.popitem(last=False)
        while asked and now - asked[0] > 60:
            asked.popleft()
        if len(asked) >= limits.client_a_minute:
            wait = round(61 - (now - asked[0]))
            raise Busy(f"{limits.client_a_minute} questions in a minute is the limit; ask again in {wait} s", 429, wait)
        if self._of_client[client] >= limits.client_at_once:
            raise Busy(f"{limits.client_at_once} questions of yours are under way; wait for one of them", 429, 5)
        if self._inside >= limits.at_once + limits.waiting:
            raise Busy("the assistant is busy with other readers' questions; ask again in a minute", 503, 30)
        asked.append(now)

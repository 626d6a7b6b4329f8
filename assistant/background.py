"""One event loop in a background thread, shared by everything that talks to language models.

Connections to a model belong to the event loop that opened them, and a caller's loop may end between two questions
(``asyncio.run`` makes a new one each time). So all of it runs here, for callers with a loop and without one.
"""

from __future__ import annotations

import asyncio
import os
import queue
import threading
from collections.abc import AsyncGenerator, Callable, Coroutine, Generator
from concurrent.futures import Future
from contextlib import aclosing, suppress
from typing import Any, TypeVar

T = TypeVar("T")

_END: Any = object()
_starting = threading.Lock()
_running: asyncio.AbstractEventLoop | None = None


def wait(work: Coroutine[Any, Any, T]) -> T:
    """Run ``work`` in the background and wait for it; it is cancelled when the wait is interrupted."""
    future = _submit(work)
    try:
        return future.result()
    finally:
        future.cancel()


def iterate(items: AsyncGenerator[T]) -> Generator[T]:
    """Yield what ``items`` yields in the background; closing the one cancels the other."""
    arrived: queue.SimpleQueue[T] = queue.SimpleQueue()
    done = _submit(_pump(items, arrived.put))
    done.add_done_callback(lambda _: arrived.put(_END))
    try:
        while (item := arrived.get()) is not _END:
            yield item
        done.result()
    finally:
        done.cancel()


async def aiterate(items: AsyncGenerator[T]) -> AsyncGenerator[T]:
    """Yield what ``items`` yields in the background; closing or cancelling the one cancels the other."""
    loop = asyncio.get_running_loop()
    arrived: asyncio.Queue[T] = asyncio.Queue()

    def put(item: T) -> None:
        loop.call_soon_threadsafe(arrived.put_nowait, item)

    def end(_: Future[None]) -> None:
        with suppress(RuntimeError):  # the caller's loop was closed meanwhile: nobody listens any more
            put(_END)

    done = _submit(_pump(items, put))
    done.add_done_callback(end)
    try:
        while (item := await arrived.get()) is not _END:
            yield item
        done.result()
    finally:
        done.cancel()


async def _pump(items: AsyncGenerator[T], put: Callable[[T], None]) -> None:
    async with aclosing(items):
        async for item in items:
            put(item)


def _submit(work: Coroutine[Any, Any, T]) -> Future[T]:
    """Start ``work``; cancelling what comes back cancels it."""
    global _running  # noqa: PLW0603 - one for the process
    with _starting:
        if _running is None:
            _running = asyncio.new_event_loop()
            threading.Thread(target=_running.run_forever, name="assistant-background", daemon=True).start()
        return asyncio.run_coroutine_threadsafe(work, _running)


def _start_anew() -> None:
    """Forget the loop in a forked child, where its thread does not live on; another may have held the lock."""
    global _running, _starting
    _running, _starting = None, threading.Lock()


if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_start_anew)

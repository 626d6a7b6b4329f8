import asyncio
import logging
import os
import signal
import threading
import time
from contextlib import aclosing
from itertools import islice

import pytest

from assistant.background import aiterate, iterate, wait


class Source:
    """Counts while it is listened to, and says when it was closed."""

    def __init__(self, pause=0.0, fault_at=None):
        self.closed = threading.Event()
        self.threads = set()
        self.pause, self.fault_at = pause, fault_at

    async def items(self):
        try:
            for number in range(1000):
                self.threads.add(threading.current_thread().name)
                if number == self.fault_at:
                    raise KeyError(number)
                await asyncio.sleep(self.pause)
                yield number
        finally:
            self.closed.set()


def test_everything_arrives_in_order_from_one_background_thread():
    source = Source()
    assert list(iterate(source.items())) == list(range(1000))
    assert source.threads == {"assistant-background"}


def test_closing_ends_the_source():
    source = Source(pause=0.01)
    numbers = iterate(source.items())
    assert next(numbers) == 0
    numbers.close()
    assert source.closed.wait(2)


@pytest.mark.parametrize("fault_at", [0, 3])
def test_a_fault_arrives_after_what_came_before(fault_at):
    numbers = iterate(Source(fault_at=fault_at).items())
    assert list(islice(numbers, fault_at)) == list(range(fault_at))
    with pytest.raises(KeyError):
        next(numbers)


def test_loops_that_end_do_not_matter():
    async def ask():
        return [number async for number in aiterate(Source().items())]

    assert asyncio.run(ask()) == asyncio.run(ask()) == list(range(1000))


def test_the_callers_loop_is_not_blocked():
    async def ask():
        ticks = 0

        async def tick():
            nonlocal ticks
            while True:
                ticks += 1
                await asyncio.sleep(0.001)

        ticking = asyncio.ensure_future(tick())
        async with aclosing(aiterate(Source(pause=0.01).items())) as numbers:
            async for number in numbers:
                if number == 5:
                    break
        ticking.cancel()
        return ticks

    assert asyncio.run(ask()) > 10


def test_cancelling_ends_the_source():
    source = Source(pause=0.01)

    async def ask():
        async def listen():
            async for _ in aiterate(source.items()):
                pass

        task = asyncio.ensure_future(listen())
        await asyncio.sleep(0.05)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task

    asyncio.run(ask())
    assert source.closed.wait(2)


def test_waiting_works_inside_a_running_loop():
    async def outer():
        return wait(asyncio.sleep(0.01, "done"))

    assert asyncio.run(outer()) == "done"


def test_many_callers_at_once_are_not_mixed():
    results = {}

    def ask(name):
        async def items():
            for number in range(50):
                await asyncio.sleep(0)
                yield (name, number)

        results[name] = list(iterate(items()))

    threads = [threading.Thread(target=ask, args=(name,)) for name in range(20)]
    began = time.monotonic()
    [thread.start() for thread in threads]
    [thread.join(10) for thread in threads]
    assert all(results[name] == [(name, number) for number in range(50)] for name in range(20))
    assert time.monotonic() - began < 10


@pytest.mark.skipif(not hasattr(os, "fork"), reason="this system does not fork")
def test_a_forked_child_has_a_background_of_its_own():
    assert wait(asyncio.sleep(0, "parent")) == "parent"
    child = os.fork()
    if not child:
        signal.alarm(10)  # ends it when it hangs
        os._exit(0 if wait(asyncio.sleep(0, "child")) == "child" and list(iterate(Source().items())) else 1)
    assert os.waitpid(child, 0)[1] == 0


def test_a_loop_that_was_closed_before_the_end_is_no_fault(caplog):
    source, loop = Source(pause=0.01), asyncio.new_event_loop()
    numbers = aiterate(source.items())
    assert loop.run_until_complete(anext(numbers)) == 0
    loop.close()
    with caplog.at_level(logging.ERROR):
        assert source.closed.wait(2)
        wait(asyncio.sleep(0.05))
    assert not caplog.records

"""Politeness: one request at a time to a host, and a pause before the next."""

from __future__ import annotations

import threading
import time
from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

PAUSE_S: Final = 1.0
MAX_PAUSE_S: Final = 10.0
"""Longest pause that a site can ask for in its robots.txt; an index is not held up for hours."""


class Pace:
    """Who asked which host when. Threads that share one take turns."""

    def __init__(self, pause: float = PAUSE_S) -> None:
        self._pause = pause
        self._turns: defaultdict[str, threading.Lock] = defaultdict(threading.Lock)
        self._ended: dict[str, float] = {}
        self._guard = threading.Lock()

    @contextmanager
    def turn(self, host: str, pause: float = 0.0) -> Iterator[None]:
        """Wait until ``host`` may be asked, and keep others from asking it meanwhile.

        Args:
            host: in lower case.
            pause: seconds since the last request that the host wants, if more than usual.
        """
        with self._guard:
            turn = self._turns[host]
        with turn:
            if host in self._ended:
                pause = min(max(pause, self._pause), max(MAX_PAUSE_S, self._pause))
                time.sleep(max(0.0, self._ended[host] + pause - time.monotonic()))
            try:
                yield
            finally:
                self._ended[host] = time.monotonic()


SHARED: Final = Pace()
"""For all fetches of this process."""

"""One writer at a time: an operating-system lock that dies with its owner, and a note of who that is."""

from __future__ import annotations

import os
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Final

from filelock import FileLock, Timeout

from assistant.errors import StoreError, StoreLocked

LOCK_NAME: Final = "write.lock"
OWNER_NAME: Final = "write.owner"
PATIENCE_S: Final = 2.0


class WriterLock:
    """The writer lock of one index folder, re-entrant in the thread that holds it.

    The lock is the kernel's, so a killed owner leaves nothing to clean up, whoever has its pid afterwards. The pid
    stands in a file of its own because Windows does not let others read a locked one; it is for messages only.
    """

    def __init__(self, folder: Path) -> None:
        self._owner_file = folder / OWNER_NAME
        self._folder = folder
        self._threads = threading.RLock()
        self._file = FileLock(folder / LOCK_NAME, thread_local=False)
        self._process = os.getpid()
        self._holder: int | None = None
        self._depth = 0

    @property
    def held(self) -> bool:
        """Whether the calling thread holds the lock."""
        return self._holder == threading.get_ident()

    @contextmanager
    def hold(self) -> Iterator[None]:
        """Hold the lock, waiting for it at most two seconds.

        Raises:
            StoreLocked: another process or thread is writing; names its pid.
            StoreError: the lock file cannot be written, or this is a fork of the process that opened the index.
        """
        if os.getpid() != self._process:
            raise StoreError(
                f"the index '{self._folder}' was opened before this process was forked; open it anew in it"
            )
        deadline = time.monotonic() + PATIENCE_S
        if not self._threads.acquire(timeout=PATIENCE_S):
            raise self._refusal()
        try:
            if self._depth == 0:
                self._take(max(0.0, deadline - time.monotonic()))
            self._depth += 1
            try:
                yield
            finally:
                self._depth -= 1
                if self._depth == 0:
                    self._give_back()
        finally:
            self._threads.release()

    def _take(self, patience_s: float) -> None:
        try:
            self._file.acquire(timeout=patience_s, poll_interval=0.05)
        except Timeout as error:
            raise self._refusal() from error
        except OSError as error:
            raise StoreError(
                f"cannot write in the index folder '{self._folder}': {error.strerror}; check its permissions and space"
            ) from error
        self._holder = threading.get_ident()
        with suppress(OSError):  # a full disk must not keep anyone from removing articles
            self._owner_file.write_text(str(os.getpid()), encoding="ascii")

    def _give_back(self) -> None:
        self._holder = None
        with suppress(OSError):
            self._owner_file.unlink(missing_ok=True)
        self._file.release()

    def _refusal(self) -> StoreLocked:
        try:
            pid = self._owner_file.read_text(encoding="ascii").strip()
        except (OSError, UnicodeDecodeError):
            pid = ""
        who = f"process {pid}" if pid.isdigit() else "another process"
        if pid == str(os.getpid()):
            who += " (this one)"
        return StoreLocked(f"{who} is writing to the index '{self._folder}'; wait until it is done and try again")

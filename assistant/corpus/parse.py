"""Parsing in a process of its own, with limits on time and memory: a file that breaks its parser costs that file alone.

One child (``child.py``) is kept, since starting one for each page would cost more than most pages do; it is replaced
when it has died. Its replies are JSON: nothing that it says is run.
"""

from __future__ import annotations

import atexit
import json
import os
import signal
import subprocess
import sys
import threading
import time
from contextlib import suppress
from pathlib import Path
from typing import Any, Final, Literal

from assistant.corpus.child import TOO_COSTLY
from assistant.corpus.limits import CHILD_CPU_SECONDS, CHILD_MEMORY_BYTES, CHILD_WALL_SECONDS
from assistant.corpus.paragraphs import Page, Paragraph
from assistant.errors import DocumentError

Kind = Literal["pdf", "docx", "html"]

_CHILD: Final = Path(__file__).with_name("child.py")
_COST: Final = f"reading it takes over {CHILD_CPU_SECONDS} s or {CHILD_MEMORY_BYTES // 10**9} GB; add its text instead"


class _Child:
    """The process that parses; one file at a time, whichever thread asks."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._process: subprocess.Popen[bytes] | None = None
        self._owner = 0

    def parse(self, kind: Kind, data: bytes) -> dict[str, Any]:
        """Return what ``child.READERS`` make of a file.

        Raises:
            DocumentError: it costs too much to parse, its parser crashed or failed, or what the parser says of it.
        """
        with self._lock:
            reply, code = self._asked(kind, data)
            if not reply and code == 0:  # it had gone, having idled or grown
                reply, code = self._asked(kind, data)
        if not reply:
            raise DocumentError(_why(kind, code))
        found: dict[str, Any] = json.loads(reply)
        if "error" in found:
            raise DocumentError(str(found["error"]))
        return found

    def close(self) -> None:
        """End the process if there is one."""
        if self._process and self._owner == os.getpid():
            self._process.kill()
            self._process.communicate()
        self._process = None

    def _asked(self, kind: Kind, data: bytes) -> tuple[bytes, int]:
        """Return the reply, or b"" and the exit code if the process died instead."""
        process = self._started()
        began = time.monotonic()
        clock = threading.Timer(CHILD_WALL_SECONDS, process.kill)
        clock.start()
        try:
            with suppress(OSError):  # it has died: its exit code says how
                _write(process, b"%s %d\n" % (kind.encode(), len(data)), data)
            reply = process.stdout.readline() if process.stdout else b""
            if reply.endswith(b"\n"):
                return reply, 0
            code = process.wait()
            return b"", TOO_COSTLY if time.monotonic() - began >= CHILD_WALL_SECONDS else code
        except BaseException:  # interrupted: a reply that comes later would be taken for the next file's
            self.close()
            raise
        finally:
            clock.cancel()

    def _started(self) -> subprocess.Popen[bytes]:
        """Return the running process of this very process: a fork must not share it."""
        if self._process is None or self._owner != os.getpid() or self._process.poll() is not None:
            self.close()
            given = {
                "path": [folder for folder in sys.path if folder],
                "cpu_seconds": CHILD_CPU_SECONDS,
                "memory_bytes": CHILD_MEMORY_BYTES,
            }
            self._process = subprocess.Popen(
                [sys.executable, "-P", str(_CHILD), json.dumps(given)],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                start_new_session=True,  # Ctrl-C is for the parent; the child ends when its standard input does
            )
            self._owner = os.getpid()
        return self._process


_SHARED = _Child()
atexit.register(_SHARED.close)
parse = _SHARED.parse


def parse_page(code: str) -> Page:
    """Return the article of a web page, given as decoded HTML.

    Raises:
        DocumentError: with the reason: it cannot be parsed, holds no text, or costs too much to read.
    """
    found = parse("html", code.encode("utf-8", "surrogatepass"))
    return Page(
        [Paragraph(**paragraph) for paragraph in found["paragraphs"]],
        {name: (value, how) for name, (value, how) in found["known"].items()},
        found["invisible"],
        tuple(found["notices"]),
    )


def _write(process: subprocess.Popen[bytes], *parts: bytes) -> None:
    if process.stdin:
        process.stdin.writelines(parts)
        process.stdin.flush()


def _why(kind: Kind, code: int) -> str:
    if code == TOO_COSTLY or -code in (getattr(signal, "SIGXCPU", None), getattr(signal, "SIGKILL", None)):
        return _COST
    if code < 0:
        return f"the parser of {kind.upper()} files crashed on it; save it again or add its text"
    return f"it is a damaged {kind.upper()} file; save it again or add its text"

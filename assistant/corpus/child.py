"""Child process that parses files which may be hostile, one after another; ``parse.py`` starts it and talks to it.

Run as ``python -P child.py JSON``, the JSON naming ``path`` (the parent's ``sys.path``), ``cpu_seconds`` that one file
may cost and ``memory_bytes`` that the process may have. A request on standard input is a line ``KIND SIZE`` and so many
bytes; the reply on standard output is one line of JSON. A parser that loops or blows up ends with this process, and so
does one that fails in a way that nobody foresaw: exit status 1. It goes by itself when nothing was asked for a while.
"""

from __future__ import annotations

import json
import os
import sys
import threading
import time
from collections.abc import Callable
from dataclasses import asdict
from typing import IO

IDLE_SECONDS = 30.0
TOO_COSTLY = 3
"""Exit status: it ran out of the memory that it may have."""


def read_pdf(data: bytes) -> dict[str, object]:
    """Return ``text`` and ``declared`` of a PDF, or ``error``."""
    from assistant.corpus import limits, pdf

    return pdf.read_pdf(data, limits.MAX_TEXT_CHARS)


def read_docx(data: bytes) -> dict[str, object]:
    """Return ``text`` and ``declared`` of a DOCX file, or ``error``."""
    from assistant.corpus import limits, pages

    return pages.read_docx(data, limits.MAX_TEXT_CHARS)


def read_html(data: bytes) -> dict[str, object]:
    """Return the fields of a ``Page``, or ``error``."""
    from assistant.corpus.webpage import read_page
    from assistant.errors import DocumentError

    try:
        return asdict(read_page(data.decode("utf-8", "surrogatepass")))
    except DocumentError as error:
        return {"error": str(error)}


READERS: dict[str, Callable[[bytes], dict[str, object]]] = {"pdf": read_pdf, "docx": read_docx, "html": read_html}


def main() -> None:
    """Answer requests until there are none."""
    given = json.loads(sys.argv[1])
    sys.path[:] = given["path"]
    requests, replies = sys.stdin.buffer, os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)  # what a parser prints is no reply
    _limit_memory(given["memory_bytes"])
    try:
        while header := _awaited(requests):
            kind, size = header.split()
            _limit_time(given["cpu_seconds"])
            found = READERS[kind.decode()](requests.read(int(size)))
            replies.write(json.dumps(found).encode() + b"\n")
            replies.flush()
            if _grown(given["memory_bytes"]):
                break
    except MemoryError:
        os._exit(TOO_COSTLY)


def _awaited(requests: IO[bytes]) -> bytes:
    """Return the next line, b"" at the end; end the process if there is none for long."""
    idle = threading.Timer(IDLE_SECONDS, os._exit, (0,))
    idle.daemon = True
    idle.start()
    line = requests.readline()
    idle.cancel()
    return line


def _limit_memory(size: int) -> None:
    try:
        import resource
    except ImportError:  # Windows: the parent's wall clock is the only limit
        return
    resource.setrlimit(resource.RLIMIT_AS, (size, size))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def _limit_time(seconds: int) -> None:
    """Let the process have so many seconds of CPU more."""
    try:
        import resource
    except ImportError:
        return
    _, most = resource.getrlimit(resource.RLIMIT_CPU)
    resource.setrlimit(resource.RLIMIT_CPU, (int(time.process_time()) + 1 + seconds, most))


def _grown(memory_bytes: int) -> bool:
    """Whether it holds so much memory that the next file might lack it; only Linux tells.

    ``ru_maxrss`` does not: what the process that started this one had held counts there too.
    """
    try:
        with open("/proc/self/statm", encoding="ascii") as told:
            resident = int(told.read().split()[1]) * os.sysconf("SC_PAGE_SIZE")
    except OSError:
        return False
    return resident > memory_bytes // 4


if __name__ == "__main__":
    main()

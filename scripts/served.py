"""A server in a process of its own, for programs that measure it or take its picture."""

from __future__ import annotations

import re
import subprocess
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import IO

ROOT = Path(__file__).parents[1]
SAMPLE = ROOT / "index" / "articles"

_PATIENCE = 120.0
"""Seconds for a server to start on a busy machine."""


@contextmanager
def served(command: Sequence[str]) -> Iterator[tuple[int, str]]:
    """Run a command that serves and prints its address; yield its process number and the address.

    Args:
        command: with its arguments.

    Raises:
        RuntimeError: it ended without an address, or took too long; with its last words.
    """
    with tempfile.TemporaryFile("w+", encoding="utf-8") as said:  # a pipe that nobody reads would stop a server
        process = subprocess.Popen(command, cwd=ROOT, stdout=said, stderr=subprocess.STDOUT)
        try:
            yield process.pid, _address(process, said)
        finally:
            process.terminate()
            try:
                process.wait(10)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()


def _address(process: subprocess.Popen[bytes], said: IO[str]) -> str:
    until, words = time.monotonic() + _PATIENCE, ""
    while time.monotonic() < until and process.poll() is None:
        said.seek(0)
        words = said.read()
        if found := re.search(r"http://127\.0\.0\.1:\d+", words):
            return f"{found[0]}/"
        time.sleep(0.02)
    raise RuntimeError(f"the server did not start: {words[-2000:].strip() or 'it said nothing'}")

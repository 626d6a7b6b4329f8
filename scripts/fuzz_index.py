"""A small index that several fuzz targets ask."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from assistant import Assistant, Settings
from scripts.fuzz_inputs import SAMPLES

QUESTION = "Who is excluded from the north Homs truce?"


@contextmanager
def small(folder: Path) -> Iterator[Assistant]:
    """Open an assistant over three short articles about one matter; it searches by words."""
    index = folder / "index"
    with Assistant.open(index, Settings(index=index, embedder="none"), models=()) as assistant:
        assistant.add(sorted(SAMPLES.glob("homs-*")))
        assistant.ask(QUESTION)  # loads the reader
        yield assistant

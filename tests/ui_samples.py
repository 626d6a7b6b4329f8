"""The page's server for tests: over a copy of the sample index, with a client in this process or on a port.

A file of tests assigns the fixtures that it takes from here: imported ones would look unused to ruff. Gradio takes
seconds to import, and every process that tests reads every file of them: so it is imported where a test needs it.
"""

from __future__ import annotations

import shutil
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from assistant import Assistant, load_settings
from assistant.settings import Settings
from assistant.types import Citation
from assistant.ui.options import Options

if TYPE_CHECKING:
    from fastapi.testclient import TestClient

QUESTION = "Who is excluded from the north Homs truce?"


def few(index: Path) -> Settings:
    """Return settings with which a question reads few passages: the page shows whatever is answered."""
    return load_settings(environ={}, index=index, passages=6)


@pytest.fixture(scope="module")
def folder(sample_index: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    copied = tmp_path_factory.mktemp("ui") / "index"
    shutil.copytree(sample_index, copied)
    return copied


@pytest.fixture(scope="module")
def assistant(folder: Path) -> Iterator[Assistant]:
    with Assistant.open(folder, few(folder), models=()) as opened:
        yield opened


def client_of(assistant: Assistant, folder: Path, **options: object) -> TestClient:
    from fastapi.testclient import TestClient

    from assistant.ui.server import create_app

    return TestClient(create_app(assistant, Options(**options), folder), base_url="http://127.0.0.1:7860")


@pytest.fixture(scope="module")
def client(assistant: Assistant, folder: Path) -> Iterator[TestClient]:
    with client_of(assistant, folder) as opened:
        yield opened


def citation(**changed: object) -> Citation:
    given = {"number": 1, "article_id": "a1", "title": "A *title*", "publisher": "Paper", "published": "2024-02-03"}
    given |= {"source": "/home/me/a.txt", "zone": "body", "quote": "It <b>rained</b>.", "start": 3, "end": 20}
    return Citation(**(given | changed))


@contextmanager
def serving(
    assistant: Assistant, folder: Path, options: Options | None = None, at: socket.socket | None = None
) -> Iterator[str]:
    """Serve the page in a thread while the block runs, by default at a port of its own; yield its address."""
    from assistant.ui.server import PageServer, create_app

    options = replace(options or Options(), port=0)
    with at.dup() if at else options.listen() as listening:
        server = PageServer(create_app(assistant, options, folder))
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listening]}, daemon=True)
        thread.start()
        yield f"http://127.0.0.1:{listening.getsockname()[1]}/"
        server.should_exit = True
        thread.join(5)

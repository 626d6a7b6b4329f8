"""Fixtures for all tests: the sample corpus and an index of it, made once."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from assistant import Assistant, load_settings
from assistant.retrieval.store import Store


@pytest.fixture(scope="session")
def corpus_dir() -> Path:
    """The folder of the sample corpus; read only."""
    return Path(__file__).parents[1] / "index" / "articles"


@pytest.fixture(scope="session")
def sample_index(tmp_path_factory: pytest.TempPathFactory, corpus_dir: Path) -> Path:
    """A folder with an index of the sample corpus, embedded with the real embedder; read only."""
    folder = tmp_path_factory.mktemp("sample") / "index"
    with Assistant.open(folder, load_settings(environ={}, embedder="minilm", index=folder)) as assistant:
        assistant.add([corpus_dir])
    return folder


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    """An empty record, open for writing."""
    with Store.open(tmp_path / "index", create=True) as opened:
        yield opened

"""Fixtures for all tests: the sample corpus and an index of it, made once."""

from __future__ import annotations

import functools
import os
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from filelock import FileLock

from assistant import Assistant, load_settings
from assistant.answering.llm import LiteLLM
from assistant.retrieval.embed import DEFAULT_EMBEDDER, Embedder, open_embedder
from assistant.retrieval.store import Store

_minilm = functools.cache(open_embedder)


def open_once(name: str) -> Embedder:
    """Return one real embedder for all tests: loading it takes longer than most of them."""
    return _minilm() if name == DEFAULT_EMBEDDER else open_embedder(name)


@pytest.fixture(autouse=True)
def _no_model(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Forbid requests to language models, but to those that a test marked ``model_requests`` starts itself."""
    for name in [name for name in os.environ if name.startswith("ASSISTANT_")]:
        monkeypatch.delenv(name)
    if request.node.get_closest_marker("model_requests") is None:

        def forbidden(model: LiteLLM, *_: object) -> None:
            pytest.fail(f"this test asked {model.name}; give it a FakeModel, or mark it model_requests")

        monkeypatch.setattr(LiteLLM, "_once", forbidden)


@pytest.fixture(autouse=True, scope="session")
def _one_embedder() -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        for module in ("assistant.pipeline", "assistant.retrieval.embed"):
            patch.setattr(f"{module}.open_embedder", open_once)
        yield


@pytest.fixture(scope="session")
def corpus_dir() -> Path:
    """The folder of the sample corpus; read only."""
    return Path(__file__).parents[1] / "index" / "articles"


@pytest.fixture(scope="session")
def sample_index(tmp_path_factory: pytest.TempPathFactory, corpus_dir: Path) -> Path:
    """A folder with an index of the sample corpus, embedded with the real embedder; read only.

    Where several processes test, the first one that needs it makes it, and each takes a copy.
    """
    folder, base = tmp_path_factory.mktemp("sample") / "index", tmp_path_factory.getbasetemp()
    made = (base.parent if "PYTEST_XDIST_WORKER" in os.environ else base) / "sample-index"
    with FileLock(f"{made}.lock"):
        if not made.exists():
            with Assistant.open(folder, load_settings(environ={}, embedder="minilm", index=folder)) as assistant:
                assistant.add([corpus_dir])
            folder.rename(made)
    return shutil.copytree(made, folder)


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    """An empty record, open for writing."""
    with Store.open(tmp_path / "index", create=True) as opened:
        yield opened

"""Fixtures for all tests: the sample corpus and an index of it, made once."""

from __future__ import annotations

import atexit
import functools
import gc
import os
import shutil
import sys
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import suppress
from importlib.util import find_spec
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import pytest
from filelock import FileLock
from hypothesis import settings

from assistant import Assistant, load_settings
from assistant.answering.llm import Limits, LiteLLM, complete
from assistant.background import wait
from assistant.errors import ModelError
from assistant.retrieval.embed import DEFAULT_EMBEDDER, Embedder, FloatArray, MiniLM, open_embedder
from assistant.retrieval.store import Store
from tests import model_server

settings.register_profile("tests", deadline=None)  # by the clock, which says little of one example on a busy machine
settings.load_profile("tests")

TOGETHER = {
    "page": "browser test_ui",
    "models": "test_llm test_answers test_writing test_doctor",
}
"""Files for one process, by what their paths begin with: Gradio and LiteLLM take seconds of each that imports them."""

FIRST = "page models chroma parse cli_process pipeline injections".split()
"""What takes longest: begun last, one of these would keep one process busy when the others have ended."""


def group_of(file: Path) -> str:
    """Return the name of the tests that run one after another in one process: most often those of a file."""
    path = file.relative_to(Path(__file__).parent).as_posix()
    for group, starts in TOGETHER.items():
        if path.startswith(tuple(starts.split())):
            return group
    return file.stem.removeprefix("test_")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Begin with the longest groups; pass over the page's where there is no Gradio."""
    without = pytest.mark.skipif(find_spec("gradio") is None, reason="gradio is not installed")
    for item in items:
        if group_of(item.path) == "page":
            item.add_marker(without)
    place = {group: number for number, group in enumerate(FIRST)}
    items.sort(key=lambda item: place.get(group_of(item.path), len(FIRST)))


def pytest_collection_finish() -> None:
    """Look for garbage seldom, and never among what was imported: it took a tenth of the time of all tests."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(100_000)
    if "PYTEST_XDIST_WORKER" in os.environ:
        atexit.register(os._exit, 0)  # a worker's last act: taking its modules apart would take a second


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_auto_num_workers() -> int:
    """Three processes for two cores, eight at most: some always wait, for a child, a server or a deadline."""
    return min(8, (os.cpu_count() or 1) * 3 // 2)


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: object) -> object:
    """Hand out groups where files were asked for; xdist's own ``loadgroup`` (3.8) does nothing under pytest 9."""
    from xdist.scheduler import LoadFileScheduling

    class Groups(LoadFileScheduling):
        def _split_scope(self, nodeid: str) -> str:
            return group_of(config.rootpath / nodeid.partition("::")[0])

    return Groups(config, log) if config.getvalue("dist") == "loadfile" else None


class Remembering(MiniLM):
    """The real embedder, which encodes a text once: many tests add the same articles."""

    def __init__(self) -> None:
        super().__init__()
        self._known: dict[str, FloatArray] = {}

    def encode(self, texts: Sequence[str]) -> FloatArray:
        new = [text for text in dict.fromkeys(texts) if text not in self._known]
        self._known.update(zip(new, super().encode(new), strict=True))
        return np.stack([self._known[text] for text in texts]) if texts else super().encode(texts)


_minilm = functools.cache(Remembering)


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


@pytest.fixture(autouse=True, scope="session")
def _no_waiting_for_the_disk() -> Iterator[None]:
    """Let the system write when it likes: only a power cut could tell. The fault programme's tests run in processes of
    their own, with the real setting."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("assistant.retrieval.schema.DURABLE", "synchronous = OFF")
        yield


@pytest.fixture(autouse=True, scope="session")
def _one_thread() -> Iterator[None]:
    """Run models on one thread where each core has a process that tests; two would take a seventh more of its time."""
    import onnxruntime  # not above: before the package has switched its telemetry off

    class OneThread(onnxruntime.SessionOptions):
        def __init__(self) -> None:
            super().__init__()
            self.intra_op_num_threads = 1

    with pytest.MonkeyPatch.context() as patch:
        if "PYTEST_XDIST_WORKER" in os.environ:
            patch.setattr(onnxruntime, "SessionOptions", OneThread)
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


class FirstCalls(NamedTuple):
    """The ports of the servers that LiteLLM was sent to while it was imported, and those that it connected to."""

    named: set[int]
    connected: set[int]


@pytest.fixture(scope="session")
def litellm(tmp_path_factory: pytest.TempPathFactory) -> FirstCalls:
    """Import LiteLLM and have it answer and fail once, which takes seconds, in a folder with somebody's settings.

    Each test that asks a model through it takes this fixture: deadlines are about the server, and what an import
    connects to shows only once in a process.
    """
    if find_spec("litellm") is None:
        pytest.skip("litellm is not installed")
    assert "litellm" not in sys.modules, "a test imported it before; it has to take the fixture litellm"
    folder, named, connected, over = tmp_path_factory.mktemp("litellm"), set(), set(), threading.Event()
    (folder / ".env").write_text("OPENAI_API_BASE=http://127.0.0.1:9\n")

    def hear(name: str, told: tuple[Any, ...]) -> None:
        if name == "socket.connect" and not over.is_set():
            connected.add(told[1][1])

    sys.addaudithook(hear)
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(folder)
        for script in (model_server.says("Yes."), model_server.fails(500)):
            with model_server.model_server(script) as here, suppress(ModelError):
                named.add(int(here.url.removesuffix("/v1").rpartition(":")[2]))
                model = LiteLLM("openai/m", here.url)
                wait(complete(model, [{"role": "user", "content": "?"}], Limits(time.monotonic() + 600, 9)))
    over.set()
    return FirstCalls(named, connected)


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    """An empty record, open for writing."""
    with Store.open(tmp_path / "index", create=True) as opened:
        yield opened

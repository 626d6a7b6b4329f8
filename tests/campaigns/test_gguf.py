import asyncio
import subprocess
import sys
import time
from contextlib import aclosing, contextmanager
from importlib.util import find_spec

import pytest

from assistant import Assistant, load_settings
from assistant.answering.gguf import LocalModel, model_file
from assistant.answering.llm import Limits, complete
from assistant.background import wait
from assistant.errors import ModelError
from tests.language_model import smollm2

pytestmark = [
    pytest.mark.model_requests,
    *(
        pytest.mark.skipif(find_spec(package) is None, reason=f"{package} is not installed")
        for package in ("xllamacpp", "litellm")
    ),
]


def limits(seconds=60.0, tokens=60):
    return Limits(time.monotonic() + seconds, tokens)


@contextmanager
def suppress_talking():
    """It may say more than it was given tokens for."""
    try:
        yield
    except ModelError as error:
        if error.kind != "cut":
            raise


def asking(text):
    return [{"role": "user", "content": text}]


@pytest.fixture(scope="module")
def model(litellm):
    local = LocalModel(str(smollm2()), 4096)
    yield local
    local.close()


def test_a_real_model_streams_through_its_own_chat_template(model):
    said = []

    async def listen():
        async for piece in model.stream(asking("Say hello to the newsroom."), limits(tokens=10)):
            said.append(piece)  # noqa: PERF401 - those before a fault count

    with suppress_talking():
        wait(listen())
    assert len(said) > 3
    assert "<|im_end|>" not in "".join(said)


def test_a_cancelled_stream_frees_the_model(model):
    async def begin():
        async with aclosing(model.stream(asking("Tell a very long story."), limits(tokens=2000))) as pieces:
            await anext(pieces)

    wait(begin())
    began = time.monotonic()
    with suppress_talking():
        wait(complete(model, asking("Say yes."), limits(tokens=5)))
    assert time.monotonic() - began < 10  # the server has one slot; 2,000 tokens would take minutes


def test_too_long_a_prompt_is_named(model):
    with pytest.raises(ModelError) as raised:
        wait(complete(model, asking("word " * 6000), limits()))
    assert raised.value.kind == "long"


def test_its_inventions_never_show_as_supported(model, sample_index):
    """Whatever it writes, each statement shown is one that the check lets through, or words of an article."""
    settings = load_settings(environ={}, prompt_tokens=150, answer_tokens=24)
    with Assistant.open(sample_index, settings, models=[model]) as assistant:
        answer = assistant.ask("Who is excluded from the north Homs truce?")
        for citation in answer.citations:
            article = assistant.article(citation.article_id)
            assert article.text[citation.start : citation.end] == citation.quote
        assert answer.statements
        assert all(statement.citations for statement in answer.statements)


def test_it_ends_with_the_process_that_started_it():
    program = (
        "import sys, time, os\n"
        "from assistant.answering.gguf import LocalModel\n"
        "model = LocalModel(sys.argv[1], 2048)\n"
        "model._ready()\n"
        "print(model._server[0].pid, flush=True)\n"
        "os.kill(os.getpid(), 9)\n"
    )
    done = subprocess.run([sys.executable, "-c", program, smollm2()], capture_output=True, text=True, check=False)
    pid, gone = int(done.stdout), time.monotonic() + 10
    while _runs(pid) and time.monotonic() < gone:
        time.sleep(0.05)
    assert not _runs(pid)


def _runs(pid):
    try:
        with open(f"/proc/{pid}/stat") as stream:
            return stream.read().rpartition(")")[2].split()[0] != "Z"
    except FileNotFoundError:
        return False


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (None, "No such file"),
        (b"", "not a GGUF file"),
        (b"PK\3\4" * 9, "not a GGUF file"),
        (b"GGUF" * 99, "cannot load"),
    ],
)
def test_what_is_no_model_is_refused(tmp_path, content, said):
    file = tmp_path / "m.gguf"
    if content is not None:
        file.write_bytes(content)
    with pytest.raises(ModelError, match=said):
        wait(complete(LocalModel(str(file), 2048), asking("?"), limits()))


@pytest.mark.parametrize("name", ["hf:", "hf:owner", "hf:owner/repository", "hf:owner/repository/"])
def test_a_name_on_the_hub_has_three_parts(name):
    with pytest.raises(ModelError, match="write gguf:hf:OWNER/REPOSITORY/FILE"):
        model_file(name)


def test_without_llama_cpp_it_says_what_to_install(monkeypatch, tmp_path):
    (tmp_path / "m.gguf").write_bytes(b"GGUF")
    monkeypatch.setattr("assistant.answering.gguf.find_spec", lambda _: None)
    with pytest.raises(ModelError, match=r"pip install 'news-assistant\[local\]'"):
        asyncio.run(complete(LocalModel(str(tmp_path / "m.gguf"), 2048), asking("?"), limits()))

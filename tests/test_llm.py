import asyncio
import pickle
import time
from contextlib import aclosing

import pytest

from assistant.answering.llm import Limits, LiteLLM, complete
from assistant.background import wait
from assistant.errors import ModelError
from tests import model_server as server
from tests.model_faults import FAULTS

pytestmark = [
    pytest.mark.model_requests,
    pytest.mark.usefixtures("litellm"),
]
ASKED = [{"role": "user", "content": "Who signed?"}]
DEADLINE = 1.0
SOON = 0.3
"""Seconds, as deadline for what never answers."""

SECRET = "sk-secret-key-123"


@pytest.fixture(autouse=True)
def _short_pause(monkeypatch):
    monkeypatch.setattr("assistant.answering.llm.PAUSE", 0.05)


def ask(url, *, deadline=DEADLINE, tokens=100, name="openai/m"):
    model = LiteLLM(name, url, "sk-mine")
    return wait(complete(model, ASKED, Limits(time.monotonic() + deadline, tokens)))


@pytest.mark.parametrize(("script", "kind", "requests"), FAULTS.values(), ids=FAULTS)
def test_every_fault_becomes_one_sentence_within_the_deadline(script, kind, requests):
    deadline = SOON if kind == "slow" else DEADLINE
    with server.model_server(script) as here:
        began = time.monotonic()
        with pytest.raises(ModelError) as raised:
            ask(here.url, deadline=deadline)
        took = time.monotonic() - began
    assert raised.value.kind == kind
    assert len(here.requests) == requests
    assert took < deadline + 1
    assert SECRET not in str(raised.value)
    assert "the model openai/m at 127.0.0.1" in str(raised.value)
    assert "\n" not in str(raised.value)


@pytest.mark.parametrize("url", ["http://127.0.0.1:9/v1", "http://no-such-host.invalid/v1"])
def test_a_server_that_is_not_there_is_named(url):
    with pytest.raises(ModelError, match="cannot be reached") as raised:
        ask(url)
    assert raised.value.kind == "unavailable"


@pytest.mark.parametrize(
    ("name", "variable", "sent"),
    [
        ("azure/deployment", "AZURE_API_KEY", "api-key: sk-own"),
        ("hosted_vllm/m", "HOSTED_VLLM_API_KEY", "authorization: Bearer sk-own"),
        ("hosted_vllm/m", "", "authorization: Bearer none"),
        ("openai/m", "OPENAI_API_KEY", "authorization: Bearer none"),
    ],
)
def test_the_key_of_a_server_is_that_of_its_provider_and_openais_goes_to_openai(monkeypatch, name, variable, sent):
    monkeypatch.setenv("AZURE_API_VERSION", "2024-10-21")
    if variable:
        monkeypatch.setenv(variable, "sk-own")
    with server.model_server(server.says("Yes.")) as here:
        wait(complete(LiteLLM(name, here.url), ASKED, Limits(time.monotonic() + 10, 100)))
    assert sent.casefold() in here.heads[0].casefold()


def test_a_failed_handshake_is_named():
    with server.model_server(server.hangs) as here, pytest.raises(ModelError) as raised:
        ask(here.url.replace("http:", "https:"), deadline=SOON)
    assert raised.value.kind in ("unavailable", "slow")


@pytest.mark.parametrize("fault", [server.fails(429, retry_after=0), server.fails(503)])
def test_what_passes_is_tried_once_more(fault):
    with server.model_server(fault, server.says("Both ", "sides.")) as here:
        assert ask(here.url, deadline=10) == "Both sides."
    assert len(here.requests) == 2


def test_the_request_is_what_was_asked_for():
    with server.model_server(server.says("Yes.")) as here:
        ask(here.url, tokens=77, deadline=30)
    (body,) = here.requests
    assert (body["model"], body["messages"], body["stream"]) == ("m", ASKED, True)
    assert (body["temperature"], body["max_tokens"]) == (0, 77)


def test_credentials_in_an_address_are_not_shown():
    with pytest.raises(ModelError) as raised:
        ask("http://me:hunter2@127.0.0.1:9/v1")
    assert "hunter2" not in str(raised.value)


async def left(here):
    """Whether a server notices within two seconds that its client is gone."""
    began = time.monotonic()
    while not here.hung_up and time.monotonic() < began + 2:
        await asyncio.sleep(0.01)
    return bool(here.hung_up)


async def test_cancelling_hangs_up_within_two_seconds():
    with server.model_server(server.stalls) as here:
        async with aclosing(LiteLLM("openai/m", here.url).stream(ASKED, Limits(time.monotonic() + 60, 100))) as pieces:
            assert await anext(pieces) == "The truce "
        assert await left(here)


async def test_cancelling_before_the_first_word_hangs_up():
    with server.model_server(server.hangs) as here:
        model = LiteLLM("openai/m", here.url)
        task = asyncio.ensure_future(complete(model, ASKED, Limits(time.monotonic() + 60, 100)))
        while not here.requests:
            await asyncio.sleep(0.01)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
        assert await left(here)


async def test_a_deadline_that_passes_between_two_pieces_does_not_cancel_the_reader():
    async def read(script):
        with server.model_server(script) as here:
            limits = Limits(time.monotonic() + DEADLINE, 100)
            async with aclosing(LiteLLM("openai/m", here.url).stream(ASKED, limits)) as pieces:
                assert await anext(pieces) == "The truce "
                await asyncio.sleep(DEADLINE + 0.1)
                with pytest.raises(ModelError) as raised:
                    await anext(pieces)
            assert raised.value.kind == "slow"
            assert script is not server.stalls or await left(here)

    await asyncio.gather(read(server.stalls), read(server.says("The truce ", "holds.")))


def test_without_litellm_it_says_what_to_install(monkeypatch):
    monkeypatch.setattr("assistant.answering.llm.find_spec", lambda _: None)
    with pytest.raises(ModelError, match=r"pip install 'news-assistant\[llm\]'"):
        ask("http://127.0.0.1:9/v1")


def test_nothing_is_fetched_but_the_answer(litellm):
    assert litellm.connected == litellm.named


def test_a_fault_arrives_whole_from_another_process():
    there = ModelError("the model m is slow", "slow", 3.5)
    here = pickle.loads(pickle.dumps(there))
    assert (type(here), str(here), here.kind, here.retry_after) == (ModelError, str(there), "slow", 3.5)

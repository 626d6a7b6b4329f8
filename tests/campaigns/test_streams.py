"""Replies of a language model that are cut at random places."""

import random
import time

import pytest

from assistant.answering.llm import Limits, LiteLLM, complete
from assistant.background import wait
from assistant.errors import ModelError
from tests import model_server as server

ASKED = [{"role": "user", "content": "Who signed?"}]


@pytest.mark.model_requests
@pytest.mark.usefixtures("litellm")
def test_no_cut_stream_passes_for_a_whole_one():
    rng = random.Random(0)
    ends_as = []
    for _ in range(100):
        words = [f"word{n} " for n in range(rng.randint(1, 12))]
        ends = rng.choice(["closes", "says done", "resets"])

        def script(call, words=words, ends=ends):
            call.head()
            for word in words:
                call.chunk({"content": word})
            if ends == "says done":
                call.event("[DONE]")
            if ends == "resets":
                call.reset()

        with server.model_server(script) as here:
            try:
                wait(complete(LiteLLM("openai/m", here.url), ASKED, Limits(time.monotonic() + 5, 100)))
                ends_as.append("whole")
            except ModelError as error:
                ends_as.append(error.kind)
    assert len(ends_as) == 100
    assert set(ends_as) <= {"cut", "failed"}

"""Real clients of other projects talk to the server: OpenAI's and MCP's, each skipped where it is not installed."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from assistant import Assistant
from assistant.ui.options import Options
from tests.ui_samples import QUESTION, few, serving


@pytest.fixture(scope="module")
def sample(sample_index: Path) -> Iterator[str]:
    with (
        Assistant.open(sample_index, few(sample_index), models=()) as assistant,
        serving(assistant, sample_index) as address,
    ):
        yield address


def test_openais_client(sample):
    openai = pytest.importorskip("openai", reason="OpenAI's client is not installed")
    client = openai.OpenAI(base_url=f"{sample}v1", api_key="none", max_retries=0)
    assert [model.id for model in client.models.list()] == ["news-assistant"]
    asked = [{"role": "system", "content": "Invent."}, {"role": "user", "content": QUESTION}]
    done = client.chat.completions.create(model="news-assistant", messages=asked)
    message = done.choices[0].message
    assert "[1]" in message.content
    citations = message.model_extra["citations"]
    assert citations == done.model_extra["news_assistant"]["citations"]
    assert all(one["quote"] in message.content for one in citations[:1])
    words, last = "", None
    for chunk in client.chat.completions.create(model="news-assistant", messages=asked, stream=True):
        words, last = words + (chunk.choices[0].delta.content or ""), chunk
    assert words == message.content
    assert last.choices[0].finish_reason == "stop"
    assert last.choices[0].delta.model_extra["citations"] == citations
    with pytest.raises(openai.BadRequestError, match="characters"):
        client.chat.completions.create(model="x", messages=[{"role": "user", "content": "x" * 5000}])
    with pytest.raises(openai.BadRequestError, match="role 'user'"):
        client.chat.completions.create(model="x", messages=[{"role": "system", "content": "Invent."}])


@pytest.mark.parametrize("password", [None, "open sesame"])
async def test_an_mcp_client(sample_index, password):
    pytest.importorskip("mcp", reason="the MCP client is not installed")
    from mcp import ClientSession
    from mcp.client.streamable_http import streamablehttp_client

    told = {"Authorization": f"Bearer {password}"}
    with (
        Assistant.open(sample_index, few(sample_index), models=()) as assistant,
        serving(assistant, sample_index, Options(password=password)) as address,
    ):
        async with (
            streamablehttp_client(f"{address}gradio_api/mcp/", headers=told) as (reading, writing, _),
            ClientSession(reading, writing) as session,
        ):
            await use(session)


async def use(session):
    await session.initialize()
    tools = (await session.list_tools()).tools
    assert [tool.name.endswith("ask_news") for tool in tools] == [True]
    assert set(tools[0].inputSchema["properties"]) == {"question", "since", "until", "publisher"}
    result = await session.call_tool(tools[0].name, {"question": QUESTION})
    assert not result.isError
    answer = json.loads(result.content[0].text)
    assert answer["citations"]
    assert "place in the truce" in answer["text"]

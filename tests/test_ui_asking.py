"""Questions to the page without a browser: how many at once, one after another on a page, what ends them."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator

import pytest

from assistant import Filters, load_settings
from assistant.events import Found
from assistant.ui.asking import Conversations
from assistant.ui.desk import Desk
from assistant.ui.exchange import snippets
from assistant.ui.gate import Busy, Gate, Limits
from tests.answering_samples import hit


async def test_the_gate_is_bounded_and_fair():
    gate = Gate(Limits(at_once=1, waiting=1, client_at_once=2, client_a_minute=3))
    async with gate.enter("a"):
        waiting = asyncio.create_task(_through(gate, "b"))
        await asyncio.sleep(0)
        with pytest.raises(Busy, match="busy") as full:
            await _through(gate, "c")
        assert full.value.status == 503
    await waiting
    await _through(gate, "a")
    await _through(gate, "a")
    with pytest.raises(Busy, match="in a minute") as often:
        await _through(gate, "a")
    assert often.value.status == 429
    assert 0 < often.value.retry_after <= 61


async def _through(gate: Gate, client: str) -> None:
    async with gate.enter(client):
        pass


class Slow:
    """An assistant that finds at once and answers later."""

    settings = load_settings(environ={})
    models = ()

    def __init__(self) -> None:
        self.ended: list[str] = []

    async def astream(self, question: str, history: object, filters: object) -> AsyncIterator[object]:
        try:
            yield Found(question, ())
            await asyncio.sleep(30)
        finally:
            self.ended.append(question)


async def test_a_new_question_supersedes_the_former_and_stop_ends_it():
    assistant = Slow()
    conversations = Conversations(Desk(assistant))
    drawn: dict[str, list[str]] = {}

    async def ask(question: str, session: str) -> None:
        async for exchange in conversations.ask(question, [], Filters(), session, "c"):
            drawn.setdefault(question, []).append(exchange.state)

    tasks = [asyncio.create_task(ask("a", "one")), asyncio.create_task(ask("x", "two"))]
    await asyncio.sleep(0.05)
    tasks.append(asyncio.create_task(ask("b", "one")))
    await asyncio.sleep(0.05)
    assert assistant.ended == ["a"]
    conversations.running.stop("one")
    await asyncio.sleep(0.05)
    assert assistant.ended == ["a", "b"]
    conversations.running.stop("two", superseded=True)
    await asyncio.gather(*tasks)
    assert drawn == {
        "a": ["searching", "reading"],
        "b": ["searching", "reading", "stopped"],
        "x": ["searching", "reading"],
    }


async def test_closing_a_stream_frees_its_place():
    desk = Desk(Slow(), Gate(Limits(client_at_once=1)))
    events = desk.events("a", [], None, "c")
    await anext(events)
    with pytest.raises(Busy):
        await anext(desk.events("b", [], None, "c"))
    await events.aclose()
    await anext(desk.events("b", [], None, "c"))
    assert desk.assistant.ended == ["a"]


async def test_errors_become_one_sentence(caplog):
    class Broken(Slow):
        async def astream(self, question: str, history: object, filters: object) -> AsyncIterator[object]:
            raise RuntimeError("secret")
            yield

    shown = [one async for one in Conversations(Desk(Broken())).ask("a", [], Filters(), "s", "c")]
    assert [one.state for one in shown] == ["searching", "failed"]
    assert shown[-1].trouble == "Something went wrong on the server; its log says what."
    assert "secret" in caplog.text


@pytest.mark.parametrize(
    "sentences", [["The bridge is old."] * 30, ["It opened " + "and closed " * 40 + "again.", "It is old."]]
)
def test_passages_are_listed_by_their_first_whole_sentences(sentences):
    found = hit("a", *sentences)
    (listed,) = snippets([found])
    assert listed.quote == found.text[: listed.end - listed.start]
    assert listed.end in [sentence.end for sentence in found.passage.sentences]
    assert len(listed.quote) <= max(280, len(sentences[0])) < len(found.text)

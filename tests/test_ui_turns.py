"""The two steps of a question on the page, and what the server remembers of a page; without a browser."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from datetime import datetime, timedelta
from types import SimpleNamespace
from typing import TYPE_CHECKING

import pytest

from assistant import Filters, load_settings
from assistant.events import Found
from assistant.types import Statement
from assistant.ui.answer_view import exchange_html
from assistant.ui.asking import Conversations
from assistant.ui.desk import Desk
from assistant.ui.exchange import Exchange
from tests.ui_samples import citation

if TYPE_CHECKING:
    from assistant.ui.turns import Turns

HERE = SimpleNamespace(session_hash="here", client=None)
SKIP = {"__type__": "update"}
"""What ``gradio.skip()`` returns."""

NOTHING = (SKIP, SKIP)


class Endless:
    """An assistant that finds passages and never answers."""

    settings = load_settings(environ={})
    models = ()

    def __init__(self) -> None:
        self.asked: list[tuple[str, list[str]]] = []

    async def astream(self, question: str, history: list[str], filters: object) -> AsyncIterator[object]:
        self.asked.append((question, history))
        yield Found(question, ())
        await asyncio.sleep(30)


@pytest.fixture
def assistant() -> Endless:
    return Endless()


@pytest.fixture
def turns(assistant: Endless) -> Turns:
    from assistant.ui.turns import Turns

    return Turns(Conversations(Desk(assistant)), lambda: [], lambda: 1)


def kept(*questions: str) -> list[dict[str, object]]:
    return [Exchange(one, state="failed").to_dict() for one in questions]


async def grown(turns: Turns, asking: object, conversation: object) -> list[tuple[object, object]]:
    return [update async for update in turns.answered(HERE, asking, conversation, "", "", [])]


async def test_an_edited_question_replaces_what_came_after_it(turns, assistant):
    past, live, _, box, editing, asking = turns.asked(HERE, "b2", kept("a", "b", "c"), 1, "", "", [])
    assert ">a</h2>" in past
    assert ">b</h2>" not in past
    assert ">b2</h2>" in live
    assert (box, editing) == (SKIP, -1)  # the page empties it: letters typed since then stay
    answering = asyncio.create_task(grown(turns, asking, kept("a", "b", "c")))
    await asyncio.sleep(0.05)
    assert assistant.asked == [("b2", ["a"])]
    again = turns.asked(HERE, "typed too early", kept("a", "b", "c"), -1, "", "", [])
    assert again == (*[SKIP] * 5, None)
    turns.stopped(HERE)
    *_, (drawn, conversation) = await answering
    assert "Stopped" in drawn
    assert [one["question"] for one in conversation] == ["a", "b2"]


async def test_a_stop_before_the_answer_has_begun_counts(turns):
    *_, asking = turns.asked(HERE, "a", [], -1, "", "", [])
    turns.stopped(HERE)
    *_, (drawn, conversation) = await asyncio.wait_for(grown(turns, asking, []), 5)
    assert "Stopped" in drawn
    assert [one["state"] for one in conversation] == ["stopped"]
    *_, asking = turns.asked(HERE, "b", [], -1, "", "", [])
    answering = asyncio.create_task(grown(turns, asking, []))
    await asyncio.sleep(0.05)
    assert not answering.done()
    turns.cleared(HERE, "", "", [])
    (_, conversation), last = await answering
    assert [(one["question"], one["state"]) for one in conversation] == [("b", "reading")]  # outlives a reload
    assert last == NOTHING


@pytest.mark.parametrize(("question", "since"), [(" ", ""), ("a", "soon")])
async def test_what_cannot_be_asked_says_so_and_is_not_asked(turns, assistant, question, since):
    _, live, hint, box, _, asking = turns.asked(HERE, question, kept("a"), -1, since, "", [])
    assert "problem" in hint
    assert (live, box, asking) == (SKIP, SKIP, None)
    assert await grown(turns, asking, kept("a")) == [NOTHING]
    assert assistant.asked == []


@pytest.mark.parametrize("asking", [None, 7, {}, {"after": "x"}, [1]])
async def test_what_a_browser_makes_up_is_not_asked(turns, assistant, asking):
    assert await grown(turns, asking, {"x": 1}) == [NOTHING]
    assert assistant.asked == []


def test_a_closed_page_is_forgotten_unless_it_was_used_again():
    import gradio as gr

    from assistant.ui import sessions

    with gr.Blocks() as page:
        gr.Number(1)
    sessions.bound_sessions(page)
    holder = gr.routes.App.create_app(page).state_holder
    for session, minutes in (("gone", 9), ("back", 1)):
        assert holder[session]
        holder.time_last_used[session] = datetime.now() - timedelta(minutes=minutes)
        sessions.forget(page, session)
    sessions.forget(page, "never seen")
    assert set(holder.session_data) == set(holder.time_last_used) == {"back"}
    for number in range(sessions.MOST + 5):
        assert holder[str(number)]
    assert len(holder.session_data) == len(holder.time_last_used) == sessions.MOST


def test_a_number_stays_on_the_line_of_the_last_word():
    def drawn(text: str) -> str:
        return exchange_html(Exchange("q", "", Filters(), "done", statements=(Statement(text, (1,)),),
                                      citations=(citation(),)), 0)  # fmt: skip

    assert '>It rained <span class="tied">hard. <button' in drawn("It rained hard.")
    assert '<span class="tied">Rain <button' in drawn("Rain")
    assert f'>{"x" * 99}<span class="tied"> <button' in drawn("x" * 99)

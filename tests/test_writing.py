"""What a writer makes of a model that repeats itself, does not stop, or is outlasted by the checks of what it wrote."""

import asyncio
import time

import pytest

from assistant import Assistant, load_settings
from assistant.answering.claims import Claim
from assistant.answering.generative import Writer
from assistant.testing import FakeModel
from tests import model_server as server

QUESTION = "How many settlements does the zone north of Homs include?"
TRUE = "The zone includes 84 settlements"
INVENTED = "The moon is made of cheese"


@pytest.fixture
def judged(monkeypatch):
    """The texts of the drafts that were judged."""
    texts, judge = [], Writer._judge
    monkeypatch.setattr(
        Writer, "_judge", lambda self, draft, *more: texts.append(draft.text) or judge(self, draft, *more)
    )
    return texts


def answer_of(sample_index, model, **settings):
    with Assistant.open(sample_index, load_settings(environ={}, **settings), models=[model]) as assistant:
        return assistant.ask(QUESTION)


@pytest.mark.parametrize("ending", [". [1]\n", " [1].\n", ".\n"])
def test_a_line_that_is_repeated_is_judged_and_stated_once(sample_index, judged, ending):
    answer = answer_of(sample_index, FakeModel(12 * f"{TRUE}{ending}"))
    assert len(judged) == 1
    assert [one.text for one in answer.statements] == [f"{TRUE}."]
    assert answer.notices == ()


def test_an_invention_that_is_repeated_is_left_out_once(sample_index, judged):
    answer = answer_of(sample_index, FakeModel(f"{TRUE}. [1]\n" + 5 * f"{INVENTED}. [1]\n"))
    assert len(judged) == 2
    assert [notice.split(":")[0] for notice in answer.notices] == ["1 of the model's statements left out"]


def test_where_only_quotations_stand_for_what_the_model_wrote_all_are_quoted(sample_index):
    with Assistant.open(sample_index, load_settings(environ={})) as assistant:
        quoted = assistant.ask(QUESTION)
    last = quoted.citations[-1].quote

    class Wrong:
        name = "wrong"

        async def stream(self, messages, limits):
            shown = messages[1]["content"].splitlines()
            number = next(line.partition("]")[0][1:] for line in shown if line.startswith("[") and last in line)
            yield f"The zone includes 48 settlements of cheese. [{number}]\n"

    answer = answer_of(sample_index, Wrong())
    assert answer.mode == "extractive"
    assert {one.text for one in answer.statements} == {one.text for one in quoted.statements}
    assert [notice.split(":")[0] for notice in answer.notices] == ["quoted, not written"]


def test_a_refusal_is_not_said_to_be_quoted(sample_index):
    with Assistant.open(sample_index, load_settings(environ={}), models=[FakeModel(f"{INVENTED}. [1]\n")]) as assistant:
        answer = assistant.ask("When will the next pope be elected?")
    assert answer.status == "refused"
    assert [notice.split(":")[0] for notice in answer.notices] == ["not written"]


def test_a_quotation_is_not_stated_again_when_the_model_writes_it(sample_index, monkeypatch):
    shown = []

    def judge(self, draft, question, quotes, *_):
        shown.append(draft.text)
        return Claim("Both sides signed.", (quotes[0],))

    monkeypatch.setattr(Writer, "_judge", judge)
    answer_of(sample_index, FakeModel("They signed it. [1]\nBoth sides signed. [1]\n"))
    assert shown == ["They signed it."]


def test_after_the_most_statements_the_model_is_hung_up_on(sample_index, monkeypatch):
    tried, closed = [], []

    class Endless:
        name = "endless"

        async def stream(self, messages, limits):
            try:
                for number in range(1000):
                    await asyncio.sleep(0)
                    yield f"Statement number {number} of very many. [1]\n"
            finally:
                closed.append(number)

    def judge(self, draft, question, quotes, *_):
        tried.append(draft.text)
        return Claim(draft.text, (quotes[0],))

    monkeypatch.setattr(Writer, "_judge", judge)
    answer = answer_of(sample_index, Endless(), max_statements=2)
    assert len(tried) == len(answer.statements) == 4
    assert closed
    assert closed[0] < 10
    assert (answer.status, answer.notices) == ("answered", ())


class Own:
    """A model of a user's own: states something, then does what it is told."""

    name = "own"

    def __init__(self, then, said=f"{TRUE}. [1]\nThe"):
        self.then, self.said = then, said

    async def stream(self, messages, limits):
        if self.said:
            yield self.said
        await self.then()
        yield " end. [1]\n"


@pytest.mark.parametrize("said", ["", f"{TRUE}. [1]\nThe"])
@pytest.mark.parametrize("fault", [ValueError("secret"), ConnectionError(), TypeError(), KeyError("x")])
def test_whatever_a_model_of_ones_own_raises_the_reader_gets_an_answer(sample_index, said, fault):
    async def fail():
        raise fault

    answer = answer_of(sample_index, Own(fail, said))
    assert answer.status == ("partial" if said else "answered")
    assert answer.statements
    assert any(f"the model own failed ({type(fault).__name__})" in notice for notice in answer.notices)
    assert "secret" not in str(answer)


def test_a_model_of_ones_own_that_is_no_generator_costs_a_notice(sample_index):
    class Plain(Own):
        def stream(self, messages, limits):
            return [self.said]

    answer = answer_of(sample_index, Plain(None))
    assert (answer.status, answer.mode) == ("answered", "extractive")
    assert any("the model own failed" in notice for notice in answer.notices)


@pytest.mark.parametrize("piece", [None, b"The end. [1]\n"])
def test_a_model_of_ones_own_that_yields_no_text_is_not_taken_for_whole(sample_index, piece):
    class Odd(Own):
        async def stream(self, messages, limits):
            yield self.said
            yield piece

    answer = answer_of(sample_index, Odd(None))
    assert answer.status == "partial"
    assert any(f"gave {type(piece).__name__}, not text; yield strings" in notice for notice in answer.notices)


def test_a_model_of_ones_own_is_held_to_the_deadline(sample_index):
    async def sleep():
        await asyncio.sleep(60)

    answer_of(sample_index, Own(lambda: asyncio.sleep(0)))  # the first one loads what checks
    began = time.monotonic()
    answer = answer_of(sample_index, Own(sleep), deadline=1)
    assert time.monotonic() - began < 10
    assert any("the model own did not answer in time" in notice for notice in answer.notices)


def test_a_model_that_writes_for_ever_is_cut_off(sample_index):
    class Endless(Own):
        async def stream(self, messages, limits):
            while True:
                yield "word "

    answer = answer_of(sample_index, Endless(None))
    assert (answer.status, answer.mode) == ("answered", "extractive")
    assert any("the model own wrote more than it was asked for" in notice for notice in answer.notices)


@pytest.mark.model_requests
def test_a_deadline_that_passes_while_a_statement_is_judged_leaves_the_quotations(litellm, sample_index, monkeypatch):
    seconds = 0.3

    def stalls(call):
        call.head()
        call.chunk({"content": f"{INVENTED}. [1]\n"})
        server.hangs(call)

    with server.model_server(server.says("Yes."), stalls) as here:
        chosen = load_settings(environ={}, model="openai/m", api_base=here.url, deadline=seconds)
        with Assistant.open(sample_index, chosen) as assistant:
            assistant.ask(QUESTION)  # at the first one LiteLLM loads parts of itself
            monkeypatch.setattr(Writer, "_judge", lambda *_: time.sleep(seconds))
            answers = [assistant.ask(QUESTION), asyncio.run(assistant.aask(QUESTION))]
    for answer in answers:
        assert (answer.status, answer.mode) == ("answered", "extractive")
        assert any("did not answer in time" in notice for notice in answer.notices)

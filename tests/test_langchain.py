import asyncio
import threading
import warnings
from functools import partial

import pytest
from langchain_core.messages import AIMessage, AIMessageChunk, ChatMessage, HumanMessage, HumanMessageChunk

from assistant import Assistant, Filters
from assistant.errors import QuestionError
from assistant.langchain import NewsRetriever, as_runnable

QUESTION = "How many settlements are in the zone north of Homs?"


@pytest.fixture(scope="module")
def opened(sample_index):
    with Assistant.open(sample_index, create=False) as assistant:
        yield assistant


def test_documents_are_passages_with_their_provenance(opened):
    documents = NewsRetriever(assistant=opened).invoke(QUESTION)
    assert len({document.id for document in documents}) == len(documents) > 3
    for document in documents:
        about = document.metadata
        article = opened.article(about["article_id"])
        assert article.text[about["start"] : about["end"]] == document.page_content
        assert (about["title"], about["publisher"], about["published"]) == (
            article.title,
            article.publisher,
            article.published,
        )
        assert about["source"] == article.source
        assert about["zone"] in ("body", "caption")
        assert 0 <= about["score"] <= 1
    assert "84 settlements" in "".join(document.page_content for document in documents)


def test_copies_are_told_with_their_original(opened):
    documents = NewsRetriever(assistant=opened).invoke("What did the vaccine trial find?")
    copies = [copy for document in documents for copy in document.metadata["copies"]]
    assert all(set(copy) >= {"id", "source", "title", "publisher"} for copy in copies)
    assert copies


def test_limit_and_filters_are_kept(opened):
    retriever = NewsRetriever(assistant=opened, limit=2, filters=Filters(zones=("caption",)))
    assert [document.metadata["zone"] for document in retriever.invoke("Homs")] == ["caption"] * 2


async def test_the_retriever_works_without_blocking(opened):
    assert await NewsRetriever(assistant=opened, limit=1).ainvoke(QUESTION)


def test_the_runnable_answers_as_ask_does(opened):
    answers = as_runnable(opened).batch([QUESTION, {"question": "What is the capital of Peru?", "history": [QUESTION]}])
    assert answers[0]["status"] == "answered"
    assert "84" in answers[0]["text"]
    assert {**answers[0], "timings_ms": 0} == {**opened.ask(QUESTION).to_dict(), "timings_ms": 0}
    assert answers[1]["status"] == "refused"


async def test_messages_are_turns(opened):
    asked = {"question": QUESTION, "history": [HumanMessage("Who spoke?"), AIMessage("The articles do not say.")]}
    assert (await as_runnable(opened).ainvoke(asked))["status"] == "answered"


@pytest.mark.parametrize("asked", [HumanMessage(QUESTION), {"question": HumanMessage(QUESTION), "history": None}])
def test_a_message_is_a_question(opened, asked):
    assert "84" in as_runnable(opened).invoke(asked)["text"]


@pytest.mark.parametrize("message", [HumanMessage, HumanMessageChunk, partial(ChatMessage, role="user")])
def test_what_the_user_said_counts_in_whatever_message_it_comes(opened, message):
    asked = {"question": "And who guards it?", "history": [message(content=QUESTION), AIMessageChunk("Nobody.")]}
    said = as_runnable(opened).invoke(asked)["standalone_question"]
    assert "zone north of Homs" in said
    assert "Nobody" not in said


def test_the_runnable_tells_its_input_and_is_a_tool(opened):
    runnable = as_runnable(opened)
    assert set(runnable.get_input_jsonschema()["properties"]) == {"question", "history"}
    assert runnable.get_input_schema()(question="Who?").history == []
    with warnings.catch_warnings(action="ignore"):  # LangChain calls as_tool new
        tool = runnable.as_tool()
    assert (tool.name, set(tool.args)) == ("news-assistant", {"question", "history"})
    assert "84" in tool.invoke({"question": QUESTION})["text"]


async def test_cancelling_the_runnable_stops_the_model(sample_index):
    begun, stopped = threading.Event(), threading.Event()

    class Slow:
        name = "slow"

        async def stream(self, messages, limits):
            begun.set()
            try:
                await asyncio.sleep(60)
                yield "?"
            finally:
                stopped.set()

    with Assistant.open(sample_index, create=False, models=[Slow()]) as assistant:
        asking = asyncio.create_task(as_runnable(assistant).ainvoke(QUESTION))
        assert await asyncio.to_thread(begun.wait, 30)
        asking.cancel()
        assert await asyncio.to_thread(stopped.wait, 2)


@pytest.mark.parametrize(
    "asked",
    [
        {},
        {"question": None},
        {"question": 3},
        {"question": "x", "history": [3]},
        {"question": "x", "history": "Who signed it?"},
        {"question": "x", "history": 3},
        3,
    ],
)
def test_what_is_no_question_is_refused(opened, asked):
    with pytest.raises(QuestionError):
        as_runnable(opened).invoke(asked)


@pytest.mark.parametrize("text", ["", "\ud800", "\x00\x1b[31m", '"* NEAR( -', "(" * 300])
def test_the_search_takes_any_text(opened, text):
    documents = NewsRetriever(assistant=opened).invoke(text)
    assert all(document.page_content for document in documents)


def test_a_text_beyond_the_limit_is_refused(opened):
    with pytest.raises(QuestionError, match="4,000"):
        NewsRetriever(assistant=opened).invoke("word " * 5000)

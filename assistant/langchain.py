"""The assistant in LangChain's terms: its search as a retriever, its answers as a runnable.

Example::

    with Assistant.open("my-index") as assistant:
        documents = NewsRetriever(assistant=assistant, limit=4).invoke("Who is excluded from the truce?")
        answers = as_runnable(assistant).batch(["Who signed it?", {"question": "When?", "history": ["Who signed it?"]}])
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from typing import Any

from langchain_core.callbacks import CallbackManagerForRetrieverRun
from langchain_core.documents import Document
from langchain_core.embeddings import Embeddings
from langchain_core.messages import BaseMessage, ChatMessage, HumanMessage
from langchain_core.retrievers import BaseRetriever
from langchain_core.runnables import Runnable, RunnableLambda
from pydantic import BaseModel, ConfigDict, Field

from assistant.errors import QuestionError
from assistant.pipeline import Assistant
from assistant.retrieval.embed import MiniLM
from assistant.types import Filters, Hit, Turn

Embeddings.register(MiniLM)

Asked = str | BaseMessage | Mapping[str, Any]


class Question(BaseModel):
    """A question to the indexed news articles; the answer quotes them, or says that they do not answer."""

    question: str = Field(description="one question in English")
    history: list[str] = Field(default_factory=list, description="earlier questions that it leans on, oldest first")


class NewsRetriever(BaseRetriever):
    """The hybrid search; each document is a passage, ``article.text[start:end] == page_content``.

    Attributes:
        assistant: an open :class:`Assistant`.
        filters: dates, publishers and zones to stay within.
        limit: most documents; None for ``Settings.passages``.
    """

    model_config = ConfigDict(arbitrary_types_allowed=True)

    assistant: Assistant
    filters: Filters | None = None
    limit: int | None = None

    def _get_relevant_documents(self, query: str, *, run_manager: CallbackManagerForRetrieverRun) -> list[Document]:
        return [to_document(hit) for hit in self.assistant.search(query, self.filters, self.limit)]


def to_document(hit: Hit) -> Document:
    """Return a passage as a LangChain document; ``copies`` lists the articles that carry it too."""
    passage, article = hit.passage, hit.article
    metadata = {
        "article_id": article.id,
        "title": article.title,
        "publisher": article.publisher,
        "published": article.published,
        "source": article.source,
        "start": passage.start,
        "end": passage.end,
        "zone": passage.zone,
        "score": hit.score,
        "copies": [asdict(copy) for copy, _ in hit.copies],
    }
    return Document(id=f"{article.id}:{passage.start}-{passage.end}", page_content=hit.text, metadata=metadata)


def as_runnable(assistant: Assistant, filters: Filters | None = None) -> Runnable[Asked, dict[str, Any]]:
    """Return a runnable from a question, or ``{"question", "history"}``, to ``Answer.to_dict()``.

    Args:
        assistant: an open :class:`Assistant`.
        filters: for every question.

    A question is text or a message. The history is a list of earlier questions, of ``role`` and ``content``, or of
    LangChain messages. Its schema, and so its ``as_tool``, tells :class:`Question`.
    """

    def answer(asked: Asked) -> dict[str, Any]:
        return assistant.ask(*_read(asked), filters).to_dict()

    async def aanswer(asked: Asked) -> dict[str, Any]:
        return (await assistant.aask(*_read(asked), filters)).to_dict()

    runnable = RunnableLambda(answer, aanswer, name="news-assistant")
    return runnable.with_types(input_type=Question)  # type: ignore[arg-type]  # told, not enforced: strings do too


def _read(asked: Asked) -> tuple[str, Any]:
    """Return question and history; what cannot be used is left to ``Assistant.ask``, which refuses it."""
    given: Mapping[str, Any] = asked if isinstance(asked, Mapping) else {"question": asked}
    question, history = given.get("question"), given.get("history") or ()
    if isinstance(question, BaseMessage):
        question = str(question.text)
    if not isinstance(question, str):
        raise QuestionError(f"the question is {type(question).__name__}, not text; pass a string")
    listed = isinstance(history, Sequence) and not isinstance(history, str | bytes)
    return question, [_turn(turn) for turn in history] if listed else history


def _turn(turn: Any) -> Any:  # noqa: ANN401 - Assistant.ask refuses what it cannot use
    if not isinstance(turn, BaseMessage):
        return turn
    users = isinstance(turn, HumanMessage) or (isinstance(turn, ChatMessage) and turn.role in ("user", "human"))
    return Turn("user" if users else "assistant", str(turn.text))

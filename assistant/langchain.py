"""The assistant in LangChain's terms: its search as a retriever, its answers as a runnable.

Example::

    with Assistant.open("my-index") as assistant:
        documents = NewsRetriever(assistant=assistant, limit=4).invoke("Who is excluded from the truce?")
        answers = as_runnable(assistant).batch(["Who signed it?", {"question": "When?", "history": ["Who signed it?"]}])
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

from langchain_core.callbacks import CallbackManagerForRetrieverRun
from langchain_core.documents import Document
from langchain_core.embeddings import Embeddings
from langchain_core.messages import BaseMessage
from langchain_core.retrievers import BaseRetriever
from langchain_core.runnables import Runnable, RunnableLambda
from pydantic import ConfigDict

from assistant.errors import QuestionError
from assistant.pipeline import Assistant
from assistant.retrieval.embed import MiniLM
from assistant.types import Filters, Hit, Turn

Embeddings.register(MiniLM)

Asked = str | Mapping[str, Any]


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

    The history is a list of earlier questions, of ``role`` and ``content``, or of LangChain messages.
    """

    def answer(asked: Asked) -> dict[str, Any]:
        question, history = (asked, []) if isinstance(asked, str) else (asked.get("question"), asked.get("history"))
        if not isinstance(question, str):
            raise QuestionError(f"the question is {type(question).__name__}, not text; pass a string")
        return assistant.ask(question, [_turn(turn) for turn in history or ()], filters).to_dict()

    return RunnableLambda(answer, name="news-assistant")


def _turn(turn: Any) -> Any:  # noqa: ANN401 - Assistant.ask refuses what it cannot use
    if isinstance(turn, BaseMessage):
        return Turn("user" if turn.type == "human" else "assistant", str(turn.text))
    return turn

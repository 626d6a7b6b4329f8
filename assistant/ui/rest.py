"""The endpoints for programs: plain REST, with a page that describes it."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncGenerator, AsyncIterator
from contextlib import aclosing, asynccontextmanager
from dataclasses import asdict, replace
from typing import Any, Literal

from fastapi import FastAPI, HTTPException, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse, Response, StreamingResponse
from pydantic import BaseModel, Field

from assistant.errors import AssistantError, QuestionError
from assistant.events import Event, Found, Stated
from assistant.questions import History, check_filters
from assistant.types import Answer, ArticleInfo, Filters
from assistant.ui.desk import UNFORESEEN, Desk, until_stopped
from assistant.ui.exchange import public_answer, public_citation, public_source, snippets
from assistant.ui.gate import Busy

HISTORY = 100
"""Earlier turns that a request may bring."""


class Turn(BaseModel):
    """An earlier turn; only what the user said is used."""

    role: Literal["user", "assistant"] = "user"
    content: str = Field(max_length=20_000)


class Within(BaseModel, extra="forbid"):  # an unknown filter that was passed over would answer from all articles
    """Dates and publishers to stay within."""

    since: str | None = Field(None, description="2017-08-03, 2017-08 or 2017", max_length=10)
    until: str | None = Field(None, description="as since; inclusive", max_length=10)
    publishers: list[str] = Field(default_factory=list, max_length=100)


class Question(BaseModel, extra="forbid"):
    """A question."""

    question: str = Field(description="up to the setting max_question, by default 4,000 characters")
    history: list[str | Turn] = Field(default_factory=list, max_length=HISTORY, description="oldest first")
    filters: Within | None = None
    stream: bool = Field(False, description="server-sent events: found, stated, then answer or error")


def add_rest(app: FastAPI, desk: Desk) -> None:
    """Add ``/api/ask`` and ``/api/articles``.

    Args:
        app: what serves them.
        desk: takes the questions.
    """

    @app.exception_handler(AssistantError)
    async def refused(_: Request, error: AssistantError) -> JSONResponse:
        return error_response(error)

    @app.exception_handler(RequestValidationError)
    async def malformed(request: Request, error: RequestValidationError) -> JSONResponse:
        # FastAPI's own handler sends back what was sent, and fails where JSON cannot hold it (NaN, half a character).
        told = [{name: one[name] for name in ("type", "loc", "msg")} for one in error.errors()]
        if not request.url.path.startswith("/v1/"):
            return JSONResponse({"detail": told}, 422)
        said = f"{'.'.join(map(str, told[0]['loc']))}: {told[0]['msg']}"
        return JSONResponse(openai_error(said, 422), 422)

    @app.post("/api/ask", response_model=None, summary="Ask a question of the articles")
    async def ask(question: Question, request: Request) -> Response:
        """Return the answer object that `news-assistant ask --json` prints, or its events as they come."""
        filters = _filters(question.filters)
        history = [one if isinstance(one, str) else one.model_dump() for one in question.history]
        if question.stream:
            return StreamingResponse(_told(desk, request, question.question, history, filters), media_type=SSE)
        answer = await answered(desk, request, question.question, history, filters)
        return JSONResponse(answer.to_dict())

    @app.get("/api/articles", summary="List the articles")
    def articles() -> list[dict[str, Any]]:
        """Return id, title, publisher, author, dates and source of every article."""
        return [_public(one) for one in desk.assistant.articles()]

    @app.get("/api/articles/{article_id}", summary="One article with its text")
    def article(article_id: str) -> dict[str, Any]:
        """Return an article; a citation's quote is `text[start:end]`."""
        found = desk.assistant.article(article_id[:64])
        if found is None:
            raise HTTPException(404, "there is no article with this id")
        return {**_public(found), "text": found.text, "found": dict(found.found)}


SSE = "text/event-stream"


def error_response(error: AssistantError) -> JSONResponse:
    """Return an error as ``{"error": one sentence}`` with its HTTP status."""
    return JSONResponse({"error": str(error)}, status_of(error), retry_after(error))


def openai_error(message: str, status: int) -> dict[str, Any]:
    """Return an error in OpenAI's form: its clients show no other."""
    kind = "rate_limit_error" if status == 429 else "invalid_request_error" if status in (400, 422) else "server_error"
    return {"error": {"message": message, "type": kind, "param": None, "code": status}}


def retry_after(error: AssistantError) -> dict[str, str] | None:
    """Return the header that says after how many seconds to ask again, None where it would not help."""
    return {"retry-after": str(error.retry_after)} if isinstance(error, Busy) else None


def status_of(error: AssistantError) -> int:
    """Return the HTTP status of an error."""
    if isinstance(error, Busy):
        return error.status
    return 400 if isinstance(error, QuestionError) else 500


@asynccontextmanager
async def asking(
    desk: Desk, request: Request, question: str, history: History, filters: Filters | None
) -> AsyncIterator[AsyncGenerator[Event, None]]:
    """Give the events of a question; they end when whoever asked has gone."""
    gone = asyncio.Event()

    async def watch() -> None:
        while not await request.is_disconnected():
            await asyncio.sleep(0.5)
        gone.set()

    watching = asyncio.create_task(watch())
    client = request.client.host if request.client else "unknown"
    try:
        async with aclosing(until_stopped(desk.events(question, history, filters, client), gone)) as events:
            yield events
    finally:
        watching.cancel()


async def answered(desk: Desk, request: Request, question: str, history: History, filters: Filters | None) -> Answer:
    """Return the answer, sources named as readers see them.

    Raises:
        AssistantError: there is none.
    """
    async with asking(desk, request, question, history, filters) as events:
        async for event in events:
            if isinstance(event, Answer):
                return public_answer(event)
    raise AssistantError(UNFORESEEN)


async def _told(
    desk: Desk, request: Request, question: str, history: History, filters: Filters | None
) -> AsyncGenerator[str, None]:
    try:
        async with asking(desk, request, question, history, filters) as events:
            async for event in events:
                yield _event(event)
    except AssistantError as error:
        yield f"event: error\ndata: {json.dumps({'error': str(error), 'status': status_of(error)})}\n\n"


def _event(event: Event) -> str:
    data: dict[str, Any]
    if isinstance(event, Found):
        passages = [asdict(one) for one in snippets(event.hits)]
        name, data = "found", {"standalone_question": event.standalone_question, "passages": passages}
    elif isinstance(event, Stated):
        cited = [asdict(public_citation(one)) for one in event.citations]
        name, data = "stated", {"statement": asdict(event.statement), "citations": cited}
    else:
        name, data = "answer", public_answer(event).to_dict()
    return f"event: {name}\ndata: {json.dumps(data)}\n\n"


def _filters(within: Within | None) -> Filters | None:
    if within is None:
        return None
    return check_filters(Filters(within.since or None, within.until or None, tuple(within.publishers)))


def _public(article: ArticleInfo) -> dict[str, Any]:
    info = ArticleInfo(**{name: getattr(article, name) for name in ArticleInfo.__slots__})
    return asdict(replace(info, source=public_source(info.source)))

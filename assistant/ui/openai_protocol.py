"""The assistant behind OpenAI's chat protocol, for programs that speak nothing else.

An answer's citations are in ``choices[0].message.citations`` (of a stream: in the last chunk's ``delta.citations``), in
the form of ``/api/ask``; the whole answer object is in ``news_assistant`` beside ``choices``.
"""

from __future__ import annotations

import json
import time
import uuid
from collections.abc import AsyncGenerator, Sequence
from typing import Any, Literal

from fastapi import FastAPI, Request
from fastapi.responses import JSONResponse, Response, StreamingResponse
from pydantic import BaseModel, Field

from assistant.errors import AssistantError, QuestionError
from assistant.events import Stated
from assistant.types import Answer
from assistant.ui.desk import Desk
from assistant.ui.exchange import public_answer
from assistant.ui.rest import HISTORY, SSE, answered, asking, openai_error, retry_after, status_of

MODEL = "news-assistant"


class Part(BaseModel):
    """A piece of a message; only text is read."""

    type: str = "text"
    text: str = Field("", max_length=100_000)


class Message(BaseModel):
    """A message; what is not the user's is never used as evidence."""

    role: Literal["system", "developer", "user", "assistant", "tool", "function"]
    content: str | list[Part] | None = None

    def words(self) -> str:
        """Return its text."""
        if isinstance(self.content, list):
            return "\n".join(part.text for part in self.content)
        return self.content or ""


class Completion(BaseModel):
    """A request; settings of language models are accepted and have no effect."""

    messages: list[Message] = Field(min_length=1, max_length=HISTORY)
    model: str = MODEL
    stream: bool = False


def add_openai(app: FastAPI, desk: Desk) -> None:
    """Add ``/v1/chat/completions`` and ``/v1/models``.

    Args:
        app: what serves them.
        desk: takes the questions.
    """

    @app.get("/v1/models", summary="The one model that there is, in OpenAI's form")
    def models() -> dict[str, Any]:
        return {"object": "list", "data": [{"id": MODEL, "object": "model", "created": 0, "owned_by": MODEL}]}

    @app.post("/v1/chat/completions", response_model=None, summary="Ask as one asks a chat model of OpenAI's")
    async def completions(completion: Completion, request: Request) -> Response:
        """Answer the last user message; earlier user messages are what a follow-up refers to."""
        asked = [one.words() for one in completion.messages if one.role == "user"]
        if not asked:
            return _refused(QuestionError("no message has the role 'user'; send the question as one"))
        *earlier, question = asked
        if completion.stream:
            return StreamingResponse(_chunks(desk, request, question, earlier), media_type=SSE)
        try:
            answer = await answered(desk, request, question, earlier, None)
        except AssistantError as error:
            return _refused(error)
        message = {"role": "assistant", "content": answer.text, "refusal": None, "citations": _citations(answer)}
        choice = {"index": 0, "message": message, "finish_reason": "stop", "logprobs": None}
        return JSONResponse(_envelope("chat.completion", choice, answer))


async def _chunks(desk: Desk, request: Request, question: str, earlier: Sequence[str]) -> AsyncGenerator[str, None]:
    identity, said = f"chatcmpl-{uuid.uuid4().hex}", False

    def chunk(delta: dict[str, Any], answer: Answer | None = None) -> str:
        choice = {"index": 0, "delta": delta, "finish_reason": "stop" if answer else None, "logprobs": None}
        return f"data: {json.dumps(_envelope('chat.completion.chunk', choice, answer, identity))}\n\n"

    try:
        yield chunk({"role": "assistant", "content": ""})
        async with asking(desk, request, question, list(earlier), None) as events:
            async for event in events:
                if isinstance(event, Stated):
                    marks = "".join(f"[{number}]" for number in event.statement.citations)
                    line_end = "\n" if said else ""
                    yield chunk({"content": f"{line_end}{event.statement.text} {marks}"})
                    said = True
                elif isinstance(event, Answer):
                    answer = public_answer(event)
                    if not said:
                        yield chunk({"content": answer.text})
                    yield chunk({"citations": _citations(answer)}, answer)
    except AssistantError as error:
        yield f"data: {json.dumps(_error(error))}\n\n"
    yield "data: [DONE]\n\n"


def _envelope(kind: str, choice: dict[str, Any], answer: Answer | None, identity: str = "") -> dict[str, Any]:
    body: dict[str, Any] = {
        "id": identity or f"chatcmpl-{uuid.uuid4().hex}",
        "object": kind,
        "created": int(time.time()),
        "model": MODEL,
        "choices": [choice],
    }
    if answer is not None:
        body["news_assistant"] = answer.to_dict()
    return body


def _citations(answer: Answer) -> list[dict[str, Any]]:
    return [dict(one) for one in answer.to_dict()["citations"]]


def _refused(error: AssistantError) -> JSONResponse:
    return JSONResponse(_error(error), status_of(error), retry_after(error))


def _error(error: AssistantError) -> dict[str, Any]:
    return openai_error(str(error), status_of(error))

"""The assistant as a tool for programs that speak the Model Context Protocol, through Gradio's own server."""

from __future__ import annotations

import json
from importlib.util import find_spec
from typing import Any

import gradio as gr
from gradio.events import api

from assistant.errors import AssistantError
from assistant.types import Answer
from assistant.ui.desk import Desk
from assistant.ui.exchange import public_answer
from assistant.ui.filters import read_filters


def mcp_installed() -> bool:
    """Say whether Gradio's MCP server can be started."""
    return find_spec("mcp") is not None


def add_tool(desk: Desk) -> None:
    """Add the tool ``ask_news`` to the page that is being built.

    Args:
        desk: takes the questions.
    """

    async def ask_news(
        request: gr.Request, question: str, since: str = "", until: str = "", publisher: str = ""
    ) -> str:
        """Answer a question from the indexed news articles, every statement with verbatim quotations.

        Args:
            request: who asks; not for the caller to give.
            question: one question in English.
            since: only articles published then or later, such as 2017-08-03; empty for any.
            until: only articles published then or before; empty for any.
            publisher: only articles of this publisher; empty for any.
        """
        return json.dumps(await answered(request, question, since, until, publisher))  # of a dict MCP gets the repr

    async def answered(request: gr.Request, question: str, since: str, until: str, publisher: str) -> dict[str, Any]:
        filters, problem = read_filters(since, until, [publisher] if publisher else [])
        if filters is None:
            return {"error": problem}
        client = request.client.host if request and request.client else "mcp"
        try:
            async for event in desk.events(question, [], filters, client):
                if isinstance(event, Answer):
                    return public_answer(event).to_dict()
        except AssistantError as error:
            return {"error": str(error)}
        return {"error": "there was no answer; ask again"}

    # From its queue Gradio would call itself over HTTP, without the password and at the host that the request names.
    api(ask_news, api_name="ask_news", queue=False)

"""What the page fetches beside Gradio's own: its files, and the text of a source."""

from __future__ import annotations

from pathlib import Path
from typing import Literal

from fastapi import FastAPI, Query, Request
from fastapi.responses import FileResponse, HTMLResponse, PlainTextResponse
from starlette.types import ASGIApp

from assistant.pipeline import Assistant
from assistant.ui.feedback import Feedback, Opinion
from assistant.ui.manual import manual_html
from assistant.ui.source_view import gone_html, source_html

HERE = Path(__file__).parent


def add_page_routes(app: FastAPI, assistant: Assistant) -> None:
    """Add the page's style sheet, scripts, source panel, and the description of the endpoints for programs."""

    @app.get("/page/{name}.css", include_in_schema=False)
    def style(name: str) -> FileResponse:
        return FileResponse(HERE / "page.css", media_type="text/css")

    @app.get("/page/{name}.js", include_in_schema=False)
    def script(name: Literal["page", "question"]) -> FileResponse:
        return FileResponse(HERE / f"{name}.js", media_type="text/javascript")

    @app.get("/page/source", include_in_schema=False)
    def source(article: str = Query(max_length=64), start: int = Query(ge=0), end: int = Query(ge=0)) -> HTMLResponse:
        found = assistant.article(article)
        if found is None:
            return HTMLResponse(gone_html(), status_code=404)
        return HTMLResponse(source_html(found, start, end), headers={"cache-control": "no-store"})

    @app.api_route("/health", methods=["GET", "HEAD"], include_in_schema=False)
    def health() -> dict[str, str]:
        return {"status": "ok"}

    @app.get("/docs", include_in_schema=False)
    def manual(request: Request) -> HTMLResponse:
        return HTMLResponse(manual_html(app.openapi(), str(request.base_url)))


def refuse_unknown_functions(page: ASGIApp) -> None:
    """Answer a request for a function that the page does not have; Gradio would end the connection with an error.

    Args:
        page: Gradio's own application.
    """
    assert isinstance(page, FastAPI)

    @page.exception_handler(KeyError)
    def unknown(_: Request, __: KeyError) -> PlainTextResponse:
        return PlainTextResponse("the page has no such function; load it again\n", 404)


def add_feedback_routes(app: FastAPI, feedback: Feedback, *, export: bool) -> None:
    """Add what takes readers' opinions, and gives them out.

    Args:
        app: what serves them.
        feedback: keeps opinions.
        export: whether all of them can be read here; they hold readers' questions.
    """

    @app.post("/page/feedback", include_in_schema=False)
    def opinion(given: Opinion) -> dict[str, str]:
        feedback.keep(given)
        return {"status": "kept"}

    if export:

        @app.get("/page/feedback.jsonl", include_in_schema=False)
        def opinions() -> PlainTextResponse:
            return PlainTextResponse(feedback.text(), media_type="application/x-ndjson")

        @app.get("/page/cases.jsonl", include_in_schema=False)
        def cases() -> PlainTextResponse:
            return PlainTextResponse(feedback.cases(), media_type="application/x-ndjson")

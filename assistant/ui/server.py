"""The server: the page, the endpoints for programs and the guard around both."""

from __future__ import annotations

import asyncio
import os
import socket
import tempfile
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path

import gradio as gr
import uvicorn
from fastapi import FastAPI
from starlette.routing import Mount

from assistant.pipeline import Assistant
from assistant.ui.asking import Conversations
from assistant.ui.desk import Desk
from assistant.ui.examples import Examples
from assistant.ui.feedback import Feedback
from assistant.ui.gate import Gate, usual_limits
from assistant.ui.guard import Guard, Rules
from assistant.ui.library import Library
from assistant.ui.openai_protocol import add_openai
from assistant.ui.options import LOOPBACK, MAX_UPLOAD, Options
from assistant.ui.page import build_page, head, theme
from assistant.ui.quality_tab import Quality
from assistant.ui.reports import FOLDER, Reports
from assistant.ui.rest import add_rest
from assistant.ui.routes import add_feedback_routes, add_page_routes, refuse_unknown_functions
from assistant.ui.tool import mcp_installed


def create_app(assistant: Assistant, options: Options | None = None, folder: Path | None = None) -> Guard:
    """Return the whole server as an ASGI application.

    Args:
        assistant: an open one.
        options: how it is served.
        folder: the index folder; by default the one of the settings.
    """
    options = options or Options()
    options.check()
    limits = options.limits or usual_limits(writes=bool(assistant.models))
    desk = Desk(assistant, Gate(limits))
    conversations = Conversations(desk)
    examples = Examples(assistant)

    @asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncIterator[None]:
        examples.renew()
        yield
        await asyncio.to_thread(examples.close)

    app = FastAPI(title="News assistant", lifespan=lifespan, docs_url=None, redoc_url=None)
    where = folder or assistant.settings.index
    add_page_routes(app, assistant)
    feedback = Feedback(where)
    add_feedback_routes(app, feedback, export=options.local)
    add_rest(app, desk)
    add_openai(app, desk)
    library = Library(assistant, where, local=options.local)
    quality = quality_of(options, where, feedback)
    page = build_page(conversations, library, examples, quality, changeable=not options.read_only)
    page.max_threads = limits.at_once + limits.waiting  # events at once: the desk's limits are to count
    page.queue(max_size=page.max_threads, default_concurrency_limit=None)
    gr.mount_gradio_app(
        app,
        page,
        path="/",
        allowed_paths=[],
        blocked_paths=[str(where)],
        show_error=False,
        max_file_size=MAX_UPLOAD,
        footer_links=[],
        run_history=False,
        ssr_mode=False,
        enable_monitoring=False,
        pwa=False,
        mcp_server=mcp_installed(),
        theme=theme(),
        head=head(),
    )
    refuse_unknown_functions(next(route.app for route in app.routes if isinstance(route, Mount) and route.path == ""))
    hosts = LOOPBACK if options.local else None
    return Guard(app, Rules(hosts, options.password, 0 if options.read_only else MAX_UPLOAD))


def quality_of(options: Options, folder: Path, feedback: Feedback) -> Quality | None:
    """Return what the tab on quality shows, None where there is none.

    Both hold readers' questions: where others can connect, opinions are not shown and reports only if they were named.

    Args:
        options: how the page is served.
        folder: the index folder.
        feedback: opinions.
    """
    if options.reports is None and not options.local:
        return None
    return Quality(Reports(options.reports or folder / FOLDER), feedback if options.local else None)


class PageServer(uvicorn.Server):
    """A server that ends the page's open streams before it ends itself.

    Args:
        app: what :func:`create_app` returned.
    """

    def __init__(self, app: Guard) -> None:
        super().__init__(uvicorn.Config(app, log_level="error", access_log=False, timeout_graceful_shutdown=3))
        self._app = app

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """Shut down."""
        self._app.close()
        await super().shutdown(sockets)


def serve(
    assistant: Assistant,
    options: Options,
    listening: socket.socket,
    folder: Path | None = None,
    ready: Callable[[str], None] = lambda address: None,
) -> None:
    """Serve until interrupted.

    Args:
        assistant: an open one.
        options: how.
        listening: what ``Options.listen`` returned; closed in the end.
        folder: the index folder; by default the one of the settings.
        ready: called with the page's address once it can be opened.
    """
    with listening, tempfile.TemporaryDirectory(prefix="news-assistant-") as private:
        os.environ["GRADIO_TEMP_DIR"] = private
        app = create_app(assistant, options, folder)
        port = listening.getsockname()[1]
        name = f"[{options.host}]" if ":" in options.host else options.host
        ready(f"http://{name}:{port}")
        PageServer(app).run(sockets=[listening])

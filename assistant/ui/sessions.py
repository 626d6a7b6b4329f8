"""What Gradio remembers of each open page: all that was drawn on it, some hundred kilobytes. Here it is bounded."""

from __future__ import annotations

import asyncio
from datetime import datetime, timedelta

import gradio as gr

MOST = 500
"""Pages that are remembered; of the one that was used longest ago all is forgotten. It works on as if newly opened."""

AWAY = timedelta(minutes=10)
"""How long a page is remembered after it was closed; a machine that sleeps looks closed, and comes back."""


def bound_sessions(page: gr.Blocks) -> None:
    """Forget closed pages, and more than ``MOST`` of them; Gradio by itself keeps 10,000 until the server ends.

    Args:
        page: being built.
    """
    page.state_session_capacity = MOST

    async def closed(request: gr.Request) -> None:
        asyncio.get_running_loop().call_later(AWAY.total_seconds(), forget, page, str(request.session_hash))

    page.unload(closed)


def forget(page: gr.Blocks, session: str) -> None:
    """Forget a page unless it was used lately, which says that it came back.

    Args:
        page: that all sessions show.
        session: its number.
    """
    holder = page.state_holder
    with holder.lock:
        used = holder.time_last_used.get(session)
        # Half, because an answer may end a little after its page was closed.
        if used is not None and used < datetime.now() - AWAY / 2:
            del holder.time_last_used[session]
            holder.session_data.pop(session, None)

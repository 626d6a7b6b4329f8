"""Gradio's start page with a nonce on its own inline scripts, so that no other inline script or handler can run."""

from __future__ import annotations

import secrets
from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any

Message = MutableMapping[str, Any]
Send = Callable[[Message], Awaitable[None]]


class NonceWriter:
    """Passes a response on with the nonce in each ``<script``; the whole body is held until its end.

    Args:
        send: where it goes.
    """

    def __init__(self, send: Send) -> None:
        self.nonce = secrets.token_hex(16)
        self._send = send
        self._start: Message | None = None
        self._body = bytearray()

    async def send(self, message: Message) -> None:
        """Take a message of the application."""
        if message["type"] == "http.response.start":
            self._start = message
        elif message["type"] == "http.response.body" and self._start is not None:
            self._body += message.get("body", b"")
            if not message.get("more_body", False):
                # Without quotation marks: a "<script" inside the page's JSON must leave it JSON.
                body = bytes(self._body).replace(b"<script", f"<script nonce={self.nonce}".encode())
                kept = [pair for pair in self._start["headers"] if pair[0].lower() != b"content-length"]
                length = (b"content-length", str(len(body)).encode())
                await self._send({**self._start, "headers": [*kept, length]})
                await self._send({"type": "http.response.body", "body": body})

"""What every request passes: who may ask, from where, how much may be sent, and what the browser is told to forbid."""

from __future__ import annotations

import asyncio
import base64
import hmac
import re
from collections.abc import Awaitable, Callable, MutableMapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from assistant.ui.nonce import NonceWriter
from assistant.ui.options import LOOPBACK

Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
App = Callable[[MutableMapping[str, Any], Receive, Send], Awaitable[None]]

CONTENT_SECURITY_POLICY = "; ".join(
    (
        "default-src 'none'",
        "script-src 'self'{inline}",
        "style-src 'self' 'unsafe-inline'",
        "img-src 'self' data: blob:",
        "font-src 'self' data:",
        "media-src 'self' blob:",
        "connect-src 'self'",
        "worker-src 'self' blob:",
        "manifest-src 'self'",
        "frame-src 'none'",
        "object-src 'none'",
        "base-uri 'self'",
        "form-action 'none'",
        "frame-ancestors 'none'",
    )
)

PAGE_SCRIPTS = " 'nonce-{nonce}' 'unsafe-eval'"
"""What the page is allowed beyond the server's own files: Gradio compiles its templates in the browser."""

HEADERS = {
    "content-security-policy": CONTENT_SECURITY_POLICY.format(inline=""),
    "x-content-type-options": "nosniff",
    "x-frame-options": "DENY",
    "referrer-policy": "no-referrer",
    "permissions-policy": "camera=(), microphone=(), geolocation=(), payment=(), usb=()",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
}

MAX_BODY = 2_000_000
"""Bytes of a request; a conversation that the browser sends along is the largest."""

_OPEN = re.compile(
    r"/|/(config|info|theme\.css|favicon\.ico|robots\.txt|manifest\.json|health|docs|openapi\.json)/?"
    r"|/(static|assets|page|api|v1)/.+"
    r"|/gradio_api/(app_id|startup-events|info|info/|queue/(join|data)|heartbeat/\w+|cancel|reset|upload_progress)"
    r"|/gradio_api/(run|api|call)/[\w/]+|/gradio_api/mcp(/.*)?|/svelte/.+"
)
"""Paths that are answered; Gradio's others (files, proxy, streams, monitoring) have no use here."""

_UPLOAD = "/gradio_api/upload"


@dataclass(frozen=True, slots=True)
class Rules:
    """What is let in.

    Attributes:
        hosts: names under which the server may be addressed, without port; None for any. A page of another site whose
            name is made to point here (DNS rebinding) has another one.
        password: asked for when set, as HTTP Basic (any user name) or as a bearer token.
        max_upload: bytes of an upload; 0 where nothing can be added.
    """

    hosts: frozenset[str] | None = LOOPBACK
    password: str | None = None
    max_upload: int = 0


class Guard:
    """ASGI middleware around everything.

    Args:
        app: what answers.
        rules: what is let in.
    """

    def __init__(self, app: App, rules: Rules) -> None:
        self._app = app
        self._rules = rules
        self._closing = asyncio.Event()

    def close(self) -> None:
        """End the streams that stay open, because the server ends."""
        self._closing.set()

    async def __call__(self, scope: MutableMapping[str, Any], receive: Receive, send: Send) -> None:
        """Answer one request."""
        if scope["type"] == "lifespan":
            await self._app(scope, receive, send)
            return
        if scope["type"] != "http":
            await send({"type": "websocket.close", "code": 1008})
            return
        told = _told(send)
        headers = {name.decode("latin-1"): value.decode("latin-1") for name, value in scope["headers"]}
        refusal = self._refusal(scope["method"], scope["path"], headers)
        if refusal is not None:
            await _plain(told, *refusal)
            return
        if scope["path"] == "/":
            page = NonceWriter(send)
            policy = CONTENT_SECURITY_POLICY.format(inline=PAGE_SCRIPTS.format(nonce=page.nonce))
            told = _told(page.send, {**HEADERS, "content-security-policy": policy})
            plain = [pair for pair in scope["headers"] if pair[0] != b"accept-encoding"]
            scope = {**scope, "headers": plain}
        body = _Body(receive, told, self._limit(scope["path"]), self._closing)
        await self._app(scope, body.receive, body.send)
        await body.finish()

    def _refusal(self, method: str, path: str, headers: dict[str, str]) -> tuple[int, str] | None:
        """Return status and reason of a refusal: the first of these that holds."""
        rules, host, length = self._rules, headers.get("host", ""), headers.get("content-length", "0")
        reading = method in ("GET", "HEAD", "OPTIONS")
        allowed = rules.max_upload > 0 if path == _UPLOAD else _OPEN.fullmatch(path) is not None
        knows = rules.password is None or _knows(headers.get("authorization", ""), rules.password)
        checks = (
            (
                rules.hosts is not None and _name(host) not in rules.hosts,
                421,
                "use the address that the server printed",
            ),
            (not reading and not _same_site(headers, host), 403, "requests from other sites are refused"),
            (not knows, 401, "a password is needed"),
            (not allowed, 404, "there is nothing at this address"),
            (
                not length.isdecimal() or int(length) > self._limit(path),
                413,
                f"the request is too large; send at most {self._limit(path):,} bytes",
            ),
        )
        return next(((status, reason) for holds, status, reason in checks if holds), None)

    def _limit(self, path: str) -> int:
        return self._rules.max_upload if path == _UPLOAD else MAX_BODY


class _Body:
    """Counts what comes in, for requests that do not say their size beforehand."""

    def __init__(self, receive: Receive, send: Send, limit: int, closing: asyncio.Event) -> None:
        self._receive, self._send, self._left = receive, send, limit
        self._closing = closing
        self._began = False

    async def receive(self) -> Message:
        message = await self._next()
        if message["type"] == "http.request":
            self._left -= len(message.get("body", b""))
        return message if self._left >= 0 else {"type": "http.disconnect"}

    async def _next(self) -> Message:
        """Return what comes next; when the server closes, that the client has gone."""
        coming, closing = asyncio.ensure_future(self._receive()), asyncio.ensure_future(self._closing.wait())
        try:
            await asyncio.wait({coming, closing}, return_when=asyncio.FIRST_COMPLETED)
            return coming.result() if coming.done() else {"type": "http.disconnect"}
        finally:
            coming.cancel()
            closing.cancel()

    async def send(self, message: Message) -> None:
        if self._left >= 0:
            self._began = True
            await self._send(message)

    async def finish(self) -> None:
        if self._left < 0 and not self._began:
            await _plain(self._send, 413, "the request is too large")


def _told(send: Send, headers: dict[str, str] = HEADERS) -> Send:
    """Return ``send`` with the headers of every response added."""

    async def told(message: Message) -> None:
        if message["type"] == "http.response.start":
            given = [pair for pair in message.get("headers", ()) if pair[0].lower().decode("latin-1") not in headers]
            added = [(name.encode(), value.encode()) for name, value in headers.items()]
            message = {**message, "headers": [*given, *added]}
        await send(message)

    return told


async def _plain(send: Send, status: int, sentence: str) -> None:
    body = f"{sentence}\n".encode()
    headers = [(b"content-type", b"text/plain; charset=utf-8"), (b"content-length", str(len(body)).encode())]
    if status == 401:
        headers.append((b"www-authenticate", b'Basic realm="news-assistant", charset="UTF-8"'))
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": body})


def _name(host: str) -> str:
    """Return a Host header without its port."""
    return re.sub(r":\d*$", "", host).lower()


def _same_site(headers: dict[str, str], host: str) -> bool:
    if headers.get("sec-fetch-site", "none") not in ("same-origin", "none"):
        return False
    origin = headers.get("origin")
    return origin is None or urlsplit(origin).netloc.lower() == host.lower()


def _knows(authorization: str, password: str) -> bool:
    kind, _, told = authorization.partition(" ")
    given = told.encode("latin-1")
    if kind.lower() == "basic":
        try:
            given = base64.b64decode(given, validate=True).partition(b":")[2]
        except ValueError:
            return False
    elif kind.lower() != "bearer":
        return False
    return hmac.compare_digest(given, password.encode())

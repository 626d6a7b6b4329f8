"""A small internet on loopback: scripted names, a web server behind public addresses, a trap behind the others."""

from __future__ import annotations

import socket
import ssl
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from email.message import Message
from email.parser import BytesParser

import httpcore
import pytest
import trustme

from assistant.fetch.addresses import PUBLIC, Policy
from assistant.fetch.client import Client
from assistant.fetch.errors import FetchError
from assistant.fetch.network import Network, look_up
from assistant.fetch.pace import Pace
from assistant.fetch.wire import Limits
from assistant.types import SourceReport

PUBLIC_IP = "93.184.216.34"
SITE = "http://news.example"
PAGE = SITE + "/a"
FEED = SITE + "/feed.xml"
XML = "application/rss+xml"
AUTHORITY = trustme.CA()
"""What certifies news.example in these tests; made anew each time."""
"""A key that is used nowhere else, with a certificate for news.example, valid from 2020 to 2120."""

Script = Callable[["Call"], None]


@dataclass
class Call:
    """One request that has been read; scripts write the reply as they like."""

    connection: socket.socket
    host: str
    path: str
    headers: Message
    began: float = field(default_factory=time.monotonic)

    def send(self, data: bytes) -> None:
        self.connection.sendall(data)

    def reply(self, body: bytes = b"", status: int = 200, kind: str = "text/html; charset=utf-8", **more: str) -> None:
        headers = {"content-type": kind, "content-length": str(len(body)), "connection": "close"}
        headers |= {name.replace("_", "-"): value for name, value in more.items()}
        lines = [f"HTTP/1.1 {status} X", *(f"{name}: {value}" for name, value in headers.items() if value)]
        self.send(("\r\n".join(lines) + "\r\n\r\n").encode("latin-1") + body)


class Listener:
    """Counts connections on a loopback port and hands them on."""

    def __init__(self, serve: Callable[[socket.socket], None]) -> None:
        self.accepted = 0
        self._serve = serve
        self._socket = socket.create_server(("127.0.0.1", 0))
        self.port = self._socket.getsockname()[1]
        threading.Thread(target=self._accept, daemon=True).start()

    def close(self) -> None:
        self._socket.close()

    def _accept(self) -> None:
        with suppress(OSError):
            while True:
                connection = self._socket.accept()[0]
                self.accepted += 1
                threading.Thread(target=self._run, args=(connection,), daemon=True).start()

    def _run(self, connection: socket.socket) -> None:
        with suppress(OSError, ValueError), connection:
            connection.settimeout(1)
            self._serve(connection)


class Web:
    """What a test says the internet is.

    Attributes:
        pages: replies by ``host/path`` or by ``/path``; there is no robots.txt unless one is given.
        names: addresses by host, or a function that gives them at each look-up.
        calls: the requests that the web server read, in order.
        dialled: the addresses that were connected to, the public one included.
        trap: what answers at every other address; ``trap.accepted`` must stay 0.
    """

    def __init__(self, *, tls: bool = False) -> None:
        self.pages: dict[str, Script] = {}
        self.names: dict[str, list[str] | Callable[[], list[str]]] = {"news.example": [PUBLIC_IP]}
        self.calls: list[Call] = []
        self.dialled: list[str] = []
        self.looked_up: list[str] = []
        self._tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER) if tls else None
        if self._tls:
            AUTHORITY.issue_cert("news.example").configure_cert(self._tls)
        self.server = Listener(self._serve)
        self.trap = Listener(caught)

    def close(self) -> None:
        self.server.close()
        self.trap.close()

    def client(self, policy: Policy = PUBLIC, *, pause: float = 0.0, trust: ssl.SSLContext | None = None, **limits):
        """A client with the production policy on this internet."""
        return Client(policy, Network(self.look_up, self.dial), Pace(pause), trust, Limits(**limits))

    def look_up(self, host: str, port: int) -> list[str]:
        self.looked_up.append(host)
        known = self.names.get(host)
        if known is None and host.endswith(".example"):
            raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")
        return look_up(host, port) if known is None else known() if callable(known) else known

    def dial(self, address: str, port: int, seconds: float) -> httpcore.NetworkStream:
        self.dialled.append(address)
        listener = self.server if address == PUBLIC_IP else self.trap
        return httpcore.SyncBackend().connect_tcp("127.0.0.1", listener.port, timeout=seconds)

    @property
    def paths(self) -> list[str]:
        return [call.path for call in self.calls if call.path != "/robots.txt"]

    def _serve(self, connection: socket.socket) -> None:
        if self._tls:
            connection = self._tls.wrap_socket(connection, server_side=True)
        data = b""
        while b"\r\n\r\n" not in data:
            data += (got := connection.recv(65536))
            if not got:
                return
        first, _, rest = data.partition(b"\r\n")
        headers = BytesParser().parsebytes(rest)
        call = Call(connection, headers["host"], first.split()[1].decode(), headers)
        self.calls.append(call)
        self.pages.get(call.host + call.path, self.pages.get(call.path, missing))(call)
        if self._tls:
            connection.close()


def caught(connection: socket.socket) -> None:
    connection.recv(65536)
    connection.sendall(b"HTTP/1.1 200 OK\r\n\r\ncaught")


@contextmanager
def internet(*, tls: bool = False) -> Iterator[Web]:
    web = Web(tls=tls)
    try:
        yield web
    finally:
        web.close()


def trusting() -> ssl.SSLContext:
    """What a machine would use whose authorities include the one of news.example."""
    context = ssl.create_default_context()
    AUTHORITY.configure_trust(context)
    return context


def missing(call: Call) -> None:
    call.reply(b"not here", 404, "text/plain")


def gives(body: bytes | str = b"", status: int = 200, kind: str = "text/html; charset=utf-8", **more: str) -> Script:
    """A reply; with ``etag`` or ``last_modified`` given, 304 to whoever has it already."""

    def script(call: Call) -> None:
        etag, modified = more.get("etag"), more.get("last_modified")
        held = (etag and call.headers["if-none-match"] == etag) or (
            modified and call.headers["if-modified-since"] == modified
        )
        if held:
            call.reply(b"", 304, "")
        else:
            call.reply(body.encode() if isinstance(body, str) else body, status, kind, **more)

    return script


def moves(location: str, status: int = 302) -> Script:
    return gives(b"gone", status, location=location)


def story(what: str, number: int = 12) -> str:
    """A page with an article."""
    return f"""<!doctype html><html><head><title>New {what} opens - The Daily Quay</title></head><body>
<nav><a href="/">Home</a> <a href="/sport">Sport</a></nav>
<article><h1>New {what} opens</h1><p>By Ann Author</p><time datetime="2017-08-03">3 August 2017</time>
<p>The {what} was opened on Thursday by the mayor, who thanked {number} volunteers for their work on it.</p>
<p>It had been closed since the flood of 2014 because money for the repair of the {what} was missing.</p>
</article></body></html>"""


def rss(*links: str) -> str:
    items = "".join(f"<item><title>t</title><link>{link}</link></item>" for link in links)
    return f'<?xml version="1.0"?><rss version="2.0"><channel><link>{SITE}/</link>{items}</channel></rss>'


def failure(web: Web, address: str = PAGE, *, trust: ssl.SSLContext | None = None, **limits: float) -> str:
    """Why an address gave nothing."""
    with pytest.raises(FetchError) as caught:
        web.client(trust=trust, **limits).fetch(address)
    assert caught.value.source == address
    return str(caught.value)


def told(reports: list[SourceReport]) -> list[tuple[str, str]]:
    return [(report.source.removeprefix(SITE), report.outcome) for report in reports]


def reason(reports: list[SourceReport]) -> str:
    (report,) = reports
    assert report.outcome == "skipped"
    return report.reason


def since(web: Web) -> list[str]:
    """The paths asked for since the last call, robots.txt left out."""
    paths, web.calls[:] = web.paths, []
    return paths

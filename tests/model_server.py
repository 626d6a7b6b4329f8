"""A model server on loopback that does what a script says, one script a request: OpenAI's protocol and its failures."""

from __future__ import annotations

import json
import socket
import struct
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress

Script = Callable[["Call"], None]


class Call:
    """One request that has been read; scripts write the reply as they like."""

    def __init__(self, connection: socket.socket, body: dict) -> None:
        self.connection = connection
        self.body = body

    def send(self, data: bytes) -> None:
        self.connection.sendall(data)

    def head(self, status: int = 200, kind: str = "text/event-stream", **headers: object) -> None:
        lines = [f"HTTP/1.1 {status} X", f"content-type: {kind}", "connection: close"]
        lines += [f"{name.replace('_', '-')}: {value}" for name, value in headers.items()]
        self.send(("\r\n".join(lines) + "\r\n\r\n").encode())

    def chunk(self, delta: dict | None = None, finish: str | None = None) -> None:
        choice = {"index": 0, "delta": delta or {}, "finish_reason": finish}
        self.event(json.dumps({"id": "1", "object": "chat.completion.chunk", "model": "m", "choices": [choice]}))

    def event(self, data: str) -> None:
        self.send(f"data: {data}\n\n".encode())

    def reset(self) -> None:
        """Cut the connection as a crash does."""
        self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))


class ModelServer:
    """``heads`` and ``requests`` hold what was read, ``hung_up`` when each client that left early was noticed."""

    def __init__(self) -> None:
        self.scripts: list[Script] = []
        self.requests: list[dict] = []
        self.heads: list[str] = []
        self.hung_up: list[float] = []
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.url = f"http://127.0.0.1:{self._listener.getsockname()[1]}/v1"
        threading.Thread(target=self._accept, daemon=True).start()

    def close(self) -> None:
        self._listener.close()

    def _accept(self) -> None:
        with suppress(OSError):
            while True:
                threading.Thread(target=self._serve, args=(self._listener.accept()[0],), daemon=True).start()

    def _serve(self, connection: socket.socket) -> None:
        with suppress(ValueError), connection:
            data = b""
            while b"\r\n\r\n" not in data:
                data += (got := connection.recv(65536))
                if not got:
                    return
            head, _, body = data.partition(b"\r\n\r\n")
            length = next(int(h.split(b":")[1]) for h in head.split(b"\r\n") if h.lower().startswith(b"content-length"))
            while len(body) < length:
                body += connection.recv(65536)
            self.requests.append(json.loads(body))
            self.heads.append(head.decode("latin-1"))
            script = self.scripts[min(len(self.requests), len(self.scripts)) - 1]
            try:
                script(Call(connection, self.requests[-1]))
            except OSError:
                self.hung_up.append(time.monotonic())


@contextmanager
def model_server(*scripts: Script) -> Iterator[ModelServer]:
    """Serve the scripts in turn, the last one for all further requests."""
    server = ModelServer()
    server.scripts = list(scripts)
    try:
        yield server
    finally:
        server.close()


def says(*pieces: str, finish: str | None = "stop", done: bool = True) -> Script:
    """A stream of these pieces; without ``finish`` and ``done`` it just ends."""

    def script(call: Call) -> None:
        call.head()
        for piece in pieces:
            call.chunk({"role": "assistant", "content": piece})
        if finish:
            call.chunk(finish=finish)
        if done:
            call.event("[DONE]")

    return script


def fails(status: int, text: str = '{"error": {"message": "no: sk-secret-key-123"}}', **headers: object) -> Script:
    """An HTTP error, with a provider's words in its body."""

    def script(call: Call) -> None:
        call.head(status, "application/json", content_length=len(text), **headers)
        call.send(text.encode())

    return script


def body(text: str | bytes, kind: str = "application/json", **headers: object) -> Script:
    """Status 200 and this, whatever was asked for."""
    data = text.encode() if isinstance(text, str) else text

    def script(call: Call) -> None:
        call.head(200, kind, **headers)
        call.send(data)

    return script


def hangs(call: Call) -> None:
    """Say nothing, and notice when the client leaves."""
    call.connection.recv(1)
    raise OSError


def drips(call: Call) -> None:
    """A byte now and then, for ever."""
    call.head()
    while True:
        call.send(b":\n\n"[:1])
        time.sleep(0.05)


def stalls(call: Call) -> None:
    """Half a sentence, then nothing."""
    call.head()
    call.chunk({"content": "The truce "})
    hangs(call)


def endless(call: Call) -> None:
    """Words without end."""
    call.head()
    number = 0
    while True:
        number += 1
        call.chunk({"content": f"word {number} "})


def repeats(call: Call) -> None:
    """The same word without end."""
    call.head()
    while True:
        call.chunk({"content": "the "})


def resets(call: Call) -> None:
    """Half an answer, then a connection reset."""
    call.head(transfer_encoding="chunked")
    data = b'data: {"choices": [{"index": 0, "delta": {"content": "The truce"}, "finish_reason": null}]}\n\n'
    call.send(f"{len(data):x}\r\n".encode() + data + b"\r\n")
    time.sleep(0.05)
    call.reset()

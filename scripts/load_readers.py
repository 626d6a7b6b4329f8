"""A reader as the server sees one: Gradio's queue over HTTP, from a loopback address of its own."""

from __future__ import annotations

import asyncio
import json
import secrets
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

import httpx
from gradio_client.utils import apply_diff

CARD = 'class="card"'
"""What the page shows for each passage."""

LIVE, KEPT, ASKING = 0, 1, -1
"""Places of the exchange that is drawn and of the kept conversation in what the page's answering event returns, and of
what it is to ask in what the event before returns."""


@dataclass(slots=True)
class Heard:
    """What came back for one question.

    Attributes:
        first: seconds until the first passage was shown, None when none was.
        end: seconds until the answer was whole, None when it never was.
        trouble: what went wrong, "" when nothing did.
        shown: what the page showed of the exchange, each time that it changed; empty of the plain chat.
        passages: the passages listed first, None where none are shown.
        answer: the words of the answer.
    """

    first: float | None = None
    end: float | None = None
    trouble: str = ""
    shown: list[str] = field(default_factory=list)
    passages: str | None = None
    answer: str = ""


class Event:
    """What a press of the page's Ask button, or a call of the plain chat, is for the server.

    Args:
        config: what the server says of its page.
    """

    def __init__(self, config: dict[str, Any]) -> None:
        parts = {one["id"]: one["props"] for one in config["components"]}
        events = config["dependencies"]
        first, self.trigger = next(filter(None, (_chosen(one, parts) for one in events)))
        then = next((one for one in events if one["trigger_after"] == first["id"]), None)
        self.first = first["id"] if first["api_name"] != "chat" else None
        """Number of the page's quick event that comes before the one that answers; the plain chat has none."""
        self.number = then["id"] if then and self.first is not None else first["id"]
        self._values = [parts[one].get("value") for one in first["inputs"]]

    def begin(self, question: str, session: str, kept: object) -> dict[str, Any]:
        """Return the body of the page's first request: the question first, what the browser kept next."""
        kept = self._values[1] if kept is None else kept
        return self._body(self.first, [question, kept, *self._values[2:]], session)

    def answer(self, asking: object, session: str, kept: object) -> dict[str, Any]:
        """Return the body of the request that is answered; for the plain chat it is asked the question itself."""
        if self.first is None:
            return self._body(self.number, [asking, *self._values[1:]], session)
        kept = self._values[1] if kept is None else kept
        return self._body(self.number, [asking, kept, *self._values[3:]], session)

    def _body(self, number: int | None, data: list[Any], session: str) -> dict[str, Any]:
        return {"data": data, "event_data": None, "fn_index": number, "trigger_id": self.trigger,
                "session_hash": session}  # fmt: skip


def _chosen(one: dict[str, Any], parts: dict[int, dict[str, Any]]) -> tuple[dict[str, Any], int] | None:
    for part, name in one["targets"]:
        asks = name == "submit" and parts.get(part, {}).get("elem_id") == "na-question"
        if asks or one.get("api_name") == "chat":
            return one, part
    return None


class Reader:
    """One open page.

    Args:
        client: how it reaches the server.
        event: what asking is.
    """

    def __init__(self, client: httpx.AsyncClient, event: Event) -> None:
        self._client, self._event = client, event
        self._session = secrets.token_hex(6)
        self.kept: object = None

    async def ask(self, question: str, patience: float) -> Heard:
        """Ask, and return what was heard within ``patience`` seconds."""
        heard, began = Heard(), time.perf_counter()
        try:
            async with asyncio.timeout(patience):
                await self._ask(question, heard, began)
        except TimeoutError:
            heard.trouble = f"no answer in {patience:g} s"
        except (httpx.HTTPError, ValueError, KeyError) as error:
            heard.trouble = f"{type(error).__name__}: {error}"
        return heard

    async def _ask(self, question: str, heard: Heard, began: float) -> None:
        asking: object = question
        if self._event.first is not None:
            body = self._event.begin(question, self._session, self.kept)
            began_with = (await self._client.post("gradio_api/run/predict", json=body)).raise_for_status()
            asking = began_with.json()["data"][ASKING]
        body = self._event.answer(asking, self._session, self.kept)
        (await self._client.post("gradio_api/queue/join", json=body)).raise_for_status()
        values: list[Any] = []
        message: dict[str, Any] = {}
        where = {"session_hash": self._session}
        async with self._client.stream("GET", "gradio_api/queue/data", params=where) as stream:
            stream.raise_for_status()
            async for line in stream.aiter_lines():
                message = json.loads(line[5:]) if line.startswith("data:") else {}
                if message.get("msg") not in ("process_generating", "process_completed"):
                    continue
                values = _grown(values, message)
                if self._event.first is not None and isinstance(values[LIVE], str):
                    self._note(heard, values[LIVE], began)
                if message["msg"] == "process_completed":
                    break
        heard.end = time.perf_counter() - began
        self._finish(heard, values, message)

    def _note(self, heard: Heard, live: str, began: float) -> None:
        heard.shown.append(live)
        if heard.first is None and CARD in live:
            heard.first, heard.passages = time.perf_counter() - began, live

    def _finish(self, heard: Heard, values: list[Any], message: dict[str, Any]) -> None:
        if not message.get("success"):
            heard.trouble = str((message.get("output") or {}).get("error") or "the event failed")
        elif self._event.first is not None:
            self.kept = values[KEPT]
            last = values[KEPT][-1]
            heard.trouble = last["trouble"]
            heard.answer = (last["answer"] or {}).get("text", "")
        else:
            heard.answer = str(values[0])


def _grown(values: list[Any], message: dict[str, Any]) -> list[Any]:
    """Return the values of the page's parts after a message: the first is whole, later ones say what changed."""
    data = message["output"].get("data") or values
    if message["msg"] == "process_completed" or not values:
        return data
    return [apply_diff(old, new) for old, new in zip(values, data, strict=True)]


@asynccontextmanager
async def reading(address: str, event: Event, number: int) -> AsyncIterator[Reader]:
    """Open a page as the n-th reader, and close it afterwards.

    Args:
        address: of the server.
        event: what asking is.
        number: decides the address that the reader comes from, as limits count by address; all of 127.0.0.0/8 is
            this machine on Linux.
    """
    source = f"127.1.{number // 250}.{number % 250 + 1}"
    transport = httpx.AsyncHTTPTransport(local_address=source)
    async with httpx.AsyncClient(base_url=address, transport=transport, timeout=None) as client:
        reader = Reader(client, event)
        beating = asyncio.create_task(_beat(client, reader))
        try:
            yield reader
        finally:
            beating.cancel()
            await asyncio.wait({beating})


async def _beat(client: httpx.AsyncClient, reader: Reader) -> None:
    """Hold the connection by which the server sees that the page is still open."""
    async with client.stream("GET", f"gradio_api/heartbeat/{reader._session}") as stream:
        async for _ in stream.aiter_raw():
            pass


async def event_of(address: str) -> Event:
    """Return what asking is on a server."""
    async with httpx.AsyncClient(base_url=address, trust_env=False, timeout=60) as client:
        return Event((await client.get("config")).json())

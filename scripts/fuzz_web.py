"""Fuzz targets of the web: requests to the server, feeds and sitemaps, robots.txt, packed bodies, addresses."""

from __future__ import annotations

import gzip
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx
from hypothesis import strategies as st

from assistant.errors import DocumentError
from assistant.fetch.addresses import PUBLIC
from assistant.fetch.body import check_type, read_body
from assistant.fetch.errors import FetchError
from assistant.fetch.feeds import is_listing, read_listing
from assistant.fetch.robots import Robots
from assistant.fetch.urls import join, parse
from scripts.fuzz_doors import ASKED, check_answer
from scripts.fuzz_index import small
from scripts.fuzz_inputs import as_json, hostile, mutated, seeds, texts, values
from scripts.fuzz_target import Check, Target, sentence

SITE = "https://news.example/"


@contextmanager
def _http(folder: Path) -> Iterator[Check]:
    """Send requests to the whole server, its guard included; the page itself is a browser's matter."""
    from fastapi.testclient import TestClient

    from assistant.ui.gate import Limits
    from assistant.ui.options import Options
    from assistant.ui.server import create_app

    many = Limits(client_a_minute=10**9)
    with small(folder) as assistant:
        app = create_app(assistant, Options(limits=many), assistant.settings.index)
        with TestClient(app, base_url="http://127.0.0.1:7860") as client:

            def check(request: tuple[str, bytes]) -> Iterator[str]:
                path, body = request
                headers = {"content-type": "application/json"}
                answer = client.post(path, content=body, headers=headers)
                assert answer.status_code in (200, 400, 413, 422), f"HTTP {answer.status_code}: {answer.text[:200]}"
                yield answer.text
                if answer.headers["content-type"] != "application/json":
                    return
                told = answer.json()
                if answer.status_code == 400:
                    error = told.get("error", told.get("detail"))
                    sentence(error if isinstance(error, str) else error["message"])
                elif answer.status_code == 200:
                    check_answer(assistant, told.get("news_assistant", told) | {"nearest": []})

            yield check


def _requests() -> Any:  # noqa: ANN401 - a strategy
    question = st.sampled_from(ASKED) | texts(ASKED, 4)
    day = texts(("2017", "2017-08-03"), 2)
    within = st.fixed_dictionaries(
        {}, optional={"since": day, "until": day, "publishers": st.lists(question, max_size=3)}
    )
    turn = st.fixed_dictionaries({"role": st.sampled_from(("user", "assistant", "system", "")), "content": question})
    rest = st.fixed_dictionaries(
        {"question": question | values()},
        optional={
            "history": st.lists(question | turn | values(), max_size=3),
            "filters": within | values(),
            "stream": st.booleans(),
        },
    )
    part = (
        question | st.lists(st.fixed_dictionaries({"type": st.just("text"), "text": question}), max_size=2) | values()
    )
    message = st.fixed_dictionaries({"role": st.sampled_from(("user", "system", "tool")), "content": part})
    chat = st.fixed_dictionaries(
        {"messages": st.lists(message | values(), max_size=3)}, optional={"stream": st.booleans(), "model": question}
    )
    body = (rest | chat | values()).map(as_json) | st.binary(max_size=40)
    return st.tuples(st.sampled_from(("/api/ask", "/v1/chat/completions")), body)


def _fixed_requests() -> list[tuple[str, bytes]]:
    asked = [
        ("/api/ask", {"question": text, "history": [text], "filters": {"publishers": [text]}}) for text in hostile()
    ]
    chats = [
        (
            "/v1/chat/completions",
            {"messages": [{"role": "user", "content": text}, {"role": "user", "content": "Homs?"}]},
        )
        for text in hostile()
    ]
    return [(path, as_json(body)) for path, body in (*asked, *chats)]


@contextmanager
def _listings(_: Path) -> Iterator[Check]:
    yield _listing


def _listing(data: bytes) -> Iterator[str]:
    """Read a feed or sitemap, and the same bytes as a robots.txt and as a packed body."""
    is_listing(data)
    try:
        for link in read_listing(SITE, data).links:
            try:
                _address(str(join(httpx.URL(SITE), link, PUBLIC)))
            except DocumentError as error:
                yield sentence(error)
    except FetchError as error:
        yield sentence(error)
    try:
        pause = Robots("news-assistant", lambda _: (200, data)).check(httpx.URL(f"{SITE}a?b=c"))
        assert pause >= 0
    except FetchError as error:
        yield sentence(error)
    for packing in ("gzip", "identity"):
        for body in (data, gzip.compress(data)):
            answer = httpx.Response(200, headers={"content-encoding": packing}, stream=httpx.ByteStream(body))
            try:
                assert len(read_body(SITE, answer, 5_000)) <= 5_000
            except FetchError as error:
                yield sentence(error)


@contextmanager
def _addresses(_: Path) -> Iterator[Check]:
    yield _asked_for


def _asked_for(text: str) -> Iterator[str]:
    for read in (lambda: parse(text, PUBLIC), lambda: join(httpx.URL(SITE), text, PUBLIC)):
        try:
            _address(str(read()))
        except DocumentError as error:
            yield sentence(error)
    headers = [(b"content-type", text.encode("utf-8", "replace").replace(b"\n", b"").replace(b"\r", b""))]
    try:
        check_type(SITE, httpx.Response(200, headers=headers))
    except FetchError as error:
        yield sentence(error)
    PUBLIC.allows(text)


def _address(found: str) -> None:
    url = httpx.URL(found)
    assert url.scheme in ("http", "https")
    assert url.host
    assert not url.userinfo
    assert url.port in (None, 80, 443)
    assert "#" not in found


def _links() -> Any:  # noqa: ANN401 - a strategy
    parts = (
        "http://",
        "https:",
        "//",
        "/",
        "news.example",
        "@",
        ":80",
        ":443",
        ":8080",
        "?q=",
        "#",
        "%2e",
        "..",
        "[::1]",
        "\\",
    )
    return texts(parts, 8)


def _listed() -> Any:  # noqa: ANN401 - a strategy
    tokens = (
        b"<item>",
        b"<link>",
        b"</link>",
        b"<loc>",
        b"<guid>",
        b"<link href='/a'/>",
        b"<lastmod>2017-08-03</lastmod>",
        b"<!DOCTYPE x [",
        b"<!ENTITY a SYSTEM 'file:///etc/passwd'>",
        b"&a;",
        b"]>",
        b"<?x?>",
        b"<!--",
        b"User-agent: *\n",
        b"Disallow: /",
        b"Crawl-delay: 9e99\n",
        b"Crawl-delay: -1\n",
        b"Allow: /*$\n",
        b"Sitemap: x\n",
        b"*" * 50,
        b"%",
        b"encoding='utf-16'",
    )
    return mutated(seeds("listing/*.*"), tokens)


def _fixed_listings() -> list[bytes]:
    entry = "<rss><channel><item><link>{0}</link><pubDate>{0}</pubDate></item></channel></rss>"
    rules = "User-agent: *\nDisallow: {0}\nCrawl-delay: {0}\n"
    made = [form.format(text) for form in (entry, rules) for text in hostile()]
    return [*seeds("listing/*.*"), *(text.encode("utf-8", "surrogatepass") for text in made)]


WEB = (
    Target(
        "http",
        "bodies for /api/ask and /v1/chat/completions: 200, 400, 413 or 422, never a fault of the server",
        _http,
        _requests,
        _fixed_requests,
        6,
        10.0,
        raw=lambda data: ("/api/ask", data),
    ),
    Target(
        "listing",
        "feeds and sitemaps by their bytes, the same bytes as robots.txt and as a gzip body: links within the rules",
        _listings,
        _listed,
        _fixed_listings,
        8,
        raw=bytes,
    ),
    Target(
        "address",
        "addresses: http or https, ports 80 and 443, a host, no user, or one sentence",
        _addresses,
        _links,
        lambda: list(hostile()),
        8,
        raw=lambda data: data.decode("utf-8", "replace"),
    ),
)

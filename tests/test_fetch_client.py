"""One page: limits, broken servers, TLS, status codes, robots.txt, politeness (FAULTS.md, row 23)."""

import gzip
import logging
import time
import zlib
from ipaddress import ip_address

import pytest

from assistant.errors import DocumentError
from assistant.fetch.addresses import Policy
from assistant.fetch.client import Client
from assistant.fetch.pace import Pace
from assistant.fetch.wire import Limits, agent
from tests.fetch_samples import PAGE, PUBLIC_IP, SITE, failure, gives, internet, missing, moves, story

MB = b"a" * 1_000_000


@pytest.fixture
def web():
    with internet() as web:
        yield web


def drips(data=b"a", pause=0.02, head=b"HTTP/1.1 200 OK\r\ncontent-type: text/html\r\n\r\n", robots=missing):
    """A reply that never ends, byte by byte."""

    def script(call):
        if call.path == "/robots.txt":
            return robots(call)
        call.send(head)
        while True:
            call.send(data)
            time.sleep(pause)

    return script


def test_a_page_over_a_real_socket_and_a_real_look_up():
    with internet() as web:
        web.pages["/a"] = gives(story("bridge"), etag='"1"', last_modified="Thu, 03 Aug 2017 10:00:00 GMT")

        class Loopback(Policy):
            def allows(self, address):
                return ip_address(address).is_loopback

        found = Client(Loopback(frozenset({web.server.port})), pace=Pace(0)).fetch(
            f"http://127.0.0.1:{web.server.port}/a#part"
        )
    assert found.final == f"http://127.0.0.1:{web.server.port}/a"
    assert found.data == story("bridge").encode()
    assert found.charset == "utf-8"
    assert found.validators == {"If-None-Match": '"1"', "If-Modified-Since": "Thu, 03 Aug 2017 10:00:00 GMT"}
    assert found.modified_ns == 1_501_754_400_000_000_000


def test_a_request_says_who_asks_and_no_more(web):
    web.pages["/a"] = gives(story("bridge"))
    web.client().fetch(PAGE)
    headers = {name.lower(): value for name, value in web.calls[-1].headers.items()}
    assert headers.pop("user-agent") == agent()
    assert agent().startswith("news-assistant/")
    assert headers.pop("accept-encoding") == "gzip"
    assert set(headers) == {"host", "accept", "accept-language", "connection"}


def test_redirects_are_followed_and_cookies_live_as_long(web):
    web.names["other.example"] = [PUBLIC_IP]
    web.pages["news.example/a"] = gives(b"", 302, location="/b", set_cookie="seen=1")
    web.pages["news.example/b"] = moves("//other.example/c?d=e#f", 301)
    web.pages["other.example/c?d=e"] = gives(story("bridge"))
    client = web.client()
    found = client.fetch(PAGE)
    assert (found.asked, found.final, found.lasting) == (PAGE, "http://other.example/c?d=e", False)
    cookies = [(call.path, call.headers["cookie"]) for call in web.calls if call.path != "/robots.txt"]
    assert cookies == [("/a", None), ("/b", "seen=1"), ("/c?d=e", None)]
    client.fetch(SITE + "/b")
    assert web.calls[-2].headers["cookie"] is None


def test_a_cookie_that_cannot_be_sent_is_not(web):
    web.pages["/a"] = gives(b"", 302, location="/b", set_cookie="a=\xe9\xff")
    web.pages["/b"] = gives(story("bridge"))
    assert web.client().fetch(PAGE).data


@pytest.mark.parametrize(
    "script",
    [
        drips(),
        drips(head=b"HTTP/1.1 200 OK\r\n", data=b"x-a: b\r\n"),
        drips(head=b"", data=b"H"),
        drips(head=b"HTTP/1.1 100 Continue\r\n\r\n", data=b"HTTP/1.1 100 Continue\r\n\r\n"),
        drips(robots=drips()),
        lambda call: time.sleep(1),
    ],
)
def test_slow_servers_end_at_the_wall_clock(web, script):
    web.pages["/a"] = web.pages["/robots.txt"] = script
    began = time.monotonic()
    assert "longer than 0.2 s" in failure(web, seconds=0.2)
    assert time.monotonic() - began < 0.9


def test_a_slow_look_up_ends_at_the_wall_clock(web):
    web.names["news.example"] = lambda: time.sleep(1) or [PUBLIC_IP]
    began = time.monotonic()
    assert "longer than 0.2 s" in failure(web, seconds=0.2)
    assert time.monotonic() - began < 0.9


def test_hops_share_one_wall_clock(web):
    def slow(call):
        time.sleep(0.15)
        moves(call.path + "a")(call)

    web.pages |= {"/" + "a" * n: slow for n in range(1, 10)}
    assert "longer than 0.4 s" in failure(web, seconds=0.4)
    assert len(web.paths) < 5


def endless(call):
    call.send(b"HTTP/1.1 200 OK\r\ncontent-type: text/html\r\ntransfer-encoding: chunked\r\n\r\n")
    while True:
        call.send(b"10000\r\n" + b"a" * 65536 + b"\r\n")


def bomb(call):
    """60 MB of zeros in 60 KB."""
    packer = zlib.compressobj(9, zlib.DEFLATED, 31)
    body = b"".join(packer.compress(bytes(1_000_000)) for _ in range(60)) + packer.flush()
    call.reply(body, content_encoding="gzip")


@pytest.mark.parametrize(
    "script",
    [endless, bomb, gives(b"", content_length="100000000"), gives(MB * 3)],
)
def test_what_is_too_long_is_stopped_while_it_comes(web, script):
    web.pages["/a"] = script
    assert "over the limit of 2 MB" in failure(web, bytes=2_000_000)


def test_packing_that_holds_nothing_is_stopped_too(web):
    web.pages["/a"] = gives(gzip.compress(b"") * 1000, content_encoding="gzip", content_length="")
    assert "over the limit of 0.01 MB" in failure(web, bytes=10_000)


def test_the_limits_are_those_that_are_promised():
    assert Limits() == Limits(seconds=10.0, bytes=10_000_000, redirects=5)


@pytest.mark.parametrize(
    ("script", "reason"),
    [
        (gives(story("bridge"), content_length="99999"), "broke before the page was whole"),
        (gives(gzip.compress(story("bridge").encode())[:-20], content_encoding="gzip"), "cut off on the way"),
        (gives(b"not gzip", content_encoding="gzip"), "not packed as it says"),
        (gives(b"x", content_encoding="br"), "packed as 'br', which was not asked for"),
        (lambda call: call.send(b"SSH-2.0-OpenSSH_9.6\r\n"), "or was no HTTP"),
        (lambda call: None, "broke before the page was whole"),
        (gives(b"", 302, location="http://[::1/"), "it redirects to where nothing is fetched"),
        (gives(b"", 302), "HTTP 302 and no page"),
        (gives(b"", 304), "HTTP 304 and no page"),
        (gives(b"", 204), "HTTP 204 and no page"),
        (gives(b"", 400), "HTTP 400 and no page"),
        (gives(b"", 401), "asks to log in (HTTP 401)"),
        (gives(b"", 402), "asks for payment (HTTP 402)"),
        (gives(b"", 403), "refuses to give it to programs, or asks to log in (HTTP 403)"),
        (gives(b"", 404), "there is no such page (HTTP 404)"),
        (gives(b"", 410), "taken down for good (HTTP 410)"),
        (gives(b"", 429, retry_after="120"), "too many requests (HTTP 429); try again later, in 120 s at the earliest"),
        (gives(b"", 451), "for legal reasons (HTTP 451)"),
        (gives(b"", 500), "out of order (HTTP 500); try again later"),
        (gives(b"", 503), "out of order (HTTP 503); try again later"),
        (gives(b"{}", kind="application/json"), "it is 'application/json'; only web pages"),
        (gives(b"", kind="image/png"), "it is 'image/png'"),
        (gives(b"", kind="video/mp4"), "it is 'video/mp4'"),
        (gives(b"", kind="application/octet-stream"), "it is 'application/octet-stream'"),
    ],
)
def test_what_is_no_page_is_refused_in_plain_words(web, script, reason):
    web.pages["/a"] = script
    assert reason in failure(web)


def test_a_host_that_is_not_there_or_not_listening(web):
    assert "the host 'no.example' cannot be found" in failure(web, "http://no.example/")
    web.server.close()
    web.trap.close()
    time.sleep(0.05)
    assert "cannot be reached" in failure(web) or "broke" in failure(web)


@pytest.mark.parametrize("packing", ["gzip", "x-gzip"])
def test_packed_pages_are_unpacked(web, packing):
    halves = [gzip.compress(half) for half in (story("bridge").encode(), b"<p>more</p>")]
    web.pages["/a"] = gives(b"".join(halves), content_encoding=packing)
    assert web.client().fetch(PAGE).data == story("bridge").encode() + b"<p>more</p>"


@pytest.mark.parametrize(
    "kind", ["", "text/plain", "TEXT/HTML; Charset=ISO-8859-1", "application/pdf", "application/xhtml+xml"]
)
def test_types_that_are_read(web, kind):
    web.pages["/a"] = gives(story("bridge"), kind=kind)
    found = web.client().fetch(PAGE)
    assert found.charset == ("ISO-8859-1" if "ISO" in kind else None)


LOGIN = '<form action="/login"><label>Name <input name=u></label><input type="password" name="p"></form>'


def test_a_login_page_is_told_from_an_article_with_a_login_form(web):
    web.pages["/a"] = gives(f"<html><body><script>{'x' * 5000}</script><p>Please log in</p>{LOGIN}</body></html>")
    assert "asks to log in (a page with a password form)" in failure(web)
    web.pages["/a"] = gives(
        story("bridge").replace("</nav>", LOGIN + "</nav>").replace("</article>", "<p>text</p>" * 500)
    )
    assert web.client().fetch(PAGE).data
    web.pages["/a"] = moves("/account/login?next=/a")
    web.pages["/account/login?next=/a"] = gives("<p>Log in</p>" * 500)
    assert "it redirects to 'http://news.example/account/login?next=/a'" in failure(web)


def test_a_redirect_to_the_front_page_is_not_the_article(web):
    web.pages["/a"] = moves("/", 301)
    web.pages["/"] = gives(story("bridge"))
    assert "redirects to the front page" in failure(web)
    assert web.client().fetch(SITE + "/").data


def test_nothing_is_logged(web, caplog):
    caplog.set_level(logging.DEBUG)
    for name in ("httpx", "httpcore.connection", "httpcore.http11"):
        logging.getLogger(name).setLevel(logging.DEBUG)
    web.pages["/a?key=secret"] = gives(story("bridge"))
    web.client().fetch(PAGE + "?key=secret")
    assert "secret" in failure(web, PAGE + "b?key=secret")
    assert caplog.records == []


def test_no_form_of_address_raises_anything_else(web):
    for address in (
        "",
        "http://" + "a" * 300 + "/",
        "http://" + "a." * 2000,
        "http://xn--/",
        "http://a\ud800/",
        "http://ß.example",
    ):
        with pytest.raises(DocumentError):
            web.client().fetch(address)

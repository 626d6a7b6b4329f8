"""Robots.txt, one request at a time, pauses; and TLS, which is always checked."""

import itertools
import ssl
import threading
import time

import pytest

from assistant.fetch.errors import FetchError
from assistant.fetch.pace import Pace
from tests.fetch_samples import PAGE, PUBLIC_IP, SITE, failure, gives, internet, missing, moves, story, trusting


@pytest.fixture
def web():
    with internet() as web:
        yield web


def test_a_certificate_is_always_checked():
    with internet(tls=True) as web:
        web.names["other.example"] = [PUBLIC_IP]
        web.pages["/a"] = gives(story("bridge"))
        assert web.client(trust=trusting()).fetch("https://news.example/a").data
        assert "its identity cannot be checked (" in failure(web, "https://news.example/a")
        wrong = failure(web, "https://other.example/a", trust=trusting())
        assert "its identity cannot be checked (hostname mismatch" in wrong
        assert "cannot be checked" in failure(web, "https://93.184.216.34/a", trust=trusting())
        assert web.paths == ["/a"]
        old = trusting()
        old.minimum_version = old.maximum_version = ssl.TLSVersion.TLSv1_3
        web._tls.maximum_version = ssl.TLSVersion.TLSv1_2
        assert "its identity cannot be checked" in failure(web, "https://news.example/a", trust=old)


def test_checking_cannot_be_switched_off(web):
    lax = ssl.create_default_context()
    lax.check_hostname = False
    with pytest.raises(ValueError, match="never goes without"):
        web.client(trust=lax)
    lax.verify_mode = ssl.CERT_NONE
    with pytest.raises(ValueError, match="never goes without"):
        web.client(trust=lax)


RULES = """
User-agent: *
Disallow: /private
Disallow: /*.pdf$
Allow: /private/press

User-agent: news-assistant
Disallow: /ours
Crawl-delay: 0.2

User-agent: other
Disallow: /
"""


def test_robots_txt_is_honoured_and_asked_for_once(web):
    web.pages["/robots.txt"] = gives(RULES, kind="text/plain")
    web.pages["/a"] = web.pages["/private"] = gives(story("bridge"))
    client = web.client()
    with pytest.raises(FetchError, match=r"does not want programs to fetch it \(robots.txt of news.example\)"):
        client.fetch(SITE + "/ours/b")
    began = time.monotonic()
    assert client.fetch(PAGE).data
    assert client.fetch(SITE + "/private").data  # the group that names us counts alone (RFC 9309)
    assert time.monotonic() - began > 0.19  # at least the pause between the two
    assert [call.path for call in web.calls] == ["/robots.txt", "/a", "/private"]


def test_robots_txt_for_everybody_at_every_hop(web):
    web.names["other.example"] = [PUBLIC_IP]
    web.pages["other.example/robots.txt"] = gives("User-agent: *\nDisallow: /*.pdf$\nDisallow: /b", kind="text/plain")
    web.pages["/a"] = moves("http://other.example/b")
    assert "robots.txt of other.example" in failure(web)
    with pytest.raises(FetchError, match=r"robots\.txt of other\.example"):
        web.client().fetch("http://other.example/x.pdf")
    assert web.paths == ["/a"]


@pytest.mark.parametrize(
    ("script", "allowed"),
    [
        (missing, True),
        (gives(b"", 403), True),
        (gives(b"", 500), False),
        (gives(b"", 429), False),
        (gives(b"\xff\xfe\x00garbage\x00: \x01", kind="text/plain"), True),
        (gives(b"<html>" * 200_000), True),
        (moves("/rules"), False),
    ],
)
def test_robots_txt_that_is_missing_broken_or_elsewhere(web, script, allowed):
    web.pages["/robots.txt"] = script
    web.pages["/rules"] = gives("User-agent: *\nDisallow: /", kind="text/plain")
    web.pages["/a"] = gives(story("bridge"))
    if allowed:
        assert web.client().fetch(PAGE).data
    else:
        assert "robots.txt" in failure(web)


def test_one_request_at_a_time_to_a_host_with_a_pause_between(web):
    spans = []

    def timed(call):
        time.sleep(0.05)
        spans.append((call.began, time.monotonic()))
        gives(story("bridge"))(call)

    web.pages |= {f"/{n}": timed for n in range(3)}
    client = web.client(pause=0.15)
    threads = [threading.Thread(target=client.fetch, args=(f"{SITE}/{n}",)) for n in range(3)]
    [thread.start() for thread in threads]
    [thread.join() for thread in threads]
    spans.sort()
    assert all(later[0] - earlier[1] > 0.13 for earlier, later in itertools.pairwise(spans))


def test_waiting_for_ones_turn_does_not_count(web):
    web.pages["/a"] = gives(story("bridge"))
    assert web.client(pause=0.4, seconds=0.3).fetch(PAGE).data


def test_the_pause_is_a_second_and_a_site_cannot_ask_for_hours(monkeypatch):
    slept = []
    monkeypatch.setattr("assistant.fetch.pace.time.sleep", slept.append)
    pace = Pace()
    for wanted in (0.0, 0.0, 3600.0):
        with pace.turn("news.example", wanted):
            pass
    assert [round(seconds) for seconds in slept] == [1, 10]
    with pace.turn("other.example"):
        pass
    assert len(slept) == 2

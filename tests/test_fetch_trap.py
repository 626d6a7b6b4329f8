"""What is never connected to: forms of address, addresses, redirects, names that change (FAULTS.md, rows 20 to 22)."""

import os

import pytest

from assistant.errors import DocumentError
from assistant.fetch.addresses import PUBLIC, Policy, is_address
from assistant.fetch.errors import FetchError
from tests.fetch_forms import FORBIDDEN, FORMS, HOSTS, NAMES, REDIRECTS, TARGETS, lines
from tests.fetch_samples import PUBLIC_IP, SITE, gives, internet, moves, story


@pytest.fixture
def web():
    with internet() as web:
        web.names |= NAMES
        yield web


def refused(web, address, **limits):
    """Return why an address is refused; whatever the trap saw is a failure."""
    with pytest.raises(DocumentError) as caught:
        web.client(**limits).fetch(address)
    assert (web.trap.accepted, [one for one in web.dialled if one != PUBLIC_IP]) == (0, [])
    message = str(caught.value)
    assert message.startswith("cannot fetch '")
    assert "\n" not in message
    return message


@pytest.mark.parametrize("address", lines(FORMS))
def test_forms_that_are_not_asked_for(web, address):
    refused(web, address)
    assert (web.looked_up, web.server.accepted) == ([], 0)


@pytest.mark.parametrize("host", lines(HOSTS))
def test_addresses_that_are_not_public(web, host):
    for scheme in ("http", "https"):
        refused(web, f"{scheme}://{host}/latest/meta-data/")
    assert web.dialled == []


@pytest.mark.parametrize("name", NAMES)
def test_names_of_addresses_that_are_not_public(web, name):
    assert "address" in (message := refused(web, f"http://{name}/")) or "found" in message or "reached" in message
    assert web.dialled == []


@pytest.mark.parametrize("target", TARGETS + FORBIDDEN)
def test_redirects_from_public_to_private(web, target):
    statuses = [status for status, other in REDIRECTS if other == target]
    for status in statuses:
        web.pages["/a"] = moves(target, status)
        refused(web, SITE + "/a")
    assert web.paths == ["/a"] * len(statuses)


def test_a_redirect_of_a_redirect(web):
    web.names["other.example"] = [PUBLIC_IP]
    web.pages["news.example/a"] = moves("http://other.example/b", 301)
    web.pages["other.example/b"] = moves("http://127.0.0.1/admin", 307)
    assert "'127.0.0.1' has the address 127.0.0.1, which is not on the public internet" in refused(web, SITE + "/a")


def test_a_robots_txt_that_redirects_to_a_private_address(web):
    web.pages["/robots.txt"] = moves("http://127.0.0.1/robots.txt")
    web.pages["/a"] = gives(story("bridge"))
    assert SITE + "/a" in refused(web, SITE + "/a")
    assert web.paths == []


def test_a_loop_and_fifty_redirects(web):
    web.pages["/a"] = moves("/b")
    web.pages["/b"] = moves("/a")
    assert "redirects more than 5 times" in refused(web, SITE + "/a")
    assert web.paths == ["/a", "/b"] * 3
    web.pages |= {f"/{n}": moves(f"/{n + 1}") for n in range(50)}
    assert "redirects more than 5 times" in refused(web, SITE + "/0")
    assert len(web.paths) == 12


def test_a_meta_refresh_is_text_like_any_other(web):
    web.pages["/a"] = gives('<meta http-equiv="refresh" content="0; url=http://127.0.0.1/">' + story("bridge"))
    assert web.client().fetch(SITE + "/a").final == SITE + "/a"
    assert (web.trap.accepted, web.dialled) == (0, [PUBLIC_IP, PUBLIC_IP])


def test_a_name_that_changes_between_look_ups(web):
    answers = iter([[PUBLIC_IP], ["127.0.0.1"], ["127.0.0.1"]])
    web.names["rebind.example"] = lambda: next(answers)
    assert "not on the public internet" in refused(web, "http://rebind.example/a")
    assert [call.path for call in web.calls] == ["/robots.txt"]


def test_the_address_that_was_checked_is_the_one_connected_to(web):
    answers = iter([[PUBLIC_IP], [PUBLIC_IP], ["127.0.0.1"]])  # a second look-up of a connection would get the third
    web.names["rebind.example"] = lambda: next(answers)
    web.pages["/a"] = gives(story("bridge"))
    assert web.client().fetch("http://rebind.example/a").data
    assert (web.dialled, web.looked_up, web.trap.accepted) == ([PUBLIC_IP] * 2, ["rebind.example"] * 2, 0)


def test_a_name_that_changes_between_redirects(web):
    answers = iter([[PUBLIC_IP], [PUBLIC_IP], ["10.0.0.7"]])
    web.names["rebind.example"] = lambda: next(answers)
    web.pages["/a"] = moves("/b")
    web.pages["/b"] = gives(story("bridge"))
    assert "10.0.0.7" in refused(web, "http://rebind.example/a")
    assert web.paths == ["/a"]


def test_proxies_and_passwords_of_the_environment_are_not_used(web, monkeypatch, tmp_path):
    for name in ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY"):
        monkeypatch.setenv(name, f"http://127.0.0.1:{web.trap.port}")
        monkeypatch.setenv(name.lower(), f"http://127.0.0.1:{web.trap.port}")
    (tmp_path / "netrc").write_text("machine news.example login a password secret\n")
    monkeypatch.setenv("NETRC", str(tmp_path / "netrc"))
    web.pages["/a"] = gives(story("bridge"))
    assert web.client().fetch(SITE + "/a").data
    assert web.trap.accepted == 0
    assert [call.headers["authorization"] for call in web.calls] == [None, None]


def test_the_trap_would_have_seen_it(web):
    """The control: with another policy, the same forms do connect."""

    class Anywhere(Policy):
        def allows(self, address: str) -> bool:
            return True

    hosts = [
        "localhost",
        "127.1",
        "2130706433",
        "0x7f000001",
        "[::1]",
        "169.254.169.254",
        "metadata",
        "mixed-first.example",
    ]
    for host in hosts:
        web.client(Anywhere()).fetch(f"http://{host}/")
    assert web.trap.accepted == 2 * len(hosts)


def test_there_are_enough_of_them():
    counted = len(lines(FORMS)), len(lines(HOSTS)) * 2, len(NAMES), len(REDIRECTS)
    assert sum(counted) >= 60, counted
    assert min(counted) >= 15


def test_production_has_no_other_policy():
    assert PUBLIC.ports == {80, 443}
    assert [PUBLIC.allows(one) for one in ("8.8.8.8", PUBLIC_IP, "2606:4700:4700::1111", "::ffff:8.8.8.8")] == [
        True
    ] * 4
    assert not any(name.startswith("ASSISTANT") and "FETCH" in name for name in os.environ)
    with pytest.raises(AttributeError):
        PUBLIC.ports = frozenset({22})


def test_what_is_an_address_and_what_a_path(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    addresses = [
        "http://a/",
        "HTTPS://A/",
        "file:///a",
        "gopher://a",
        "javascript:alert(1)",
        "http:/a",
        " http://a",
        "x-y://a",
    ]
    assert [is_address(one) for one in addresses] == [True] * len(addresses)
    paths = ["a.txt", "/a/b", "C:\\news\\a.txt", "c:/news", "notes: monday.txt", "a/b:c", "*.html", "~/a", ""]
    assert [is_address(one) for one in paths] == [False] * len(paths)
    (tmp_path / "data:a").write_text("a file of that name")
    assert not is_address("data:a")


def test_an_error_is_one_of_the_project():
    assert issubclass(FetchError, DocumentError)

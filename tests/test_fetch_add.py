"""Addresses into the record: pages, feeds, sitemaps, what is kept between runs, what the ledger says."""

import subprocess
import sys

import pytest
from click.testing import CliRunner

from assistant.cli import cli
from assistant.fetch import add
from assistant.ingest import add_sources, refresh_sources
from tests.fetch_samples import FEED, PUBLIC_IP, SITE, XML, gives, internet, moves, reason, rss, since, story, told
from tests.ingest_samples import write


@pytest.fixture
def web(monkeypatch):
    with internet() as web:
        web.names["other.example"] = [PUBLIC_IP]
        monkeypatch.setattr(add, "open_client", web.client)
        yield web


def test_a_page_becomes_an_article_under_its_final_address(web, store):
    web.pages["/old"] = moves("/a?b=c#d", 301)
    web.pages["/a?b=c"] = gives(story("bridge"), last_modified="Thu, 03 Aug 2017 10:00:00 GMT")
    (report,) = add_sources(store, [SITE + "/old"])
    assert (report.source, report.outcome) == (SITE + "/a?b=c", "added")
    article = store.article(report.article_id)
    assert (article.source, article.url) == (SITE + "/a?b=c", SITE + "/a?b=c")
    assert article.title == "New bridge opens"
    assert "Home" not in article.text[article.blocks[0].start : article.blocks[0].end]
    row = store.ledger(report.source)
    assert (row.size, row.mtime_ns) == (len(story("bridge")), 1_501_754_400_000_000_000)


def test_files_and_addresses_together(web, store, tmp_path):
    web.pages["/a"] = gives(story("bridge"))
    file = write(tmp_path, "library")
    seen = []
    reports = add_sources(store, [SITE + "/a", file, "https://user@news.example/"], lambda *done: seen.append(done))
    assert [(report.source, report.outcome) for report in reports[:2]] == [(str(file), "added"), (SITE + "/a", "added")]
    assert "names a user" in reports[2].reason
    assert store.ledger(reports[2].source) is None  # it may hold a password
    assert seen == [(1, 1), (1, 2), (2, 2)]


@pytest.mark.parametrize("headers", [{"etag": 'W/"1"'}, {"last_modified": "Thu, 03 Aug 2017 10:00:00 GMT"}])
def test_what_is_unchanged_costs_one_304(web, store, headers):
    web.pages["/a"] = gives(story("bridge"), **headers)
    (first,) = add_sources(store, [SITE + "/a"])
    since(web)
    for visit in (lambda: add_sources(store, [SITE + "/a"]), lambda: refresh_sources(store)):
        again = visit()
        assert told(again) == [("/a", "unchanged")]
        assert again[0].article_id == first.article_id
        assert since(web) == ["/a"]
    web.pages["/a"] = gives(story("bridge", 99), etag='"2"')
    assert told(refresh_sources(store)) == [("/a", "updated")]
    assert "99 volunteers" in store.article(store.ledger(SITE + "/a").article_id).text
    since(web)
    assert told(refresh_sources(store)) == [("/a", "unchanged")]
    assert web.calls[-1].headers["if-none-match"] == '"2"'


def test_a_page_without_validators_is_compared_by_its_bytes_and_by_its_text(web, store, monkeypatch):
    web.pages["/a"] = gives(story("bridge"))
    add_sources(store, [SITE + "/a"])
    with monkeypatch.context() as patch:
        patch.setattr("assistant.ingest.read_documents", lambda *_: pytest.fail("read again"))
        assert told(refresh_sources(store)) == [("/a", "unchanged")]
    web.pages["/a"] = gives(story("bridge").replace("</body>", "<script>nonce = 7</script></body>"))
    assert told(refresh_sources(store)) == [("/a", "unchanged")]


def test_a_removed_article_is_fetched_whole_again_and_no_more_refreshed(web, store):
    web.pages["/a"] = gives(story("bridge"), etag='"1"')
    (report,) = add_sources(store, [SITE + "/a"])
    with store.writing():
        store.remove([report.article_id])
    since(web)
    assert refresh_sources(store) == []
    assert since(web) == []
    assert store.query("SELECT key FROM meta WHERE key LIKE 'page:%'") == []
    assert told(add_sources(store, [SITE + "/a"])) == [("/a", "added")]


@pytest.mark.parametrize("status", [401, 403, 404, 410, 500, 503])
def test_a_page_that_fails_is_a_row_with_its_reason_and_keeps_its_article(web, store, status):
    web.pages["/b"] = gives(b"", status)
    assert f"HTTP {status}" in reason(add_sources(store, [SITE + "/b"]))
    row = store.ledger(SITE + "/b")
    assert (row.outcome, row.article_id) == ("skipped", None)
    assert f"HTTP {status}" in row.reason
    web.pages["/a"] = gives(story("bridge"), etag='"1"')
    (report,) = add_sources(store, [SITE + "/a"])
    web.pages["/a"] = gives(b"", status)
    assert f"HTTP {status}" in reason(refresh_sources(store))
    assert store.ledger(SITE + "/a").article_id == report.article_id
    assert store.article(report.article_id)
    web.pages["/a"] = gives(story("bridge"), etag='"1"')
    (again,) = refresh_sources(store)
    assert (again.outcome, again.reason, store.ledger(SITE + "/a").outcome) == ("unchanged", None, "unchanged")


def test_a_page_that_moved_for_good_and_one_that_redirects_for_now(web, store):
    web.pages["/a"] = gives(story("bridge"))
    web.pages["/b"] = gives(story("library"))
    add_sources(store, [SITE + "/a", SITE + "/b"])
    web.pages["/a"] = moves("/new", 301)
    web.pages["/b"] = moves("/consent-to-all", 302)
    web.pages["/new"] = gives(story("bridge"))
    web.pages["/consent-to-all"] = gives(story("museum"))
    reports = refresh_sources(store)
    assert told(reports) == [("/new", "duplicate"), ("/a", "vanished"), ("/b", "skipped")]
    assert "for the time being" in reports[2].reason
    assert [article.source for article in store.articles()] == [SITE + "/new", SITE + "/b"]
    since(web)
    refresh_sources(store)
    assert since(web) == ["/b", "/consent-to-all", "/new"]


def test_what_is_fetched_goes_through_the_readers_of_files(web, store):
    web.pages["/empty"] = gives(b"  ")
    web.pages["/png"] = gives(b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 20)
    web.pages["/svg"] = gives("<svg><text>no article</text></svg>", kind="application/xml")
    web.pages["/nothing"] = gives("<html><body><div></div></body></html>")
    web.pages["/pdf"] = gives(b"%PDF-1.7 garbage", kind="application/pdf")
    reports = add_sources(store, [SITE + path for path in ("/empty", "/png", "/svg", "/nothing", "/pdf")])
    assert [report.outcome for report in reports] == ["skipped"] * 5
    assert all(f"'{report.source}': " in report.reason for report in reports)
    reasons = (
        "it is empty",
        "a binary file (Portable Network",
        "it is an XML file",
        "no article text",
        "a damaged PDF",
    )
    assert [words for words, report in zip(reasons, reports, strict=True) if words not in report.reason] == []
    assert [row.outcome for row in store.ledger_rows()] == ["skipped"] * 5


def test_the_character_set_of_the_server_counts_before_the_page(web, store):
    page = story("мост").replace("<head>", '<head><meta charset="latin-1">')
    web.pages["/a"] = gives(page.encode("cp1251"), kind="text/html; charset=windows-1251")
    (report,) = add_sources(store, [SITE + "/a"])
    assert store.article(report.article_id).title == "New мост opens"


@pytest.mark.parametrize("charset", ["hex", "zlib", "rot13", "undefined", "no-such-thing", "utf-16"])
def test_a_character_set_that_is_none(web, store, charset):
    page = story("caf\xe9").replace("<head>", f'<head><meta charset="{charset}">').encode("cp1252")
    web.pages["/a"] = gives(page, kind=f"text/html; charset={charset}")
    web.pages["/b"] = gives(page, kind="text/html")
    reports = add_sources(store, [SITE + "/a", SITE + "/b"])
    assert {report.outcome for report in reports} <= {"added", "duplicate", "skipped"}


@pytest.fixture
def run(tmp_path, monkeypatch):
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    monkeypatch.setenv("ASSISTANT_EMBEDDER", "none")
    return lambda *arguments: CliRunner().invoke(cli, [*arguments, "--index", str(tmp_path / "index")])


def test_the_command_line(web, run):
    web.pages["/feed.xml"] = gives(rss("/a", "/b"), kind=XML, etag='"1"')
    web.pages["/a"] = gives(story("bridge"), etag='"1"')
    web.pages["/b"] = gives(b"", 404)
    done = run("add", FEED)
    assert (done.exit_code, done.stdout.splitlines()[0]) == (4, "1 added, 1 skipped")
    assert done.stderr == f"skipped: cannot fetch '{SITE}/b': there is no such page (HTTP 404); check the address\n"
    assert f"{SITE}/a" in run("articles").stdout
    done = run("refresh")
    assert (done.exit_code, done.stdout.splitlines()[0], done.stderr) == (0, "2 unchanged", "")
    assert run("ask", "Who opened the bridge on Thursday?").exit_code in (0, 3)
    assert run("refresh", "--forget", "x").exit_code == 1
    assert run("refresh", "--forget", FEED).stdout == "1 followed no more\n"
    done = run("add", "file:///etc/passwd", "http://169.254.169.254/")
    assert (done.exit_code, done.stdout.splitlines()[0]) == (4, "2 skipped")
    assert done.stderr.count("\n") == 2
    assert web.trap.accepted == 0


def test_refresh_needs_an_index(run):
    done = run("refresh")
    assert (done.exit_code, "there is no index" in done.stderr) == (1, True)


def test_importing_the_pipeline_does_not_import_the_network():
    heavy = "{'httpx', 'httpcore', 'protego'}"
    code = f"import sys, assistant.cli, assistant.ingest; print([*({heavy} & set(sys.modules))])"
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout == "[]\n"

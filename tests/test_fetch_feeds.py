"""Feeds and sitemaps: their forms, what they add, how they are followed, what they cannot do."""

import functools

import pytest

from assistant.errors import DocumentError
from assistant.fetch import add, forget_feeds
from assistant.fetch.feeds import is_listing, read_listing
from assistant.ingest import add_sources, refresh_sources
from tests.fetch_samples import FEED, PUBLIC_IP, SITE, XML, gives, internet, reason, rss, since, story, told


@pytest.fixture
def web(monkeypatch):
    with internet() as web:
        web.names["other.example"] = [PUBLIC_IP]
        monkeypatch.setattr(add, "open_client", web.client)
        yield web


def test_a_feed_adds_its_entries_and_a_refresh_only_what_is_new(web, store):
    web.pages["/feed.xml"] = gives(rss("/a", SITE + "/b#comments", "http://other.example/c"), kind=XML, etag='"1"')
    web.pages |= {path: gives(story(path[1] * 5), etag='"1"') for path in ("/a", "/b", "/c")}
    assert told(add_sources(store, [FEED])) == [("/a", "added"), ("/b", "added"), ("http://other.example/c", "added")]
    assert store.ledger(FEED) is None
    since(web)
    again = refresh_sources(store)
    pages = ("/feed.xml", "/a", "http://other.example/c", "/b")
    assert told(again) == [(page, "unchanged") for page in pages]
    assert since(web) == ["/feed.xml", "/a", "/c", "/b"]
    web.pages["/feed.xml"] = gives(rss("/new", "/a"), kind=XML, etag='"2"')
    web.pages["/new"] = gives(story("museum"))
    assert told(refresh_sources(store))[:2] == [("/new", "added"), ("/a", "unchanged")]
    assert since(web) == ["/feed.xml", "/new", "/a", "/c", "/b"]


def test_a_feed_that_failed_in_part_is_read_again(web, store):
    web.pages["/feed.xml"] = gives(rss("/a", "/b"), kind=XML, etag='"1"')
    web.pages["/a"] = gives(story("bridge"))
    web.pages["/b"] = gives(b"", 503)
    assert told(add_sources(store, [FEED])) == [("/a", "added"), ("/b", "skipped")]
    web.pages["/b"] = gives(story("library"))
    assert told(refresh_sources(store)) == [("/a", "unchanged"), ("/b", "added")]
    assert told(refresh_sources(store))[0] == ("/feed.xml", "unchanged")


def test_a_feed_that_is_interrupted_is_followed_and_read_again(web, store):
    def stop(done, total):
        if done == 3:
            raise KeyboardInterrupt

    web.pages["/feed.xml"] = gives(rss("/a", "/b"), kind=XML, etag='"1"')
    web.pages["/a"] = gives(story("bridge"))
    web.pages["/b"] = gives(story("library"))
    with pytest.raises(KeyboardInterrupt):
        add_sources(store, [FEED], stop)
    assert told(refresh_sources(store)) == [("/a", "unchanged"), ("/b", "added")]


def test_a_feed_adds_its_newest_entries_up_to_a_hundred(web, store, monkeypatch):
    assert add._Feed(FEED).room == add.MAX_ENTRIES == 100
    monkeypatch.setattr(add, "_Feed", functools.partial(add._Feed, room=2))
    items = "".join(f"<item><link>/{n}</link><pubDate>{n:02} Aug 2017 10:00:00 GMT</pubDate></item>" for n in (2, 9, 1))
    web.pages["/feed.xml"] = gives(f"<rss><channel>{items}</channel></rss>", kind=XML)
    web.pages |= {f"/{n}": gives(story(f"bridge {n}")) for n in (1, 2, 9)}
    assert told(add_sources(store, [FEED])) == [("/9", "added"), ("/2", "added")]


def test_bad_entries_do_not_stop_the_others(web, store):
    links = ("file:///etc/passwd", "http://127.0.0.1/", "http://a@news.example/", "/feed.xml", "/other.xml", "/a")
    web.pages["/feed.xml"] = web.pages["/other.xml"] = gives(rss(*links), kind=XML)
    web.pages["/a"] = gives(story("bridge"))
    reports = add_sources(store, [FEED])
    assert [report.outcome for report in reports] == ["skipped"] * 4 + ["added"]
    assert "it is another feed" in reports[3].reason
    assert web.trap.accepted == 0


def test_a_feed_that_fails_or_lists_nothing(web, store):
    web.pages["/feed.xml"] = gives(b"", 500)
    assert "HTTP 500" in reason(add_sources(store, [FEED]))
    assert store.ledger(FEED).outcome == "skipped"
    web.pages["/feed.xml"] = gives(rss(), kind=XML)
    assert "lists no pages" in reason(add_sources(store, [FEED]))
    assert store.ledger(FEED) is None


SITEMAP = '<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">{}</urlset>'
INDEX = '<sitemapindex xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">{}</sitemapindex>'


def located(tag, *entries):
    return "".join(f"<{tag}><loc>{loc}</loc><lastmod>{when}</lastmod></{tag}>" for loc, when in entries)


def test_a_sitemap_and_an_index_of_sitemaps(web, store):
    web.pages["/sitemap.xml"] = gives(
        INDEX.format(located("sitemap", ("/old.xml", "2016-01-01"), ("/new.xml", "2017-08-03T10:00:00Z"))),
        kind="text/xml",
    )
    web.pages["/new.xml"] = gives(
        SITEMAP.format(located("url", ("/a", "2017-08-01"), ("/b", "2017-08-03"))), kind="application/xml", etag='"1"'
    )
    web.pages["/old.xml"] = gives(INDEX.format(""), kind="application/xml")
    web.pages |= {"/a": gives(story("bridge")), "/b": gives(story("library"))}
    reports = add_sources(store, [SITE + "/sitemap.xml"])
    assert told(reports) == [("/b", "added"), ("/a", "added"), ("/old.xml", "skipped")]
    assert since(web) == ["/sitemap.xml", "/new.xml", "/b", "/a", "/old.xml"]
    assert told(refresh_sources(store))[0] == ("/new.xml", "unchanged")


ATOM = """\ufeff<?xml version="1.0" encoding="utf-8"?><?xml-stylesheet href="x"?><!-- a --><!DOCTYPE feed>
<feed xmlns="http://www.w3.org/2005/Atom"><link href="/self" rel="self"/><updated>2020-01-01T00:00:00Z</updated>
<entry><link rel="enclosure" href="/sound.mp3"/><link href="/a"/><published>2017-08-01T00:00:00Z</published></entry>
<entry><link rel="alternate" href="/b"/><updated>2017-08-02T00:00:00+02:00</updated>
<source><updated>1999-01-01T00:00:00Z</updated></source></entry><entry><title>no link</title></entry></feed>"""
RDF = """<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns="http://purl.org/rss/1.0/"
xmlns:dc="http://purl.org/dc/elements/1.1/"><channel/><item><link>/a</link><dc:date>2017-08-01</dc:date></item>
<item><link>/b</link><dc:date>2017-08-02</dc:date></item></rdf:RDF>"""
RSS = """<rss version="2.0"><channel><image><url>/logo.png</url><link>/</link></image>
<item><guid>http://news.example/b</guid><pubDate>Wed, 02 Aug 2017 10:00:00 +0200</pubDate></item>
<item><guid isPermaLink="false">http://news.example/x</guid></item>
<item><title>A &amp; B&nbsp;C</title><link> /a </link><link>/a2</link></item>"""
NEWS = """<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9" xmlns:news="n" xmlns:image="i">
<url><loc>/a</loc><image:image><image:loc>/a.png</image:loc></image:image></url>
<url><loc>/b</loc><news:news><news:publication_date>2017-08-02</news:publication_date></news:news></url></urlset>"""


@pytest.mark.parametrize(
    ("text", "links"),
    [(ATOM, ("/b", "/a")), (RDF, ("/b", "/a")), (RSS, ("http://news.example/b", "/a")), (NEWS, ("/b", "/a"))],
)
def test_the_forms_of_feeds(text, links):
    assert is_listing(text.encode())
    assert read_listing(FEED, text.encode()).links == links


def test_feeds_that_attack_their_reader(tmp_path):
    secret = tmp_path / "secret"
    secret.write_text("/stolen")
    outside = f'<!DOCTYPE rss [<!ENTITY a SYSTEM "file://{secret}">]><rss><item><link>&a;</link></item></rss>'
    assert "stolen" not in str(read_listing(FEED, outside.encode()))
    laughs = "".join(f'<!ENTITY a{n} "{f"&a{n - 1};" * 10}">' for n in range(1, 10))
    bomb = f'<!DOCTYPE rss [<!ENTITY a0 "ha">{laughs}]><rss><item><link>&a9;</link></item></rss>'
    assert len(str(read_listing(FEED, bomb.encode()))) < 1000
    deep = "<rss>" + "<item>" * 100_000
    assert read_listing(FEED, deep.encode()).links == ()
    assert not is_listing(b"<!--a-->" * 1000 + b"<html>")


def test_what_is_no_feed():
    for text in ("", "<html><rss>", "text <rss>", "<rssx>", story("bridge"), "<!-- <rss> -->"):
        assert not is_listing(text.encode())


def test_a_feed_that_is_a_page_now_becomes_no_article(web, store):
    web.pages["/feed.xml"] = gives(rss("/a"), kind=XML)
    web.pages["/a"] = gives(story("bridge"))
    add_sources(store, [FEED])
    web.pages["/feed.xml"] = gives(story("museum"))
    reports = refresh_sources(store)
    assert told(reports) == [("/feed.xml", "skipped"), ("/a", "unchanged")]
    assert reports[0].reason.endswith(f"it is no feed any more; if it stays so: news-assistant refresh --forget {FEED}")


def test_hosts_are_asked_in_turns(web, store):
    pages = [SITE + "/1", SITE + "/2", SITE + "/3", "http://other.example/4"]
    web.pages |= {f"/{n}": gives(story(f"bridge {n}")) for n in range(5)}
    add_sources(store, pages)
    since(web)
    refresh_sources(store)
    assert since(web) == ["/1", "/4", "/2", "/3"]


def test_a_feed_can_be_forgotten(web, store):
    web.pages["/feed.xml"] = gives(rss("/a"), kind=XML)
    web.pages["/a"] = gives(story("bridge"))
    add_sources(store, [FEED])
    with pytest.raises(
        DocumentError, match=r"'/x' is not followed; feeds and sitemaps that are: 'http://news.example/feed"
    ):
        forget_feeds(store, ["/x"])
    assert forget_feeds(store, [FEED]) == 1
    since(web)
    assert told(refresh_sources(store)) == [("/a", "unchanged")]
    assert since(web) == ["/a"]

"""What a web page's markup says of its article, each field with where that stands."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from typing import Any, Final

from lxml import html  # type: ignore[import-untyped]

from assistant.corpus.dates import parse_declared

_ARTICLE_TYPE: Final = re.compile(r"(?:\w*(?:News)?Article|BlogPosting|LiveBlogPosting|Report|SocialMediaPosting)\Z")
_JSON_LD: Final = (
    ("title", "headline"), ("published", "datePublished"), ("updated", "dateModified"), ("author", "author"),
    ("publisher", "publisher"), ("url", "url"), ("url", "mainEntityOfPage"), ("published", "dateCreated"),
)  # fmt: skip
_META: Final = (
    ("title", "og:title", "OpenGraph"), ("publisher", "og:site_name", "OpenGraph"), ("url", "og:url", "OpenGraph"),
    ("published", "article:published_time", "OpenGraph"), ("published", "og:published_time", "OpenGraph"),
    ("updated", "article:modified_time", "OpenGraph"), ("updated", "og:updated_time", "OpenGraph"),
    ("author", "article:author", "OpenGraph"), ("author", "author", "meta tag"), ("author", "byl", "meta tag"),
    ("author", "dc.creator", "meta tag"), ("author", "parsely-author", "meta tag"),
    ("published", "date", "meta tag"), ("published", "pubdate", "meta tag"), ("published", "publish-date", "meta tag"),
    ("published", "publication_date", "meta tag"), ("published", "dc.date", "meta tag"),
    ("published", "dc.date.issued", "meta tag"), ("published", "dcterms.created", "meta tag"),
    ("published", "parsely-pub-date", "meta tag"), ("published", "citation_publication_date", "meta tag"),
    ("published", "datepublished", "meta tag"), ("updated", "datemodified", "meta tag"),
    ("updated", "last-modified", "meta tag"), ("publisher", "application-name", "meta tag"),
    ("publisher", "dc.publisher", "meta tag"), ("title", "twitter:title", "meta tag"),
    ("title", "dc.title", "meta tag"),
)  # fmt: skip
_MAX_SCRIPT: Final = 500_000


def read_metadata(tree: html.HtmlElement) -> dict[str, tuple[str, str]]:
    """Return field -> (value, how it is known) for what the page says; dates are only taken when they can be read.

    Args:
        tree: the whole page.
    """
    known: dict[str, tuple[str, str]] = {}

    def add(name: str, value: str, how: str) -> None:
        value = " ".join(value.split())
        usable = parse_declared(value) if name in ("published", "updated") else value
        if name in ("author", "url") and value.startswith(("http://", "https://")) != (name == "url"):
            return
        if usable and name not in known:
            known[name] = (value, how)

    for record in _records(tree):
        for name, key in _JSON_LD:
            add(name, _text(record.get(key), "@id" if name == "url" else "name"), f"JSON-LD {key}")
    tags = _meta_tags(tree)
    for name, key, how in _META:
        add(name, tags.get(key, ""), f"{how} {key}")
    for name, value, how in _markup(tree):
        add(name, value, how)
    return known


def _records(tree: html.HtmlElement) -> list[Mapping[str, Any]]:
    """Return the JSON-LD objects that describe an article."""
    records: list[Mapping[str, Any]] = []
    for script in tree.xpath("//script[contains(@type, 'ld+json')]")[:20]:
        source = (script.text or "")[:_MAX_SCRIPT]
        try:
            waiting: list[Any] = [json.loads(source, strict=False)]
        except (ValueError, RecursionError):
            continue
        while waiting and len(records) < 20:
            value = waiting.pop(0)
            if isinstance(value, list):
                waiting += value[:100]
            elif isinstance(value, dict):
                kinds = value.get("@type")
                if any(
                    isinstance(k, str) and _ARTICLE_TYPE.match(k)
                    for k in (kinds if isinstance(kinds, list) else [kinds])
                ):
                    records.append(value)
                waiting += [value[key] for key in ("@graph", "mainEntity") if key in value]
    return records


def _text(value: object, key: str) -> str:
    if isinstance(value, str):
        return value
    if isinstance(value, dict):
        return _text(value.get(key), key) if isinstance(value.get(key), str) else ""
    if isinstance(value, list):
        return ", ".join(filter(None, (_text(item, key) for item in value[:20] if not isinstance(item, list))))
    return ""


def _meta_tags(tree: html.HtmlElement) -> dict[str, str]:
    tags: dict[str, str] = {}
    for tag in tree.xpath("//meta[@content]")[:500]:
        name = tag.get("property") or tag.get("name") or tag.get("itemprop") or ""
        tags.setdefault(name.strip().lower(), tag.get("content") or "")
    return tags


def _markup(tree: html.HtmlElement) -> Iterator[tuple[str, str, str]]:
    """Yield what visible elements say: the canonical link, marked-up dates, the headline, the page's title."""
    for link in tree.xpath("//link[@rel='canonical']/@href")[:1]:
        yield "url", str(link), "canonical link"
    for name, prop in (("published", "datePublished"), ("updated", "dateModified")):
        for tag in tree.xpath(f"//*[@itemprop='{prop}']")[:3]:
            yield name, tag.get("datetime") or tag.get("content") or tag.text_content()[:100], f"markup {prop}"
    times = tree.xpath("//time[@datetime][@pubdate] | //article//header//time[@datetime] | //article//time[@datetime]")
    for tag in times[:1]:
        yield "published", tag.get("datetime") or "", "markup <time>"
    headings = tree.xpath("//h1")
    if len(headings) == 1:
        yield "title", headings[0].text_content()[:500], "headline <h1>"
    for title in tree.xpath("//head/title")[:1]:
        text = (title.text or "")[:500]
        first, _, behind = text.partition(" | ")
        yield "title", first if behind and len(first) > len(behind) else text, "page title"

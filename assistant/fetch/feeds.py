"""Feeds and sitemaps: which articles a site names, newest first (RSS 0.9 to 2.0, Atom, sitemaps.org)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Any, Final, Literal

from lxml import etree  # type: ignore[import-untyped]

from assistant.fetch.errors import FetchError

Kind = Literal["feed", "sitemap", "index"]

_ROOTS: Final[dict[str, Kind]] = {
    "rss": "feed",
    "feed": "feed",
    "rdf": "feed",
    "urlset": "sitemap",
    "sitemapindex": "index",
}
# Possessive and atomic, so that a head of comments without an end cannot be tried in every combination.
_START: Final = re.compile(
    rb"(?:\xef\xbb\xbf)?(?>\s+|<\?.*?\?>|<!--.*?-->|<!DOCTYPE[^>\[]*(?:\[[^\]]*\]\s*)?>)*+"
    rb"<(?:[\w.-]{1,40}:)?(rss|feed|rdf|urlset|sitemapindex)[\s>/]",
    re.IGNORECASE | re.DOTALL,
)
_ENTRIES: Final = frozenset({"item", "entry", "url", "sitemap"})
_DATES: Final = ("pubdate", "published", "updated", "date", "lastmod", "publication_date")
_HEAD: Final = 8192


@dataclass(frozen=True, slots=True)
class Listing:
    """What a feed or sitemap names.

    Attributes:
        kind: ``index`` names sitemaps, the others name pages.
        links: as written, newest first where it dates them, else in its order; each once.
    """

    kind: Kind
    links: tuple[str, ...]


def is_listing(data: bytes) -> bool:
    """Return whether ``data`` is a feed or a sitemap, whatever its server calls it."""
    return _START.match(data[:_HEAD]) is not None


def read_listing(url: str, data: bytes) -> Listing:
    """Read a feed or sitemap; what is damaged in it is passed over.

    Nothing outside the file is ever looked at: no document type, no entity, no stylesheet.

    Raises:
        FetchError: it cannot be read at all.
    """
    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, load_dtd=False, recover=True, remove_comments=True, remove_pis=True
    )
    try:
        root = etree.fromstring(data, parser)
    except (etree.LxmlError, ValueError):
        root = None
    kind = _ROOTS.get(_name(root)) if root is not None else None
    if root is None or kind is None:
        raise FetchError(url, "it is a feed that cannot be read; check it in a browser")
    entries = [(found, when) for entry in root.iter("*") if (found := _link(entry, kind)) for when in [_when(entry)]]
    entries.sort(key=lambda entry: entry[1], reverse=True)  # keeps the order of entries of one time or none
    return Listing(kind, tuple(dict.fromkeys(link for link, _ in entries)))


def _name(element: Any) -> str:  # noqa: ANN401 - lxml has no types
    return str(element.tag).rpartition("}")[2].lower() if isinstance(element.tag, str) else ""


def _link(entry: Any, kind: Kind) -> str:  # noqa: ANN401 - as above
    """Return the address that an entry of a listing names; "" for elements that are no entry."""
    if _name(entry) not in _ENTRIES:
        return ""
    if kind != "feed":
        return next((_text(child) for child in entry.iterchildren("*") if _name(child) == "loc"), "")
    return next(_article_links(entry), "")


def _article_links(entry: Any) -> Iterator[str]:  # noqa: ANN401 - as above
    for child in entry.iterchildren("*"):
        link = (child.get("href") or "").strip() or _text(child)
        if link and _name(child) == "link" and child.get("rel", "alternate") == "alternate":
            yield link
    for child in entry.iterchildren("*"):
        permanent = child.get("isPermaLink", "true").lower() == "true"
        if _name(child) == "guid" and permanent and _text(child).startswith(("http://", "https://")):
            yield _text(child)


def _when(entry: Any) -> float:  # noqa: ANN401 - as above
    """Return seconds since 1970 of when an entry was published or changed, minus infinity when it does not say."""
    dated: dict[str, str] = {}
    for child in entry.iter("*"):
        if (name := _name(child)) in _DATES:
            dated.setdefault(name, _text(child))
    for name in _DATES:
        if name in dated and (seconds := _seconds(dated[name])) is not None:
            return seconds
    return float("-inf")


def _seconds(text: str) -> float | None:
    for read in (datetime.fromisoformat, parsedate_to_datetime):
        try:
            found = read(text)
            return (found if found.tzinfo else found.replace(tzinfo=UTC)).timestamp()
        except (ValueError, OverflowError, TypeError, IndexError):
            continue
    return None


def _text(element: Any) -> str:  # noqa: ANN401 - as above
    return "".join(element.itertext()).strip()

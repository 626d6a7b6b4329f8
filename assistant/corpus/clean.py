"""Raw documents to articles: text with zones, and who published it when, each with how that is known."""

from __future__ import annotations

import datetime as dt
import hashlib
import re
from collections.abc import Mapping, Sequence

from assistant.corpus.dates import parse_declared
from assistant.corpus.formats import MAIL_ORIGIN
from assistant.corpus.furniture import LETTERS
from assistant.corpus.headline import Head, read_head
from assistant.corpus.limits import MAX_TEXT_CHARS, show
from assistant.corpus.paragraphs import Page, Paragraph, scrub, split_paragraphs, squeeze
from assistant.corpus.parse import parse_page
from assistant.corpus.publisher import dateline_date, find_publisher
from assistant.corpus.zones import assign_zones
from assistant.errors import DocumentError
from assistant.types import Article, Block, RawDocument, Zone

_FIELDS = ("title", "publisher", "author", "published", "updated", "url")
_FIELD_CHARS = 500

_HOST = re.compile(r"https?://(?:www\.)?(?P<host>(?:[\w-]+\.)+[^\W\d_][\w-]*)(?=(?::\d+)?(?:[/?#]|\Z))", re.IGNORECASE)
"""An address whose host has a name; without one, or with a password, it names nobody."""

Known = dict[str, tuple[str, str]]
"""Field -> its value and how it is known."""


def clean(document: RawDocument) -> Article:
    """Return the article of a document.

    Args:
        document: as ``read_documents`` yields it.

    Returns:
        An Article whose blocks tile its text; paragraphs are separated by blank lines. What the container declares of
        title, publisher and date goes before the page's metadata, and that before what lines of the text say. Where
        none of them names a publisher, it is the host of the article's address. What stands below "Letters to the
        editor" is readers' comment.

    Raises:
        DocumentError: no article text is found.
    """
    notices = list(document.notices)
    known: Known = {key: (value, document.origin) for key, value in document.declared.items() if value.strip()}
    content, invisible = scrub(document.content)
    if document.kind == "html":
        page = _page(content, document.source)
        paragraphs, notices = page.paragraphs, [*notices, *page.notices]
        invisible += page.invisible
        known = {**page.known, **known}
    else:
        paragraphs = split_paragraphs(content)
    if invisible:
        notices.append(f"{invisible} invisible character{'s' * (invisible != 1)} removed")
    known, dated = _normalised(known)
    head = read_head(paragraphs, known["title"][0] if "title" in known else None)
    zones = assign_zones(paragraphs, head.lines, head.title)
    if "body" not in zones or sum(len(p.text) for p in paragraphs) > MAX_TEXT_CHARS:
        problem = "no article text found; check that it holds the article itself and is no advertisement"
        if "body" in zones:
            problem = f"it has over {MAX_TEXT_CHARS:,} characters of text; split it and add the parts"
        raise DocumentError(f"cannot use {show(document.source)}: {problem}", document.source)
    known = _completed(known, head, paragraphs, zones)
    if "publisher" not in known and (address := _HOST.match(known.get("url", (document.source,))[0])):
        known["publisher"] = (address["host"].lower(), "host of its address")
    if LETTERS.fullmatch(known.get("title", ("",))[0]):
        zones = ["comment" if zone == "body" else zone for zone in zones]
        notices.append("these are readers' letters, taken for comments: answers leave them out")
    return _article(document.source, paragraphs, zones, known, [*notices, *dated, *_not_yet(known)])


def _page(code: str, source: str) -> Page:
    try:
        return parse_page(code)
    except DocumentError as error:
        raise DocumentError(f"cannot use {show(source)}: {error}", source) from error


def _normalised(known: Known) -> tuple[Known, list[str]]:
    """Return the fields on one line each with ISO dates, and notices of dates that cannot be used."""
    tidy: Known = {}
    notices = []
    for name in _FIELDS:
        if name not in known:
            continue
        raw, how = known[name]
        value: str | None = squeeze(scrub(raw)[0])[:_FIELD_CHARS]
        if name in ("published", "updated") and value:
            shown, value = value, parse_declared(value)
            if value is None:
                notices.append(f"the date {show(shown)} ({how}) is not a full, unambiguous date and is not used")
        if name == "url" and value and not value.startswith(("http://", "https://")):
            value = None
        if value:
            tidy[name] = (value, how)
    return tidy, notices


def _not_yet(known: Known) -> list[str]:
    """Return a notice if the article is dated after tomorrow, which is what today is elsewhere; the date stays."""
    published, how = known.get("published", ("", ""))
    today = dt.date.today()
    if published[:10] <= (today + dt.timedelta(days=1)).isoformat():
        return []
    return [f"the date {published} ({how}) is in the future by this machine's clock, which says {today}"]


def _completed(known: Known, head: Head, paragraphs: Sequence[Paragraph], zones: Sequence[Zone]) -> Known:
    """Return ``known`` with what the text itself says of the fields that nothing else tells."""
    found: Known = {name: (value, head.found[name]) for name, value in head.values.items()}
    found.update(known)
    if known.get("author", ("", ""))[1] == MAIL_ORIGIN and head.found.get("author") == "byline":
        # what somebody else wrote, the sender publishes
        found["author"] = (head.values["author"], "byline")
        found.setdefault("publisher", known["author"])
    body = [p.text for p, zone in zip(paragraphs, zones, strict=True) if zone == "body"]
    if "published" not in found and (date := dateline_date(body[0])):
        found["published"] = (date, "dateline")
    if "publisher" not in found:
        about = [p.text for p, zone in zip(paragraphs, zones, strict=True) if zone == "boilerplate"][-5:]
        if publisher := find_publisher(body, about):
            found["publisher"] = publisher
    return found


def _article(
    source: str, paragraphs: Sequence[Paragraph], zones: Sequence[Zone], known: Known, notices: Sequence[str]
) -> Article:
    blocks = []
    position = 0
    for paragraph, zone in zip(paragraphs, zones, strict=True):
        blocks.append(Block(position, position + len(paragraph.text), zone))
        position += len(paragraph.text) + 2
    text = "\n\n".join(paragraph.text for paragraph in paragraphs)
    values: Mapping[str, str | None] = {name: known[name][0] if name in known else None for name in _FIELDS}
    wording = " ".join(text[b.start : b.end] for b in blocks if b.zone != "boilerplate")
    identity = "\x1f".join([squeeze(wording), *(values[name] or "" for name in ("title", "publisher", "published"))])
    return Article(
        id=hashlib.sha256(identity.encode("utf-8")).hexdigest()[:12],
        source=source,
        title=values["title"],
        publisher=values["publisher"],
        author=values["author"],
        published=values["published"],
        updated=values["updated"],
        url=values["url"],
        found={name: known[name][1] for name in _FIELDS if name in known},
        text=text,
        blocks=tuple(blocks),
        notices=tuple(dict.fromkeys(notices)),
    )

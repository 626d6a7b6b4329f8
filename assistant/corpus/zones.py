"""Which paragraph is what: structural rules for dumps of web pages, none keyed to a site.

Each rule is a pass over the paragraphs that fills in zones not yet known; what no rule claims is body.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections import Counter
from collections.abc import Sequence
from typing import Final

from assistant.corpus.foot import (
    FINAL,
    LINE_CHARS,
    Zones,
    is_furniture,
    mark_adverts,
    mark_boxes,
    mark_discussion,
    mark_notes,
)
from assistant.corpus.furniture import CREDITS, OPENERS
from assistant.corpus.interview import mark_interviewers
from assistant.corpus.paragraphs import Paragraph
from assistant.types import Zone

_CAPTION_CHARS: Final = 600
_SUBHEAD_CHARS: Final = 80
_SUBHEAD_WORDS: Final = 12
_STANDFIRST_WORDS: Final = 8
_EXCERPT_CHARS: Final = 20

_ELLIPSIS: Final = re.compile(r"\s*(?:\[\s*(?:…|\.\.\.)\s*\]|…|\.\.\.)\s*(?:read more)?\W*$", re.IGNORECASE)
_DATELINE: Final = re.compile(r"\(?[A-Z][A-Za-z .,'’()/-]{1,60}\)?\s*[—–-]+")
_DATA: Final = re.compile(r"\||:\s\S|[@$€£]\d")
"""A line of a table or list rather than a subhead."""
_LINKED: Final = re.compile(r"[\"'“‘A-Z][^.?:]{2,60}:[A-Z“‘\"'][^\s]{1,40}\s[^.!]{3,200}[^.!]")
"""A promoted link inside the text: a label, a colon and no space behind it."""


def is_caption(text: str) -> bool:
    """Return whether a line is a picture's caption or credit on its own showing."""
    return len(text) <= _CAPTION_CHARS and (_has_credit(text) or bool(OPENERS.fullmatch(text)))


def assign_zones(paragraphs: Sequence[Paragraph], head: Sequence[int], title: int | None) -> list[Zone]:
    """Return the zone of each paragraph.

    Args:
        paragraphs: of the whole source, in reading order.
        head: indices of date lines and bylines.
        title: index of the headline, None where there is none.
    """
    zones: Zones = [paragraph.zone if paragraph.zone in ("comment", "caption") else None for paragraph in paragraphs]
    for index in head:
        zones[index] = "boilerplate"
    if title is not None:
        zones[title] = "heading"
    _captions(paragraphs, zones)
    mark_interviewers(paragraphs, zones)
    _lines(paragraphs, zones)
    mark_adverts(paragraphs, zones, title)
    mark_discussion(paragraphs, zones)
    mark_boxes(paragraphs, zones)
    mark_notes(paragraphs, zones)
    _subheads(paragraphs, zones, title)
    return [zone or "body" for zone in zones]


def _has_credit(text: str) -> bool:
    if len(text) > _CAPTION_CHARS or text.count(" said ") or not any(credit.fullmatch(text) for credit in CREDITS):
        return False
    return len(re.findall(r"[.!?][\"”’]?\s+[A-Z“]", text)) < 4


def _captions(paragraphs: Sequence[Paragraph], zones: Zones) -> None:
    """Mark captions; one that opens as agencies' do runs on through its group of lines to the credit."""
    for index, paragraph in enumerate(paragraphs):
        if zones[index] is not None or len(paragraph.text) > _CAPTION_CHARS or paragraph.zone == "heading":
            continue
        if OPENERS.fullmatch(paragraph.text):
            group = [n for n in range(index, min(index + 6, len(paragraphs))) if paragraphs[n].group == paragraph.group]
            credit = next((n for n in group if _has_credit(paragraphs[n].text)), None)
            if credit is None and len(group) > 1 and " said" in paragraph.text:
                continue
            for n in range(index, (credit or index) + 1):
                zones[n] = "caption"
        elif _has_credit(paragraph.text):
            zones[index] = "caption"


def _lines(paragraphs: Sequence[Paragraph], zones: Zones) -> None:
    """Mark furniture, repeated advertisement lines, bare datelines, promoted links and cut excerpts."""
    texts = [paragraph.text for paragraph in paragraphs]
    ordered = sorted(texts)
    adverts = _adverts(paragraphs, zones)
    for index, text in enumerate(texts):
        if zones[index] is None and len(text) <= LINE_CHARS and (
            index in adverts
            or is_furniture(text)
            or _DATELINE.fullmatch(text)
            or _LINKED.fullmatch(text)
            or _is_excerpt(text, ordered)
        ):  # fmt: skip
            zones[index] = "boilerplate"


def _adverts(paragraphs: Sequence[Paragraph], zones: Zones) -> set[int]:
    """Return the short lines that the document repeats, but for those of lists and tables."""
    short = [zones[n] is None and _is_short(p) and not is_furniture(p.text) for n, p in enumerate(paragraphs)]
    alone = [
        n
        for n, is_it in enumerate(short)
        if is_it and not any(short[max(n - 1, 0) : n]) and not any(short[n + 1 : n + 2])
    ]
    counts = Counter(paragraphs[n].text.casefold() for n in alone)
    return {n for n in alone if counts[paragraphs[n].text.casefold()] > 1 and not _DATA.search(paragraphs[n].text)}


def _is_excerpt(text: str, ordered: Sequence[str]) -> bool:
    """Return whether ``text`` is cut and another of the sorted texts begins with it."""
    start = _ELLIPSIS.sub("", text)
    if start == text or len(start) < _EXCERPT_CHARS:
        return False
    place = bisect_left(ordered, start)
    return any(other.startswith(start) and other != text for other in ordered[place : place + 3])


def _subheads(paragraphs: Sequence[Paragraph], zones: Zones, title: int | None) -> None:
    """Mark subheads: short, without final punctuation, one or two in a row and reporting behind them."""
    shorts = [zones[i] is None and _is_short(p) for i, p in enumerate(paragraphs)]
    end = len(paragraphs)
    behind: Zone | None = "comment"  # what comes next that is neither furniture nor a caption
    while end > 0:
        first = end - 1
        while shorts[first] and first and shorts[first - 1]:
            first -= 1
        if not shorts[first]:
            behind = behind if zones[first] in ("boilerplate", "caption") else zones[first]
        else:
            foot = "boilerplate" in (*zones[max(first - 1, 0) : first], *zones[end : end + 1])
            for index in range(first, end):
                zones[index] = _short_zone(paragraphs[index], end - first, behind, foot=foot)
            if _is_standfirst(paragraphs, zones, title, first):
                zones[first] = None
            behind = zones[first]
        end = first


def _short_zone(paragraph: Paragraph, run: int, behind: Zone | None, *, foot: bool) -> Zone | None:
    """Return what one of ``run`` short lines in a row is; None is body."""
    if paragraph.zone == "heading":
        return "heading"
    if run > 2:
        return None  # a list
    if behind in (None, "heading"):
        return "heading"
    return "boilerplate" if foot else None


def _is_standfirst(paragraphs: Sequence[Paragraph], zones: Zones, title: int | None, index: int) -> bool:
    """Return whether this follows the headline, but for furniture and captions, and is long enough to say something."""
    if title is None or index <= title or paragraphs[index].zone == "heading":
        return False
    between = zones[title + 1 : min(index, title + 20)]
    long_enough = len(paragraphs[index].text.split()) >= _STANDFIRST_WORDS
    return long_enough and all(zone in ("boilerplate", "caption") for zone in between) and index < title + 20


def _is_short(paragraph: Paragraph) -> bool:
    text = paragraph.text
    if paragraph.zone == "heading":
        return True
    if len(text) > _SUBHEAD_CHARS or len(text.split()) > _SUBHEAD_WORDS or paragraph.listed or paragraph.indent:
        return False
    if _DATA.search(text):
        return False
    return not FINAL.search(text) or (text.endswith("?") and not re.search(r"[\"“”]", text))

"""What stands in and below an article: adverts, discussion, boxes of other articles, the publisher's own notes."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

from assistant.corpus.furniture import ABOUT, ADVERTS, BOXES, DISCUSSION, FEATURES, LINES, NOTES, SELF, SLOTS
from assistant.corpus.paragraphs import Paragraph
from assistant.types import Zone

Zones = list[Zone | None]
"""A zone for each paragraph; None where no rule has claimed it yet, which ends as body."""

LINE_CHARS: Final = 400
BODY_CHARS: Final = 80
_ADVERT_LINES: Final = 6
"""Lines that an advertisement has at most below its label."""
_SENTENCE_CHARS: Final = 160
FINAL: Final = re.compile(r"[.!?…;:,][\"”’'»)\]]*$")
"""Final punctuation, with what may stand behind it."""


def is_sentence(text: str) -> bool:
    """Return whether ``text`` reads as reporting: long, or closed by a sentence's punctuation."""
    return len(text) > _SENTENCE_CHARS or bool(FINAL.search(text))


def is_furniture(text: str) -> bool:
    """Return whether a line is part of the page, not of the article, whatever stands around it."""
    return len(text) <= LINE_CHARS and any(pattern.fullmatch(text) for pattern in LINES)


def mark_adverts(paragraphs: Sequence[Paragraph], zones: Zones, title: int | None) -> None:
    """Mark what is labelled as an advertisement: what follows the label in its block, or up to a sentence.

    A whole article is one where it says so right above the headline, or between that and the reporting.
    """
    start = -1 if title is None else title
    lead = next((n for n in range(start + 1, len(paragraphs)) if _is_reporting(paragraphs[n], zones[n])), None)
    if lead is not None and any(FEATURES.fullmatch(p.text) for p in paragraphs[max(start - 1, 0) : lead]):
        zones[lead:] = [zone or "boilerplate" for zone in zones[lead:]]
    for index in range(start + 1, len(paragraphs)):
        named = bool(ADVERTS.fullmatch(paragraphs[index].text))
        if named or SLOTS.fullmatch(paragraphs[index].text):
            for n in (index, *_below_label(paragraphs, index, named=named)):
                zones[n] = "boilerplate" if zones[n] != "comment" else zones[n]


def _below_label(paragraphs: Sequence[Paragraph], index: int, *, named: bool) -> range:
    """Return the lines of the advertisement below its label: its block; without one, what a ``named`` one can claim."""
    first, stop = index + 1, min(index + 1 + _ADVERT_LINES, len(paragraphs))
    groups = [paragraph.group for paragraph in paragraphs[index : stop + 1]]
    size = groups.count(groups[0]) - 1
    if 0 < size <= _ADVERT_LINES and (index == 0 or paragraphs[index - 1].group != groups[0]):
        return range(first, first + size)
    last = next((n for n in range(first, stop) if is_sentence(paragraphs[n].text)), stop - 1)
    return range(first, last + 1) if named else range(0)


def _is_reporting(paragraph: Paragraph, zone: Zone | None) -> bool:
    return zone is None and len(paragraph.text) >= BODY_CHARS and is_sentence(paragraph.text)


def mark_discussion(paragraphs: Sequence[Paragraph], zones: Zones) -> None:
    """Mark what readers say: from a marker, or from the first item of a nested list, to the end."""
    start = _discussion_start(paragraphs, zones)
    if start is None:
        return
    if _is_marker(paragraphs[start].text):
        zones[start] = "boilerplate"
        start += 1
    for index in range(start, len(paragraphs)):
        text = paragraphs[index].text
        if zones[index] is None or (zones[index] in ("boilerplate", "caption") and not is_furniture(text)):
            zones[index] = "comment"


def _discussion_start(paragraphs: Sequence[Paragraph], zones: Zones) -> int | None:
    reported = 0  # paragraphs of reporting so far: a comment link above the article starts no discussion
    nested = _nested_list(paragraphs)
    for index, paragraph in enumerate(paragraphs):
        if reported and (index == nested or _is_marker(paragraph.text)):
            return index
        reported += _is_reporting(paragraph, zones[index])
    return None


def _is_marker(text: str) -> bool:
    return len(text) <= _SENTENCE_CHARS and bool(DISCUSSION.fullmatch(text))


def _nested_list(paragraphs: Sequence[Paragraph]) -> int | None:
    """Return where a list with items at several depths starts that, but for furniture, runs to the end."""
    start = None
    depths: set[int] = set()
    for index in range(len(paragraphs) - 1, -1, -1):
        paragraph = paragraphs[index]
        if paragraph.listed and paragraph.indent:
            start = index
            depths.add(paragraph.indent)
        elif not paragraph.indent and len(paragraph.text) >= BODY_CHARS and not is_furniture(paragraph.text):
            break
    return start if len(depths) > 1 else None


def mark_boxes(paragraphs: Sequence[Paragraph], zones: Zones) -> None:
    """Mark the titles that stand behind a marker of related stories."""
    inside = False
    for index, paragraph in enumerate(paragraphs):
        if zones[index] == "boilerplate":
            inside = inside or bool(BOXES.fullmatch(paragraph.text))
        elif (
            inside
            and zones[index] is None
            and (not is_sentence(paragraph.text) or _asks(paragraph.text))
            and _titles_follow(paragraphs, zones, index)
        ):
            zones[index] = "boilerplate"
        else:
            inside = False


def _asks(text: str) -> bool:
    """Return whether a line is a question, as titles are too."""
    return len(text) < BODY_CHARS and text.endswith("?")


def _titles_follow(paragraphs: Sequence[Paragraph], zones: Zones, index: int) -> bool:
    """Return whether this is a title among titles: the last line before reporting goes on may be its subhead."""
    following = paragraphs[index + 1 : index + 2]
    if not following or zones[index + 1] is not None:
        return True
    return len(following[0].text) < BODY_CHARS or not is_sentence(following[0].text)


def mark_notes(paragraphs: Sequence[Paragraph], zones: Zones) -> None:
    """Mark the publisher's description of itself and republishing notes among the last three paragraphs."""
    last = [index for index, zone in enumerate(zones) if zone is None][-3:]
    for index in last:
        text = paragraphs[index].text[:1000]
        if NOTES.search(text) or (SELF.search(text) and ABOUT.match(text)):
            zones[index] = "boilerplate"

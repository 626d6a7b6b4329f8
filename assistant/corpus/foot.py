"""What stands below an article: readers' discussion, boxes of other articles, the publisher's notes on itself."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

from assistant.corpus.furniture import ABOUT, BOXES, DISCUSSION, LINES, NOTES, SELF
from assistant.corpus.paragraphs import Paragraph
from assistant.types import Zone

Zones = list[Zone | None]
"""A zone for each paragraph; None where no rule has claimed it yet, which ends as body."""

LINE_CHARS: Final = 400
BODY_CHARS: Final = 80
_SENTENCE_CHARS: Final = 160
FINAL: Final = re.compile(r"[.!?…;:,][\"”’'»)\]]*$")
"""Final punctuation, with what may stand behind it."""


def is_sentence(text: str) -> bool:
    """Return whether ``text`` reads as reporting: long, or closed by a sentence's punctuation."""
    return len(text) > _SENTENCE_CHARS or bool(FINAL.search(text))


def is_furniture(text: str) -> bool:
    """Return whether a line is part of the page, not of the article, whatever stands around it."""
    return len(text) <= LINE_CHARS and any(pattern.fullmatch(text) for pattern in LINES)


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
        reported += zones[index] is None and len(paragraph.text) >= BODY_CHARS and is_sentence(paragraph.text)
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
            and not is_sentence(paragraph.text)
            and _titles_follow(paragraphs, zones, index)
        ):
            zones[index] = "boilerplate"
        else:
            inside = False


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

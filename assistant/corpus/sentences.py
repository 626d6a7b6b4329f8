"""Paragraphs to sentences, by sentencex, with small repairs of what it is known to get wrong in news."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import pairwise
from typing import Final

from sentencex import get_sentence_boundaries  # type: ignore[import-untyped]

_CLOSING: Final = re.compile(r"[”’»)\]\"'.!?…]+(?:\s|$)")
_INNER: Final = re.compile(r"(?:(?<=[a-z\d%)’'][.!?])|(?<=[.!?][”\"]))\s+(?=[“\"‘'(]?[A-Z])")
"""Ends of sentences inside a quotation, which the splitter takes as one sentence however long it is."""
_LONG_SENTENCE: Final = 300
_NUMBER: Final = re.compile(r"\W{0,2}(?:\d{1,3}|[A-Za-z])[.)]|[-*•◦▪–]")
_ZONE: Final = re.compile(r"[A-Z]{1,4}T\b|UTC\b")
_ABBREVIATED: Final = re.compile(
    r"(?:^|[\s(“\"])(?:[A-Z]|Mr|Mrs|Ms|Dr|Prof|Gen|Col|Lt|Maj|Capt|Sgt|Cpl|Brig|Adm|Cmdr|Rep|Reps|Sen|Sens|Gov|Rev|Hon|"
    r"St|Pres|Insp|Supt|Det|vs|No|Nos|Mt|Ft)\.$"
)
_LONGEST: Final = 800
"""Characters of a sentence; what is longer is no prose, and is cut at a clause or else at a space."""
_LONG: Final = 5_000
"""Characters handed to the splitter at once; a longer paragraph is cut at white space first."""


def split_sentences(text: str) -> list[tuple[int, int]]:
    """Return the sentences of a paragraph.

    Args:
        text: one paragraph.

    Returns:
        Offsets (start, end) in characters, in order, without overlap, trimmed of white space; they cover all words.
    """
    spans: list[tuple[int, int]] = []
    for start, end in _pieces(text):
        cuts = [bound["start_index"] + start for bound in get_sentence_boundaries("en", text[start:end])]
        edges = [start, *(cut for cut in cuts if start < cut < end), end]
        for first, last in pairwise(edges):
            inner = [m.end() for m in _INNER.finditer(text, first, last)] if last - first > _LONG_SENTENCE else []
            spans += pairwise([first, *(cut for cut in inner if first < cut < last), last])
    return [piece for span in _repaired(text, spans) for piece in _bounded(text, *span)]


def _pieces(text: str) -> list[tuple[int, int]]:
    pieces = []
    start = 0
    while len(text) - start > _LONG:
        end = (text.rfind(". ", start, start + _LONG) + 1 or text.rfind(" ", start, start + _LONG)) + 1
        end = end if end > start + 1 else start + _LONG
        pieces.append((start, end))
        start = end
    return [*pieces, (start, len(text))]


def _repaired(text: str, spans: list[tuple[int, int]]) -> list[tuple[int, int]]:
    """Return trimmed spans; what cannot start a sentence joins the one before."""
    whole: list[tuple[int, int]] = []
    for begin, stop in spans:
        start, end = _trimmed(text, begin, stop)
        if whole and start < end and (closing := _CLOSING.match(text, start, end)):
            whole[-1] = (whole[-1][0], start + len(closing[0].rstrip()))
            start, end = _trimmed(text, closing.end(), end)
        if start >= end:
            continue
        if whole and _continues(text, whole[-1], start):
            whole[-1] = (whole[-1][0], end)
        else:
            whole.append((start, end))
    return whole


def _bounded(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    """Yield parts of at most ``_LONGEST`` characters."""
    while end - start > _LONGEST:
        near = (text.rfind(mark, start + _LONGEST // 2, start + _LONGEST) + 1 for mark in ("; ", ", ", " "))
        cut = next((place for place in near if place), start + _LONGEST)
        yield _trimmed(text, start, cut)
        start = _trimmed(text, cut, end)[0]
    if start < end:
        yield start, end


def _continues(text: str, before: tuple[int, int], start: int) -> bool:
    head = text[start : start + 2].lstrip("“\"'‘([")
    if head[:1].islower() or _NUMBER.fullmatch(text, *before):
        return True
    if text[before[0] : before[1]].endswith((" a.m.", " p.m.")) and _ZONE.match(text, start):
        return True
    return bool(_ABBREVIATED.search(text, max(before[0], before[1] - 12), before[1]))


def _trimmed(text: str, start: int, end: int) -> tuple[int, int]:
    while start < end and text[start].isspace():
        start += 1
    while end > start and text[end - 1].isspace():
        end -= 1
    return start, end

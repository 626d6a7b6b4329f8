"""Who asks in an interview: like a subhead, a question goes before its answer and reports nothing by itself."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Sequence
from typing import TYPE_CHECKING, Final

from assistant.corpus.foot import Zones
from assistant.corpus.paragraphs import Paragraph, squeeze

if TYPE_CHECKING:
    from lxml import html  # type: ignore[import-untyped]

_SPEAKER: Final = re.compile(r"(?:[A-Z][\w.’'&-]* )?(?:[\w.’'&-]+ ){0,2}(?P<last>[A-Z][\w’'&-]*)(?::|(?<=^Q)\.)\s")
"""Who speaks, before a paragraph: "Ann Lee: ", "The Gazette: ", "Q. "; the last word stands for all of the name."""
_ANSWERED: Final = re.compile(r"[.?!…][\"”’)]* (?:A|Answer|ANSWER)[:.]\s")
_FACES: Final = (("b", "strong"), ("em", "i"))
_LONGEST: Final = 1000
"""Characters of a question; what is longer is a page in bold."""
_PARTS: Final = 20
"""Elements of one opening; lxml takes as long as the square of them to drop them."""
_ENDS: Final = re.compile(r"[.?!…][\"”’)]*$")
_SPEECH: Final = re.compile(r"[\"“„«‘'].*[\"”“»’']", re.DOTALL)


def mark_interviewers(paragraphs: Sequence[Paragraph], zones: Zones) -> None:
    """Mark as headings the paragraphs of a speaker who mostly asks, but for those that hold the answer too."""
    said: defaultdict[str, list[int]] = defaultdict(list)
    for index, paragraph in enumerate(paragraphs):
        speaker = _SPEAKER.match(paragraph.text) if zones[index] is None else None
        if speaker and not _ANSWERED.search(paragraph.text):
            last = speaker["last"].casefold()
            asks = speaker.start("last") == 0 and last in ("q", "question")
            said["" if asks else last].append(index)
    for name, places in said.items():
        if not name or _questions([paragraphs[index].text for index in places]):
            for index in places:
                zones[index] = "heading"


def part_questions(tree: html.HtmlElement) -> None:
    """Turn the openings of paragraphs in bold or italics into headings, from the first question to the last.

    Openings are whole sentences, mostly whole paragraphs. Subheads in bold, which end without a mark, are none, nor is
    speech in italics, which somebody reports: "Why?", she asked.
    """
    for face in _FACES:
        opened = [(block, _opening(block, face)) for block in tree.xpath("//p | //div")]
        texts = [squeeze("".join(part.text_content() for part in parts)) for _, parts in opened]
        whole = [
            n
            for n, text in enumerate(texts)
            if len(text) <= _LONGEST and _ENDS.search(text) and not _SPEECH.fullmatch(text)
        ]
        for n in _questions([texts[n] for n in whole]):
            block, parts = opened[whole[n]]
            heading = block.makeelement("h4")
            heading.text = texts[whole[n]]
            block.addprevious(heading)
            for part in parts:
                part.drop_tree()


def _opening(block: html.HtmlElement, face: Sequence[str]) -> list[html.HtmlElement]:
    """Return the elements in one face of type with which a block opens, none where a sentence goes on behind them."""
    parts: list[html.HtmlElement] = []
    before = block.text
    for part in block:
        if part.tag not in face or (before or "").strip() or len(parts) == _PARTS:
            break
        parts.append(part)
        before = part.tail
    return [] if (before or "").lstrip(" ,\n")[:1].islower() else parts


def _questions(texts: Sequence[str]) -> range:
    """Return the places from the first question to the last; none where one is all, or fewer than half of them ask."""
    asking = [n for n, text in enumerate(texts) if "?" in text]
    places = range(asking[0], asking[-1] + 1) if asking else range(0)
    return places if len(asking) >= max(2, len(places) / 2) else range(0)

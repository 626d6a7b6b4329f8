"""The sentences that may answer, and the words that are quoted of each."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import takewhile

from assistant.answering.claims import Quote, quoted
from assistant.types import Hit, Sentence

LONGEST_QUOTE = 480
"""Characters; a sentence that points back takes the one before it along up to this length."""

_LEANS = re.compile(
    r"^[\"“‘']?(?:He|She|They|It|His|Her|Their|Its|This|These|Those|That|Both|Neither|Another|Others|"
    r"The (?:group|deal|agreement|move|ministry|statement|attack|announcement|decision|two|former|latter))\b"
)

_REPLIES = re.compile(
    r"(?:[^\W\d_][^.:!?]{0,40}: )?(?:Yes|No|Not|Never|Of course|Certainly|Absolutely|Exactly|Perhaps|Maybe)\b"
)
"""What begins an answer that says nothing without its question; who speaks may stand before it."""

_CORRECTS = re.compile(r"\b(?:Correction|Clarification|CORRECTION|CLARIFICATION)\b|\b[Aa]n earlier version of this\b")

_FINAL = re.compile(r"[.!?…][\"”’)]*$")

_SPEECH = re.compile(r"[\"“][^\"”]*[\"”]?")

_ITEM = re.compile(r"[-*•◦▪‣·–●■►◾]|\d{1,3}[.)]\s|.{1,80}(?<![.!?:])$")
"""A line of a list: a mark stands before it, or it is short and no sentence."""


@dataclass(frozen=True, slots=True)
class Candidate:
    """A sentence that may answer, with the passage it stands in."""

    hit: Hit
    sentence: Sentence
    text: str
    before: str
    after: str


def candidates(hits: Sequence[Hit]) -> list[Candidate]:
    """Return every sentence of the passages that may tell something, each once, in the order of the hits."""
    found: list[Candidate] = []
    for hit in hits:
        sentences = hit.passage.sentences
        texts = ["", *(quoted(hit, one.start, one.end).text for one in sentences), ""]
        for place, sentence in enumerate(sentences, 1):
            if _tells(texts[place], texts[place + 1]):
                found.append(Candidate(hit, sentence, texts[place], texts[place - 1], texts[place + 1]))
    return found


def sentence_spans(hit: Hit) -> tuple[tuple[int, int], ...]:
    """Return where the sentences that :func:`candidates` returns of a passage stand in its own text."""
    base = hit.passage.start
    found = (one.sentence for one in candidates([hit]))
    return tuple((sentence.start - base, sentence.end - base) for sentence in found)


def quote(candidate: Candidate) -> Quote:
    """Return the words to show: the sentence, with the one before it where that one tells whom it is about.

    What leans on an interviewer's question begins with that, and what a line with a colon leads to with that line. Of a
    correction all is shown: what was wrong is never quoted without what is right.
    """
    alone = quoted(candidate.hit, candidate.sentence.start, candidate.sentence.end)
    if correction := _correction(alone):
        return correction
    listed = _with_list(alone)
    if listed != alone:
        return listed
    if candidate.before:
        return with_before(alone) if _leans(candidate.text) else alone
    return _with_question(alone) if _leans(candidate.text) or _REPLIES.match(candidate.text) else alone


def _with_question(one: Quote) -> Quote:
    """Return the quote that opens a passage with what was asked right above it; a subhead has no final mark."""
    start = one.hit.passage.start
    asked = one.hit.text[: one.start - start].rstrip()
    return quoted(one.hit, start, one.end) if _FINAL.search(asked) and one.end - start <= LONGEST_QUOTE else one


def _with_list(one: Quote) -> Quote:
    """Return what stands under a line with a colon from that on, such a line with what it leads to; not if too long.

    Under it stand the paragraph below, and where that is a line of a list, all that follow.
    """
    base, said = one.hit.passage.start, one.hit.passage.sentences
    lines = list(re.finditer(r"\S[^\n]*", one.hit.text))
    here = next(n for n, line in enumerate(lines) if one.end - base <= line.end())
    listed = [bool(_ITEM.match(line[0])) for line in lines]
    if one.text.endswith(":"):
        items = takewhile(lambda n: listed[n], range(here + 1, len(lines)))
        ends = [*(s.end for s in said if s.start >= one.end)][:1] + [base + lines[n].end() for n in items]
        return quoted(one.hit, one.start, max([one.end, *(end for end in ends if end - one.start <= LONGEST_QUOTE)]))
    lead = next((n for n in reversed(range(here)) if not (listed[n] and listed[here])), here)
    if one.start - base > lines[here].start() or not lines[lead][0].endswith(":"):
        return one
    start = max((s.start for s in said if s.end == base + lines[lead].end()), default=base + lines[lead].start())
    return quoted(one.hit, start, one.end) if one.end - start <= LONGEST_QUOTE else one


def _correction(one: Quote) -> Quote | None:
    """Return the correction that a quote is of: from the sentence that says so to the end of its paragraph."""
    base, text = one.hit.passage.start, one.hit.text
    first = text.rfind("\n", 0, one.start - base) + 1
    last = text.find("\n", one.end - base)
    begins = _CORRECTS.search(text, first, one.end - base)
    if not begins:
        return None
    said = [
        s for s in one.hit.passage.sentences if s.end > base + begins.start() and (last < 0 or s.end <= base + last)
    ]
    whole = quoted(one.hit, said[0].start, said[-1].end)
    return whole if len(whole.text) <= LONGEST_QUOTE else None


def with_before(one: Quote) -> Quote:
    """Return a quote with the sentence before it; as it is where a paragraph begins or both are too long."""
    base = one.hit.passage.start
    previous = next((s for s in reversed(one.hit.passage.sentences) if s.end <= one.start), None)
    if previous is None or one.end - previous.start > LONGEST_QUOTE:
        return one
    if "\n" in one.hit.text[previous.end - base : one.start - base]:
        return one
    return quoted(one.hit, previous.start, one.end)


def _tells(text: str, after: str) -> bool:
    """Whether a sentence is no question, and none that only leads to one or to nothing."""
    return not _asks(text) and not (text.endswith(":") and (not after or after.endswith(":") or _asks(after)))


def _asks(text: str) -> bool:
    """Whether a sentence is a question; one that reports a question tells something."""
    around = _SPEECH.sub("", text)
    asked = around if any(letter.isalpha() for letter in around) else text
    return asked.rstrip(" \"”’'»)]!…").endswith(("?", "？", "؟"))


def _leans(text: str) -> bool:
    """Whether a sentence begins with a word that points back, or is direct speech of somebody it does not name."""
    if _LEANS.match(text):
        return True
    return text.startswith(('"', "“")) and not any(letter.isupper() for letter in _SPEECH.sub("", text))

"""Passive verbs with the one who does it, and words of comparison, whose two sides may not change places."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

from assistant.answering.checks.align import Alignment
from assistant.answering.checks.classes import BE
from assistant.answering.checks.nearness import any_link
from assistant.answering.checks.wording import is_form
from assistant.answering.checks.words import Parsed, Word
from assistant.terms import fold

_Sides = tuple[Sequence[Word], Sequence[Word]]
_AUXILIARY = frozenset(
    "is are was were be been being has have had will would may can could must should not never also now then".split()
)


def compared(aligned: Alignment) -> str:
    """Return a word of comparison whose sides changed places."""
    for word, places in _connectives(aligned):
        before, after = _plain_sides(aligned.said, word)
        if fold(aligned.said.words[max(0, word.place - 1)].text) in ("rather", "other"):
            continue  # "a list rather than a peace" for "less a peace than a list"
        for place in places:
            front, back = _plain_sides(aligned.sources[place.sentence], place)
            if (
                any_link(aligned, after[:1], front)
                and not any_link(aligned, after[:1], back)
                and any_link(aligned, before, back[:1])
            ):
                return word.text
    return ""


def _plain_sides(text: Parsed, at: Word) -> _Sides:
    before, after = _around(text, at)
    return [w for w in before if w.kind == "word"], [w for w in after if w.kind == "word"]


def _connectives(aligned: Alignment) -> list[tuple[Word, list[Word]]]:
    """The words of comparison, which have two sides as verbs do."""
    return [
        (word, [w for w in aligned.words if fold(w.text) == fold(word.text)])
        for word in aligned.said.words
        if fold(word.text) in ("than", "against", "with")
    ]


def is_passive(text: Parsed, verb: Word) -> bool:
    """Whether a form of "be" stands before a verb, with nothing but adverbs between."""
    for word in reversed(text.words[max(0, verb.place - 3) : verb.place]):
        folded = fold(word.text)
        if folded in BE:
            return True
        if word.content and not folded.endswith("ly"):
            return False
        if folded in ("to", "who", "which", "that", "and", "he", "she", "it", "they"):
            return False
    return False


def agent(text: Parsed, verb: Word) -> bool:
    """Whether a word is followed by the one who does it: "by" soon behind it, in the same clause."""
    folded = fold(verb.text)
    be = is_passive(text, verb)
    if not be and not folded.endswith(("ed", "en", "wn")) and not (folded != verb.key and is_form(folded)):
        return False
    behind = [w for w in text.words[verb.place + 1 : verb.place + 7] if w.clause == verb.clause]
    return any(
        fold(w.text) == "by"
        and n.kind == "word"
        and not n.text.endswith("ing")
        and fold(n.text) not in ("about", "around", "some", "more", "almost")
        for w, n in pairwise(behind)
    )


def _around(text: Parsed, at: Word) -> _Sides:
    """The content words before and behind a word, nearest first, within its clause."""
    clause = [w for w in _matter(text, at.clause) if w.place != at.place]
    before, after = [w for w in reversed(clause) if w.place < at.place], [w for w in clause if w.place > at.place]
    if not before and at.clause:
        first = next(w for w in text.words if w.clause == at.clause)
        inside = text.words[first.place + 1 : at.place]
        if fold(first.text) in ("who", "which", "that") and all(fold(w.text) in _AUXILIARY for w in inside):
            before = list(reversed(_matter(text, at.clause - 1)))
        elif first.place == at.place and text.text[: first.start].rstrip().endswith(","):
            before = [*reversed(_matter(text, at.clause - 1)), *reversed(_matter(text, at.clause - 2))]
    return before, after


def _matter(text: Parsed, clause: int) -> list[Word]:
    return [w for w in text.words if w.clause == clause and w.content and w.kind in ("word", "number")]

"""Who does what to whom: whether the two sides of a verb have changed places.

There is no parser here: a subject is what stands before a form of a verb in its clause, an object what stands behind
it, and "was ... by" turns the two round. That carries simple sentences only.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

from assistant.answering.checks.align import Alignment
from assistant.answering.checks.nearness import any_link
from assistant.answering.checks.wording import is_form
from assistant.answering.checks.words import Parsed, Word
from assistant.terms import fold

_Sides = tuple[Sequence[Word], Sequence[Word]]
_AUXILIARY = frozenset(
    "is are was were be been being has have had will would may can could must should not never also now then".split()
)
_BEHIND_PARTICIPLE = frozenset("at from in on with since as during to for".split())
BE = frozenset("is are was were be been being get gets got".split())


def turned(aligned: Alignment) -> str:
    """Return a verb around which the statement has the two sides the other way round; "" if there is none."""
    for word, places in aligned.anchors():
        hyphened = aligned.said.text[word.start - 1 : word.start] == "-"
        if hyphened or not (word.verb or agent(aligned.said, word)):
            continue  # "UK-based" has its parts the other way round from "based in Britain"
        ours = _sides(aligned.said, word)
        for place in places:
            source = aligned.sources[place.sentence]
            if place.verb or agent(source, place):
                theirs = _sides(source, place)
                other = word.key == place.key and _other_subject(aligned, ours, theirs)
                if other or _crossed(aligned, ours, theirs):
                    return word.text
    return _compared(aligned)


def _crossed(aligned: Alignment, said: _Sides, theirs: _Sides) -> bool:
    """Whether both sides of a verb changed places."""
    (does, done), (doer, patient) = said, theirs
    if any_link(aligned, does[:2], doer) or any_link(aligned, done[:2], patient):
        return False
    return any_link(aligned, does[:1], patient[:2]) and any_link(aligned, done[:2], doer[:2])


def _other_subject(aligned: Alignment, said: _Sides, theirs: _Sides) -> bool:
    """Whether the statement gives a verb the subject of another one, and the sources' own subject is left out."""
    (does, done), (doer, patient) = said, theirs
    if not does or not doer or not any_link(aligned, done[:2], patient[:3]):
        return False
    if does[0].verb or not does[0].kind == doer[0].kind == "word":
        return False
    behind = aligned.said.words[does[0].place + 1 :]
    taken = {
        (p.sentence, p.place) for w in aligned.said.words if w.content and w not in behind for p in aligned.found(w)
    }
    return (
        bool(aligned.same.get(does[0].place) or not aligned.found(does[0]))
        and not any_link(aligned, does[:2], doer)
        and not any((w.sentence, w.place) in taken for w in doer[:2])
    )


def _compared(aligned: Alignment) -> str:
    """Return a word of comparison whose sides changed places."""
    for word, places in _connectives(aligned):
        before, after = _plain_sides(aligned.said, word)
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


def _sides(text: Parsed, at: Word) -> _Sides:
    """Who does and what is done to, nearest words first; a passive has them the other way round."""
    before, after = _around(text, at)
    if agent(text, at):
        by = next(w.place for w in text.words[at.place :] if fold(w.text) == "by")
        return [w for w in after if w.place > by], [*before, *(w for w in after if w.place < by)]
    folded = fold(at.text)
    if folded.endswith("ing"):
        return before, after
    near = [fold(w.text) for w in text.words[max(0, at.place - 3) : at.place]]
    if is_passive(text, at):
        return [], before
    behind = text.words[at.place + 1 : at.place + 2]
    if (
        folded.endswith("ed")
        and not {"has", "have", "had"} & set(near)
        and (not behind or fold(behind[0].text) in _BEHIND_PARTICIPLE)
    ):
        return [], []  # "rounds fired at": the rounds may be doing it or have it done to them
    return before, after

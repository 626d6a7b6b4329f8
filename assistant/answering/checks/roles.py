"""Names, numbers and dates beside the words that they belong to, and which way they point."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from assistant.answering.checks.align import Alignment, Fact
from assistant.answering.checks.nearness import BEYOND, between, distance
from assistant.answering.checks.units import is_unit
from assistant.answering.checks.words import Parsed, Word
from assistant.terms import fold

_NEAR = 3
"""By how many words another fact must be nearer."""
MOST_PLACES = 4
"""A word that stands in more places of the sources tells nothing."""
_MOST_FACT_PLACES = 20
"""Likewise for a number or a name, which a table or a list may hold some times."""
_REACH = {"name": (2, 2), "number": (3, 3), "date": (4, 6), "time": (4, 6)}
"""How far a fact may stand from a word that it belongs to: in the statement, in the sources."""
_LIGHT = frozenset("take make have get give go come put set do peopl person al".split())
"""Words that go with anything."""
SURE = 0.3
"""By how much the votes against a fact must outweigh those for it; one word next to it has a whole vote."""
_POINTS_BACK = re.compile(
    r"(?:\W*\w+){0,3}?\W*\b(?:he|she|they|it|his|her|their|its|this|that|these|those|such|latter|former)\b", re.I
)
_INSIDE = frozenset("of the al el a and for de bin van von s".split())
_FROM = re.compile(r"\b(?:from|instead of|up from|down from)\s(?:(?:the|an?|about)\s)?(?:[a-z-]+\s)?$", re.I)
_TO = re.compile(r"\b(?:to|towards?|into|reach(?:ed|es)?)\s(?:(?:the|an?|about)\s)?(?:[a-z-]+\s)?$", re.I)
_BY = re.compile(
    r"\b(?:up|down|r(?:is|ose|ais)|f[ae]ll|cut|increas|reduc|drop|gr[oe]w|shr[iau]nk|shorten|lower|climb|"
    r"declin|jump|slip|extend|prolong|delay|postpone|chang|short)\w*\b"
    r"[^.;:]*\bby\s(?:(?:the|an?|about|some|almost|nearly|over)\s)?$",
    re.I,
)
_WAY = re.compile(r"\b(?:(from)|to|towards?|into) (?:the |an? )?(?:[a-z]+-[a-z]+ )?$", re.I)


def exchanged(aligned: Alignment, facts: Sequence[Fact], source_facts: Sequence[tuple[str, Word]]) -> str:
    """Return a fact that the sources put beside other words than the statement does; "" if there is none.

    Each word near a fact votes: for it where the sources have the two together, against it where the sources have
    another fact of the same kind nearer to that word.

    Args:
        aligned: statement and sources.
        facts: names, numbers and moments of the statement.
        source_facts: kind and first word of those of the sources.
    """
    for fact in facts:
        if len(fact.places) > _MOST_FACT_PLACES:
            continue
        rivals = [
            w for kind, w in source_facts if kind == fact.kind and not any(_one(w, p, aligned) for p in fact.places)
        ]
        if rivals and fact.places:
            votes = [_vote(aligned, facts, fact, rivals, beside) for beside in _beside(aligned, facts, fact)]
            if sum(votes) < -SURE:
                return fact.word.text
    return ""


def _vote(
    aligned: Alignment, facts: Sequence[Fact], fact: Fact, rivals: Sequence[Word], beside: tuple[Word, list[Word]]
) -> float:
    """How much a word beside a fact speaks for it, below 0 against it: the nearer the more."""
    word, places = beside
    apart = distance(fact.word, word)
    ours, theirs = _REACH[fact.kind]
    if apart > ours or len(places) > MOST_PLACES:
        return 0.0
    mine = min(between(p, a) for p in fact.places for a in places)
    other, rival, at = min(((between(r, a), r, a) for r in rivals for a in places), key=lambda one: one[0])
    if any(a.text.endswith("ing") and a.place for a in places) and apart < 3 and fact.kind == "name":
        return 0.0  # the subject of "giving up" stands elsewhere
    if mine > BEYOND and _POINTS_BACK.match(aligned.sources[places[0].sentence].text):
        return 0.0  # the fact itself stands in another sentence, and this one points to it
    nearer = other <= theirs and rival.clause == at.clause and other + _NEAR <= mine
    if nearer and not _said_nearer(facts, rival, word, apart):
        return -1 / apart
    return 1 / apart if mine < other else 0.0


def _beside(aligned: Alignment, facts: Sequence[Fact], fact: Fact) -> list[tuple[Word, list[Word]]]:
    """What a fact may belong to: words, and facts of another kind."""
    others = [f for f in facts if f.kind != fact.kind and f.places and (fact.kind != "name" or f.kind == "number")]
    plain = [(w, p) for w, p in aligned.anchors() if w.key not in _LIGHT and not is_unit(w.text)]
    if fact.kind in ("name", "number"):
        plain = [(w, p) for w, p in plain if aligned.same.get(w.place)]
    return [*plain, *((f.word, list(f.places)) for f in others)]


def _one(word: Word, other: Word, aligned: Alignment) -> bool:
    """Whether two words of the sources belong to one name or one number."""
    if word.sentence != other.sentence or abs(word.place - other.place) > 6:
        return False
    if word.place == other.place:
        return True
    low, high = sorted((word.place, other.place))
    inside = aligned.sources[word.sentence].words[low + 1 : high]
    return word.kind == "word" and all(w.capital or fold(w.text) in _INSIDE for w in inside)


def _said_nearer(facts: Sequence[Fact], rival: Word, anchor: Word, apart: int) -> bool:
    """Whether the statement, too, has the rival nearer to the anchor: then it keeps the order of the sources."""
    return any(
        abs(other.word.place - anchor.place) <= apart + 2
        for other in facts
        if any(p.sentence == rival.sentence and p.place == rival.place for p in other.places)
    )


def directed(aligned: Alignment, facts: Iterable[Fact]) -> str:
    """Return what the statement comes from and the sources go to, or another way round: "by 35" for "from 82 to 35"."""
    comes = [_direction(aligned.sources[w.sentence], w) == "from" for w in aligned.words if w.kind == "number"]
    for fact in facts:
        if fact.kind != "number" or not fact.places:
            continue
        said = _direction(aligned.said, fact.word)
        theirs = {_direction(aligned.sources[p.sentence], p) for p in fact.places}
        if said and said not in theirs and ("" not in theirs or (said == "from" and theirs == {""} and any(comes))):
            return fact.word.text
    for word in aligned.said.words:
        said, places = _towards(aligned.said, word) if word.content else "", aligned.found(word)
        if said and places and all({said, _towards(aligned.sources[p.sentence], p)} == {"from", "to"} for p in places):
            return word.text
    return ""


def _towards(text: Parsed, word: Word) -> str:
    match = _WAY.search(text.text[max(0, word.start - 40) : word.start])
    return "" if match is None else "from" if match[1] else "to"


def _direction(text: Parsed, word: Word) -> str:
    start = word.start - (text.text[word.start - 1 : word.start] in "$€£" and word.start > 0)
    before = text.text[max(0, start - 40) : start]
    ways = (("from", _FROM), ("to", _TO), ("by", _BY))
    return next((way for way, pattern in ways if pattern.search(before)), "")

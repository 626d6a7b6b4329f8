"""Whether a statement puts a phrase where the sources have another one: who does what to whom.

The places of a statement ("subject of blame", "object of recover", "in" behind "group") are compared with the places
of the same words in the sources. A difference counts only where both sides are sure of theirs and the word is the
same, not a similar one: "lead" may turn its sides round, "led" for "led" does not.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence

from assistant.answering.checks.align import Alignment
from assistant.answering.checks.clauses import Slot, slots
from assistant.answering.checks.units import is_unit
from assistant.answering.checks.words import Word
from assistant.terms import fold

MOST_PLACES = 6
"""A word that governs in more places of the sources tells nothing."""
_CORE = frozenset(("subject", "object", "side"))
_POINTED = frozenset(("to", "from", "by"))
_LIGHT = frozenset("take make have get give go come put set do keep leav".split())
"""Verbs by lemma that go with anything; only an exchange of their own two sides counts."""
_GENERIC = frozenset(
    "old centre capital country town city village group company side area zone region province man men woman women "
    "people person one thing part way time times third thirds half number rest".split()
)
"""Nouns that may stand for something named elsewhere."""


def misplaced(aligned: Alignment, context: frozenset[str]) -> str:
    """Return the first phrase of the statement that stands in the place of another; "" if there is none.

    Args:
        aligned: statement and sources.
        context: lemmas of what stands in front of the cited sentences.
    """
    places = Places(aligned, context)
    for group in places.groups():
        if places.clash(group):
            return " ".join(w.text for w in group[0].words)
    return ""


class Places:
    """The slots of a statement beside those of its sources."""

    def __init__(self, aligned: Alignment, context: frozenset[str]) -> None:
        self._aligned, self._context = aligned, context
        self._ours = slots(aligned.said)
        self._theirs: dict[tuple[int, int], list[Slot]] = defaultdict(list)
        for source in aligned.sources:
            for slot in slots(source):
                self._theirs[slot.governor.sentence, slot.governor.place].append(slot)

    def groups(self) -> list[list[Slot]]:
        """Return the slots of the statement, those of one place together, where all of them are sure."""
        found: dict[tuple[int, str], list[Slot]] = defaultdict(list)
        for slot in self._ours:
            found[slot.governor.place, slot.relation].append(slot)
        sure = [group for group in found.values() if all(s.words and s.sure for s in group) and _says(group[0])]
        return [group for group in sure if group[0].relation in _CORE or fold(group[0].governor.text) not in _GENERIC]

    def clash(self, group: Sequence[Slot]) -> bool:
        """Whether the sources have something else in the place, wherever they have the word that governs it."""
        governor = group[0].governor
        places = self._places(governor)
        if not places or len(places) > MOST_PLACES or any(p.key != governor.key for p in places):
            return False
        theirs = [self._theirs[p.sentence, p.place] for p in places]
        if all(self._turned(group, one) or self._added(group, one) for one in theirs):
            return True
        if governor.key in _LIGHT:
            return False
        if all(self._displaced(group, one) for one in theirs):
            return True
        others = (*self._aligned.like.get(governor.place, ()), *self._aligned.against.get(governor.place, ()))
        alike = (self._theirs[p.sentence, p.place] for p in others)  # "did not accept" for "rejected"
        if any(self._fits(group, _same(group, one)) for one in alike):
            return False
        return all(self._displaced(group, one) or self._other(group, one) for one in theirs)

    def _turned(self, group: Sequence[Slot], theirs: Sequence[Slot]) -> bool:
        """Whether what does something in the statement has it done to it in the sources, or the other way round."""
        relation, same = group[0].relation, _same(group, theirs)
        if relation not in _CORE or not any(t.relation in _CORE for t in theirs):
            return False
        for other in theirs:
            if other in same or not other.sure or other.relation not in _CORE | _POINTED:
                continue
            if not same and (relation, other.relation) == ("object", "subject"):
                continue  # "the vials can be kept" for "the vials keep"
            heads = [o for o in group if self._linked(o.words[-1:], other.words) and self._cited([o])]
            if any(not self._fits([o], same) for o in heads):
                return True
        return False

    def _added(self, group: Sequence[Slot], theirs: Sequence[Slot]) -> bool:
        """Whether a list of the statement has one more than the sources': "cigarettes and drugs" for "cigarettes"."""
        same = _same(group, theirs)
        if not same or any(not t.words or not t.sure or _vague(t) for t in same) or not self._fits(group, same):
            return False
        if any(not self._fits(group, [t]) for t in same):
            return False
        known = {o.place for o in group for w in o.words if self._places(w) or w.key in self._context}
        return any(o.listed and _says(o) and o.place not in known for o in group)

    def _displaced(self, group: Sequence[Slot], theirs: Sequence[Slot]) -> bool:
        """Whether what the sources have in the place stands elsewhere in the statement."""
        same = _same(group, theirs)
        if not same or any(not t.words for t in same):
            return False
        elsewhere = [o for o in self._ours if o.governor is not group[0].governor]
        for other in same:
            tails = any(self._linked(o.words, other.tail) and not self._linked(o.words, other.words) for o in group)
            gone = not any(self._linked((*o.words, *o.tail), other.words) for o in group)
            if tails and gone and any(self._linked(e.words, other.words) for e in elsewhere):
                return True  # "the government" for "opponents of the government", who stand elsewhere
        if self._fits(group, same) or not self._cited(group):
            return False
        return any(self._fits([e], [t]) for e in elsewhere for t in same)

    def _other(self, group: Sequence[Slot], theirs: Sequence[Slot]) -> bool:
        """Whether the sources are sure of somebody else, and the statement takes its own from another place of theirs.

        What only the context has counts, too, where the sources' own is left out.
        """
        same = _same(group, theirs)
        if not same or any(not t.sure or not t.words or _vague(t) for t in same) or self._fits(group, same):
            return False
        if self._cited(group):
            inside = (s for t in same for s in self._theirs[t.words[-1].sentence, t.words[-1].place])
            return not self._fits(group, list(inside))  # "the two resume talks" for "talks between the two resume"
        elsewhere = [o for o in self._ours if o.governor is not group[0].governor]
        absent = [o.words[-1] for o in group if not self._places(o.words[-1])]
        named = any(word.key in self._context for word in absent)
        return group[0].relation in _CORE and named and not any(self._fits([e], same) for e in elsewhere)

    def _cited(self, group: Sequence[Slot]) -> bool:
        """Whether the sources have each phrase, in the same words."""
        return all(any(self._aligned.same.get(w.place) for w in o.words) for o in group)

    def _fits(self, ours: Sequence[Slot], theirs: Sequence[Slot]) -> bool:
        """Whether one of the phrases may be one of the sources': no word of it excludes theirs, and one is theirs."""
        return any(
            not self._opposed(o, t) and self._linked((*o.words, *o.tail), (*t.words, *t.tail))
            for o in ours
            for t in theirs
        )

    def _opposed(self, ours: Slot, theirs: Slot) -> bool:
        against = {(p.sentence, p.place) for w in ours.words for p in self._aligned.against.get(w.place, ())}
        return any((w.sentence, w.place) in against for w in theirs.words)

    def _linked(self, ours: Sequence[Word], theirs: Sequence[Word]) -> bool:
        wanted = {(w.sentence, w.place) for w in theirs}
        return bool(wanted) and any((p.sentence, p.place) in wanted for w in ours for p in self._places(w))

    def _places(self, word: Word) -> Sequence[Word]:
        if word.kind != "word":
            return [w for w in self._aligned.words if w.kind == word.kind and w.key == word.key]
        return self._aligned.found(word)


def _same(group: Sequence[Slot], theirs: Sequence[Slot]) -> list[Slot]:
    """The slots of the sources in the place of a group."""
    relation = group[0].relation
    either = relation == "side"
    return [
        t for t in theirs if t.relation == relation or (relation in _CORE and t.relation in _CORE and
                                                        (either or t.relation == "side"))
    ]  # fmt: skip


def _says(slot: Slot) -> bool:
    """Whether the head of a phrase names something: no number, measure or "group"."""
    return not _vague(slot) and not is_unit(slot.words[-1].text)


def _vague(slot: Slot) -> bool:
    """Whether a phrase may stand for something named elsewhere: "the group", "the 44-year-old"."""
    return fold(slot.words[-1].text) in _GENERIC or slot.words[-1].kind != "word"

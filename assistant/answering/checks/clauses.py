"""Which phrase stands in which place of a sentence: subject and object of a verb, what a preposition joins.

This is no parser: it looks back from a verb for its subject and ahead for its object, and steps over what stands
between them most often. Where it is unsure, a place stays empty.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

from assistant.answering.checks.classes import BE, HAVE
from assistant.answering.checks.phrases import Phrase, phrases
from assistant.answering.checks.subjects import Known, antecedent, clause_start, has_agent, subjects, word_of
from assistant.answering.checks.words import Parsed, Word, parse
from assistant.terms import fold


@dataclass(frozen=True, slots=True)
class Slot:
    """A phrase in its place.

    Attributes:
        governor: the verb, noun or number that it belongs to.
        relation: "subject", "object", "side" (either of them), or a preposition; "of" for a possessive, too.
        words: its content words; none in a pronoun.
        tail: those of what "of" adds to it: "most of the brigades".
        place: where it begins.
        listed: whether "and" joins it to another one.
        sure: whether nothing stands between it and its governor that may be meant instead.
    """

    governor: Word
    relation: str
    words: tuple[Word, ...]
    tail: tuple[Word, ...]
    place: int
    sure: bool = True
    listed: bool = False


def slots(text: Parsed) -> tuple[Slot, ...]:
    """Return the slots of a text."""
    return _slots(text.text, text.words[0].sentence if text.words else 0)


@lru_cache(maxsize=4_000)
def _slots(text: str, sentence: int) -> tuple[Slot, ...]:
    row = phrases(parse(text, sentence))
    return tuple(dict.fromkeys([*_owners(row), *_verbs(row), *_prepositions(row)]))


def lengths(text: Parsed) -> set[int]:
    """Return how many things the lists of a text have: three for "a bowl, a ring and a collar with discs"."""
    found, count = set(), 0
    row = phrases(text)
    for at, phrase in enumerate(row):
        if phrase.kind == "noun":
            count += not (at and row[at - 1].kind == "preposition")
        elif phrase.kind not in ("comma", "and", "preposition"):
            count = 0
        if phrase.kind == "and":
            found.add(count + 1)
    return found


def _slot(row: Sequence[Phrase], at: int, governor: Word, relation: str, sure: bool = True) -> Slot:
    phrase = row[at]
    tail: tuple[Word, ...] = phrase.owner
    ahead = at + 1
    while ahead + 1 < len(row) and row[ahead + 1].kind == "noun":
        named = word_of(row[ahead]) in ("in", "at", "from") and row[ahead + 1].head.capital
        if not (word_of(row[ahead]) == "of" or named):
            break
        tail += (*row[ahead + 1].owner, *row[ahead + 1].words)
        ahead += 2
    joined = (at > 0 and row[at - 1].kind == "and") or (ahead < len(row) and row[ahead].kind == "and")
    return Slot(governor, relation, phrase.words, tail, phrase.place, sure, joined)


def _owners(row: Sequence[Phrase]) -> Iterator[Slot]:
    for phrase in row:
        if phrase.kind == "noun" and phrase.owner:
            yield Slot(phrase.head, "of", phrase.owner, (), phrase.place)


def _verbs(row: Sequence[Phrase]) -> Iterator[Slot]:
    known: Known = {}
    for at, phrase in enumerate(row):
        if phrase.kind != "verb":
            continue
        (doing, sure), objects = subjects(row, at, known), _objects(row, at)
        governor = phrase.head
        if fold(governor.text) in BE | HAVE:  # the word behind says what is said of the subject
            behind = [row[n] for n in objects if row[n].kind == "noun"]
            for one in behind[:1]:
                yield from (_slot(row, n, one.head, "subject", sure) for n in doing)
        elif governor.content:
            relation = "object" if _passive(row, at) else "side" if _may_be_passive(row, at) else "subject"
            if not objects and (meant := _meant(row, at)):
                relation, objects = "subject", meant
            yield from (_slot(row, n, governor, relation, sure) for n in doing)
            yield from (_slot(row, n, governor, "object", _sure_object(row, at, objects, n)) for n in objects)


def _sure_object(row: Sequence[Phrase], at: int, objects: Sequence[int], one: int) -> bool:
    """Whether an object is none of "the monitoring group" and of "she took nine and the others seven"."""
    first = row[objects[0]]
    inside = row[at].form == "ing" and first.place == row[at].place + 1
    listed = one > 0 and row[one - 1].kind == "and" and (not first.words or first.head.kind == "word")
    return not inside and (one == objects[0] or listed)


def _passive(row: Sequence[Phrase], at: int) -> bool:
    return row[at].passive or (row[at].form == "participle" and has_agent(row, at + 1))


def _may_be_passive(row: Sequence[Phrase], at: int) -> bool:
    """Whether a participle may be said of the noun in front ("a convoy loaded with") or by it ("rebels turned on")."""
    behind = row[at + 1].kind if at + 1 < len(row) else "stop"
    return row[at].form == "participle" and fold(row[at].head.text).endswith("ed") and behind not in ("noun", "pronoun")


def _meant(row: Sequence[Phrase], at: int) -> list[int]:
    """The noun that is the object of a relative clause: "the gold that a farmer ploughed up"."""
    if at < 2 or row[at - 1].kind not in ("noun", "pronoun") or row[at - 2].kind != "who":
        return []
    return antecedent(row, at - 2) if word_of(row[at - 2]) in ("that", "which", "whom", "who") else []


def _objects(row: Sequence[Phrase], at: int) -> list[int]:
    """The phrases right behind a verb, listed ones included."""
    found: list[int] = []
    ahead = at + 1
    while ahead < len(row):
        kind = row[ahead].kind
        if kind in ("noun", "pronoun"):
            if _has_verb(row, ahead, "finite") or (found and _has_verb(row, ahead, "participle")):
                break
            found.append(ahead)
        elif kind == "preposition" and ahead + 1 < len(row) and row[ahead + 1].kind == "noun" and found:
            ahead += 1  # what a preposition adds to an object
            if not (ahead + 1 < len(row) and row[ahead + 1].kind in ("and", "comma")):
                break
        elif kind not in ("comma", "and") or not found:
            break
        ahead += 1
    return found


def _has_verb(row: Sequence[Phrase], at: int, *forms: str) -> bool:
    return at + 1 < len(row) and row[at + 1].kind == "verb" and row[at + 1].form in forms


def _prepositions(row: Sequence[Phrase]) -> Iterator[Slot]:
    for at, phrase in enumerate(row[:-1]):
        if phrase.kind != "preposition" or row[at + 1].kind not in ("noun", "pronoun"):
            continue
        relation = word_of(phrase)
        near = row[at - 1] if at and row[at - 1].kind in ("noun", "verb") else None
        verb = next((row[n] for n in range(at - 1, clause_start(row, at) - 1, -1) if row[n].kind == "verb"), None)
        governors = [p.head for p in (near, verb if relation != "of" else None) if p and p.head.content]
        governors += [w for w in near.words[:1] if w.kind == "number" and w is not near.head] if near else []
        for other in _listed(row, at + 1):
            yield from (_slot(row, other, one, relation) for one in governors)
            if relation == "by" and verb and (verb.passive or verb.form == "participle") and has_agent(row, at):
                yield _slot(row, other, verb.head, "subject")


def _listed(row: Sequence[Phrase], at: int) -> list[int]:
    """A noun with those listed or set in apposition behind it."""
    found = [at]
    while (
        at + 2 < len(row)
        and row[at + 1].kind in ("and", "comma")
        and row[at + 2].kind == "noun"
        and not _has_verb(row, at + 2, "finite", "participle")
    ):
        at += 2
        found.append(at)
    return found

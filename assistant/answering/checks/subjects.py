"""Who a verb is said of: looks back from a verb, and steps over what stands between a subject and its verb."""

from __future__ import annotations

from collections.abc import Sequence

from assistant.answering.checks.phrases import Phrase
from assistant.answering.checks.units import is_unit
from assistant.terms import fold

Known = dict[int, tuple[list[int], bool]]
_OPENING = frozenset("after before since until than as".split())
"""Prepositions that may open a clause, too: "after soldiers entered"."""
_GOVERNING = ("preposition", "verb")
_AMOUNTS = frozenset("votes seats goals times third half quarter".split())


def has_agent(row: Sequence[Phrase], at: int) -> bool:
    """Whether "by" stands at a place with somebody behind it, not an amount: "rose by two metres"."""
    by = at + 1 < len(row) and word_of(row[at]) == "by"
    head = row[at + 1].words[-1] if by and row[at + 1].kind == "noun" else None
    return head is not None and head.kind == "word" and fold(head.text) not in _AMOUNTS and not is_unit(head.text)


def subjects(row: Sequence[Phrase], at: int, known: Known) -> tuple[list[int], bool]:
    """Return the phrases that may be the subject of a verb, and whether that is sure.

    Args:
        row: phrases of a text.
        at: place of the verb among them.
        known: what has been found for other verbs, by place; filled here, so that each is looked up once.
    """
    if at not in known:
        known[at] = _look_back(row, at, known)
    return known[at]


def _look_back(row: Sequence[Phrase], at: int, known: Known) -> tuple[list[int], bool]:
    if at and row[at - 1].kind == "preposition":
        return [], False
    if row[at].form == "to":
        before = next((n for n in range(at - 1, -1, -1) if row[n].kind in ("verb", "noun", "pronoun")), None)
        return subjects(row, before, known) if before is not None and row[before].kind == "verb" else ([], False)
    sure = not (row[at].form == "participle" and _verb_follows(row, at))
    back = at - 1
    while back >= 0 and row[back].kind not in ("stop", "because"):
        kind = row[back].kind
        if kind == "who":
            return antecedent(row, back), sure and back == at - 1
        if kind in ("noun", "pronoun"):
            governor = _governed(row, back)
            if governor is None or _opens(row, at, governor, back):
                return _nominal(row, back, sure)
            back = governor
        elif kind == "verb" and not (row[back].form == "participle" and back + 1 < at):
            return ([], False) if row[at].form == "ing" != row[back].form else _shared(row, at, back, known)
        else:
            sure = sure and kind != "verb"
        back -= 1
    return [], False


def _opens(row: Sequence[Phrase], at: int, governor: int, noun: int) -> bool:
    """Whether a noun behind a preposition is a subject: "after soldiers entered", "with the state stepping in"."""
    absolute = governor == noun - 1 and row[at].form == "ing" and word_of(row[governor]) == "with"
    return noun == at - 1 and (absolute or word_of(row[governor]) in _OPENING)


def _nominal(row: Sequence[Phrase], at: int, sure: bool) -> tuple[list[int], bool]:
    """A noun as subject with those joined to it; unsure where it may be the object of a verb before it."""
    if not (at and row[at - 1].kind == "verb"):
        found = _joined_before(row, at)
        return found, sure and not _cut(row, found)
    opened = _open_relative(row, at)
    return (antecedent(row, opened), False) if opened is not None else ([at], False)


def _shared(row: Sequence[Phrase], at: int, earlier: int, known: Known) -> tuple[list[int], bool]:
    """The subject that a verb has from an earlier one: "the brook rose and swept"; unsure behind a relative clause."""
    found, sure = subjects(row, earlier, known)
    who = next((n for n in range(earlier, -1, -1) if row[n].kind in ("who", "stop", "because")), -1)
    if row[at - 1].kind != "and" or who < 0 or row[who].kind != "who":
        return found, sure and row[at - 1].kind == "and"
    outer = next((n for n in range(who, -1, -1) if row[n].kind == "verb"), None)
    return [*found, *(subjects(row, outer, known)[0] if outer is not None else [])], False


def _verb_follows(row: Sequence[Phrase], at: int) -> bool:
    """Whether another verb follows in the clause, so that a participle may only describe a noun."""
    for phrase in row[at + 1 :]:
        if phrase.kind in ("stop", "because", "who", "and", "comma"):
            return False
        if phrase.kind == "verb" and phrase.form in ("finite", "participle"):
            return True
    return False


def _cut(row: Sequence[Phrase], found: Sequence[int]) -> bool:
    """Whether a list of nouns goes on in front of a verb: "had cuts and bruises treated"."""
    first = min(found)
    return first > 1 and row[first - 1].kind == "and" and row[first - 2].kind != "comma"


def _governed(row: Sequence[Phrase], at: int) -> int | None:
    """The preposition that a noun stands behind, listed nouns between; None where there is none."""
    while at > 1 and row[at - 1].kind == "and" and row[at - 2].kind == "noun":
        at -= 2
    return at - 1 if at and row[at - 1].kind == "preposition" else None


def _open_relative(row: Sequence[Phrase], at: int) -> int | None:
    """The "who" or "that" before ``at`` whose noun still waits for a verb."""
    for back in range(at, -1, -1):
        if row[back].kind in ("stop", "because"):
            return None
        if row[back].kind == "who":
            nouns = antecedent(row, back)
            free = nouns and not any(p.kind == "verb" for p in row[max(0, clause_start(row, back)) : back])
            return back if free else None
    return None


def clause_start(row: Sequence[Phrase], at: int) -> int:
    """Where the clause begins that holds ``at``."""
    for back in range(at - 1, -1, -1):
        if row[back].kind in ("stop", "because", "who"):
            return back + 1
    return 0


def antecedent(row: Sequence[Phrase], who: int) -> list[int]:
    """The noun that "who" or "that" stands for, and the noun that it belongs to ("members of the team who")."""
    back = who - 1
    if back >= 0 and row[back].kind == "comma":
        back -= 1
    found: list[int] = []
    while back >= 0 and row[back].kind == "noun":
        found.append(back)
        if back < 2 or row[back - 1].kind != "preposition":
            return [*found, *_joined_before(row, back, ("verb", "preposition"))[1:]]
        back -= 2
    return found


def _joined_before(row: Sequence[Phrase], at: int, behind: Sequence[str] = ()) -> list[int]:
    """A noun with those listed or set in apposition before it."""
    found = [at]
    back = at
    while back > 1 and row[back - 1].kind in ("comma", "and"):
        step = 3 if back > 2 and row[back - 1].kind == "and" and row[back - 2].kind == "comma" else 2
        back -= step
        while back > 1 and row[back].kind == "noun" and row[back - 1].kind == "preposition":
            found += [back] if behind else []
            back -= 2
        if (
            back < 0
            or row[back].kind != "noun"
            or (back and row[back - 1].kind in _GOVERNING and row[back - 1].kind not in behind)
        ):
            break
        found.append(back)
    return found


def word_of(phrase: Phrase) -> str:
    """Return the folded head of a phrase, "" for one without words."""
    return fold(phrase.head.text) if phrase.words else ""

"""Word classes, guessed from endings, a list of verbs and the neighbours of a word.

That is right often enough to tell who does what in plain news prose.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from assistant.answering.checks.units import is_unit
from assistant.answering.checks.wording import is_base, is_form
from assistant.answering.checks.words import UNCHANGED, Parsed, Word
from assistant.terms import fold

SmallKind = Literal["pronoun", "preposition", "and", "who", "because"]
WordClass = Literal["noun", "verb", "help", "determiner", "light", SmallKind]
"""``help`` for auxiliaries, ``because`` for conjunctions, ``who`` for relative and question words."""

BE = frozenset("is are was were be been being get gets got isnt arent wasnt werent".split())
HAVE = frozenset("has have had having hasnt havent hadnt".split())
_MODAL = frozenset(
    "will would may can could might must should shall do does did cannot cant didnt doesnt dont wont wouldnt couldnt "
    "shouldnt to".split()
)
_AUXILIARY = BE | HAVE | _MODAL
_DETERMINERS = frozenset(
    "a an the these those his her its their my our your some any every each no all both several many few more most "
    "other another such whose either neither".split()
)
_PREPOSITIONS = frozenset(
    "in of at for on from with by into under over against between through during across among near outside inside "
    "without within toward towards around along above below behind beyond via amid despite until per about as than "
    "like off onto upon past after before since except besides beside alongside despite according to".split()
)
_PRONOUNS = frozenset(
    "he she it they him them i we you us this there himself herself itself themselves one somebody "
    "someone anybody anyone nobody everybody everyone something nothing".split()
)
_WHO = frozenset("who which that whom where what when why how whether".split())
_BECAUSE = frozenset("because while although though whereas if once unless so".split())
_AND = frozenset("and or but nor".split())
_LIGHT = frozenset(
    "not also still never now alone only already then just yet even too again soon later together back nowadays today "
    "tomorrow yesterday often always almost nearly here elsewhere longer meanwhile instead however perhaps".split()
)
_NOUNS = frozenset(
    "hundred indeed speed need building meeting morning evening hearing thing during following ceiling briefing "
    "unarmed housing funding crossing warning shooting bombing shelling fighting wedding being".split()
)
"""Nouns and adjectives that look like forms of verbs."""
_SMALL: tuple[tuple[WordClass, frozenset[str]], ...] = (
    ("help", (BE | HAVE | _MODAL) - {"to"}),
    ("determiner", _DETERMINERS),
    ("light", _LIGHT),
    ("pronoun", _PRONOUNS),
    ("who", _WHO),
    ("because", _BECAUSE),
    ("and", _AND),
    ("preposition", _PREPOSITIONS),
)
OWNS = re.compile(r"(?:['’]s|s['’])(?!\w)")
"""The end of a possessive."""


@dataclass(frozen=True, slots=True)
class _Spot:
    """A word and what stands beside it.

    Attributes:
        before: classes of the words before it.
        last: the last of them that is no adverb.
        follows: the next word; ``behind`` is that word folded, "" behind a mark.
    """

    text: Parsed
    word: Word
    folded: str
    before: Sequence[WordClass]
    last: WordClass | None
    follows: Word | None
    behind: str


def word_classes(text: Parsed) -> list[WordClass]:
    """Return the class of each word of a text."""
    found: list[WordClass] = []
    for word in text.words:
        last = next((kind for kind in reversed(found) if kind != "light"), None)
        follows = text.words[word.place + 1] if word.place + 1 < len(text.words) else None
        behind = fold(follows.text) if follows and not mark(text, follows) else ""
        found.append(_class(_Spot(text, word, fold(word.text), found, last, follows, behind)))
    return found


def mark(text: Parsed, word: Word) -> str:
    """Return the mark in front of a word that parts phrases: "," or "." for any other; "" if there is none."""
    if not word.place:
        return ""
    gap = text.text[text.words[word.place - 1].end : word.start]
    if " - " in gap or any(one in gap for one in ";:—–!?") or ("." in gap and word.capital):
        return "."
    return "," if "," in gap else ""


def _class(spot: _Spot) -> WordClass:
    word = spot.word
    if word.kind == "moment":
        return "light"
    if word.kind == "number" or (word.capital and word.place and word.content):
        return "noun"
    if spot.before and spot.text.text[word.start - 1] == "-" and spot.folded != "to":
        return "noun" if word.content else "light"
    return _small(spot) or ("verb" if _is_verb(spot) else "noun")


def _small(spot: _Spot) -> WordClass | None:
    """The class of a function word; None for others."""
    if spot.folded == "to":
        return "help" if _verb_behind_to(spot) else "preposition"
    if spot.folded == "that" and spot.before and spot.before[-1] == "preposition":
        return "determiner"
    adverb = spot.folded.endswith("ly") and not spot.word.capital
    return next((kind for kind, words in _SMALL if spot.folded in words), "light" if adverb else None)


def _verb_behind_to(spot: _Spot) -> bool:
    word = spot.follows
    if word is None or word.kind != "word" or word.capital or spot.behind in _DETERMINERS | {""}:
        return False
    after = spot.text.words[word.place + 1] if word.place + 1 < len(spot.text.words) else None
    object_follows = after is not None and fold(after.text) in _DETERMINERS | _PRONOUNS and not mark(spot.text, after)
    return spot.behind in BE | HAVE or is_base(spot.behind) or object_follows


def _is_verb(spot: _Spot) -> bool:
    word, folded = spot.word, spot.folded
    if spot.last == "help":
        helper = next(w for w in reversed(spot.text.words[: word.place]) if spot.before[w.place] == "help")
        return word.verb or folded in UNCHANGED or (fold(helper.text) in _MODAL and word.content)
    owned = word.place > 0 and OWNS.match(spot.text.text[spot.text.words[word.place - 1].end - 2 : word.start])
    if owned or spot.last == "determiner" or folded in _NOUNS or not (word.content or is_base(folded)):
        return False
    if folded.endswith("ing"):
        opens = spot.last is None and spot.behind in _AUXILIARY
        return not opens and not (spot.last == "preposition" and not spot.behind)
    if (folded.endswith("ed") and len(folded) > 4) or is_form(folded):
        return _past(spot)
    return is_base(folded) and (spot.follows is None or bool(spot.behind)) and _present(spot)


def _past(spot: _Spot) -> bool:
    """Whether a form like "arrested" is a verb and does not describe the noun behind it."""
    one = spot.text.words[spot.word.place - 1] if spot.word.place else None
    counted = one is not None and one.kind == "number"
    if one is not None and counted and is_unit(one.text):
        return False  # "the 21-kilometre bore"
    opens = spot.last in ("preposition", "and", None) or bool(mark(spot.text, spot.word)) or counted
    noun = spot.behind and spot.follows and spot.follows.content and spot.follows.kind == "word"
    return not (opens and noun and spot.follows and not spot.follows.capital)


def _present(spot: _Spot) -> bool:
    """Whether a word like "plan" or "plans" is a verb."""
    follows, plural = spot.follows, spot.folded.endswith("s")
    counts = follows is not None and bool(spot.behind) and plural and follows.kind == "number"
    if spot.last in ("who", "pronoun"):
        return True
    if spot.behind in _DETERMINERS | _PRONOUNS or counts:
        return spot.last != "preposition"
    if spot.last == "noun" and not mark(spot.text, spot.word):
        other = follows is not None and (follows.verb or (is_base(spot.behind) and spot.behind.endswith("s") != plural))
        return spot.behind not in _AUXILIARY - {"to"} and not other and not {"verb", "help"} & set(_clause(spot.before))
    joined = spot.last == "and" and bool({"verb", "help"} & set(spot.before)) and spot.word.place > 1
    after_verb = joined and (spot.before[-2] == "verb" or spot.text.words[spot.word.place - 2].kind == "moment")
    return joined and ((plural and spot.behind in _PREPOSITIONS) or after_verb)


def _clause(before: Sequence[WordClass]) -> Sequence[WordClass]:
    """The classes since the last word that opens a clause."""
    opening = [at for at, kind in enumerate(before) if kind in ("who", "because", "and")]
    return before[opening[-1] + 1 :] if opening else before

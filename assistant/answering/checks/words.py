"""A sentence as words that know their clause, their lemma and what they are: plain word, number, moment or name."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from functools import lru_cache
from typing import Literal

from assistant.answering.checks.moments import Moment, find_moments
from assistant.answering.checks.quantities import Quantity, find_quantities
from assistant.answering.checks.wording import is_form, lemma
from assistant.terms import fold, is_content, tokens

WordKind = Literal["word", "number", "moment", "name"]

_BREAK = re.compile(r"[;:—–]|,(?!\d)|[.!?](?=\s)|\s-\s")
_JOINTS = frozenset(
    "and but while although though because whereas which who whom whose that since so when where until before after "
    "as if unless or nor despite following amid".split()
)
_PHRASES = {
    ("give", "up"): "surrender", ("hand", "over"): "surrender", ("hand", "in"): "surrender",
    ("call", "off"): "cancel", ("put", "off"): "postpone", ("put", "back"): "postpone", ("put", "out"): "extinguish",
    ("turn", "down"): "reject", ("throw", "out"): "overturn", ("strike", "down"): "overturn",
    ("set", "up"): "establish",
    ("carry", "out"): "perform", ("take", "part"): "participate", ("take", "over"): "lead", ("take", "charge"): "lead",
    ("send", "off"): "dismiss", ("let", "go"): "release", ("go", "up"): "rise", ("go", "down"): "fall",
    ("leave", "out"): "exclude", ("lose", "life"): "die", ("take", "effect"): "begin", ("come", "force"): "begin",
    ("take", "hold"): "begin", ("word", "word"): "verbatim", ("make", "off"): "steal", ("get", "rid"): "remove",
    ("bring", "ashore"): "land", ("carry", "off"): "remove", ("sweep", "away"): "remove", ("carry", "away"): "remove",
    ("go", "on"): "last", ("get", "back"): "recover", ("turn", "back"): "return", ("come", "back"): "return",
    ("send", "back"): "return", ("cut", "off"): "isolate", ("draw", "up"): "prepare", ("bring", "in"): "introduce",
    ("look", "into"): "investigate", ("look", "at"): "investigate", ("speak", "out"): "criticise",
    ("back", "down"): "yield",
    ("pick", "up"): "collect", ("find", "guilty"): "convict", ("not", "guilty"): "acquit",
    ("phone", "up"): "call", ("break", "out"): "begin",
    ("go", "ahead"): "proceed", ("step", "down"): "resign", ("fall", "ill"): "sicken", ("come", "down"): "sicken",
    ("bring", "forward"): "advance", ("bring", "down"): "reduce", ("rule", "out"): "exclude",
    ("give", "way"): "break", ("stay", "out"): "avoid", ("switch", "off"): "disable", ("turn", "off"): "disable",
    ("switch", "on"): "enable", ("turn", "on"): "enable", ("lay", "down"): "drop", ("pull", "out"): "withdraw",
    ("drive", "out"): "expel", ("push", "out"): "expel", ("small", "hour"): "early", ("early", "hour"): "early",
    ("as", "well"): "also", ("break", "down"): "collapse", ("hold", "fire"): "refrain", ("set", "out"): "leave",
    ("break", "in"): "burgle", ("step", "in"): "intervene", ("point", "out"): "say", ("point", "to"): "say",
    ("find", "out"): "learn", ("go", "in"): "enter", ("up", "from"): "rise", ("down", "from"): "fall",
    ("fill", "in"): "fill", ("at", "once"): "immediate", ("shoot", "out"): "shootout",
}  # fmt: skip
"""Verbs and their particles that mean something else together, by lemma, with what they mean."""
_PREPOSITIONS = frozenset("in of at for on to from with by into under over all".split())
_FILLERS = frozenset(
    "even though within among whenever somebody someone anyone anybody else already still yet around however according "
    "meanwhile altogether overall like rather instead upon per become became becomes get got make made way kind "
    "several "
    "whose almost nearly far ever so no will may might can need either neither both another other others".split()
)
"""Words that say nothing by themselves, besides those that search leaves out."""
_BEFORE_VERBS = frozenset(
    "to will would must can could may might should shall cannot not did does do didnt dont doesnt wont".split()
)
UNCHANGED = frozenset("put cut hit set let shut hurt cast spread cost quit come become run split".split())
"""Past participles that look like the verb itself."""
_MEANT = {tuple(lemma(word) for word in phrase): lemma(meaning) for phrase, meaning in _PHRASES.items()}


@dataclass(frozen=True, slots=True)
class Word:
    """One word of a sentence.

    Attributes:
        start, end: characters in the text.
        key: its lemma; for numbers and moments the folded text.
        place: which word of the text it is, from 0.
        clause: which clause it stands in, from 0; commas, stops and conjunctions part clauses.
        sentence: which of the cited sentences it stands in, from 0.
        content: whether it says something by itself (no function word).
        verb: whether it looks like a form of a verb, or stands where one does.
    """

    text: str
    start: int
    end: int
    key: str
    place: int
    clause: int
    sentence: int
    content: bool
    kind: WordKind
    verb: bool = False

    @property
    def capital(self) -> bool:
        """Whether it begins with a capital."""
        return self.text[0].isupper()


@dataclass(frozen=True, slots=True)
class Parsed:
    """A text with its words, numbers and moments; made by :func:`parse`."""

    text: str
    words: tuple[Word, ...]
    quantities: tuple[Quantity, ...]
    moments: tuple[Moment, ...]
    lemmas: frozenset[str] = field(default_factory=frozenset)

    def within(self, start: int, end: int) -> list[Word]:
        """Return the words between two characters."""
        return [w for w in self.words if start <= w.start < end]


@lru_cache(maxsize=4_000)
def parse(text: str, sentence: int = 0) -> Parsed:
    """Return ``text`` taken apart; results are kept, since cited sentences come back."""
    moments = find_moments(text)
    quantities = find_quantities(text, [(m.start, m.end) for m in moments])
    kinds: dict[int, WordKind] = {}
    for moment in moments:
        kinds |= dict.fromkeys(range(moment.start, moment.end), "moment")
    for quantity in quantities:
        kinds |= dict.fromkeys(range(quantity.start, quantity.end), "number")
    breaks = [m.start() for m in _BREAK.finditer(text)]
    words: list[Word] = []
    clause, seen = 0, 0
    for token in tokens(text):
        passed = sum(b <= token.start for b in breaks)
        clause += (passed > seen) or _breaks(fold(token.text), words)
        seen = passed
        kind = kinds.get(token.start, "word")
        content = kind != "word" or (is_content(token) and fold(token.text) not in _FILLERS | _JOINTS)
        key = lemma(token.text) if kind == "word" else fold(token.text)
        verb = kind == "word" and _is_verb(fold(token.text), key, fold(words[-1].text) if words else "")
        words.append(Word(token.text, token.start, token.end, key, len(words), clause, sentence, content, kind, verb))
    words = _with_phrases(words)
    return Parsed(text, tuple(words), tuple(quantities), tuple(moments), frozenset(w.key for w in words))


def _is_verb(folded: str, key: str, before: str) -> bool:
    """Whether a word is written like a form of a verb, or stands behind a word that a verb follows."""
    if before in ("a", "an", "the"):
        return False
    formed = folded.endswith(("ed", "ing")) or (folded != key and is_form(folded))
    if before in ("has", "have", "had") and folded in UNCHANGED:
        return True
    return formed or (before in _BEFORE_VERBS and not folded.endswith("s"))


def _breaks(folded: str, words: Sequence[Word]) -> bool:
    """Whether a joining word begins a clause; "that" behind a preposition points instead."""
    if folded not in _JOINTS or not words:
        return False
    return folded != "that" or fold(words[-1].text) not in _PREPOSITIONS


def _with_phrases(words: list[Word]) -> list[Word]:
    """Give a verb with its particle (up to two words between) the lemma of what they mean together."""
    found: list[Word] = []
    taken: set[int] = set()
    for at, word in enumerate(words):
        meaning = None
        for ahead in (1, 2, 3):
            if at + ahead < len(words) and fold(words[at + ahead].text) == "not":
                break  # "found not guilty" is no conviction
            if at + ahead < len(words) and words[at + ahead].clause == word.clause and word.kind == "word":
                meaning = _MEANT.get((word.key, words[at + ahead].key))
                if meaning:
                    taken.add(at + ahead)
                    break
        if meaning:
            found.append(replace(word, key=meaning, content=True))
        else:
            found.append(replace(word, content=False) if at in taken else word)
    return found

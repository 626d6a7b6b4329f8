"""A sentence as phrases: groups of nouns, groups of verbs, and the small words between them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from assistant.answering.checks.classes import BE, HAVE, OWNS, SmallKind, WordClass, mark, word_classes
from assistant.answering.checks.wording import is_form
from assistant.answering.checks.words import Parsed, Word
from assistant.terms import fold

PhraseKind = Literal["noun", "verb", "comma", "stop", SmallKind]


@dataclass(frozen=True, slots=True)
class Phrase:
    """One step of a sentence.

    Attributes:
        kind: "because" stands for conjunctions, "who" for relative and question words.
        words: content words of a noun phrase, head last (none in a pronoun); the verb of a verb group; the small word.
        owner: content words of a possessive in front: "Okafor's" left boot.
        form: of a verb: "finite", "to", "ing" or "participle", the last one without a helping verb.
        passive: whether a form of "be" stands before a participle.
    """

    kind: PhraseKind
    words: tuple[Word, ...]
    place: int
    owner: tuple[Word, ...] = ()
    form: str = ""
    passive: bool = False

    @property
    def head(self) -> Word:
        """The last word: what a noun phrase is about."""
        return self.words[-1]


def phrases(text: Parsed) -> tuple[Phrase, ...]:
    """Return the phrases of a text in order."""
    found: list[Phrase] = []
    nouns: list[Word] = []
    helping: list[Word] = []
    for word, kind in zip(text.words, word_classes(text), strict=True):
        parted = mark(text, word)
        if parted or kind not in ("noun", "light"):
            found += _noun_phrases(text, nouns)
            nouns = []
        if helping and (parted or kind not in ("help", "light", "verb")):
            found += _copula(helping)
            helping = []
        if parted:
            found.append(Phrase("comma" if parted == "," else "stop", (), word.place))
        if kind == "noun":
            nouns.append(word)
        elif kind == "help":
            helping.append(word)
        elif kind == "verb":
            found.append(_verb(word, helping))
            helping = []
        else:
            found += _small_phrase(word, kind)
    return (*found, *_copula(helping), *_noun_phrases(text, nouns))


def _noun_phrases(text: Parsed, nouns: Sequence[Word]) -> list[Phrase]:
    owner: tuple[Word, ...] = ()
    rest: list[Word] = []
    for word in nouns:
        rest.append(word)
        if OWNS.search(text.text[word.start : word.end + 1]):
            owner, rest = tuple(w for w in rest if w.content), []
    content = tuple(w for w in rest if w.content)
    if not content and not owner:
        return []
    return [Phrase("noun", content or owner, nouns[0].place, owner if content else ())]


def _copula(helping: Sequence[Word]) -> list[Phrase]:
    """A form of "be" or "have" that helps no verb is one itself."""
    last = next((w for w in reversed(helping) if fold(w.text) in BE | HAVE), None)
    return [Phrase("verb", (last,), last.place, form="finite")] if last else []


def _small_phrase(word: Word, kind: WordClass) -> list[Phrase]:
    if kind == "pronoun":
        return [Phrase("pronoun", (), word.place)]
    if kind in ("preposition", "and", "who", "because"):
        return [Phrase(kind, (word,), word.place)]
    return []


def _verb(word: Word, helping: Sequence[Word]) -> Phrase:
    if fold(word.text) in ("named", "called") and not helping:
        return Phrase("comma", (), word.place)  # what follows is another name of what stands before
    folded, helps = fold(word.text), [fold(w.text) for w in helping]
    participle = folded.endswith("ed") or is_form(folded)
    passive = bool(helps) and helps[-1] in BE and not folded.endswith("ing")
    if helps[:1] == ["to"]:
        form = "to"
    elif folded.endswith("ing") and not helps:
        form = "ing"
    else:
        form = "participle" if participle and not helps else "finite"
    return Phrase("verb", (word,), word.place, form=form, passive=passive)

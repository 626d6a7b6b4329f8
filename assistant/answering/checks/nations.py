"""Context around cited sentences, and names that nations go by."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

from assistant.answering.checks.wording import lemma, lines
from assistant.terms import fold, is_content, skeleton, tokens, words

NATIONS = {word: line.split()[0] for line in lines("nations.txt") for word in line.split()}


@dataclass(frozen=True, slots=True)
class Around:
    """What stands around the cited sentences.

    Attributes:
        before: context in front of a cited sentence, headline included; all of it where the place is not known.
        folded: its words, folded, in order, between spaces; for finding full names.
        names: its capitalised words, folded.
        last: folded names of the last sentences before the cited one: whom "he" and "she" may mean.
        lemmas: those of its content words.
    """

    before: str
    folded: str
    names: frozenset[str]
    last: frozenset[str]
    lemmas: frozenset[str]


@lru_cache(maxsize=1_000)
def around(parts: tuple[str, ...]) -> Around:
    """Return what stands before the cited sentences.

    Args:
        parts: what stands before each of them.
    """
    before = "\n".join(dict.fromkeys(parts))
    standing = tokens(before)
    names = frozenset(nation(t.text) for t in standing if t.text[0].isupper())
    lemmas = frozenset(lemma(t.text) for t in standing if is_content(t))
    last: set[str] = set()
    for head in parts:
        sentences = re.split(r"(?<=[.!?”\"])\s+", head.strip())[-3:]
        last |= {nation(word) for word in words(" ".join(sentences)) if word[0].isupper()}
    return Around(before, " ".join(["", *(fold(t.text) for t in standing), ""]), names, frozenset(last), lemmas)


@lru_cache(maxsize=50_000)
def nation(word: str) -> str:
    """Return a word folded, a nation's people and government under the nation's name (Moscow, Russian: ``russia``)."""
    folded = fold(word)
    return NATIONS.get(folded, folded)


@lru_cache(maxsize=50_000)
def same_name(one: str, other: str) -> bool:
    """Whether two words may be one name: folded, a nation and its people, or transliterations of one name."""
    if nation(one) == nation(other):
        return True
    return min(len(one), len(other)) >= 5 and len(skeleton(one)) >= 4 and skeleton(one) == skeleton(other)

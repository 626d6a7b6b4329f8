"""Lemmas, and which of them may stand for one another or exclude one another: the lists of ``assistant/data``."""

from __future__ import annotations

from functools import lru_cache
from importlib.resources import files

from assistant.terms import fold, key


def lines(name: str) -> list[str]:
    """Return the lines of a word list of ``assistant/data``, without comments."""
    text = (files("assistant") / "data" / name).read_text("utf-8").splitlines()
    return [line for line in text if line.strip() and not line.startswith("#")]


def _irregular() -> dict[str, str]:
    forms: dict[str, str] = {}
    for line in lines("irregular.txt"):
        base, *others = line.split()
        forms |= dict.fromkeys(others, base)
    return forms


_FORMS = _irregular()
_BASES = frozenset(lemma_ for line in (*lines("irregular.txt"), *lines("verbs.txt")) for lemma_ in line.split())
_PLURALS = frozenset("men women children people feet halves".split())


@lru_cache(maxsize=100_000)
def lemma(word: str) -> str:
    """Return what the forms of a word share: folded, irregular forms put to their base, stemmed."""
    folded = fold(word)
    return key(_FORMS.get(folded, folded))


def is_form(folded: str) -> bool:
    """Whether a folded word is an irregular form of a verb, and not one that could be a plural."""
    return folded in _FORMS and folded not in _PLURALS and not folded.endswith("s")


def is_base(folded: str) -> bool:
    """Whether a folded word is a verb of the lists as it stands behind "they" or "he": plan, plans."""
    return folded in _BASES or folded.removesuffix("s") in _BASES or folded.removesuffix("es") in _BASES


def _index(groups: list[frozenset[str]]) -> dict[str, frozenset[int]]:
    found: dict[str, set[int]] = {}
    for number, group in enumerate(groups):
        for word in group:
            found.setdefault(lemma(word), set()).add(number)
    return {word: frozenset(numbers) for word, numbers in found.items()}


def _pairs() -> frozenset[tuple[str, str]]:
    both = ([[lemma(w) for w in side.split()] for side in line.split("|")] for line in lines("opposites.txt"))
    pairs = {(a, b) for left, right in both for a in left for b in right if a != b}
    return frozenset(pairs | {(b, a) for a, b in pairs})


_SAME_INDEX = _index([frozenset(line.split()) for line in lines("synonyms.txt")])
_OPPOSED = _pairs()
_WORDS_OPPOSED = frozenset(one for one, _ in _OPPOSED)
_EMPTY: frozenset[int] = frozenset()


def similar(one: str, other: str) -> bool:
    """Whether two lemmas may stand for one another: synonyms, or forms of one word (negotiate, negotiator)."""
    if one == other or _SAME_INDEX.get(one, _EMPTY) & _SAME_INDEX.get(other, _EMPTY):
        return True
    shared = min(len(one), len(other))
    return shared >= 5 and one[: max(5, shared - 2)] == other[: max(5, shared - 2)]


def opposed(one: str, other: str) -> bool:
    """Whether two lemmas exclude one another (open, closed; morning, evening; vaccine, placebo)."""
    return (one, other) in _OPPOSED


def known(word: str) -> bool:
    """Whether a lemma stands in the lists: an everyday word."""
    return word in _SAME_INDEX or word in _WORDS_OPPOSED

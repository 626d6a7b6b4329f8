"""Syndicated copies: near-identical passages of different articles, told by the runs of words that they share."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, replace

from assistant.terms import fold, words
from assistant.types import Hit

SHINGLE = 5
COPY_SHARE = 0.6
"""Two passages are copies when this share of the shorter one's word 5-grams stands in the other (Broder 1997)."""

SAME_SENTENCE = 0.5
"""Share of the words of both that two sentences have in common of which one is the other, edited."""

_TELLING = frozenset(
    "not no none never nobody nothing neither nor without cannot denied denies one two three four five six seven eight "
    "nine ten eleven twelve".split()
)
"""Words besides figures with which a report says otherwise than its copy: no copy, but another account."""


@dataclass(frozen=True, slots=True)
class _Shape:
    """A passage's runs of words, and of each sentence its words and how often those that tell occur."""

    shingles: frozenset[tuple[str, ...]]
    sentences: tuple[tuple[frozenset[str], Counter[str]], ...]


def fold_copies(hits: Iterable[Hit]) -> list[Hit]:
    """Fold near-identical passages of different articles into the best-ranked one, which lists the others."""
    kept: list[tuple[Hit, _Shape]] = []
    for hit in hits:
        shape = _shape(hit)
        for place, (other, whole) in enumerate(kept):
            if (
                hit.article.id != other.article.id
                and _overlap(shape, whole) >= COPY_SHARE
                and not _altered(shape, whole)
            ):
                copies = (*other.copies, (hit.article, hit.passage))
                kept[place] = (replace(other, copies=copies), whole)
                break
        else:
            kept.append((hit, shape))
    return [hit for hit, _ in kept]


def _shape(hit: Hit) -> _Shape:
    base, folded = hit.passage.start, [fold(word) for word in words(hit.text)]
    sentences = [[fold(w) for w in words(hit.text[s.start - base : s.end - base])] for s in hit.passage.sentences]
    return _Shape(
        frozenset(zip(*(folded[shift:] for shift in range(SHINGLE)), strict=False)),
        tuple((frozenset(said), Counter(word for word in said if _tells(word))) for said in sentences),
    )


def _tells(word: str) -> bool:
    return word in _TELLING or word.endswith(("n't", "n’t")) or any(letter.isdigit() for letter in word)


def _overlap(one: _Shape, other: _Shape) -> float:
    shorter = min(len(one.shingles), len(other.shingles))
    return len(one.shingles & other.shingles) / shorter if shorter else 0.0


def _altered(one: _Shape, other: _Shape) -> bool:
    """Whether a sentence of one says with other figures, or denies, what a sentence of the other says."""
    for said, telling in one.sentences:
        common, told = max(
            ((len(said & theirs) / max(len(said | theirs), 1), tells) for theirs, tells in other.sentences),
            key=lambda found: found[0],
            default=(0.0, telling),
        )
        if common >= SAME_SENTENCE and told != telling:
            return True
    return False

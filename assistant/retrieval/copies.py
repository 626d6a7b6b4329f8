"""Syndicated copies: near-identical passages of different articles, told by the runs of words that they share."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from assistant.terms import fold, words
from assistant.types import Hit

SHINGLE = 5
COPY_SHARE = 0.6
"""Two passages are copies when this share of the shorter one's word 5-grams stands in the other (Broder 1997)."""


def fold_copies(hits: Iterable[Hit]) -> list[Hit]:
    """Fold near-identical passages of different articles into the best-ranked one, which lists the others."""
    kept: list[tuple[Hit, frozenset[tuple[str, ...]]]] = []
    for hit in hits:
        shingles = _shingles(hit.text)
        for place, (other, others) in enumerate(kept):
            if hit.article.id != other.article.id and _overlap(shingles, others) >= COPY_SHARE:
                copies = (*other.copies, (hit.article, hit.passage))
                kept[place] = (replace(other, copies=copies), others)
                break
        else:
            kept.append((hit, shingles))
    return [hit for hit, _ in kept]


def _shingles(text: str) -> frozenset[tuple[str, ...]]:
    folded = [fold(word) for word in words(text)]
    return frozenset(zip(*(folded[shift:] for shift in range(SHINGLE)), strict=False))


def _overlap(one: frozenset[tuple[str, ...]], other: frozenset[tuple[str, ...]]) -> float:
    shorter = min(len(one), len(other))
    return len(one & other) / shorter if shorter else 0.0

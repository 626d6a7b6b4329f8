"""How well a sentence answers a question: features without a model of the language, but for its word vectors.

Each question term is looked for in the sentence: literally (stem, alias, other spelling), or by meaning, as the
closest contextual word vector (as in BERTScore, Zhang et al. 2020). What the sentence leaves unsaid may stand in
its neighbours, its passage or the headline; that counts less.
"""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from assistant.answering.expected import Kind, expressions, kind_of
from assistant.terms import key, tokens
from assistant.types import Hit, Sentence, Term

FloatArray = NDArray[np.float32]

FEATURES = (
    "coverage", "soft_coverage", "context_coverage", "weakest_term", "alignment", "sentence_cosine", "window_cosine",
    "has_expected", "no_expectation", "passage_score", "passage_cosine", "is_caption", "length", "opens",
)  # fmt: skip
"""Names of the columns of :func:`features`, in order."""

NEIGHBOUR, PASSAGE, TITLE = 0.8, 0.6, 0.7
"""What a term found only beside the sentence counts, relative to one in it."""

SOFT_LOW, SOFT_HIGH = 0.45, 0.85
"""Cosines of contextual word vectors between which a likeness grows from 0 to 1."""


class Encoder(Protocol):
    """What ranking needs of an embedding model that gives word vectors."""

    def encode_tokens(self, texts: Sequence[str]) -> list[tuple[list[tuple[int, int]], FloatArray]]:
        """Return, for each text, its tokens' character spans and their contextual vectors, float32 (tokens, d)."""
        ...


@dataclass(frozen=True, slots=True)
class Candidate:
    """A sentence that may answer, with the passage it stands in."""

    hit: Hit
    sentence: Sentence
    text: str
    before: str
    after: str


def candidates(hits: Sequence[Hit]) -> list[Candidate]:
    """Return every sentence of the passages, each once, in the order of the hits."""
    found: list[Candidate] = []
    for hit in hits:
        base = hit.passage.start
        texts = [hit.text[s.start - base : s.end - base] for s in hit.passage.sentences]
        for place, sentence in enumerate(hit.passage.sentences):
            before = texts[place - 1] if place else ""
            after = texts[place + 1] if place + 1 < len(texts) else ""
            found.append(Candidate(hit, sentence, texts[place], before, after))
    return found


def promising(terms: Sequence[Term], found: Sequence[Candidate], most: int) -> list[Candidate]:
    """Return the ``most`` candidates that share the weightiest words with the question, in their order."""
    if len(found) <= most:
        return list(found)
    weights = np.array([term.weight for term in terms]) if terms else np.ones(1)
    literal = _matches(terms, [c.text for c in found]) @ weights / weights.sum()
    context = _matches(terms, [f"{c.before} {c.text} {c.after}" for c in found]) @ weights / weights.sum()
    cheap = literal + context + [c.hit.score for c in found]
    return [found[row] for row in sorted(np.argsort(-cheap, kind="stable")[:most])]


def features(
    question: str, terms: Sequence[Term], found: Sequence[Candidate], encoder: Encoder | None
) -> NDArray[np.float64]:
    """Return float64 (len(found), len(FEATURES)).

    Args:
        question: as asked.
        terms: its words with all ways of writing them and their weights.
        found: the sentences to judge.
        encoder: for likeness of meaning; without one those columns are 0.
    """
    if not found:
        return np.zeros((0, len(FEATURES)))
    kind = kind_of(question)
    asked = {key(t.text) for t in tokens(question)}
    weights = np.array([term.weight for term in terms]) if terms else np.ones(1)
    literal = _matches(terms, [c.text for c in found])
    soft, sentence_cosine, window_cosine = _meaning(question, terms, found, encoder)
    inside = np.maximum(literal, 0.8 * soft)
    around = np.maximum.reduce([
        inside,
        NEIGHBOUR * _matches(terms, [f"{c.before} {c.after}" for c in found]),
        PASSAGE * _matches(terms, [c.hit.text for c in found]),
        TITLE * _matches(terms, [c.hit.article.title or "" for c in found]),
    ])
    share = weights / weights.sum()
    columns = [
        literal @ share,
        inside @ share,
        around @ share,
        1 - ((1 - around) * weights).max(axis=1) / weights.max(),
        soft.mean(axis=1),
        sentence_cosine,
        window_cosine,
        [float(_has(kind, c.text, asked)) for c in found],
        [float(kind == "other")] * len(found),
        [c.hit.score for c in found],
        [c.hit.vector or 0.0 for c in found],
        [float(c.hit.passage.zone == "caption") for c in found],
        [math.log(1 + len(c.text)) / 6 for c in found],
        [float(c.sentence == c.hit.passage.sentences[0]) for c in found],
    ]
    return np.column_stack([np.asarray(column, np.float64) for column in columns])


def _has(kind: Kind, text: str, asked: set[str]) -> bool:
    return kind != "other" and bool(expressions(kind, text, asked))


def _matches(terms: Sequence[Term], texts: Sequence[str]) -> NDArray[np.float64]:
    """Return float64 (texts, terms): 1 where the text holds the term in one of its ways."""
    ways = [[_Way(way) for way in term.ways] for term in terms]
    held = np.zeros((len(texts), max(len(terms), 1)))
    for row, text in enumerate(texts):
        words = tokens(text)
        keys = {t.key for t in words}
        shouted = {t.key for t in words if t.text.isupper()}
        for column, some in enumerate(ways):
            held[row, column] = any(way.stands_in(keys, shouted) for way in some)
    return held


class _Way:
    """One way of writing a term; a short form in capitals is matched in capitals only."""

    def __init__(self, written: str) -> None:
        self.keys = frozenset(t.key for t in tokens(written))
        letters = re.sub(r"\W", "", written)
        self.shouted = letters.isupper() and len(letters) <= 4

    def stands_in(self, keys: set[str], shouted: set[str]) -> bool:
        return bool(self.keys) and self.keys <= (shouted if self.shouted else keys)


def _meaning(
    question: str, terms: Sequence[Term], found: Sequence[Candidate], encoder: Encoder | None
) -> tuple[FloatArray, FloatArray, FloatArray]:
    """Return likeness (candidates, terms) in 0..1 and the cosines of question to sentence and to its surroundings."""
    likeness = np.zeros((len(found), max(len(terms), 1)), np.float32)
    if encoder is None:
        return likeness, likeness[:, 0], likeness[:, 0]
    titles = [c.hit.article.title or c.text for c in found]
    texts = list(dict.fromkeys([question, *(c.text for c in found), *titles]))
    encoded = dict(zip(texts, encoder.encode_tokens(texts), strict=True))
    spans, asked = encoded[question]
    words = [unit(encoded[c.text][1]) for c in found]
    for column, term in enumerate(terms):
        rows = [row for row, (start, end) in enumerate(spans) if start < term.end and end > term.start]
        if rows:
            meant = unit(asked[rows].mean(axis=0, keepdims=True))[0]
            closest = np.array([(states @ meant).max(initial=0.0) for states in words])
            likeness[:, column] = np.clip((closest - SOFT_LOW) / (SOFT_HIGH - SOFT_LOW), 0, 1)
    total = {text: states.sum(axis=0) for text, (_, states) in encoded.items()}
    nothing = np.zeros_like(total[question])
    sentences = unit(np.array([total[c.text] for c in found]))
    around = unit(np.array([
        total[c.text] + total.get(c.before, nothing) + total[title] for c, title in zip(found, titles, strict=True)
    ]))
    goal = unit(total[question][None])[0]
    return likeness, sentences @ goal, around @ goal


def unit(vectors: FloatArray) -> FloatArray:
    """Return rows scaled to unit length; zero rows stay zero."""
    return (vectors / np.maximum(np.linalg.norm(vectors, axis=1, keepdims=True), 1e-12)).astype(np.float32)

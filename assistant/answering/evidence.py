"""How well a sentence answers a question, as numbers.

The reader's judgement is one of them. The others are plain: which of the question's terms stand in the sentence,
literally (stem, alias, other spelling) or beside it, and whether it holds an expression of the kind asked for.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from assistant.answering.candidates import Candidate, candidates, quote, sentence_spans
from assistant.answering.claims import Quote
from assistant.answering.expected import expressions, kind_of
from assistant.answering.reader import Reader
from assistant.answering.wording import Asked, headed
from assistant.terms import is_short_form, key, words
from assistant.types import Hit, Term

FloatArray = NDArray[np.float64]

FEATURES = (
    "reader", "coverage", "context_coverage", "weakest_term", "weakest_name", "has_expected", "no_expectation",
    "passage_score", "passage_cosine", "is_caption", "length", "opens",
    "untimely",
)  # fmt: skip
"""Names of the columns of :func:`features`, in order."""

QUESTION_FEATURES = ("covered_by_reporting", "covered_elsewhere")
"""Names of what :func:`question_features` returns, in order."""

AGAIN = 6
"""Sentences of a question, the likeliest ones, that are read again as they would be quoted."""

NEIGHBOUR, PASSAGE, TITLE = 0.8, 0.6, 0.7
"""What a term found only beside the sentence counts, relative to one in it."""


def features(question: str, terms: Sequence[Term], hits: Sequence[Hit], reader: Reader) -> FloatArray:
    """Return float64 (sentences, len(FEATURES)), a row for each of :func:`candidates`.

    Args:
        question: as asked.
        terms: its words with all ways of writing them and their weights.
        hits: the passages to look in.
        reader: judges question and passage together.
    """
    found = candidates(hits)
    if not found:
        return np.zeros((0, len(FEATURES)))
    kind = kind_of(question)
    asked = {key(word) for word in words(question)}
    weights = _weights(terms)
    put = Asked(question, terms)
    late = {hit.passage: float(put.untimely(hit)) for hit in hits}
    literal = matches(terms, [c.text for c in found])
    around = np.maximum.reduce([
        literal,
        NEIGHBOUR * matches(terms, [f"{c.before} {c.after}" for c in found]),
        PASSAGE * matches(terms, [c.hit.text for c in found]),
        TITLE * matches(terms, [headed(c.hit.article) for c in found]),
    ])  # fmt: skip
    columns: list[Sequence[float] | FloatArray] = [
        read_twice(put, hits, found, reader),
        literal @ weights,
        around @ weights,
        1 - ((1 - around) * weights).max(axis=1) / weights.max(),
        around[:, names(question, terms)].min(axis=1, initial=1.0),
        [float(bool(expressions(kind, c.text, asked))) for c in found],
        [float(kind == "other")] * len(found),
        [c.hit.score for c in found],
        [c.hit.vector or 0.0 for c in found],
        [float(c.hit.passage.zone == "caption") for c in found],
        [math.log(1 + len(c.text)) / 6 for c in found],
        [float(c.sentence == c.hit.passage.sentences[0]) for c in found],
        [late[c.hit.passage] for c in found],
    ]
    return np.column_stack([np.asarray(column, np.float64) for column in columns])


def read_twice(asked: Asked, hits: Sequence[Hit], found: Sequence[Candidate], reader: Reader) -> FloatArray:
    """Return the log odds that each sentence answers, float64 (sentences,).

    Every sentence is read in its passage. Those that seem likeliest, ``AGAIN`` of them, are then read as they would
    be quoted; the mean of both readings tells answers from what is merely near them better than either
    (docs/figures.md).
    """
    read = [reader.scores(asked.of(hit), [(hit.article.title or "", hit.text, sentence_spans(hit))])[0] for hit in hits]
    judged = np.concatenate(read).astype(np.float64)
    best = np.argsort(-judged, kind="stable")[:AGAIN]
    judged[best] = (judged[best] + read_alone(asked, [quote(found[row]) for row in best], reader)) / 2
    return judged


def read_alone(asked: Asked, quotes: Sequence[Quote], reader: Reader) -> FloatArray:
    """Return the log odds that each quote answers when nothing stands around it, float64 (quotes,)."""
    read = [
        reader.scores(asked.of(one.hit), [(one.hit.article.title or "", one.text, [(0, len(one.text))])])[0]
        for one in quotes
    ]
    return np.concatenate(read).astype(np.float64)


def question_features(terms: Sequence[Term], hits: Sequence[Hit], elsewhere: Sequence[str]) -> FloatArray:
    """Return what tells of the question as a whole, float64 (len(QUESTION_FEATURES),).

    Args:
        terms: the question's.
        hits: the passages found.
        elsewhere: passages that the search leaves out, such as readers' comments; a question whose words stand
            together only there is not answered by the reporting.
    """
    inside = covered(terms, [f"{headed(hit.article)} {hit.text}" for hit in hits])
    outside = covered(terms, elsewhere)
    return np.array([inside.max(initial=0.0), outside.max(initial=0.0)])


def covered(terms: Sequence[Term], texts: Sequence[str]) -> FloatArray:
    """Return float64 (texts,): the share of the terms' weight that each text holds."""
    result: FloatArray = matches(terms, texts) @ _weights(terms)
    return result


def matches(terms: Sequence[Term], texts: Sequence[str]) -> FloatArray:
    """Return float64 (texts, terms): 1 where the text holds the term in one of its ways."""
    ways = [[_Way(way) for way in term.ways] for term in terms]
    held = np.zeros((len(texts), max(len(terms), 1)))
    for row, text in enumerate(texts):
        written = words(text)
        keys = {key(word) for word in written}
        shouted = {key(word) for word in written if word.isupper()}
        for column, some in enumerate(ways):
            held[row, column] = any(way.stands_in(keys, shouted) for way in some)
    return held


class _Way:
    """One way of writing a term; a short form in capitals is matched in capitals only."""

    def __init__(self, written: str) -> None:
        self.keys = frozenset(key(word) for word in words(written))
        self.shouted = is_short_form(written)

    def stands_in(self, keys: set[str], shouted: set[str]) -> bool:
        return bool(self.keys) and self.keys <= (shouted if self.shouted else keys)


def names(question: str, terms: Sequence[Term]) -> list[int]:
    """Which terms are names: written with a capital, but not for opening the question."""
    return [place for place, term in enumerate(terms) if term.start and question[term.start].isupper()]


def _weights(terms: Sequence[Term]) -> FloatArray:
    """The terms' weights, summing to 1."""
    weights = np.array([term.weight for term in terms]) if terms else np.ones(1)
    result: FloatArray = weights / weights.sum()
    return result

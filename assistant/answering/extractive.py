"""Answers without a language model: the sentences of the articles that answer, word for word, or a refusal."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from assistant.answering.evidence import Candidate, Encoder, candidates, features, promising
from assistant.answering.expected import expressions, kind_of
from assistant.answering.ranker import Ranker, load_ranker
from assistant.terms import content_tokens, key, tokens
from assistant.types import Hit, Term

JUDGED = 40
"""Sentences whose meaning is compared with the question; more cost time and change little."""

SAME_FACT = 0.7
"""Share of the shorter sentence's content words that two sentences have in common when they report one fact."""

MARGIN = 1.6
"""How far below the best sentence's score (natural log odds) another may lie and still be shown."""

LONGEST_QUOTE = 480
"""Characters; a sentence that begins with a pronoun takes the one before it along up to this length."""

_LEANS = re.compile(
    r"^[\"“‘']?(?:He|She|They|It|His|Her|Their|Its|This|These|Those|That|Both|Neither|Another|Others|"
    r"The (?:group|deal|agreement|move|ministry|statement|attack|announcement|decision|two|former|latter))\b"
)


@dataclass(frozen=True, slots=True)
class Quote:
    """Exact words of one article: ``article.text[start:end] == text``."""

    hit: Hit
    start: int
    end: int
    text: str


@dataclass(frozen=True, slots=True)
class Extraction:
    """What was found for a question: statements, each one fact with all the quotes that carry it, best first."""

    statements: tuple[tuple[Quote, ...], ...]
    nearest: tuple[Quote, ...]
    confidence: float
    threshold: float
    kind: str = "other"
    disagreeing: tuple[int, ...] = field(default=())


def extract(
    question: str,
    terms: Sequence[Term],
    hits: Sequence[Hit],
    encoder: Encoder | None,
    *,
    threshold: float | None = None,
    most: int = 3,
) -> Extraction:
    """Choose the sentences that answer ``question``.

    Args:
        question: standing alone.
        terms: its words, weighed.
        hits: the passages that a search found, best first.
        encoder: gives word vectors; None ranks by words alone.
        threshold: confidence below which nothing is presented as an answer; None takes the calibrated one.
        most: statements at most.
    """
    ranker = load_ranker(with_meaning=encoder is not None)
    threshold = ranker.threshold if threshold is None else threshold
    found = promising(terms, candidates(hits), JUDGED)
    values = features(question, terms, found, encoder)
    scores = ranker.scores(values)
    order = [int(row) for row in np.argsort(-scores, kind="stable")]
    confidence = ranker.confidence(values, scores)
    nearest = tuple(_quote(found[row]) for row in order[:3])
    if confidence < threshold:
        return Extraction((), nearest, confidence, threshold)
    groups = _choose(question, found, scores, order, most)
    return Extraction(tuple(tuple(map(_quote, group)) for group in groups), nearest, confidence, threshold)


def _choose(
    question: str, found: Sequence[Candidate], scores: NDArray[np.float64], order: Sequence[int], most: int
) -> list[list[Candidate]]:
    """Group the best sentences by fact: what repeats a fact is cited with it, what adds one is a new statement."""
    kind = kind_of(question)
    asked = {key(t.text) for t in tokens(question)}
    groups: list[list[Candidate]] = []
    told: list[set[str]] = []
    for row in order:
        if scores[row] < scores[order[0]] - MARGIN:
            break
        candidate = found[row]
        words = {t.key for t in content_tokens(candidate.text)}
        answers = {key(t.text) for e in expressions(kind, candidate.text, asked) for t in tokens(e)} - asked
        same = next((g for g in groups if _same_fact(words, g[0])), None)
        if same is not None:
            if all(c.hit.article.id != candidate.hit.article.id for c in same):
                same.append(candidate)
        elif len(groups) < most and (not groups or kind == "other" or not answers <= set().union(*told)):
            groups.append([candidate])
            told.append(answers)
    return groups


def _same_fact(words: set[str], other: Candidate) -> bool:
    others = {t.key for t in content_tokens(other.text)}
    return len(words & others) >= SAME_FACT * max(1, min(len(words), len(others)))


def _quote(candidate: Candidate) -> Quote:
    """Quote the sentence, with the one before it where it begins with a word that points back."""
    hit, sentence = candidate.hit, candidate.sentence
    start = sentence.start
    if _LEANS.match(candidate.text) and candidate.before:
        previous = hit.passage.sentences[hit.passage.sentences.index(sentence) - 1]
        if sentence.end - previous.start <= LONGEST_QUOTE:
            start = previous.start
    base = hit.passage.start
    return Quote(hit, start, sentence.end, hit.text[start - base : sentence.end - base])


__all__ = ["Extraction", "Quote", "Ranker", "extract"]

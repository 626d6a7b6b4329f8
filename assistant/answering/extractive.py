"""Answers without a language model: the sentences of the articles that answer, word for word, or a refusal."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np

from assistant.answering.candidates import Candidate, candidates, quote
from assistant.answering.claims import Claim, Quote
from assistant.answering.disagreement import disagree
from assistant.answering.evidence import FloatArray, features, names, question_features
from assistant.answering.facts import Fact, answering, choose, corroborate, overlap
from assistant.answering.ranker import Ranker, load_ranker, summarise
from assistant.answering.reader import Reader
from assistant.settings import Settings
from assistant.types import Hit, Term

READ = 8
"""Passages that are read at first."""

LEADING, SURE = 3, 0.8
"""Articles with the best sentences of which as many passages again are read, and the confidence that does without: what
a search finds of the right article is often not the passage that answers (docs/figures.md)."""

NEAREST = 3
"""Quotes that a refusal lists."""


@dataclass(frozen=True, slots=True)
class Extraction:
    """What was found for a question.

    Attributes:
        claims: each one fact, worded as its first quote, with all the quotes that carry it, best first; none for a
            refusal.
        nearest: the best sentences, whether they answer or not.
        confidence, threshold: 0..1; below the threshold nothing is presented as an answer.
        disagree: those of the claims, the first, that give different figures for what was asked, or deny it.
        read: the passages that were read, those with the best sentences first.
        unanswered: of a question that asks for several things, what the claims do not answer.
    """

    claims: tuple[Claim, ...]
    nearest: tuple[Quote, ...]
    confidence: float
    threshold: float
    disagree: tuple[Claim, ...] = ()
    read: tuple[Hit, ...] = ()
    unanswered: tuple[str, ...] = ()


class Lookup(Protocol):
    """What choosing an answer asks of the index."""

    def terms(self, text: str) -> Sequence[Term]:
        """Return the words of ``text`` with their other ways of writing, weighed."""
        ...

    def spelled(self, text: str) -> str:
        """Return ``text`` with typing slips mended."""
        ...

    def search(self, text: str) -> Sequence[Hit]:
        """Return the passages that match ``text`` best, within the filters of the question."""
        ...

    def left_out(self, text: str) -> Sequence[str]:
        """Return the passages nearest to ``text`` that a search leaves out: comments, boilerplate."""
        ...

    def further(self, text: str, hits: Sequence[Hit], articles: Collection[str]) -> Sequence[Hit]:
        """Return other passages of some articles, by their ids, than ``hits``, best first."""
        ...


@dataclass(frozen=True, slots=True)
class Look:
    """Passages as they were read for a question.

    Attributes:
        hits: the passages.
        found: their sentences.
        values: float64 (sentences, len(FEATURES)).
        scores: the ranker's, float64 (sentences,).
        confidence: 0..1, that the best sentence answers.
    """

    hits: Sequence[Hit]
    found: Sequence[Candidate]
    values: FloatArray
    scores: FloatArray
    confidence: float

    def best(self) -> list[Candidate]:
        """Return the sentences, best first."""
        return [self.found[row] for row in np.argsort(-self.scores, kind="stable")]


def extract(
    question: str,
    lookup: Lookup,
    hits: Sequence[Hit],
    elsewhere: Sequence[str],
    reader: Reader,
    settings: Settings,
) -> Extraction:
    """Choose the sentences that answer ``question``.

    Args:
        question: standing alone.
        lookup: gives the words of a text, and finds more passages.
        hits: the passages that a search found, best first.
        elsewhere: passages left out of the search (comments, boilerplate) that come nearest to the question.
        reader: judges question and passage together.
        settings: gives the most statements, and the confidence below which nothing is presented as an answer.
    """
    ranker = load_ranker()
    threshold = ranker.threshold if settings.threshold is None else settings.threshold
    asked = lookup.spelled(question)
    terms = lookup.terms(asked)
    seen = look(asked, terms, hits[:READ], elsewhere, reader, ranker)
    if seen.found and seen.confidence < SURE:
        seen = look(asked, terms, [*seen.hits, *further(question, seen, lookup)], elsewhere, reader, ranker)
    best = seen.best()
    nearest, read = _nearest(best), tuple({one.hit.passage: one.hit for one in best}.values())
    known = any(hit.lexical for hit in seen.hits)  # of words that no article has, meaning is a guess
    if not seen.found or not known or seen.confidence < threshold:
        return Extraction((), nearest, seen.confidence, threshold, read=read)
    facts = choose(asked, seen.found, seen.scores, seen.values, settings.max_statements)
    _look_for_more(asked, facts, terms, lookup, reader)
    differ = disagree(asked, facts, terms)
    claims = tuple(map(_claim, [*differ, *(fact for fact in facts if fact not in differ)]))
    return Extraction(claims, nearest, seen.confidence, threshold, claims[: len(differ)], read)


def _claim(fact: Fact) -> Claim:
    return Claim(fact.quotes[0].text, tuple(fact.quotes))


def look(
    question: str, terms: Sequence[Term], hits: Sequence[Hit], elsewhere: Sequence[str], reader: Reader, ranker: Ranker
) -> Look:
    """Read passages for a question; what was read before is remembered by the reader."""
    values = features(question, terms, hits, reader)
    if not len(values):
        return Look(hits, (), values, np.zeros(0), 0.0)
    scores = ranker.scores(values)
    confidence = ranker.confidence(summarise(values, scores, question_features(terms, hits, elsewhere)))
    return Look(hits, candidates(hits), values, scores, confidence)


def further(question: str, seen: Look, lookup: Lookup) -> Sequence[Hit]:
    """Return as many passages that were not read, of the articles that hold the best sentences."""
    leading = list(dict.fromkeys(one.hit.article.id for one in seen.best()))[:LEADING]
    return lookup.further(question, seen.hits, leading)[: len(seen.hits)]


def _nearest(best: Sequence[Candidate]) -> tuple[Quote, ...]:
    """Return the best ``NEAREST`` quotes that share no words."""
    shown: list[Quote] = []
    for one in map(quote, best):
        if not any(overlap(one, other) for other in shown):
            shown.append(one)
        if len(shown) == NEAREST:
            break
    return tuple(shown)


def _look_for_more(question: str, facts: Sequence[Fact], terms: Sequence[Term], lookup: Lookup, reader: Reader) -> None:
    """Search for the first fact's answer, and cite the other articles that give it too."""
    if said := answering(question, facts[0].quotes[0].text):
        others = candidates(lookup.search(f"{question} {'; '.join(said)}"))
        matter = [terms[place] for place in names(question, terms)] or terms
        corroborate(question, facts[0], others, matter, lookup.terms("; ".join(said)), reader)

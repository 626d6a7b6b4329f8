"""Answers without a language model: the sentences of the articles that answer, word for word, or a refusal."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np

from assistant.answering.candidates import Candidate, candidates, quote
from assistant.answering.claims import Claim, Quote
from assistant.answering.evidence import features, names, question_features
from assistant.answering.facts import Fact, answering, choose, corroborate, disagree, overlap
from assistant.answering.ranker import load_ranker, summarise
from assistant.answering.reader import Reader
from assistant.settings import Settings
from assistant.types import Hit, Term

READ = 8
"""Passages that are read; more cost time and change little (docs/figures.md)."""


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
        disagree: the claims give different figures for what was asked.
        read: the passages that were read, those with the best sentences first.
    """

    claims: tuple[Claim, ...]
    nearest: tuple[Quote, ...]
    confidence: float
    threshold: float
    disagree: bool = False
    read: tuple[Hit, ...] = ()


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
        lookup: gives the words of a text, and finds other articles that say the same.
        hits: the passages that a search found, best first.
        elsewhere: passages left out of the search (comments, boilerplate) that come nearest to the question.
        reader: judges question and passage together.
        settings: gives the most statements, and the confidence below which nothing is presented as an answer.
    """
    ranker = load_ranker()
    threshold = ranker.threshold if settings.threshold is None else settings.threshold
    question = lookup.spelled(question)
    terms, hits = lookup.terms(question), hits[:READ]
    found = candidates(hits)
    if not found:
        return Extraction((), (), 0.0, threshold, read=tuple(hits))
    values = features(question, terms, hits, reader)
    scores = ranker.scores(values)
    confidence = ranker.confidence(summarise(values, scores, question_features(terms, hits, elsewhere)))
    best = [found[row] for row in np.argsort(-scores, kind="stable")]
    nearest = _nearest(best)
    read = tuple({one.hit.passage: one.hit for one in best}.values())
    if confidence < threshold:
        return Extraction((), nearest, confidence, threshold, read=read)
    facts = choose(question, found, scores, values[:, 0], settings.max_statements)
    _look_for_more(question, facts, terms, lookup, reader)
    claims = tuple(Claim(fact.quotes[0].text, tuple(fact.quotes)) for fact in facts)
    return Extraction(claims, nearest, confidence, threshold, disagree(question, facts), read)


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

"""Answers without a language model: the sentences of the articles that answer, word for word, or a refusal."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import compress
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from assistant.answering.candidates import Candidate, candidates, quote
from assistant.answering.claims import Claim, Quote
from assistant.answering.evidence import covered, features, names, question_features
from assistant.answering.expected import Kind, expressions, kind_of
from assistant.answering.ranker import load_ranker, summarise
from assistant.answering.reader import Reader
from assistant.settings import Settings
from assistant.terms import content_tokens, key, tokens
from assistant.types import Hit, Term

READ = 8
"""Passages that are read; more cost time and change little (docs/figures.md)."""

SAME_FACT = 0.7
"""Share of the shorter sentence's content words that two sentences have in common when they report one fact."""

ABOUT = 0.4
"""Share of the weight of the question's names that a passage holds which is cited for the same answer."""

SAME_ANSWER = 0.6
"""Share of the weight of the answering names or figures that such a sentence holds."""

MOST_SOURCES = 3
"""Articles cited for one statement."""

MARGIN = 4.5
"""How far below the best sentence's score (natural log odds) another may lie and still be shown."""


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
    order = [int(row) for row in np.argsort(-scores, kind="stable")]
    nearest = tuple(quote(found[row]) for row in order[:3])
    read = tuple({found[row].hit.passage: found[row].hit for row in order}.values())
    if confidence < threshold:
        return Extraction((), nearest, confidence, threshold, read=read)
    facts = _choose(question, found, scores, order, settings.max_statements)
    asked = frozenset(key(t.text) for t in tokens(question))
    said = expressions(kind_of(question), facts[0].sentences[0].text, asked)
    if said:
        others = candidates(lookup.search(f"{question} {'; '.join(said)}"))
        matter = [terms[place] for place in names(question, terms)] or terms
        _corroborate(facts, others, matter, lookup.terms("; ".join(said)))
    differ = _disagree(kind_of(question), facts, dict(zip(found, values[:, 0].tolist(), strict=True)))
    carried = [tuple(map(quote, fact.sentences)) for fact in facts]
    claims = tuple(Claim(quotes[0].text, quotes) for quotes in carried)
    return Extraction(claims, nearest, confidence, threshold, differ, read)


@dataclass(slots=True)
class _Fact:
    """Sentences that report one thing: their content words, and the expressions that answer."""

    sentences: list[Candidate]
    words: frozenset[str]
    answers: frozenset[str]

    def takes(self, other: _Fact) -> bool:
        """Whether ``other`` adds nothing: no other answer or, where it gives none, much the same words."""
        if other.answers:
            return other.answers <= self.answers
        return len(self.words & other.words) >= SAME_FACT * max(1, min(len(self.words), len(other.words)))


def _choose(
    question: str, found: Sequence[Candidate], scores: NDArray[np.float64], order: Sequence[int], most: int
) -> list[_Fact]:
    """Group the best sentences by fact: what repeats a whole one is cited with it, what adds one is a new statement."""
    kind = kind_of(question)
    asked = frozenset(key(t.text) for t in tokens(question))
    facts: list[_Fact] = []
    for row in order:
        if scores[row] < scores[order[0]] - MARGIN:
            break
        if any(_within(found[row], quote(c)) for fact in facts for c in fact.sentences):
            continue
        fact = _fact(found[row], kind, asked)
        same = next((other for other in facts if other.takes(fact)), None)
        if same is not None:
            says_all = fact.answers in (frozenset(), same.answers)
            if says_all and all(c.hit.article.id != found[row].hit.article.id for c in same.sentences):
                same.sentences.append(found[row])
        elif len(facts) < most:
            facts.append(fact)
    return facts


def _fact(candidate: Candidate, kind: Kind, asked: frozenset[str]) -> _Fact:
    words = frozenset(t.key for t in content_tokens(candidate.text))
    answers = {key(t.text) for said in expressions(kind, candidate.text, asked) for t in tokens(said)}
    return _Fact([candidate], words, frozenset(answers) - asked)


def _within(candidate: Candidate, quote: Quote) -> bool:
    sentence, same = candidate.sentence, candidate.hit.article.id == quote.hit.article.id
    return same and quote.start <= sentence.start and sentence.end <= quote.end


def _corroborate(
    facts: list[_Fact], others: Sequence[Candidate], terms: Sequence[Term], answers: Sequence[Term]
) -> None:
    """Cite with the first fact what other articles say of the same matter with the same names or figures.

    Args:
        facts: as chosen; the first one grows.
        others: sentences of the passages found for question and answer together.
        terms: the question's names, or else its words; ``ABOUT`` of their weight must stand in the other passage.
        answers: the expressions that answer, in all their ways; most of their weight must stand in the other sentence.
    """
    about = covered(terms, [f"{c.hit.article.title or ''} {c.hit.text}" for c in others])
    same = (covered(answers, [c.text for c in others]) >= SAME_ANSWER) & (about >= ABOUT)
    cited = {c.hit.article.id for fact in facts for c in fact.sentences}
    for other in compress(others, same):
        if other.hit.article.id not in cited and len(facts[0].sentences) < MOST_SOURCES:
            facts[0].sentences.append(other)
            cited.add(other.hit.article.id)


def _disagree(kind: Kind, facts: Sequence[_Fact], judged: Mapping[Candidate, float]) -> bool:
    """Whether different articles give different figures: each read as an answer, no figure in common."""
    sides = [fact for fact in facts if judged[fact.sentences[0]] > 0 and fact.answers]
    return (
        kind in ("number", "money")
        and len(sides) == len(facts) > 1
        and len({fact.sentences[0].hit.article.id for fact in sides}) == len(sides)
        and sum(len(fact.answers) for fact in sides) == len(frozenset().union(*(fact.answers for fact in sides)))
    )

"""What the best sentences report, each thing once, with all the quotes that carry it."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import compress

import numpy as np
from numpy.typing import NDArray

from assistant.answering.candidates import LONGEST_QUOTE, Candidate, quote
from assistant.answering.checks.moments import find_moments
from assistant.answering.checks.quantities import find_quantities
from assistant.answering.claims import Quote, quoted
from assistant.answering.evidence import covered, read_alone
from assistant.answering.expected import expressions, kind_of
from assistant.answering.reader import Reader
from assistant.answering.wording import Asked
from assistant.terms import content_tokens, key, words
from assistant.types import Term

SAME_FACT = 0.7
"""Share of the shorter sentence's content words that two sentences have in common when they report one fact."""

FEWEST = 4
"""Content words of a sentence that can report a fact; a heading of one word says the same as nothing."""

ABOUT = 0.4
"""Share of the weight of the question's names that a passage holds which is cited for the same answer."""

SAME_ANSWER = 0.6
"""Share of the weight of the answering names or figures that such a sentence holds."""

SAYS_SO = -4.0
"""Least log odds that such a sentence says what the statement says: it may say half of it. Those that only share a name
or a month have less than -5."""

AGAINST = 0.25
"""Share of the shorter one's content words that a statement and a sentence that denies it have in common."""

_DENIES = re.compile(
    r"\b(?:den(?:y|ies|ied|ying)|disput(?:e|es|ed)|contradict(?:s|ed)|untrue|no evidence|"
    r"(?:rejects?|rejected|dismiss(?:es|ed)) (?:the|that|any|these|such) "
    r"(?:claim|report|accusation|allegation|figure|charge)s?)\b"
)

MOST_SOURCES = 3
"""Articles cited for one statement."""

MARGIN = 3.6
"""How far below the best sentence's score (natural log odds) another may lie and still be shown."""

SURE, FURTHER, ELSEWHERE = 2.0, -1.0, 0.0
"""Log odds, as the reader judges: where the first sentence has the first, another one needs the second, of another
article the third: what merely resembles a sure answer is often of another event (docs/figures.md)."""


@dataclass(slots=True)
class Fact:
    """Quotes that report one thing.

    Attributes:
        quotes: best first.
        words: content words of the first.
        answers: keys of its expressions of the kind asked for; figures as values, ``14`` for "fourteen".
        likely: log odds that the first answers, as the reader judges.
    """

    quotes: list[Quote]
    words: frozenset[str]
    answers: frozenset[str]
    likely: float

    def takes(self, other: Fact) -> bool:
        """Whether ``other`` adds nothing: no other answer or, where it gives none, much the same words."""
        if other.answers:
            return other.answers <= self.answers
        return self.alike(other) >= SAME_FACT

    def repeats(self, other: Fact) -> bool:
        """Whether ``other``, which adds nothing, says all of it as well, so that both may be cited together."""
        if self.answers or other.answers:
            return other.answers == self.answers and other.likely >= 0
        return len(self.words & other.words) >= SAME_FACT * len(self.words)

    def admits(self, other: Fact) -> bool:
        """Whether ``other`` may be shown beside it, the first."""
        least = FURTHER if _article(self.quotes[0]) == _article(other.quotes[0]) else ELSEWHERE
        return self.likely < SURE or other.likely >= least

    def alike(self, other: Fact) -> float:
        """Return 0..1: the share of the shorter one's content words, or of ``FEWEST``, that both have."""
        return len(self.words & other.words) / max(FEWEST, min(len(self.words), len(other.words)))


def choose(
    question: str, found: Sequence[Candidate], scores: NDArray[np.float64], likely: NDArray[np.float64], most: int
) -> list[Fact]:
    """Group the best sentences by fact: what repeats a whole one is cited with it, what adds one is a new statement.

    Args:
        question: as asked.
        found: sentences.
        scores: the ranker's, float64 (sentences,).
        likely: the reader's log odds, float64 (sentences,).
        most: facts.
    """
    facts: list[Fact] = []
    for row in np.argsort(-scores, kind="stable"):
        if scores[row] < scores.max() - MARGIN:
            break
        fact = _fact(question, found[row], float(likely[row]))
        if _overlaps(fact, facts) or (facts and not facts[0].admits(fact)):
            continue
        same = next((other for other in facts if other.takes(fact)), None)
        if same is not None:
            if same.repeats(fact) and all(_article(one) != _article(fact.quotes[0]) for one in same.quotes):
                same.quotes += fact.quotes
        elif len(facts) < most:
            facts.append(fact)
    return [*facts, *_contested(question, facts, found, likely)][:most]


def _contested(
    question: str, facts: Sequence[Fact], found: Sequence[Candidate], likely: NDArray[np.float64]
) -> Iterator[Fact]:
    """Yield what the same articles say against the facts: whoever reads a charge should read that it is denied."""
    for row, candidate in enumerate(found):
        if not _DENIES.search(candidate.text):
            continue
        denial = _fact(question, candidate, float(likely[row]))
        near = (f for f in facts if _article(f.quotes[0]) == _article(denial.quotes[0]) and f.alike(denial) >= AGAINST)
        shown = any(overlap(denial.quotes[0], quote) for fact in facts for quote in fact.quotes)
        if not shown and any(near):
            yield denial


def answering(question: str, text: str) -> list[str]:
    """Return the expressions of ``text`` that may answer; of a reason the words that lead to it are no answer."""
    kind = kind_of(question)
    return [] if kind == "reason" else expressions(kind, text, {key(word) for word in words(question)})


def _fact(question: str, candidate: Candidate, likely: float) -> Fact:
    keys = frozenset(t.key for t in content_tokens(candidate.text))
    said = answering(question, candidate.text)
    figures = kind_of(question) in ("number", "money")
    return Fact([quote(candidate)], keys, _keys(said, figures) - _keys([question], figures), likely)


def _keys(texts: Iterable[str], figures: bool) -> frozenset[str]:
    """Return what stands for some texts: the keys of their words; of figures their values where they have any."""
    found: set[str] = set()
    for text in texts:
        values = [f"{value:g}" for one in find_quantities(text) for value in one.values] if figures else []
        found.update(values or (key(word) for word in words(text)))
    return frozenset(found)


def _overlaps(fact: Fact, facts: Sequence[Fact]) -> bool:
    """Whether a new quote and one that is shown share words; the shown one then grows to hold both."""
    new = fact.quotes[0]
    for shown in facts:
        for number, old in enumerate(shown.quotes):
            if overlap(old, new):
                start, end = min(old.start, new.start), max(old.end, new.end)
                if len(shown.quotes) == 1 and end - start <= LONGEST_QUOTE:
                    shown.quotes[number] = quoted(old.hit, start, end)
                    shown.words, shown.answers = shown.words | fact.words, shown.answers | fact.answers
                return True
    return False


def overlap(one: Quote, other: Quote) -> bool:
    """Whether two quotes share words of an article."""
    return _article(one) == _article(other) and one.start < other.end and other.start < one.end


def _article(one: Quote) -> str:
    return one.hit.article.id


def corroborate(
    question: str,
    fact: Fact,
    others: Sequence[Candidate],
    terms: Sequence[Term],
    answers: Sequence[Term],
    reader: Reader,
) -> None:
    """Cite with a fact what other articles say of the same matter with the same names or figures.

    Args:
        question: as asked; the other sentences must answer it too.
        fact: grows.
        others: sentences of the passages found for question and answer together.
        terms: the question's names, or else its words; ``ABOUT`` of their weight must stand in the other passage.
        answers: the expressions that answer, in all their ways; most of their weight must stand in the other sentence.
        reader: judges whether the other sentences answer, and whether they say what the fact says.
    """
    asked = Asked(question, terms)
    about = covered(terms, [f"{c.hit.article.title or ''} {c.hit.text}" for c in others])
    same = (covered(answers, [c.text for c in others]) >= SAME_ANSWER) & (about >= ABOUT)
    for other in map(quote, compress(others, same)):
        new = all(_article(one) != _article(other) for one in fact.quotes)
        if not new or len(fact.quotes) == MOST_SOURCES or read_alone(asked, [other], reader)[0] < 0:
            continue
        if reader.entailment(other.text, fact.quotes[0].text) >= SAYS_SO:
            fact.quotes.append(other)


def disagree(question: str, facts: Sequence[Fact]) -> bool:
    """Whether different articles give different figures of one measure: each read as an answer, none in common."""
    kind = kind_of(question)
    if kind not in ("number", "money") or not all(fact.likely > 0 and fact.answers for fact in facts):
        return False
    given: defaultdict[str, set[tuple[str, float]]] = defaultdict(set)
    for fact in facts:
        given[_article(fact.quotes[0])] |= _figures(fact.quotes[0].text) - _figures(question)
    measures = set.intersection(*({unit for unit, _ in figures} for figures in given.values()))
    figures = [one for side in given.values() for one in side if one[0] in measures]
    return len(given) > 1 and bool(measures) and len(figures) == len(set(figures))


def _figures(text: str) -> set[tuple[str, float]]:
    """Return the figures of a text but for its dates, each with its measure: ``("time", 20160.0)`` for two weeks."""
    dates = [(moment.start, moment.end) for moment in find_moments(text)]
    return {(one.unit, one.size) for one in find_quantities(text, dates)}

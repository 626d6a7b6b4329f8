"""What the best sentences report, each thing once, with all the quotes that carry it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import compress

import numpy as np
from numpy.typing import NDArray

from assistant.answering.candidates import LONGEST_QUOTE, Candidate, quote
from assistant.answering.checks.quantities import find_quantities
from assistant.answering.claims import Quote, quoted
from assistant.answering.contrary import SAME_MATTER, contrary
from assistant.answering.evidence import FEATURES, covered, read_alone
from assistant.answering.expected import expressions, kind_of
from assistant.answering.reader import Reader
from assistant.answering.wording import Asked
from assistant.terms import content_tokens, key, words
from assistant.types import ArticleInfo, Term

SAME_FACT = 0.7
"""Share of the shorter sentence's content words that two sentences have in common when they report one fact."""

FEWEST = 4
"""Content words of a sentence that can report a fact: a heading of one word says the same as nothing, and what has
fewer has to answer, as the reader judges, to stand beside another."""

ABOUT = 0.4
"""Share of the weight of the question's names that a passage holds which is cited for the same answer."""

SAME_ANSWER = 0.6
"""Share of the weight of the answering names or figures that such a sentence holds."""

SAYS_SO = -4.0
"""Least log odds that such a sentence says what the statement says: it may say half of it. Those that only share a name
or a month have less than -5."""

AGAINST = 0.25
"""Share of the shorter one's content words that a statement and a sentence that denies it have in common."""

_SHOWN = [FEATURES.index("reader"), FEATURES.index("weakest_name")]

_DENIES = re.compile(
    r"\b(?:den(?:y|ies|ied|ying)|disput(?:e|es|ed)|contradict(?:s|ed)|untrue|no evidence|"
    r"(?:rejects?|rejected|dismiss(?:es|ed)) (?:the|that|any|these|such) "
    r"(?:claim|report|accusation|allegation|figure|charge)s?)\b"
)

MOST_SOURCES = 3
"""Articles cited for one statement."""

MARGIN = 3.6
"""How far below the best sentence's score (natural log odds) another may lie and still be shown."""

SURE, FURTHER, ELSEWHERE, UNSURE = 2.0, -1.0, 0.0, -2.0
"""Log odds, as the reader judges: where the first sentence has the first, another one needs the second, of another
article the third: what merely resembles a sure answer is often of another event (docs/figures.md). Where the first has
less, the fourth comes on top."""


NAMED = 0.6
"""How near the question's names have to stand to every statement where they stand as near to the first."""


@dataclass(slots=True)
class Fact:
    """Quotes that report one thing.

    Attributes:
        quotes: best first.
        words: content words of the first.
        answers: keys of its expressions of the kind asked for; figures as values, ``14`` for "fourteen".
        likely: log odds that the first answers, as the reader judges.
        named: 0..1, how near to it the least near of the question's names stands.
    """

    quotes: list[Quote]
    words: frozenset[str]
    answers: frozenset[str]
    likely: float
    named: float

    @property
    def article(self) -> ArticleInfo:
        """Of the first quote."""
        return self.quotes[0].hit.article

    def takes(self, other: Fact) -> bool:
        """Whether ``other`` adds nothing: no other answer or, where it gives none, much the same words; no denial."""
        same = other.answers <= self.answers if other.answers else self.alike(other) >= SAME_FACT
        return same and not contrary(self.quotes[0].text, other.quotes[0].text)

    def repeats(self, other: Fact) -> bool:
        """Whether ``other``, which adds nothing, says all of it as well, so that both may be cited together."""
        if self.answers or other.answers:
            return other.answers == self.answers and other.likely >= 0
        return len(self.words & other.words) >= SAME_FACT * len(self.words)

    def admits(self, other: Fact) -> bool:
        """Whether ``other`` may be shown beside it, the first."""
        least = FURTHER if self.article.id == other.article.id else ELSEWHERE
        least += UNSURE if self.likely < SURE else 0
        likely = other.likely >= (least if len(other.words) >= FEWEST else 0)
        return likely and other.named >= min(self.named, NAMED)

    def updated(self, other: Fact) -> bool:
        """Whether another article gives another figure in much the same words, whatever the question calls it."""
        same = other.answers <= self.answers or other.article.id == self.article.id
        return not same and self.alike(other) >= SAME_MATTER

    def alike(self, other: Fact) -> float:
        """Return 0..1: the share of the shorter one's content words, or of ``FEWEST``, that both have."""
        return len(self.words & other.words) / max(FEWEST, min(len(self.words), len(other.words)))


def choose(
    question: str, found: Sequence[Candidate], scores: NDArray[np.float64], values: NDArray[np.float64], most: int
) -> list[Fact]:
    """Group the best sentences by fact: what repeats a whole one is cited with it, what adds one is a new statement.

    Args:
        question: as asked.
        found: sentences.
        scores: the ranker's, float64 (sentences,).
        values: of the evidence, float64 (sentences, len(FEATURES)).
        most: facts.
    """
    facts: list[Fact] = []
    figures = kind_of(question) in ("number", "money")
    for row in np.argsort(-scores, kind="stable"):
        near = scores[row] >= scores.max() - MARGIN
        if not near and not figures:
            break
        fact = _fact(question, found[row], values[row])
        if not near and not facts[0].updated(fact):
            continue
        if _overlaps(fact, facts) or (facts and not facts[0].admits(fact)):
            continue
        same = next((other for other in facts if other.takes(fact)), None)
        if same is not None:
            if same.repeats(fact) and all(_article(one) != fact.article.id for one in same.quotes):
                same.quotes += fact.quotes
        elif len(facts) < most:
            facts.append(fact)
    return [*facts, *_contested(question, facts, found, values)][:most]


def _contested(
    question: str, facts: Sequence[Fact], found: Sequence[Candidate], values: NDArray[np.float64]
) -> Iterator[Fact]:
    """Yield what the same articles say against the facts: whoever reads a charge should read that it is denied."""
    for row, candidate in enumerate(found):
        if not _DENIES.search(candidate.text):
            continue
        denial = _fact(question, candidate, values[row])
        near = (f for f in facts if f.article.id == denial.article.id and f.alike(denial) >= AGAINST)
        shown = any(overlap(denial.quotes[0], quote) for fact in facts for quote in fact.quotes)
        if not shown and any(near):
            yield denial


def answering(question: str, text: str) -> list[str]:
    """Return the expressions of ``text`` that may answer; of a reason the words that lead to it are no answer."""
    kind = kind_of(question)
    return [] if kind == "reason" else expressions(kind, text, {key(word) for word in words(question)})


def _fact(question: str, candidate: Candidate, values: NDArray[np.float64]) -> Fact:
    keys = frozenset(t.key for t in content_tokens(candidate.text))
    said = answering(question, candidate.text)
    figures = kind_of(question) in ("number", "money")
    return Fact(
        [quote(candidate)], keys, _keys(said, figures) - _keys([question], figures), *map(float, values[_SHOWN])
    )


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
        stated = fact.quotes[0].text
        if reader.entailment(other.text, stated) >= SAYS_SO and not contrary(other.text, stated):
            fact.quotes.append(other)

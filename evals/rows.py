"""What is kept of each case asked: its measures, and enough to see why it failed, as plain JSON types."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field, fields
from pathlib import Path
from typing import Any, Literal

from assistant import Hit
from evals.dataset import Case
from evals.judge import Outcome
from evals.metrics import hit_at, ndcg_at, recall_at, reciprocal_rank, says, states_facts

SHOWN = 4000
"""Characters of a passage that a row keeps."""

Gate = Literal["tested", "strict", "shown"]


@dataclass(frozen=True, slots=True)
class Measure:
    """How a measure is named for people, and what the gate does with it.

    Attributes:
        label: what stands in tables.
        gate: ``strict``: no case may fall, since nothing but a fault makes one; ``tested``: a significant fall fails;
            ``shown``: for people only.
    """

    label: str
    gate: Gate = "shown"


MEASURES: dict[str, Measure] = {
    "right": Measure("right within the statements shown", "tested"),
    "first": Measure("right in the first statement", "tested"),
    "wrongly_refused": Measure("answerable wrongly refused"),
    "refused": Measure("unanswerable refused", "tested"),
    "rewritten": Measure("follow-up made to stand alone", "tested"),
    "citation_recall": Measure("citation recall", "tested"),
    "citation_precision": Measure("citation precision", "tested"),
    "listed": Measure("statements cited from listed articles only"),
    "evidence": Measure("facts in the passages found", "tested"),
    "hit@1": Measure("Hit@1 of articles"),
    "hit@5": Measure("Hit@5 of articles"),
    "hit@10": Measure("Hit@10 of articles"),
    "recall": Measure("recall of articles in what is found"),
    "mrr": Measure("MRR of articles"),
    "ndcg@10": Measure("nDCG@10 of articles", "tested"),
    "ran": Measure("ran without error", "strict"),
    "verbatim": Measure("citations verbatim", "strict"),
    "reporting": Measure("citations from body or caption", "strict"),
    "numbered": Measure("statements cite what is there", "strict"),
    "by_words": Measure("searched by words", "strict"),
    "by_meaning": Measure("searched by meaning", "strict"),
    "weighed": Measure("passages weighed as set", "strict"),
}
"""Every measure of a case, 0..1, in the order of the tables. All but ``wrongly_refused`` are better when higher."""


@dataclass(frozen=True, slots=True)
class Row:
    """A case and what came of it under one configuration.

    Attributes:
        case: hash of what the case asks and expects.
        scores: measures that apply to the case, 0..1.
        sure: confidence of the answer, None where nothing was found.
        good: showing the answer is right, whether or not it was refused; for the risk-coverage curve.
        expected, got, found: facts, statements and passages, for people.
        error: what ended the case, None when it came to an answer.
    """

    id: str
    case: str
    question: str
    answerable: bool
    history: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()
    scores: Mapping[str, float] = field(default_factory=dict)
    sure: float | None = None
    good: bool = False
    status: str = ""
    mode: str = ""
    standalone: str = ""
    expected: tuple[tuple[str, ...], ...] = ()
    articles: tuple[str, ...] = ()
    got: tuple[Mapping[str, Any], ...] = ()
    found: tuple[Mapping[str, Any], ...] = ()
    notices: tuple[str, ...] = ()
    best: str = ""
    lost: str | None = None
    error: str | None = None
    milliseconds: float = 0.0

    @property
    def failed(self) -> bool:
        """Whether it is to be looked at."""
        return bool(self.error or self.lost)

    @property
    def id_and_case(self) -> tuple[str, str]:
        """What tells whether two rows are of the same case."""
        return self.id, self.case

    def to_dict(self) -> dict[str, Any]:
        """Return plain JSON types."""
        return asdict(self)

    @classmethod
    def from_dict(cls, row: Mapping[str, Any]) -> Row:
        """Return the row that :meth:`to_dict` gave; fields of other versions are passed over."""
        return cls(**{one.name: row[one.name] for one in fields(cls) if one.name in row})


def broken(case: Case, error: Exception) -> Row:
    """Return the row of a case that ended in an error."""
    return Row(**_about(case), scores={"ran": 0.0}, lost="error", error=f"{type(error).__name__}: {error}")


def searched(case: Case, hits: Sequence[Hit], vector_weight: float, milliseconds: float) -> Row:
    """Return the row of a case that was searched for, not asked."""
    scores = search_scores(case, hits, vector_weight) | {"ran": 1.0}
    lost = "not first" if scores.get("hit@1") == 0 else None
    return Row(**_about(case), scores=scores, found=_found(case, hits), lost=lost, milliseconds=milliseconds)


def answered(outcome: Outcome, vector_weight: float) -> Row:
    """Return the row of a case that was asked and judged."""
    case, answer = outcome.case, outcome.answer
    quotes = {c.number: {"source": Path(c.source).name, "quote": c.quote} for c in answer.citations}
    return Row(
        **_about(case),
        scores=search_scores(case, outcome.found, vector_weight) | answer_scores(outcome),
        sure=answer.confidence,
        good=outcome.right or _would_be_right(outcome),
        status=answer.status,
        mode=answer.mode,
        standalone=answer.standalone_question,
        got=tuple({"text": s.text, "cited": [quotes.get(n, {}) for n in s.citations]} for s in answer.statements),
        found=_found(case, outcome.found),
        notices=answer.notices,
        best=outcome.best,
        lost=outcome.lost,
        milliseconds=outcome.milliseconds,
    )


def search_scores(case: Case, hits: Sequence[Hit], vector_weight: float) -> dict[str, float]:
    """Return the measures of what a search found; ranks are of distinct articles by best passage, copies behind.

    Args:
        case: what was searched for.
        hits: best first.
        vector_weight: the share of meaning in a passage's score, by the settings.
    """
    scores = {
        "by_words": float(any(hit.lexical is not None for hit in hits)),
        "by_meaning": float(any(hit.vector is not None for hit in hits)),
        "weighed": float(_weighed(hits, vector_weight)),
    }
    if case.answerable:
        names = [Path(a.source).name for hit in hits for a in (hit.article, *(copy for copy, _ in hit.copies))]
        scores |= {f"hit@{k}": float(hit_at(k, names, case.articles)) for k in (1, 5, 10)}
        scores["recall"] = recall_at(len(names), names, case.articles)
        scores["mrr"] = reciprocal_rank(names, case.articles)
        scores["ndcg@10"] = ndcg_at(10, names, dict.fromkeys(case.articles, 1.0))
    return {name: value for name, value in scores.items() if not math.isnan(value)}


def _weighed(hits: Sequence[Hit], vector_weight: float) -> bool:
    """Whether passages that were found in one way only score no more than the weight of that way."""
    ways = [(hit.lexical is not None, hit.vector is not None, hit.score) for hit in hits]
    if not (any(words for words, *_ in ways) and any(meaning for _, meaning, _ in ways)):
        return True  # one way alone decides, and has all the weight
    most = {(True, False): 1 - vector_weight, (False, True): vector_weight}
    return all(score <= most.get((words, meaning), 1.0) + 1e-6 for words, meaning, score in ways)


def answer_scores(outcome: Outcome) -> dict[str, float]:
    """Return the measures of an answer that apply to its case."""
    case, answer = outcome.case, outcome.answer
    scores = {"ran": 1.0}
    if case.answerable:
        scores |= {"right": outcome.right, "first": outcome.first, "evidence": outcome.evidence}
        scores["wrongly_refused"] = outcome.refused
    else:
        scores["refused"] = outcome.refused
    if case.answerable and not outcome.refused:
        scores |= {"citation_recall": _share(outcome.recalled), "citation_precision": _share(outcome.precise)}
        scores["listed"] = _share(outcome.listed)
    if answer.statements:
        known = {citation.number for citation in answer.citations}
        scores["numbered"] = all(s.citations and known.issuperset(s.citations) for s in answer.statements)
        scores |= {"verbatim": all(outcome.verbatim), "reporting": all(outcome.reporting)}
    if case.needs is not None and case.history:
        kept = answer.standalone_question == case.question
        scores["rewritten"] = (
            all(any(says(answer.standalone_question, way) for way in ways) for ways in case.needs)
            if case.needs
            else kept
        )
    return {name: float(value) for name, value in scores.items()}


def _about(case: Case) -> dict[str, Any]:
    return {
        "id": case.id,
        "case": case.fingerprint,
        "question": case.question,
        "answerable": case.answerable,
        "history": case.history,
        "tags": tuple(sorted(case.tags | ({case.why_not} if case.why_not else set()))),
        "expected": case.facts,
        "articles": tuple(sorted(case.articles)),
    }


def _found(case: Case, hits: Sequence[Hit]) -> tuple[dict[str, Any], ...]:
    return tuple(
        {
            "article": Path(hit.article.source).name,
            "text": hit.text[:SHOWN],
            "score": round(hit.score, 4),
            "listed": Path(hit.article.source).name in case.articles,
        }
        for hit in hits
    )


def _would_be_right(outcome: Outcome) -> bool:
    """Whether what a refusal shows as nearest states the facts: what a lower threshold would have shown."""
    case = outcome.case
    nearest = [c.quote for c in outcome.answer.nearest if Path(c.source).name in case.articles]
    return case.answerable and outcome.refused and bool(nearest) and states_facts(nearest, case.facts)


def _share(flags: Sequence[bool]) -> float:
    return sum(flags) / len(flags) if flags else 0.0

"""What one answer got right, decided from the answer and the articles alone."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from assistant import Answer, Assistant, Citation, Hit, Statement
from evals.dataset import Case
from evals.metrics import states_facts

REPORTING = ("body", "caption")


@dataclass(frozen=True, slots=True)
class Outcome:
    """A case and how its answer fared.

    Attributes:
        right: all facts stand in the statements shown, and a citation is from a listed article.
        first: the same of the first statement alone.
        verbatim: for each citation, whether its quote is the article's wording at its place.
        reporting: for each citation, whether it lies in body or captions only, by the article's own zones.
        listed: for each statement, whether all its citations come from listed articles.
        lost: where the answer went wrong; None when it did not.
        milliseconds: from question to answer.
    """

    case: Case
    answer: Answer
    right: bool
    first: bool
    verbatim: tuple[bool, ...]
    reporting: tuple[bool, ...]
    listed: tuple[bool, ...]
    lost: str | None
    milliseconds: float

    @property
    def refused(self) -> bool:
        """Whether nothing was presented as an answer."""
        return self.answer.status == "refused"

    @property
    def best(self) -> str:
        """The first statement, or what a refusal shows as nearest."""
        shown = [s.text for s in self.answer.statements] or [c.quote for c in self.answer.nearest]
        return shown[0] if shown else ""


def judge(assistant: Assistant, case: Case) -> Outcome:
    """Ask ``case`` and judge the answer."""
    began = time.perf_counter()
    answer = assistant.ask(case.question, case.history)
    milliseconds = 1000 * (time.perf_counter() - began)
    cited = {citation.number: citation for citation in answer.citations}
    right = case.answerable and _right(case, answer.statements, cited)
    return Outcome(
        case,
        answer,
        right,
        first=case.answerable and _right(case, answer.statements[:1], cited),
        verbatim=tuple(_is_verbatim(assistant, citation) for citation in answer.citations),
        reporting=tuple(_is_reporting(assistant, citation) for citation in answer.citations),
        listed=tuple(all(_is_listed(case, cited[n]) for n in s.citations) for s in answer.statements),
        lost=None if right else _lost(case, answer, cited, assistant),
        milliseconds=milliseconds,
    )


def _right(case: Case, statements: Sequence[Statement], cited: dict[int, Citation]) -> bool:
    listed = any(_is_listed(case, cited[n]) for statement in statements for n in statement.citations)
    return listed and states_facts([statement.text for statement in statements], case.facts)


def _lost(case: Case, answer: Answer, cited: dict[int, Citation], assistant: Assistant) -> str | None:
    """Name the first step at which a wrong answer went astray."""
    refused = answer.status == "refused"
    if not case.answerable:
        return None if refused else "answered"
    hits = assistant.search(answer.standalone_question)
    if not states_facts([hit.text for hit in hits if _from_listed(case, hit)], case.facts):
        return "not retrieved, refused" if refused else "not retrieved"
    if refused:
        return "refused"
    if states_facts([statement.text for statement in answer.statements], case.facts):
        return "other article"
    texts = [statement.text for statement in answer.statements]
    return "part selected" if any(states_facts(texts, [fact]) for fact in case.facts) else "not selected"


def _from_listed(case: Case, hit: Hit) -> bool:
    return any(Path(a.source).name in case.articles for a in (hit.article, *(copy for copy, _ in hit.copies)))


def _is_listed(case: Case, citation: Citation) -> bool:
    return Path(citation.source).name in case.articles


def _is_verbatim(assistant: Assistant, citation: Citation) -> bool:
    article = assistant.article(citation.article_id)
    return (
        article is not None and bool(citation.quote) and article.text[citation.start : citation.end] == citation.quote
    )


def _is_reporting(assistant: Assistant, citation: Citation) -> bool:
    article = assistant.article(citation.article_id)
    if article is None:
        return False
    zones = {block.zone for block in article.blocks if block.start < citation.end and citation.start < block.end}
    return bool(zones) and zones <= set(REPORTING) and citation.zone in REPORTING

"""What one answer got right, decided from the answer and the articles alone."""

from __future__ import annotations

import time
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from assistant import Answer, Article, Assistant, Citation, Filters, Found, Hit, Statement
from evals.citations import Span, bears, citation_precision, citation_recall
from evals.dataset import Case
from evals.metrics import states_facts

REPORTING = ("body", "caption")


@dataclass(frozen=True, slots=True)
class Outcome:
    """A case and how its answer fared.

    Attributes:
        found: the passages that the answer was chosen from, best first.
        right: all facts stand in the statements shown, and a citation is from a listed article.
        first: the same of the first statement alone.
        evidence: the facts stand in the passages found, of listed articles.
        verbatim: for each citation, whether its quote is the article's wording at its place.
        reporting: for each citation, whether it lies in body or captions only, by the article's own zones.
        listed: for each statement, whether all its citations come from listed articles.
        recalled: for each statement that states a fact of the case, whether its citations carry it.
        precise: for each citation, whether its statement needs it.
        lost: where the answer went wrong; None when it did not.
        milliseconds: from question to answer.
    """

    case: Case
    answer: Answer
    found: tuple[Hit, ...]
    right: bool
    first: bool
    evidence: bool
    verbatim: tuple[bool, ...]
    reporting: tuple[bool, ...]
    listed: tuple[bool, ...]
    recalled: tuple[bool, ...]
    precise: tuple[bool, ...]
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


def judge(assistant: Assistant, case: Case, evidence: Sequence[Span] = (), filters: Filters | None = None) -> Outcome:
    """Ask ``case`` and judge the answer.

    Args:
        assistant: who is asked.
        case: what is asked.
        evidence: where its spans stand, as from :func:`evidence_of`; without them any place of a listed article counts.
        filters: what may be searched.
    """
    began = time.perf_counter()
    found, answer = _ask(assistant, case, filters)
    milliseconds = 1000 * (time.perf_counter() - began)
    cited = {citation.number: citation for citation in answer.citations}
    right = case.answerable and _right(case, answer.statements, cited)
    recalled, precise = _carried(case, answer, cited, evidence)
    held = case.answerable and states_facts([hit.text for hit in found if _from_listed(case, hit)], case.facts)
    return Outcome(
        case,
        answer,
        found,
        right,
        first=case.answerable and _right(case, answer.statements[:1], cited),
        evidence=held,
        verbatim=tuple(_is_verbatim(assistant, citation) for citation in answer.citations),
        reporting=tuple(_is_reporting(assistant, citation) for citation in answer.citations),
        listed=tuple(all(_is_listed(case, c) for c in _of(s, cited)) for s in answer.statements),
        recalled=recalled,
        precise=precise,
        lost=None if right else _lost(case, answer, held),
        milliseconds=milliseconds,
    )


def evidence_of(cases: Iterable[Case], articles: Mapping[str, Article]) -> dict[str, list[Span]]:
    """Return where the spans of each case stand, by its id.

    Args:
        cases: as loaded.
        articles: by file name (``name#n`` for the n-th article of a file).

    Raises:
        ValueError: an article is not there or a span is in none of them, with the case's file and line.
    """
    found: dict[str, list[Span]] = {}
    for case in cases:
        if dead := sorted(case.articles - articles.keys()):
            raise ValueError(f"{case.where or case.id}: there is no article {dead[0]!r} in the index; correct the case")
        listed = [articles[name] for name in sorted(case.articles)]
        found[case.id] = []
        for span in case.spans:
            places = [(one.id, at) for one in listed if (at := one.text.find(span)) >= 0]
            if not places:
                raise ValueError(f"{case.where or case.id}: no listed article says {span!r}; copy its wording")
            found[case.id] += [Span(name, at, at + len(span)) for name, at in places]
    return found


def _ask(assistant: Assistant, case: Case, filters: Filters | None) -> tuple[tuple[Hit, ...], Answer]:
    found: tuple[Hit, ...] = ()
    for event in assistant.stream(case.question, case.history, filters):
        if isinstance(event, Found):
            found = event.hits
        elif isinstance(event, Answer):
            return found, event
    raise ValueError("the stream ended without an answer")


def _of(statement: Statement, cited: Mapping[int, Citation]) -> list[Citation]:
    """The citations of a statement; a number that stands for none is passed over."""
    return [cited[number] for number in statement.citations if number in cited]


def _carried(
    case: Case, answer: Answer, cited: Mapping[int, Citation], evidence: Sequence[Span]
) -> tuple[tuple[bool, ...], tuple[bool, ...]]:
    """Citation recall of the statements that state a fact, and citation precision of all citations.

    Citations carry a statement when they say every fact of the case that it says, and one of them points at a listed
    span. Citations of a statement without a fact of the case answer nothing and are not precise.
    """
    stated = [[fact for fact in case.facts if states_facts([s.text], [fact])] for s in answer.statements]

    def supports(number: int, some: Sequence[Citation]) -> bool:
        listed = [c for c in some if _is_listed(case, c)]
        pointing = [c for c in listed if not evidence or bears(Span(c.article_id, c.start, c.end), evidence)]
        return bool(stated[number] and pointing) and states_facts([c.quote for c in listed], stated[number])

    citations = [_of(statement, cited) for statement in answer.statements]
    recalled = citation_recall(citations, supports)
    return (
        tuple(flag for flag, facts in zip(recalled, stated, strict=True) if facts),
        tuple(citation_precision(citations, supports)) if case.answerable else (),
    )


def _right(case: Case, statements: Sequence[Statement], cited: Mapping[int, Citation]) -> bool:
    listed = any(_is_listed(case, citation) for statement in statements for citation in _of(statement, cited))
    return listed and states_facts([statement.text for statement in statements], case.facts)


def _lost(case: Case, answer: Answer, held: bool) -> str | None:
    """Name the first step at which a wrong answer went astray."""
    refused = answer.status == "refused"
    if not case.answerable:
        return None if refused else "answered"
    if not held:
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

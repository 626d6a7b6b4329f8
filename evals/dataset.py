"""Question sets as JSON lines: one case a line, checked when loaded."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

WHY_NOT = frozenset({"comment_only", "boilerplate_only", "near_miss", "not_in_corpus", "false_premise", "other_topic"})


@dataclass(frozen=True, slots=True)
class Case:
    """A question with what a right answer holds.

    Attributes:
        facts: all of the outer must be said, each by any of its inner wordings.
        articles: file names (``name#n`` for the n-th article of a file) that say it.
        answerable: False when the articles do not say; ``why_not`` tells in which way.
        split: ``dev`` is tuned on, ``test`` is not.
        spans: wordings of those articles that carry the facts; none where they were not marked.
        where: file and line, for complaints.
        needs: what a standalone question must hold, as ``facts``; empty: it stays as it is; None: not looked at.
    """

    id: str
    question: str
    history: tuple[str, ...]
    answerable: bool
    why_not: str | None
    facts: tuple[tuple[str, ...], ...]
    articles: frozenset[str]
    tags: frozenset[str]
    split: str
    spans: tuple[str, ...] = ()
    where: str = ""
    needs: tuple[tuple[str, ...], ...] | None = None

    @property
    def fingerprint(self) -> str:
        """A hash of what the case asks and expects: two cases are comparable while it is the same."""
        parts = (self.question, self.history, self.answerable, self.facts, sorted(self.articles), self.spans)
        return hashlib.sha256(json.dumps(parts).encode()).hexdigest()[:10]


def load_cases(path: Path) -> list[Case]:
    """Return the cases of a file.

    Raises:
        ValueError: naming file and line: no JSON, a missing or wrong field, an id or question seen before.
    """
    cases: list[Case] = []
    seen: set[str] = set()
    for number, line in enumerate(path.read_text("utf-8").splitlines(), 1):
        if not line.strip():
            continue
        try:
            case = case_of(json.loads(line), f"{path}, line {number}")
            repeated = {case.id, case.question} & seen
            if repeated:
                raise ValueError(f"{repeated.pop()!r} stands above already")
        except KeyError as error:
            raise ValueError(f"{path}, line {number}: the field {error} is missing") from error
        except (TypeError, ValueError) as error:
            raise ValueError(f"{path}, line {number}: {error}") from error
        seen |= {case.id, case.question}
        cases.append(case)
    return cases


def case_of(row: dict[str, Any], where: str = "") -> Case:
    """Return the case that a row describes.

    Raises:
        KeyError, TypeError, ValueError: a field is missing or wrong.
    """
    case = Case(
        id=row["id"],
        question=row["question"],
        history=tuple(row["history"]),
        answerable=row["answerable"],
        why_not=row["why_not"],
        facts=tuple(tuple(ways) for ways in row["facts"]),
        articles=frozenset(Path(name).name for name in row["articles"]),
        tags=frozenset(row["tags"]),
        split=row["split"],
        spans=tuple(row.get("spans", ())),
        where=where,
    )
    if case.answerable != bool(case.facts) or case.answerable != bool(case.articles):
        raise ValueError("an answerable case needs facts and articles, another has none")
    if case.answerable == (case.why_not in WHY_NOT):
        raise ValueError(f"why_not is {case.why_not!r}; an unanswerable case needs one of {', '.join(sorted(WHY_NOT))}")
    return case


def load_quiz(path: Path) -> Iterator[dict[str, Any]]:
    """Yield the rows of a quiz file: id, question, asked, answer (None when no article holds it), articles (ids)."""
    for line in path.read_text("utf-8").splitlines():
        yield json.loads(line)

"""One question and what came of it: what the page draws and what the browser keeps."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from pathlib import PurePath
from typing import Any, Literal

from assistant.types import Answer, Citation, Disagreement, Filters, Hit, Reason, Statement, Status, Zone

State = Literal["searching", "reading", "done", "stopped", "failed"]

KEPT = 40
"""Exchanges that the browser keeps; a browser stores some five million characters for a page."""

_CUT_OFF = "The answer was cut off, because the connection was lost or the page was loaded anew; ask again."

_SNIPPET = 280
"""Characters of a passage within which its listed sentences end."""

_SHOWN_PASSAGES = 8


@dataclass(frozen=True, slots=True)
class Exchange:
    """A question on its way to an answer.

    Attributes:
        question: as asked.
        asked: ISO date and time, UTC.
        filters: what was searched.
        state: how far it is.
        standalone: what was searched for, "" until it is known.
        passages: found, best first, cut to a snippet; no evidence of anything.
        statements, citations: what has passed the check so far.
        answer: the whole answer, None before and when it was stopped.
        trouble: why there is none, one sentence.
    """

    question: str
    asked: str = ""
    filters: Filters = field(default_factory=Filters)
    state: State = "searching"
    standalone: str = ""
    passages: tuple[Citation, ...] = ()
    statements: tuple[Statement, ...] = ()
    citations: tuple[Citation, ...] = ()
    answer: Answer | None = None
    trouble: str = ""

    @property
    def remarks(self) -> tuple[str, ...]:
        """What readers must know of how it ended, when it did not end as it should."""
        if self.state == "failed":
            return (self.trouble or "This did not work.",)
        if self.state == "stopped":
            some = "Stopped. What is shown is not the whole answer."
            return (self.trouble or (some if self.statements else "Stopped before there was an answer."),)
        broken_off = self.answer is not None and self.answer.status == "partial"
        return ("This answer is incomplete: the model broke off.",) if broken_off else ()

    def to_dict(self) -> dict[str, Any]:
        """Return it as plain JSON types, for the browser to keep."""
        return asdict(self)

    def with_answer(self, answer: Answer) -> Exchange:
        """Return it with its answer; sources are named as readers see them."""
        shown = public_answer(answer)
        return replace(
            self,
            state="done",
            standalone=shown.standalone_question,
            statements=shown.statements,
            citations=shown.citations,
            answer=shown,
        )


def notices_text(answer: Answer) -> str:
    """Return the notices of an answer as sentences, "" where there are none."""
    return " ".join(f"{notice.rstrip('.')}." for notice in answer.notices)


def public_source(source: str) -> str:
    """Return where an article came from without the folders of this machine: an address, or a file's name."""
    return source if source.startswith(("http://", "https://")) else PurePath(source.replace("\\", "/")).name


def public_citation(citation: Citation) -> Citation:
    """Return the citation with its source named for readers."""
    return replace(citation, source=public_source(citation.source))


def public_answer(answer: Answer) -> Answer:
    """Return the answer with all its sources named for readers; nothing else changes."""
    return replace(
        answer,
        citations=tuple(map(public_citation, answer.citations)),
        nearest=tuple(map(public_citation, answer.nearest)),
    )


def snippets(hits: Sequence[Hit]) -> tuple[Citation, ...]:
    """Return passages as they are listed while the answer is made: the first sentences of each, at least one."""
    listed = []
    for number, hit in enumerate(hits[:_SHOWN_PASSAGES], start=1):
        start, ends = hit.passage.start, [sentence.end for sentence in hit.passage.sentences]
        end = max((end for end in ends if end - start <= _SNIPPET), default=min(ends, default=hit.passage.end))
        listed.append(
            Citation(
                number=number,
                article_id=hit.article.id,
                title=hit.article.title,
                publisher=hit.article.publisher,
                published=hit.article.published,
                source=public_source(hit.article.source),
                zone=hit.passage.zone,
                quote=hit.text[: end - start],
                start=start,
                end=end,
            )
        )
    return tuple(listed)


def restore(saved: object) -> list[Exchange]:
    """Return the exchanges that a browser kept; what has another form is passed over, whoever wrote it."""
    found = []
    for one in saved[-KEPT:] if isinstance(saved, list) else ():
        try:
            found.append(_exchange(one))
        except (KeyError, TypeError, ValueError, AttributeError):
            continue
    return found


def _exchange(data: Mapping[str, Any]) -> Exchange:
    answer = data.get("answer")
    ended = data.get("state") in ("done", "failed", "stopped")
    state: State = data["state"] if ended else "stopped"
    return Exchange(
        question=_text(data["question"]),
        asked=_text(data.get("asked", "")),
        filters=_filters(data.get("filters") or {}),
        state=state if answer or state != "done" else "stopped",
        standalone=_text(data.get("standalone", "")),
        passages=_citations(data.get("passages")),
        statements=_statements(data.get("statements")),
        citations=_citations(data.get("citations")),
        answer=_answer(answer) if answer else None,
        trouble=_text(data.get("trouble", "")) if ended else _CUT_OFF,
    )


def _answer(data: Mapping[str, Any]) -> Answer:
    statuses: dict[str, Status] = {"answered": "answered", "partial": "partial", "refused": "refused"}
    reasons: dict[str, Reason] = {
        "not_in_articles": "not_in_articles",
        "no_articles": "no_articles",
        "empty_question": "empty_question",
        "no_match_for_filters": "no_match_for_filters",
    }
    return Answer(
        question=_text(data["question"]),
        standalone_question=_text(data["standalone_question"]),
        status=statuses[data["status"]],
        reason=reasons[data["reason"]] if data.get("reason") else None,
        text=_text(data["text"]),
        statements=_statements(data.get("statements")),
        citations=_citations(data.get("citations")),
        disagreements=tuple(
            Disagreement(_text(one["about"]), _statements(one["sides"])) for one in data.get("disagreements") or ()
        ),
        nearest=_citations(data.get("nearest")),
        mode=_text(data.get("mode", "extractive")),
        notices=tuple(map(_text, data.get("notices") or ())),
        confidence=_number(data.get("confidence")),
        threshold=_number(data.get("threshold")),
        timings_ms={_text(name): int(value) for name, value in (data.get("timings_ms") or {}).items()},
    )


def _statements(data: Any) -> tuple[Statement, ...]:  # noqa: ANN401 - from a browser
    return tuple(Statement(_text(one["text"]), tuple(map(int, one["citations"]))) for one in data or ())


def _citations(data: Any) -> tuple[Citation, ...]:  # noqa: ANN401 - from a browser
    return tuple(
        Citation(
            number=int(one["number"]),
            article_id=_text(one["article_id"]),
            title=_optional(one.get("title")),
            publisher=_optional(one.get("publisher")),
            published=_optional(one.get("published")),
            source=_text(one.get("source", "")),
            zone=_zone(one.get("zone")),
            quote=_text(one["quote"]),
            start=int(one["start"]),
            end=int(one["end"]),
        )
        for one in data or ()
    )


def _filters(data: Mapping[str, Any]) -> Filters:
    publishers = tuple(map(_text, data.get("publishers") or ()))
    return Filters(_optional(data.get("since")), _optional(data.get("until")), publishers)


def _zone(value: object) -> Zone:
    zones: dict[object, Zone] = {"heading": "heading", "caption": "caption", "comment": "comment"}
    return zones.get(value, "body")


def _text(value: object) -> str:
    if not isinstance(value, str):
        raise TypeError(value)
    return value


def _optional(value: object) -> str | None:
    return None if value is None else _text(value)


def _number(value: Any) -> float | None:  # noqa: ANN401 - from a browser
    return None if value is None else float(value)

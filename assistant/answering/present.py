"""From claims to the :class:`Answer` that everybody sees: statements, numbered citations, text."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from assistant.answering.claims import Claim, Quote
from assistant.answering.extractive import Extraction
from assistant.events import Stated
from assistant.types import Answer, Citation, Disagreement, Reason, Statement, Status

REFUSALS: Mapping[Reason, str] = {
    "empty_question": "Ask a question about the articles, with a name, a place or a thing in it.",
    "no_articles": "There are no articles yet. Add some with: news-assistant add FILES",
    "no_match_for_filters": "No article fits these filters. Widen the dates, publishers or zones.",
    "not_in_articles": "The articles do not say.",
}

_MARK = re.compile(r"[\[【［〔](\s*\d[\d\s,;–-]*)[\]】］〕]")
"""What reads as the number of a citation: [1], 【2】, [3, 4]."""


def refuse(question: str, standalone: str, reason: Reason, notices: Sequence[str] = ()) -> Answer:
    """Return an answer that says why there is none."""
    return Answer(question, standalone, "refused", reason, REFUSALS[reason], notices=tuple(notices))


class Presentation:
    """Numbers citations from 1 in the order in which claims are stated.

    Args:
        question: as asked.
        standalone: as searched for.
        extraction: what was found for it.
    """

    def __init__(self, question: str, standalone: str, extraction: Extraction) -> None:
        self._questions = question, standalone
        self._extraction = extraction
        self._numbers: dict[tuple[str, int, int], Citation] = {}
        self._copies: dict[str, None] = {}
        self._statements: list[Statement] = []

    def state(self, claim: Claim) -> Stated:
        """Add a claim to the answer and return it as a statement with its citations."""
        statement, citations = self._number(claim)
        self._statements.append(statement)
        return Stated(statement, citations)

    def answer(
        self,
        *,
        mode: str = "extractive",
        partial: bool = False,
        notices: Sequence[str] = (),
        timings_ms: Mapping[str, int],
    ) -> Answer:
        """Return the answer with all that was stated; with nothing stated, a refusal with the nearest passages.

        Args:
            mode: who worded it, "extractive" or the name of a model.
            partial: something is missing at its end.
            notices: for the reader.
            timings_ms: milliseconds of each part.
        """
        answered, found = bool(self._statements), self._extraction
        statements = tuple(self._statements)
        sides = tuple(self._number(claim)[0] for claim in found.disagree) if answered else ()
        lines = [s.text + " " + "".join(f"[{n}]" for n in s.citations) for s in statements]
        status: Status = "refused" if not answered else "partial" if partial else "answered"
        return Answer(
            *self._questions,
            status,
            None if answered else "not_in_articles",
            "\n".join(lines) if answered else REFUSALS["not_in_articles"],
            statements=statements,
            citations=tuple(self._numbers.values()),
            disagreements=(Disagreement(self._questions[1], sides),) if sides else (),
            nearest=() if answered else tuple(_citation(n, quote) for n, quote in enumerate(found.nearest, 1)),
            mode=mode,
            notices=(*notices, *(f"no answer found to “{asked}”" for asked in found.unanswered), *self._copies),
            confidence=round(found.confidence, 4),
            threshold=round(found.threshold, 4),
            timings_ms=timings_ms,
        )

    def _number(self, claim: Claim) -> tuple[Statement, tuple[Citation, ...]]:
        cited = {c.number: c for c in map(self._cite, claim.quotes)}
        # An article's own "[1]" must not pass for one of ours; its citation quotes it as it is.
        text = " ".join(claim.text.split())  # of an answer that is quoted with its question: one line
        return Statement(_MARK.sub(r"(\1)", text), tuple(cited)), tuple(cited.values())

    def _cite(self, quote: Quote) -> Citation:
        place = (quote.hit.article.id, quote.start, quote.end)
        if place not in self._numbers:
            number = len(self._numbers) + 1
            self._numbers[place] = _citation(number, quote)
            # A copy is no second source, but readers may know the report from there.
            for copy, _ in quote.hit.copies:
                where = f", {copy.publisher}" if copy.publisher else ""
                self._copies[f"[{number}] in much the same words also in “{copy.title or copy.source}”{where}"] = None
        return self._numbers[place]


def _citation(number: int, quote: Quote) -> Citation:
    article = quote.hit.article
    return Citation(
        number=number,
        article_id=article.id,
        title=article.title,
        publisher=article.publisher,
        published=article.published,
        source=article.source,
        zone=quote.hit.passage.zone,
        quote=quote.text,
        start=quote.start,
        end=quote.end,
    )

"""From what was found to the :class:`Answer` that everybody sees: statements, numbered citations, text."""

from __future__ import annotations

from collections.abc import Mapping

from assistant.answering.extractive import Extraction, Quote
from assistant.types import Answer, Citation, Disagreement, Reason, Statement

REFUSALS: Mapping[Reason, str] = {
    "empty_question": "Ask a question about the articles, with a name, a place or a thing in it.",
    "no_articles": "There are no articles yet. Add some with: news-assistant add FILES",
    "no_match_for_filters": "No article fits these filters. Widen the dates, publishers or zones.",
    "not_in_articles": "The articles do not say.",
}


def refuse(question: str, standalone: str, reason: Reason, notices: tuple[str, ...] = ()) -> Answer:
    """Return an answer that says why there is none."""
    return Answer(question, standalone, "refused", reason, REFUSALS[reason], notices=notices)


def present(
    question: str,
    standalone: str,
    extraction: Extraction,
    *,
    notices: tuple[str, ...] = (),
    timings_ms: Mapping[str, int],
) -> Answer:
    """Return the answer to show; citations are numbered from 1 in order of appearance."""
    numbers: dict[tuple[str, int, int], Citation] = {}
    statements = []
    for group in extraction.statements:
        marks = tuple(_cite(quote, numbers).number for quote in group)
        statements.append(Statement(group[0].text, marks))
    answered = bool(statements)
    nearest: dict[tuple[str, int, int], Citation] = {}
    if not answered:
        for quote in extraction.nearest:
            _cite(quote, nearest)
    lines = [s.text + " " + "".join(f"[{n}]" for n in s.citations) for s in statements]
    return Answer(
        question,
        standalone,
        "answered" if answered else "refused",
        None if answered else "not_in_articles",
        "\n".join(lines) if answered else REFUSALS["not_in_articles"],
        statements=tuple(statements),
        citations=tuple(numbers.values()),
        disagreements=(Disagreement(standalone, tuple(statements)),) if extraction.disagree else (),
        nearest=tuple(nearest.values()),
        notices=(*notices, *_copies(extraction, numbers)),
        confidence=round(extraction.confidence, 4),
        threshold=round(extraction.threshold, 4),
        timings_ms=timings_ms,
    )


def _cite(quote: Quote, numbers: dict[tuple[str, int, int], Citation]) -> Citation:
    article = quote.hit.article
    place = (article.id, quote.start, quote.end)
    if place not in numbers:
        numbers[place] = Citation(
            number=len(numbers) + 1,
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
    return numbers[place]


def _copies(extraction: Extraction, numbers: dict[tuple[str, int, int], Citation]) -> list[str]:
    """Say where a cited report also ran: a copy is no second source."""
    said: dict[str, None] = {}
    for quote in (quote for group in extraction.statements for quote in group):
        number = numbers[quote.hit.article.id, quote.start, quote.end].number
        for copy, _ in quote.hit.copies:
            said[
                f"[{number}] also ran as “{copy.title or copy.source}”"
                + (f" in {copy.publisher}" if copy.publisher else "")
            ] = None
    return list(said)

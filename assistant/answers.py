"""From a question to events: the order in which a question is answered."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncGenerator, Callable, Sequence
from contextlib import aclosing
from datetime import date

from assistant.answering.extractive import Extraction
from assistant.answering.generative import Writer, Writing
from assistant.answering.llm import Limits
from assistant.answering.present import Presentation, refuse
from assistant.answering.quoting import Quoter
from assistant.answering.reader import Reader
from assistant.answering.rewrite import rewrite
from assistant.events import Event, Found
from assistant.questions import History, check_question, earlier_questions, is_courtesy, punctuated
from assistant.retrieval.hybrid import FilteredSearch, HybridSearch
from assistant.retrieval.store import Counts
from assistant.settings import Settings
from assistant.types import Filters, Hit, Reason


class Answerer:
    """Answers questions from one index.

    Args:
        search: finds passages in it.
        writer: writes with a language model; None quotes.
        settings: limits and thresholds.
        reader: tells which sentences answer.
        counts: returns what the index holds now.
        notices: returns what a reader should know of the index now.
    """

    def __init__(
        self,
        search: HybridSearch,
        settings: Settings,
        *,
        writer: Writer | None,
        reader: Reader,
        counts: Callable[[], Counts],
        notices: Callable[[], Sequence[str]],
    ) -> None:
        self._search = search
        self._settings = settings
        self._writer = writer
        self._counts = counts
        self._notices = notices
        self._reader = reader

    async def events(self, question: str, history: History, filters: Filters | None) -> AsyncGenerator[Event]:
        """Yield passages, statements and the answer; blocks no event loop.

        Raises:
            QuestionError: the question or the history cannot be used.
        """
        began = time.perf_counter()
        longest = self._settings.max_question
        asked, earlier = check_question(question, longest), earlier_questions(history, longest)
        question = question.encode("utf-8", "replace").decode()  # half a character cannot be sent or stored
        standalone, put = await asyncio.to_thread(self._understood, asked, earlier)
        hits, reason = await asyncio.to_thread(self._retrieve, put, filters)
        retrieved = time.perf_counter()
        yield Found(standalone, tuple(hits))
        if reason is not None:
            yield refuse(question, standalone, reason, self._notices() if reason == "not_in_articles" else ())
            return
        extraction = await asyncio.to_thread(self._extract, put, hits, filters)
        presentation, writing = Presentation(question, standalone, extraction), Writing()
        if self._writer is not None:
            written = self._writer.write(put, extraction, self._limits(began), writing, today=date.today())
            async with aclosing(written) as claims:
                async for claim in claims:
                    yield presentation.state(claim)
        if not writing.answers:
            stated = {claim.text for claim in writing.claims}
            for claim in extraction.claims:
                if claim.text not in stated:
                    yield presentation.state(claim)
        done = time.perf_counter()
        timings = {"retrieve": retrieved - began, "answer": done - retrieved, "total": done - began}
        yield presentation.answer(
            mode=writing.model if writing.answers and writing.model else "extractive",
            partial=writing.broken and writing.answers,
            notices=(*self._notices(), *writing.notices(quoted=bool(extraction.claims))),
            timings_ms={name: round(1000 * seconds) for name, seconds in timings.items()},
        )

    def _understood(self, asked: str, earlier: Sequence[str]) -> tuple[str, str]:
        """Return a question standing alone: as it is shown, and with the capitals and the mark that it may lack.

        Of one that asks nothing the latter is empty.
        """
        if is_courtesy(asked):
            return asked, ""
        lexical, knows = self._search.lexical, self._reader.knows
        whole, *before = (punctuated(lexical.capitalised(one, knows)) for one in (asked, *earlier))
        put = whole if lexical.is_elsewhere(whole) else rewrite(whole, before).question
        return (asked if put == whole else put), put

    def _limits(self, began: float) -> Limits:
        spent = time.perf_counter() - began
        return Limits(time.monotonic() + self._settings.deadline - spent, self._settings.answer_tokens)

    def _retrieve(self, question: str, filters: Filters | None) -> tuple[list[Hit], Reason | None]:
        """Return passages, or why there are none."""
        if question and not self._counts().articles:
            return [], "no_articles"
        if not question or not self._search.lexical.terms(question):
            return [], "empty_question"
        hits = self._search.search(question, filters)
        if hits:
            return hits, None
        nothing_allowed = not self._search.allows(filters)
        return [], "no_match_for_filters" if nothing_allowed else "not_in_articles"

    def _extract(self, question: str, hits: Sequence[Hit], filters: Filters | None) -> Extraction:
        return Quoter(FilteredSearch(self._search, filters), self._reader, self._settings).answer(question, hits)

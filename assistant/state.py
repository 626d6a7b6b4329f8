"""What an index holds now, and what a reader of its answers should know of that."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from assistant.fetch.memory import Memory
from assistant.retrieval.store import Counts, LedgerRow, Store
from assistant.types import SourceReport


class IndexState:
    """Counts that are taken again only when the index has changed (at 200,000 passages they cost 0.2 s); the ledger."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._counted: tuple[int, Counts] | None = None

    def counts(self) -> Counts:
        """Return how many articles, passages and vectors there are."""
        generation = self._store.generation()
        if self._counted is None or self._counted[0] != generation:
            self._counted = (generation, self._store.counts())
        return self._counted[1]

    def notices(self) -> tuple[str, ...]:
        """Return what makes answers worse than they could be."""
        counts = self.counts()
        if counts.embedded == counts.embeddable:
            return ()
        share = 100 * counts.embedded // counts.embeddable
        return (f"{share} % of the passages are embedded so far; the others are found by words alone",)

    def embedded(self, article_ids: Sequence[str]) -> dict[str, tuple[int, int]]:
        """Return for each article how many of its passages have a vector, and how many are to have one."""
        return self._store.embedded(article_ids)

    def found_by_words(self, reports: Sequence[SourceReport], why: str) -> list[SourceReport]:
        """Return the reports, each with ``why`` as a further reason if its article is not wholly embedded."""
        embedded = self.embedded([report.article_id for report in reports if report.article_id])
        partly = {article for article, (done, wanted) in embedded.items() if done < wanted}
        return [
            replace(one, reason="; ".join(filter(None, (one.reason, why)))) if one.article_id in partly else one
            for one in reports
        ]

    def skipped(self, limit: int) -> list[LedgerRow]:
        """Return the sources that could not be read when they were last looked at, those that came last first."""
        return self._store.skipped(limit)

    def forget(self, source: str) -> None:
        """Forget a source that never gave an article."""
        with self._store.writing():
            self._store.forget_source(source)

    def refreshed(self) -> tuple[int, int]:
        """Return how many feeds and how many pages ``Assistant.refresh`` asks."""
        memory = Memory(self._store)
        return len(memory.feeds()), len(memory.pages())

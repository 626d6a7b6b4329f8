"""The assistant: an index and the questions asked of it. ``answers.py`` knows in which order one is answered."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Generator, Iterable, Sequence
from contextlib import aclosing
from dataclasses import replace
from functools import cached_property
from pathlib import Path
from typing import Self

from assistant.aliases import load_aliases
from assistant.answering.generative import Writer
from assistant.answering.gguf import LocalModel
from assistant.answering.llm import Model
from assistant.answering.models import open_models
from assistant.answering.reader import open_reader
from assistant.answers import Answerer
from assistant.background import aiterate, iterate
from assistant.embedding import Progress, forget_embeddings
from assistant.errors import EmbedderError, StoreLocked
from assistant.events import Event
from assistant.fetch import forget_feeds
from assistant.index_embedder import IndexEmbedder
from assistant.ingest import OneOrMore, add_sources, listed, refresh_sources
from assistant.questions import History, check_filters, check_question
from assistant.retrieval.embed import open_embedder
from assistant.retrieval.hybrid import HybridSearch
from assistant.retrieval.store import Counts, Store
from assistant.retrieval.vector import VectorIndex
from assistant.settings import Settings, load_settings
from assistant.state import IndexState
from assistant.types import Answer, Article, ArticleInfo, Filters, Hit, SourceReport


class Assistant:
    """Articles in an index and answers from them; for any thread to ask, one at a time to add, refresh and remove.

    Example::

        with Assistant.open("my-index") as assistant:
            print(assistant.ask("Who is excluded from the truce?").text)
    """

    def __init__(self, store: Store, settings: Settings, models: Sequence[Model] | None = None) -> None:
        self._store = store
        self.settings = settings
        self._own_models = open_models(settings) if models is None else ()
        self.models = self._own_models if models is None else tuple(models)
        self.state = IndexState(store)

    @classmethod
    def open(
        cls,
        index: str | Path | None = None,
        settings: Settings | None = None,
        *,
        create: bool = True,
        models: Sequence[Model] | None = None,
    ) -> Self:
        """Open the index in a folder, making an empty one when there is none.

        Args:
            index: the folder; by default the one of the settings.
            settings: by default from the environment and the configuration file.
            create: whether an index is made where there is none.
            models: language models in place of those of the settings, tried in this order; none quotes.

        Raises:
            StoreError, SettingsError: the index or a setting cannot be used; the message says why and what to do.
        """
        settings = settings or load_settings()
        if index:
            settings = replace(settings, index=Path(index))
        return cls(Store.open(settings.index, create=create), settings, models)

    def close(self) -> None:
        """Close the index and the models of the settings; nothing is lost when this is forgotten."""
        self._store.close()
        for model in (one for one in self._own_models if isinstance(one, LocalModel)):
            model.close()

    def __enter__(self) -> Self:
        """Return the assistant itself."""
        return self

    def __exit__(self, *_: object) -> None:
        """Close the index."""
        self.close()

    def add(
        self,
        paths: OneOrMore,
        *,
        embed: bool = True,
        on_read: Progress | None = None,
        on_embed: Progress | None = None,
    ) -> list[SourceReport]:
        """Add files, folders, globs and addresses; then embed what has no vector yet.

        Args:
            paths: one path or address, or several; known and unchanged sources cost next to nothing.
            embed: False leaves embedding to a later call; articles are searchable by their words meanwhile.
            on_read: called with (sources read, sources there are) as the work goes on.
            on_embed: called with (passages embedded, passages to embed).

        Returns:
            One report for each article or problem; the reason says if embedding failed and words alone find it.

        Raises:
            StoreError: the index cannot be written; StoreLocked: another process is writing to it.
            EmbedderError: embedding failed, and there is no report to say so in, as when ``paths`` is empty.
            EmbedderMismatch: the vectors of the index are another embedder's; what was added is stored.
        """
        reports = add_sources(self._store, listed(paths), on_read)
        return self._embed(on_embed, reports) if embed else reports

    def refresh(
        self, *, embed: bool = True, on_read: Progress | None = None, on_embed: Progress | None = None
    ) -> list[SourceReport]:
        """Fetch what is new in the feeds and sitemaps that were added, and changed pages; else as :meth:`add`."""
        reports = refresh_sources(self._store, on_read)
        return self._embed(on_embed, reports) if embed else reports

    def unfollow(self, addresses: OneOrMore) -> int:
        """Follow one or several feeds and sitemaps no more; their articles stay. Return how many there were."""
        return forget_feeds(self._store, [*map(str, listed(addresses))])

    def re_embed(self, on_embed: Progress | None = None) -> None:
        """Forget all vectors and embed every passage with the embedder of the settings, once it has been tried."""
        forget_embeddings(self._store, self.embedder and self.embedder.opened())
        self._embed(on_embed)

    def remove(self, ids: str | Iterable[str]) -> int:
        """Delete one or several articles, by id, and all that was made of them; return how many were known."""
        with self._store.writing():
            return self._store.remove([*map(str, listed(ids))])

    def articles(self) -> list[ArticleInfo]:
        """Return the articles of the index in the order in which they were added."""
        return self._store.articles()

    def article(self, article_id: str) -> Article | None:
        """Return an article with its text and zones, also one that was replaced since, or None."""
        return self._store.article(article_id)

    def counts(self) -> Counts:
        """Return how many articles, passages and vectors there are."""
        return self._store.counts()

    def search(self, question: str, filters: Filters | None = None, limit: int | None = None) -> list[Hit]:
        """Return the ``limit`` best passages, else ``Settings.passages``; by words alone while the embedder fails."""
        question = check_question(question, self.settings.max_question)
        return self._search.search(question, check_filters(filters), limit)

    def ask(self, question: str, history: History = (), filters: Filters | None = None) -> Answer:
        """Answer a question with words of the articles, or say that they do not answer it.

        Args:
            question: up to ``Settings.max_question`` characters.
            history: earlier questions, or turns, for follow-ups; only what the reader asked is used, never as evidence.
            filters: dates, publishers and zones to stay within.

        Raises:
            QuestionError: the question is too long, or the history or filters cannot be used.
            EmbedderMismatch: the vectors of the index are another embedder's.
            StoreError: the index cannot be read.
        """
        return _answer(self.stream(question, history, filters))

    async def aask(self, question: str, history: History = (), filters: Filters | None = None) -> Answer:
        """Answer as :meth:`ask` does, without blocking the event loop; cancelling it stops a model at work."""
        async with aclosing(self.astream(question, history, filters)) as events:
            return _answer([event async for event in events])

    def stream(self, question: str, history: History = (), filters: Filters | None = None) -> Generator[Event]:
        """Yield what is found and stated as it comes, the answer last; closing it stops a model at work.

        Arguments and errors are those of :meth:`ask`.
        """
        return iterate(self._events(question, history, filters))

    def astream(self, question: str, history: History = (), filters: Filters | None = None) -> AsyncGenerator[Event]:
        """Yield what :meth:`stream` does, without blocking the event loop."""
        return aiterate(self._events(question, history, filters))

    @cached_property
    def embedder(self) -> IndexEmbedder | None:
        """The embedder of the settings, None when words alone are searched."""
        name = self.settings.embedder
        return None if name == "none" else IndexEmbedder(self._store, name, lambda: open_embedder(name))

    def _embed(self, on_embed: Progress | None, reports: Sequence[SourceReport] = ()) -> list[SourceReport]:
        settings = self.settings
        try:
            if self.embedder and self.embedder.embed_missing(on_embed):
                VectorIndex(self._store, kind=settings.vector_index, exact_limit=settings.exact_limit).prepare()
        except (EmbedderError, StoreLocked) as error:
            if not reports:
                raise
            return self.state.found_by_words(reports, str(error))
        return [*reports]

    @cached_property
    def _answerer(self) -> Answerer:
        settings, reader = self.settings, open_reader()
        writer = Writer(self.models, settings.max_statements, settings.prompt_tokens, reader) if self.models else None
        counts, notices = self.state.counts, self._notices
        return Answerer(self._search, settings, writer=writer, reader=reader, counts=counts, notices=notices)

    @cached_property
    def _search(self) -> HybridSearch:
        return HybridSearch(self._store, self.settings, load_aliases(self._store.folder), self.embedder)

    def _notices(self) -> Sequence[str]:
        if (embedder := self.embedder) is None:
            return ()
        return (f"searching by words alone: {embedder.fault}",) if embedder.fault else self.state.notices()

    async def _events(self, question: str, history: History, filters: Filters | None) -> AsyncGenerator[Event]:
        answerer = await asyncio.to_thread(getattr, self, "_answerer")  # reads aliases and the model names
        async with aclosing(answerer.events(question, history, check_filters(filters))) as events:
            async for event in events:
                yield event


def ask(
    question: str, history: History = (), filters: Filters | None = None, *, index: str | Path | None = None
) -> Answer:
    """Answer one question from the index; a thin call on :class:`Assistant` for programs that ask once.

    Args:
        question: as for :meth:`Assistant.ask`.
        history: likewise.
        filters: likewise.
        index: the index folder; by default the one of the settings.

    Raises:
        StoreMissing: there is no index. Otherwise as :meth:`Assistant.open` and :meth:`Assistant.ask`.
    """
    with Assistant.open(index, create=False) as assistant:
        return assistant.ask(question, history, filters)


def _answer(events: Iterable[Event]) -> Answer:
    *_, answer = events
    assert isinstance(answer, Answer)
    return answer

"""Invented articles of any number with the word statistics of real ones, for measuring speed only."""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from collections.abc import Iterable, Iterator
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from assistant import Article, Assistant, Settings
from assistant.retrieval.embed import unit
from assistant.retrieval.store import Store
from assistant.terms import tokens
from assistant.types import Block, Passage, Sentence

DIMENSION = 384
PASSAGES = 10
"""Passages of an article, of ``SENTENCES`` sentences of ``WORDS`` words each: 900 characters, as in real ones."""

SENTENCES, WORDS = 6, 25

_ARTICLES_AT_ONCE = 100


class Writer:
    """Writes sentences of words drawn from a vocabulary by Zipf's law: the r-th most frequent with chance ~ 1/r."""

    def __init__(self, vocabulary: list[str], seed: int = 0) -> None:
        self._words = np.array(vocabulary)
        chances = 1 / np.arange(1, len(vocabulary) + 1)
        self._chances = np.cumsum(chances / chances.sum())
        self._random = np.random.default_rng(seed)

    def sentence(self) -> str:
        """Return ``WORDS`` words, a capital first and a full stop last."""
        drawn = np.searchsorted(self._chances, self._random.random(WORDS))
        return " ".join(self._words[np.minimum(drawn, len(self._words) - 1)]).capitalize() + "."

    def paragraphs(self, count: int) -> list[list[str]]:
        """Return ``count`` paragraphs of ``SENTENCES`` sentences."""
        return [[self.sentence() for _ in range(SENTENCES)] for _ in range(count)]

    def vectors(self, count: int) -> NDArray[np.float32]:
        """Return float32 (count, DIMENSION), random directions of unit length."""
        return unit(self._random.standard_normal((count, DIMENSION), dtype=np.float32))


def vocabulary(texts: Iterable[str]) -> list[str]:
    """Return the words of ``texts``, the most frequent first."""
    counted = Counter(token.text.lower() for text in texts for token in tokens(text))
    return [word for word, _ in sorted(counted.items(), key=lambda item: (-item[1], item[0]))]


def sample_texts(articles: Path) -> list[str]:
    """Return the texts of the articles in a file or folder, as the assistant reads them."""
    from tempfile import TemporaryDirectory

    with TemporaryDirectory() as folder, Assistant.open(folder, Settings(embedder="none")) as assistant:
        assistant.add([articles])
        return [found.text for info in assistant.articles() if (found := assistant.article(info.id))]


def records(articles: Path | None, count: int, writer: Writer) -> Iterator[dict[str, str]]:
    """Yield up to ``count`` records with title, date and text: of a JSON-lines file, or invented ones."""
    if articles is not None and articles.suffix == ".jsonl":
        with articles.open(encoding="utf-8") as lines:
            for _, line in zip(range(count), lines, strict=False):
                record = json.loads(line)
                yield {name: str(record.get(name) or "") for name in ("title", "date", "text")}
        return
    for _ in range(count):
        text = "\n\n".join(" ".join(paragraph) for paragraph in writer.paragraphs(PASSAGES))
        yield {"title": writer.sentence()[:70], "date": "2024-05-06", "text": text}


def grow(store: Store, writer: Writer, passages: int) -> None:
    """Add invented articles with random vectors until the store holds ``passages`` passages."""
    held = sum(store.counts().passages.values())
    todo = (passages - held) // PASSAGES
    for first in range(0, todo, _ARTICLES_AT_ONCE):
        with store.writing(), store.transaction():
            hashes: list[str] = []
            for number in range(first, min(todo, first + _ARTICLES_AT_ONCE)):
                hashes += _add(store, writer, held + number * PASSAGES)
            store.save_embeddings(zip(hashes, writer.vectors(len(hashes)), strict=True))


def _add(store: Store, writer: Writer, number: int) -> list[str]:
    text = ""
    passages: list[Passage] = []
    article_id = hashlib.sha256(str(number).encode()).hexdigest()[:12]
    for place, sentences in enumerate(writer.paragraphs(PASSAGES)):
        start = len(text)
        spans: list[Sentence] = []
        for sentence in sentences:
            spans.append(Sentence(place * SENTENCES + len(spans), len(text), len(text) + len(sentence)))
            text += sentence + " "
        passages.append(Passage(article_id, place, start, len(text) - 1, "body", tuple(spans)))
        text = text[:-1] + "\n\n"
    article = Article(
        id=article_id,
        source=f"invented/{number}.txt",
        title=writer.sentence()[:70],
        publisher="The Invented Times",
        author=None,
        published="2024-05-06",
        updated=None,
        url=None,
        found={},
        text=text,
        blocks=tuple(Block(passage.start, passage.end, "body") for passage in passages),
    )
    hashes: list[str] = [hashlib.sha256(text[p.start : p.end].encode()).hexdigest()[:32] for p in passages]
    store.add(article, passages, hashes, source=article.source, content_hash=article_id, size=len(text), mtime_ns=0)
    return hashes

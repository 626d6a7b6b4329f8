"""What the fault programme works on: small stores, large stores, a canonical form of their state, an embedder."""

from __future__ import annotations

import hashlib
import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import closing
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from assistant.embedding import to_embed
from assistant.retrieval import schema
from assistant.retrieval.embed import embed_hash
from assistant.retrieval.store import Store
from assistant.types import Article, Block, Passage, Sentence

DIMENSION = 64
PER_ARTICLE = 10
"""Passages of an invented article."""

STORY = """{title}

By Ann Author, The Daily Quay
3 August 2017

The {what} was opened on Thursday by the mayor, who thanked {number} volunteers for their work.

It had been closed since the flood of {number} because money for the repair was missing.
"""

_STATE = (
    "SELECT id, source, state, text FROM articles ORDER BY id",
    "SELECT source, article_id, content_hash, outcome FROM sources ORDER BY source",
    "SELECT article_id, number, start, \"end\", zone, embed_hash FROM passages ORDER BY article_id, number",
    "SELECT p.article_id, p.number, s.number, s.start, s.\"end\" FROM sentences AS s "
    "JOIN passages AS p ON p.id = s.passage_id ORDER BY 1, 2, 3",
    "SELECT embed_hash, vector FROM embeddings ORDER BY embed_hash",
    "SELECT key, value FROM meta WHERE key IN ('schema_version', 'embedder') ORDER BY key",
)  # fmt: skip


class Vectors:
    """An embedder whose unit vectors depend on the text alone, as random as a seed can make them."""

    def __init__(self, name: str = "vectors", dimension: int = DIMENSION) -> None:
        self.name = name
        self.dimension = dimension

    def encode(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """Return float32 (len(texts), dimension), each row of unit length."""
        return np.array([vector_of(f"{self.name} {text}", self.dimension) for text in texts], np.float32)


def vector_of(key: str, dimension: int = DIMENSION) -> NDArray[np.float32]:
    """Return the unit vector that belongs to ``key``, float32 (dimension,)."""
    seed = int.from_bytes(hashlib.sha256(key.encode("utf-8", "surrogatepass")).digest()[:8], "big")
    vector = np.random.Generator(np.random.SFC64(seed)).standard_normal(dimension, np.float32)
    return vector / np.float32(np.linalg.norm(vector))


def write_story(folder: Path, what: str, number: int = 12) -> Path:
    """Write an article file and return its path."""
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"{what}.txt"
    path.write_text(STORY.format(title=f"New {what} opens", what=what, number=number), "utf-8")
    return path


def invented(number: int) -> tuple[Article, list[Passage], list[str | None]]:
    """Return an article that differs from every other number's, with its passages and their hashes."""
    text = "\n\n".join(f"Report {number} part {k} says word{number}x{k}." for k in range(PER_ARTICLE))
    identity = hashlib.sha256(text.encode()).hexdigest()[:12]
    passages, start = [], 0
    for place, paragraph in enumerate(text.split("\n\n")):
        end = start + len(paragraph)
        passages.append(Passage(identity, place, start, end, "body", (Sentence(place, start, end),)))
        start = end + 2
    blocks = tuple(Block(one.start, one.end, "body") for one in passages)
    source = f"made/{number}.txt"
    article = Article(
        identity, source, f"Report {number}", "The Quay", None, "2017-08-03", None, None, {}, text, blocks, ()
    )
    title = article.title or ""
    hashes: list[str | None] = [embed_hash(to_embed(title, text[one.start : one.end])) for one in passages]
    return article, passages, hashes


def put(store: Store, numbers: Sequence[int], *, embed: bool = True) -> None:
    """Add invented articles and the vectors of their passages, in one transaction; call within ``writing()``."""
    with store.transaction():
        for number in numbers:
            article, passages, hashes = invented(number)
            store.add(
                article, passages, hashes, source=article.source, content_hash=article.id, size=1, mtime_ns=number
            )
            if embed:
                store.save_embeddings((key, vector_of(key)) for key in hashes if key)


def grown(folder: Path, articles: int) -> None:
    """Make a store of ``articles`` invented articles, ten vectors each."""
    with Store.open(folder, create=True) as store, store.writing():
        for first in range(0, articles, 100):
            put(store, range(first, min(first + 100, articles)))


def state(folder: Path) -> str:
    """Return a digest of all that the record says, "none" where there is none; waits for no lock.

    Raises:
        sqlite3.DatabaseError: it cannot be read.
    """
    path = folder / schema.FILE_NAME
    if not path.exists():
        return "none"
    seen = hashlib.sha256()
    with closing(sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro", uri=True)) as connection:
        connection.execute("BEGIN")
        for sql in _STATE:
            for row in connection.execute(sql):
                seen.update(repr(row).encode("utf-8", "surrogatepass"))
    return seen.hexdigest()


def wrong_vectors(store: Store) -> int:
    """Count the stored vectors that are not the ones that belong to their hash."""
    rows = store.query("SELECT embed_hash, vector FROM embeddings")
    return sum(not np.array_equal(np.frombuffer(blob, "<f4"), vector_of(key)) for key, blob in rows)


def pieces(numbers: Sequence[int], size: int) -> Iterator[Sequence[int]]:
    """Yield ``numbers`` in runs of ``size``."""
    for first in range(0, len(numbers), size):
        yield numbers[first : first + size]

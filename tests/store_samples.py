"""Small articles for the tests of the store, cut by hand: one passage a paragraph, one sentence a line."""

from __future__ import annotations

import hashlib
import re
from pathlib import Path

import numpy as np

from assistant.retrieval.store import Outcome, Store
from assistant.types import Article, Block, Passage, Sentence, Zone

Sample = tuple[Article, list[Passage], list[str | None]]


def digest(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8", "replace")).hexdigest()


def sample(text: str, *, zones: tuple[Zone, ...] = (), source: str = "a.txt", **fields: str | None) -> Sample:
    """Cut ``text`` at empty lines into passages and at line ends into sentences; boilerplate gets no hash."""
    about = {"title": "A title", "publisher": "The Paper", "author": None, "published": "2017-08-03"} | fields
    article_id = digest(text + str(about["publisher"]) + str(about["published"]))[:12]
    passages: list[Passage] = []
    number = 0
    for count, match in enumerate(re.finditer(r".+(?:\n.+)*", text)):
        sentences = []
        for line in re.finditer(r".+", match.group()):
            sentences.append(Sentence(number, match.start() + line.start(), match.start() + line.end()))
            number += 1
        zone = zones[count] if count < len(zones) else "body"
        passages.append(Passage(article_id, count, match.start(), match.end(), zone, tuple(sentences)))
    article = Article(
        article_id, source, about["title"], about["publisher"], about["author"], about["published"],
        about.get("updated"), about.get("url"), {"title": "first line"}, text,
        tuple(Block(p.start, p.end, p.zone) for p in passages), ("1 invisible character removed",),
    )  # fmt: skip
    hashes = [None if p.zone == "boilerplate" else digest(text[p.start : p.end]) for p in passages]
    return article, passages, hashes


def add(store: Store, made: Sample, source: str | None = None) -> Outcome:
    article, passages, hashes = made
    with store.writing():
        return store.add(
            article, passages, hashes, source=source or article.source,
            content_hash=digest(article.text), size=len(article.text), mtime_ns=7,
        )  # fmt: skip


def numbered(number: int, *, paragraphs: int = 3) -> Sample:
    """Return an article that differs from every other number's."""
    text = "\n\n".join(f"Article {number} paragraph {k}.\nIt says word{number}x{k}." for k in range(paragraphs))
    return sample(text, source=f"n/{number}.txt")


def embed_all(store: Store, dimension: int = 4) -> int:
    """Give every wording without a vector one that depends on its hash only."""
    with store.writing():
        missing = store.passage_texts_missing_embedding(10_000)
        return store.save_embeddings((key, vector(key, dimension)) for key, _, _ in missing)


def vector(key: str, dimension: int = 4) -> np.ndarray:
    return np.frombuffer(bytes.fromhex(key)[: dimension * 2], dtype="<u2").astype(np.float32)


def search(store: Store, words: str) -> list[int]:
    """Return the ids of passages with ``words``, by id."""
    return [r[0] for r in store.query("SELECT rowid FROM passages_fts WHERE passages_fts MATCH ? ORDER BY 1", (words,))]


def file_bytes(folder: Path) -> bytes:
    return b"".join(path.read_bytes() for path in sorted(folder.iterdir()))

"""Putting an article's rows into the tables and taking them out again; always within a caller's transaction."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from typing import Any, Final

from assistant.retrieval.rows import ARTICLE, article_row, publisher_key
from assistant.types import Article, Passage

_UPSERT: Final = """INSERT INTO articles (id, source, title, publisher, author, published, updated, url, found, text,
    blocks, notices, state, added, publisher_key)
    VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 'current', (SELECT coalesce(max(added), 0) + 1 FROM articles), ?)
    ON CONFLICT (id) DO UPDATE SET source = excluded.source, title = excluded.title, publisher = excluded.publisher,
    author = excluded.author, published = excluded.published, updated = excluded.updated, url = excluded.url,
    found = excluded.found, text = excluded.text, blocks = excluded.blocks, notices = excluded.notices,
    state = 'current', publisher_key = excluded.publisher_key"""


def index_article(
    connection: sqlite3.Connection, article: Article, passages: Sequence[Passage], embed_hashes: Sequence[str | None]
) -> list[str]:
    """Write the article as current, with its passages, sentences and keyword rows, in place of what it had.

    Returns:
        The hashes whose vectors may now be unused.

    Raises:
        DocumentError: the text cannot be stored; nothing was written.
    """
    values = article_row(article)
    former_hashes = unindex_article(connection, article.id)
    connection.execute(_UPSERT, (*values, publisher_key(article.publisher)))
    sentences: list[tuple[int | None, int, int, int]] = []
    for passage, embed_hash in zip(passages, embed_hashes, strict=True):
        number = connection.execute(
            'INSERT INTO passages (article_id, number, start, "end", zone, embed_hash) VALUES (?, ?, ?, ?, ?, ?)',
            (article.id, passage.number, passage.start, passage.end, passage.zone, embed_hash),
        ).lastrowid
        sentences += [(number, sentence.number, sentence.start, sentence.end) for sentence in passage.sentences]
    connection.executemany("INSERT INTO sentences VALUES (?, ?, ?, ?)", sentences)
    connection.execute(
        "INSERT INTO passages_fts (rowid, title, body) SELECT id, title, body FROM passage_words WHERE article_id = ?",
        (article.id,),
    )
    return former_hashes


def erase_articles(connection: sqlite3.Connection, ids: Sequence[str]) -> tuple[int, list[str]]:
    """Delete articles with all that hangs on them, and the earlier wordings of the same sources.

    FTS5 keeps deleted words in its older segments until they are merged, so that a full merge ends the deletion: its
    cost grows with the whole index (FTS5's own 'secure-delete' needs SQLite 3.42 and changes the file format).

    Returns:
        How many there were, and the hashes whose vectors may now be unused.
    """
    erased, hashes = 0, list[str]()
    for article_id in dict.fromkeys(ids):
        hashes += unindex_article(connection, article_id)
        connection.execute(
            "DELETE FROM articles WHERE state = 'replaced' AND id <> ?1 AND source IN (SELECT source FROM sources "
            "WHERE article_id = ?1 UNION SELECT source FROM articles WHERE id = ?1)",
            (article_id,),
        )
        connection.execute("DELETE FROM sources WHERE article_id = ?", (article_id,))
        erased += connection.execute("DELETE FROM articles WHERE id = ?", (article_id,)).rowcount
    if erased:
        connection.execute("INSERT INTO passages_fts (passages_fts) VALUES ('optimize')")
    return erased, hashes


def same_as_stored(
    connection: sqlite3.Connection, article: Article, passages: Sequence[Passage], embed_hashes: Sequence[str | None]
) -> bool:
    """Say whether the stored article and its cut are these, but for the source."""
    sql = f"SELECT {ARTICLE} FROM articles AS a WHERE a.id = ?"  # noqa: S608 - constant column list
    stored = connection.execute(sql, (article.id,)).fetchone()
    if stored is None or _without_source(stored) != _without_source(article_row(article)):
        return False
    cut = connection.execute(
        'SELECT p.number, p.start, p."end", p.zone, p.embed_hash, (SELECT count(*) FROM sentences AS s '
        "WHERE s.passage_id = p.id) FROM passages AS p WHERE p.article_id = ? ORDER BY p.id",
        (article.id,),
    ).fetchall()
    return cut == [
        (passage.number, passage.start, passage.end, passage.zone, embed_hash, len(passage.sentences))
        for passage, embed_hash in zip(passages, embed_hashes, strict=True)
    ]


def _without_source(row: Sequence[Any]) -> tuple[Any, ...]:
    return (row[0], *row[2:])


def unindex_article(connection: sqlite3.Connection, article_id: str) -> list[str]:
    """Delete keyword rows, passages and sentences, the text stays; return the hashes whose vectors may be unused."""
    hashes = connection.execute(
        "SELECT DISTINCT embed_hash FROM passages WHERE article_id = ? AND embed_hash IS NOT NULL", (article_id,)
    ).fetchall()
    connection.execute(
        "INSERT INTO passages_fts (passages_fts, rowid, title, body) "
        "SELECT 'delete', id, title, body FROM passage_words WHERE article_id = ?",
        (article_id,),
    )
    connection.execute("DELETE FROM passages WHERE article_id = ?", (article_id,))
    return [embed_hash for (embed_hash,) in hashes]

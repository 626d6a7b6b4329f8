"""The long check of an index: everything against the record, and what is derived from it made again where it differs.

Only what can be made again from the record is mended: SQLite's own indexes, the keyword index, vectors, the Chroma
collection. What is wrong with the record itself is said, and left for a backup to restore.
"""

from __future__ import annotations

import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import closing, suppress
from pathlib import Path
from typing import TYPE_CHECKING, Final

import numpy as np

from assistant.corpus.limits import show
from assistant.embedding import embed_missing, to_embed
from assistant.errors import AssistantError, StoreDamaged, StoreLocked
from assistant.retrieval import schema
from assistant.retrieval.embed import Embedder, embed_hash
from assistant.retrieval.lock import WriterLock
from assistant.retrieval.vector import VectorIndex, is_approximate

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from assistant.retrieval.store import Store
    from assistant.settings import Settings

MOST_QUERIED: Final = 20_000
"""Vectors up to which each is searched for; of more, a sample of as many."""

Finding = tuple[str, bool, str]
"""What was checked, whether it is well now, and what was found and mended."""

_SAME: Final = 0.999
_ROWS: Final = 1024
_FTS_CHECK: Final = "INSERT INTO passages_fts (passages_fts, rank) VALUES ('integrity-check', 1)"
_CUTS: Final = """SELECT count(*), min(a.id) FROM articles AS a WHERE a.state = 'current' AND NOT EXISTS
    (SELECT 1 FROM passages AS p WHERE p.article_id = a.id)
UNION ALL SELECT count(*), min(a.id) FROM articles AS a JOIN passages AS p ON p.article_id = a.id
    WHERE a.state <> 'current' OR p.start < 0 OR p."end" > length(a.text) OR p.start >= p."end"
UNION ALL SELECT count(*), min(p.article_id) FROM passages AS p JOIN sentences AS s ON s.passage_id = p.id
    WHERE s.start < p.start OR s."end" > p."end" OR s.start >= s."end"
UNION ALL SELECT count(*), min(p.article_id) FROM passages AS p WHERE NOT EXISTS
    (SELECT 1 FROM sentences AS s WHERE s.passage_id = p.id)"""


def examine_deeply(store: Store, settings: Settings, embedder: Embedder | None) -> Iterator[Finding]:
    """Compare everything with the record and mend what is derived.

    Args:
        store: open; held for writing while something is mended.
        settings: which kind of vector index is in use.
        embedder: makes vectors that are missing or wrong; None leaves them missing.

    Raises:
        StoreDamaged: a page cannot be read.
    """
    mend = not store.read_only
    if mend:
        try:
            with store.writing():
                pass
        except StoreLocked as error:
            yield "mending", True, f"not now: {error}"
            mend = False
    pages, texts = _pages(store, mend), _articles(store)
    yield from (pages, texts)
    mend = mend and pages[1] and texts[1]  # made of an altered record, what is derived would only hide that it is
    yield _keywords(store, mend)
    yield _vectors(store, embedder if mend else None, mend)
    yield _self_queries(store, settings, mend)


def mend_unopened(folder: Path) -> bool:
    """Make the keyword index anew in a record that cannot be opened; return whether that was all that it lacked."""
    path = folder / schema.FILE_NAME
    try:
        schema.check_header(path)
        with WriterLock(folder).hold(), closing(sqlite3.connect(path, isolation_level=None)) as connection:
            connection.execute("BEGIN IMMEDIATE")
            connection.execute("INSERT INTO passages_fts (passages_fts) VALUES ('rebuild')")
            connection.execute(_FTS_CHECK)
            connection.execute("COMMIT")
            schema.probe(connection, path)
    except (sqlite3.DatabaseError, AssistantError):
        return False
    return True


def _pages(store: Store, mend: bool) -> Finding:
    findings = [row[0] for row in store.query("PRAGMA integrity_check(100)")]
    stray = store.query("PRAGMA foreign_key_check")
    if findings == ["ok"] and not stray:
        return "pages", True, "every page, index and reference is sound"
    if stray:
        return "pages", False, f"{len(stray)} rows belong to nothing; {_RESTORE}"
    if mend and all("index" in finding for finding in findings):
        with store.writing(), store.transaction() as connection:
            connection.execute("REINDEX")
        if store.query("PRAGMA integrity_check(1)") == [("ok",)]:
            return "pages", True, f"mended: an index of SQLite's did not agree with its table ({findings[0]})"
    return "pages", False, f"{findings[0]}; {_RESTORE}"


_RESTORE: Final = "restore a backup with: news-assistant restore FILE"


def _articles(store: Store) -> Finding:
    wrong = [(count, first) for count, first in store.query(_CUTS) if count]
    if wrong:
        return "texts", False, f"passages or sentences of article {wrong[0][1]} do not lie in its text; {_RESTORE}"
    for info in store.articles():
        article = store.article(info.id)
        if article is None or any(block.end > len(article.text) for block in article.blocks):
            return "texts", False, f"article {info.id} from {show(info.source)} is not whole; {_RESTORE}"
    if altered := _altered(store):
        return "texts", False, f"the text of {len(altered)} articles is not as it was added ({altered[0]}); {_RESTORE}"
    return "texts", True, "every text is as it was added, with its passages and sentences in place"


def _keywords(store: Store, mend: bool) -> Finding:
    if not mend:
        return "keywords", True, "not compared with the texts: that takes sound texts and the right to write"
    try:
        with store.writing(), store.transaction() as connection:
            connection.execute(_FTS_CHECK)
    except StoreDamaged:
        with store.writing(), store.transaction() as connection:
            connection.execute("INSERT INTO passages_fts (passages_fts) VALUES ('rebuild')")
            connection.execute(_FTS_CHECK)
        return "keywords", True, "mended: the keyword index did not agree with the texts and was made again"
    return "keywords", True, "the keyword index agrees with every text"


def _vectors(store: Store, embedder: Embedder | None, mend: bool) -> Finding:
    """Drop what is no unit vector or hangs on nothing; embed what is then missing."""
    wrong = list(_malformed(store))
    orphans = [
        row[0] for row in store.query("SELECT embed_hash FROM embeddings EXCEPT SELECT embed_hash FROM passages")
    ]
    if not mend:
        return "vectors", not (wrong or orphans), f"{len(wrong)} wrong, {len(orphans)} of no passage"
    if wrong or orphans:
        with store.writing(), store.transaction() as connection:
            connection.executemany("DELETE FROM embeddings WHERE embed_hash = ?", [(key,) for key in wrong + orphans])
            connection.execute("UPDATE meta SET value = value + 1 WHERE key = 'generation'")
    made = 0
    if embedder is not None:
        with suppress(AssistantError):
            made = embed_missing(store, embedder)
    counts = store.counts()
    missing = counts.embeddable - counts.embedded
    if not (wrong or orphans or made or missing):
        return "vectors", True, f"{counts.embedded} passages have the vector of their wording, of unit length"
    mended = f"mended: {len(wrong)} wrong and {len(orphans)} unused vectors dropped, {made} made"
    return "vectors", not missing or embedder is None, f"{mended}; {missing} passages are found by words alone"


def _malformed(store: Store) -> Iterator[str]:
    """Yield the hashes of vectors that are not finite, not of unit length, or of another length than most."""
    lengths = store.query("SELECT length(vector) FROM embeddings GROUP BY 1 ORDER BY count(*) DESC LIMIT 1")
    with store.reading() as connection:
        rows = connection.execute("SELECT embed_hash, vector FROM embeddings")
        while chunk := rows.fetchmany(_ROWS):
            for key, blob in chunk:
                vector = np.frombuffer(blob, "<f4") if len(blob) == lengths[0][0] else np.zeros(1, np.float32)
                with np.errstate(all="ignore"):
                    length = float(np.linalg.norm(vector.astype(np.float64)))
                if not abs(length - 1) < 0.01:
                    yield key


def _altered(store: Store) -> list[str]:
    """Return the articles whose wording is not the one whose hash was stored with it."""
    altered: dict[str, None] = {}
    with store.reading() as connection:
        rows = connection.execute(
            "SELECT p.article_id, p.embed_hash, w.title, w.body FROM passages AS p "
            "JOIN passage_words AS w ON w.id = p.id WHERE p.embed_hash IS NOT NULL"
        )
        while chunk := rows.fetchmany(_ROWS):
            altered.update((one, None) for one, key, *words in chunk if embed_hash(to_embed(*words)) != key)
    return list(altered)


def _self_queries(store: Store, settings: Settings, mend: bool) -> Finding:
    """Search for every vector: it must be found, at a similarity of about 1, and nothing that is not there."""
    ids, vectors = store.embedding_matrix()
    asked = np.arange(len(ids))
    if len(ids) > MOST_QUERIED:
        asked = np.sort(np.random.default_rng(0).permutation(len(ids))[:MOST_QUERIED])
    pointer = store.derived / "CURRENT"
    before = pointer.read_bytes() if pointer.exists() else None
    lost = _lost(store, settings, ids, vectors, asked)
    again = ""
    if lost and mend and pointer.exists():
        with store.writing():
            shutil.rmtree(store.derived, ignore_errors=True)
        again = f"mended: Chroma did not find {lost} of them and was built again; "
        lost = _lost(store, settings, ids, vectors, asked)
    elif before is not None and pointer.exists() and pointer.read_bytes() != before:
        again = "mended: the Chroma collection was stale or damaged and was built again; "
    share = f"{len(asked)} of {len(ids)} vectors, a sample" if len(asked) < len(ids) else f"all {len(ids)} vectors"
    approximate = is_approximate(settings.vector_index, settings.exact_limit, len(ids))
    how = "through Chroma" if pointer.exists() and approximate else "exactly"
    found = "each finds its own passage" if not lost else f"{lost} do not find their own passage; {_RESTORE}"
    return "self-queries", not lost, f"{again}{share} searched for {how}: {found}"


def _lost(
    store: Store,
    settings: Settings,
    ids: NDArray[np.int64],
    vectors: NDArray[np.float32],
    asked: NDArray[np.int64],
) -> int:
    """Count the vectors that do not find a passage of (nearly) the same vector first."""
    if not len(ids):
        return 0
    lost = 0
    if not is_approximate(settings.vector_index, settings.exact_limit, len(ids)):
        for first in range(0, len(asked), _ROWS):
            near = vectors[asked[first : first + _ROWS]] @ vectors.T
            lost += int((near.max(axis=1) < _SAME).sum())
        return lost
    index = VectorIndex(store, kind=settings.vector_index, exact_limit=settings.exact_limit)
    for row in asked:
        found = index.search(vectors[row], 3)
        lost += not any(cosine >= _SAME and _same(ids, vectors, number, row) for number, cosine in found)
    return lost


def _same(ids: NDArray[np.int64], vectors: NDArray[np.float32], number: int, row: int) -> bool:
    place = int(np.searchsorted(ids, number))
    return place < len(ids) and ids[place] == number and float(vectors[place] @ vectors[row]) >= _SAME

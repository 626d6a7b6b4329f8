"""The ledger, the vectors, the filters and the notes of the record."""

from __future__ import annotations

import numpy as np
import pytest

from assistant.errors import EmbedderMismatch, StoreError
from assistant.types import Filters
from tests.store_samples import add, digest, embed_all, numbered, sample, vector

OLD = "The bridge opens in May.\nIt cost 4 million.\n\nA second paragraph about the zeppelin."
NEW = "The bridge opens in June.\nIt cost 5 million.\n\nA second paragraph about the zeppelin."


def test_ledger(store):
    for name in ("news/a.txt", "news/b.jsonl#1", "news/b.jsonl#2", "newsletter.txt", "news"):
        with store.writing():
            store.record_skip(name, "empty", content_hash=digest(name), size=3, mtime_ns=4)
    assert [row.source for row in store.ledger_under("news/b.jsonl")] == ["news/b.jsonl#1", "news/b.jsonl#2"]
    assert [row.source for row in store.ledger_under("news")][:2] == ["news", "news/a.txt"]
    assert len(store.ledger_under("news")) == 4
    assert len(store.ledger_under("news/")) == 3
    assert len(store.ledger_rows()) == len(store.ledger_under("")) == 5
    row = store.ledger("news/a.txt")
    assert (row.outcome, row.reason, row.size, row.mtime_ns) == ("skipped", "empty", 3, 4)
    add(store, numbered(1))
    with store.writing():
        store.record_skip("n/1.txt", "encrypted")
        assert store.ledger("n/1.txt").article_id == numbered(1)[0].id
        store.record_vanished("n/1.txt")
        assert store.ledger("n/1.txt").outcome == "vanished"
        store.record_unchanged("n/1.txt", size=9, mtime_ns=9)
    assert (store.ledger("n/1.txt").outcome, store.ledger("n/1.txt").size) == ("unchanged", 9)
    assert len(store.articles()) == 1


def test_embeddings_are_kept_by_wording(store):
    shared = "The same agency paragraph."
    first = sample(f"{shared}\n\nMine alone.", source="a", publisher="A")
    second = sample(f"{shared}\n\nYours alone.\n\nA comment.", source="b", publisher="B")
    add(store, first)
    add(store, second)
    missing = store.passage_texts_missing_embedding(10)
    assert [text for _, _, text in missing] == ["A comment.", "Mine alone.", "Yours alone.", shared]
    assert missing[0][:2] == (digest("A comment."), "A title")
    generation = store.generation()
    assert embed_all(store) == 4
    assert store.generation() > generation
    assert store.passage_texts_missing_embedding(10) == []
    ids, matrix = store.embedding_matrix()
    assert ids.tolist() == [1, 2, 3, 4, 5]
    assert (ids.dtype, matrix.dtype, matrix.shape) == (np.int64, np.float32, (5, 4))
    for number, (_, text, _) in store.passages(ids.tolist()).items():
        assert np.array_equal(matrix[number - 1], vector(digest(text)))
    with store.writing():
        store.remove([first[0].id])
        ids, _ = store.embedding_matrix()
        assert ids.tolist() == [3, 4, 5]
        assert store.save_embeddings([(digest("Mine alone."), np.ones(4, np.float32))]) == 0
        with pytest.raises(EmbedderMismatch, match="4 numbers"):
            store.save_embeddings([(digest(shared), np.ones(5, np.float32))])
        with pytest.raises(StoreError, match="finite"):
            store.save_embeddings([(digest(shared), np.array([1, np.nan, 0, 0], np.float32))])
        assert store.drop_embeddings() == 3
    assert store.embedding_matrix()[1].shape == (0, 0)


def test_filters(store):
    add(store, sample("One.\n\nTwo.", zones=("heading", "body"), publisher="ÉCHO  du Nord", published="2020-01-31"))
    add(store, sample("Three.", zones=("caption",), source="b", publisher="Die Straße", published="2020-02-01"))
    add(store, sample("Four.", source="c", publisher=None, published=None))

    def allowed(**chosen):
        filters = Filters(**chosen)
        sql, parameters = store.passage_filter(filters)
        ids = store.passage_ids(filters).tolist()
        assert ids == sorted(row[0] for row in store.query(sql, parameters))
        found = store.query(
            f"SELECT rowid FROM passages_fts WHERE title MATCH 'title' AND rowid IN ({sql})", parameters
        )
        assert ids == sorted(row[0] for row in found)
        return ids

    assert allowed() == [2, 3, 4]
    assert allowed(zones=("heading",)) == [1]
    assert allowed(zones=()) == []
    assert allowed(since="2020-01-31") == [2, 3]
    assert allowed(until="2020-01-31") == [2]
    assert allowed(since="2020-02-01", until="2020-02-01") == [3]
    assert allowed(publishers=("écho du nord",)) == [2]
    assert allowed(publishers=("DIE STRASSE", "nobody")) == [3]


def test_meta_and_generation(store):
    assert store.get_meta("schema_version") == "1"
    assert store.get_meta("embedder") is None
    with store.writing():
        store.set_meta("embedder", "minilm")
        store.set_meta("embedder", "other")
        assert store.generation() == 0
        with store.transaction():
            add(store, numbered(1))
            add(store, numbered(2))
    assert store.get_meta("embedder") == "other"
    assert store.generation() == 1

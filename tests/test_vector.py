"""Exact vector search against brute force in numpy, and what happens when the record changes."""

import threading
from dataclasses import replace

import numpy as np
import pytest

from assistant.retrieval.embed import unit
from assistant.retrieval.store import Store
from assistant.retrieval.vector import VectorIndex
from tests.store_samples import add, embed_all, numbered, vector

DIMENSION = 16


@pytest.fixture
def store(tmp_path):
    with Store.open(tmp_path, create=True) as store, store.writing(), store.transaction():
        for number in range(30):
            add(store, numbered(number))
    with Store.open(tmp_path) as store:
        embed(store)
        yield store


def embed(store):
    with store.writing():
        missing = store.passage_texts_missing_embedding(10_000)
        return store.save_embeddings((key, unit(vector(key, DIMENSION)[None] - 2**15)[0]) for key, _, _ in missing)


def query(seed=0):
    return unit(np.random.default_rng(seed).normal(size=(1, DIMENSION)).astype(np.float32))[0]


def brute_force(store, asked, limit, allowed=None):
    ids, vectors = store.embedding_matrix()
    cosines = {int(n): float(v @ asked) for n, v in zip(ids, vectors, strict=True) if allowed is None or n in allowed}
    return sorted(cosines, key=lambda n: (-cosines[n], n))[:limit]


@pytest.mark.parametrize("limit", [1, 7, 90, 200])
def test_exact_search_is_brute_force(store, limit):
    index = VectorIndex(store)
    for seed in range(5):
        found = index.search(query(seed), limit)
        assert [number for number, _ in found] == brute_force(store, query(seed), limit)
        assert [cosine for _, cosine in found] == sorted((cosine for _, cosine in found), reverse=True)


@pytest.mark.parametrize("allowed", [[], [5], [2, 3, 5, 8, 13, 21, 34, 55, 89], [1000], range(1, 91)])
def test_filters_are_exact_too(store, allowed):
    found = VectorIndex(store).search(query(), 6, np.array(allowed, np.int64))
    assert [number for number, _ in found] == brute_force(store, query(), 6, set(allowed))


def test_an_empty_index_finds_nothing(tmp_path):
    with Store.open(tmp_path / "empty", create=True) as empty:
        index = VectorIndex(empty, kind="chroma")
        assert len(index) == 0
        assert index.search(query(), 5) == []


def test_what_is_added_embedded_and_removed_is_seen_at_once(store):
    index = VectorIndex(store)
    assert len(index) == 90
    add(store, numbered(100))
    assert len(index) == 90
    embed(store)
    assert len(index) == 93
    newest = store.embedding_matrix()[1][-1]
    assert index.search(newest, 1)[0][1] == pytest.approx(1, abs=1e-5)
    with store.writing():
        store.remove([numbered(100)[0].id])
    assert len(index) == 90
    assert index.search(newest, 1)[0][1] < 0.99
    with store.writing():
        store.drop_embeddings()
    assert index.search(newest, 1) == []


def test_copies_with_one_wording_are_both_found(store):
    article, passages, hashes = numbered(0)
    passages = [replace(passage, article_id="0" * 12) for passage in passages]
    add(store, (replace(article, id="0" * 12), passages, hashes), source="copy.txt")
    (first, one), (second, two) = VectorIndex(store).search(store.embedding_matrix()[1][0], 2)
    assert first != second
    assert one == pytest.approx(two)


def test_threads_that_search_while_articles_come_see_no_mixture(store):
    index = VectorIndex(store)
    wrong = []
    done = threading.Event()

    def ask():
        while not done.is_set():
            ids, vectors = store.embedding_matrix()
            number, cosine = index.search(vectors[10], 1)[0]
            if number != ids[10] or cosine < 0.999:
                wrong.append((number, cosine))

    threads = [threading.Thread(target=ask) for _ in range(3)]
    for thread in threads:
        thread.start()
    for number in range(200, 215):
        add(store, numbered(number))
        embed(store)
    done.set()
    for thread in threads:
        thread.join()
    assert not wrong


def test_vectors_of_some_passages_only(store):
    ids, vectors = store.embedding_matrix()
    some, theirs = store.embedding_matrix(np.array([5, 9, 1000]))
    assert some.tolist() == [5, 9]
    assert np.array_equal(theirs, vectors[np.searchsorted(ids, [5, 9])])
    assert store.embedding_matrix(np.zeros(0, np.int64))[0].tolist() == []


def test_embed_all_leaves_nothing_out(store):
    assert embed_all(store) == 0

"""Help for the tests of the Chroma collection: a store with vectors, a check of every result, faults on disk."""

import json
import shutil

import numpy as np
import pytest

from assistant.retrieval.embed import unit
from assistant.retrieval.vector import VectorIndex
from tests.store_samples import add, numbered, vector

DIMENSION = 8


def grow(store, numbers, shift=2**15):
    """Add articles and give each of their passages a vector that depends on its wording only."""
    with store.writing(), store.transaction():
        for number in numbers:
            add(store, numbered(number))
        missing = store.passage_texts_missing_embedding(10_000)
        rows = unit(np.array([vector(key, DIMENSION) for key, _, _ in missing], np.float32) - shift)
        store.save_embeddings(zip([key for key, _, _ in missing], rows, strict=True))


def assert_right(index, store):
    """Every vector finds its own passage, by filter and without, and nothing is found that is not there."""
    ids, vectors = store.embedding_matrix()
    assert len(index) == len(ids)
    for row in range(0, len(ids), 23):
        for allowed in (None, ids):
            found = index.search(vectors[row], 4, allowed)
            assert found[0][0] == ids[row]
            assert {number for number, _ in found} <= set(ids.tolist())
            truth = dict(zip(ids.tolist(), (vectors @ vectors[row]).tolist(), strict=True))
            assert [cosine for _, cosine in found] == pytest.approx(sorted(truth.values())[:-5:-1], abs=1e-4)


def build(store):
    """Return an index that has its collection, and the collection's folder."""
    index = VectorIndex(store, kind="chroma")
    assert len(index)
    return index, store.derived / (store.derived / "CURRENT").read_text()


def let_go(index):
    index._view.neighbours.close()  # as when the process ends


def no_folder(root, folder):
    shutil.rmtree(root)


def nowhere(root, folder):
    (root / "CURRENT").write_text("nowhere")


def outside(root, folder):
    (root / "CURRENT").write_text(f"../../{folder.name}")


def not_text(root, folder):
    (root / "CURRENT").write_bytes(b"\xff\x00")


def half_built(root, folder):
    (folder / "ids.json").unlink()


def cut_off(root, folder):
    (folder / "ids.json").write_text("[1, 2")
    (folder / "probe.npz").write_bytes(b"")


def other_passages(root, folder):
    (folder / "ids.json").write_text(json.dumps(list(range(5000, 5300))))


def empty_database(root, folder):
    (folder / "chroma.sqlite3").write_bytes(b"")


def no_segment(root, folder):
    (segment,) = (path for path in folder.iterdir() if path.is_dir())
    shutil.rmtree(segment)


def short_segment(root, folder):
    (data,) = folder.rglob("data_level0.bin")
    data.write_bytes(bytes(data.stat().st_size))


FAULTS = (
    no_folder,
    nowhere,
    outside,
    not_text,
    half_built,
    cut_off,
    other_passages,
    empty_database,
    no_segment,
    short_segment,
)

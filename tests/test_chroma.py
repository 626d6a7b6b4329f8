"""The derived Chroma collection: whatever happens to its folder, search gives what brute force gives."""

import os
import pickle
import shutil
import subprocess
import sys

import numpy as np
import pytest

from assistant import Assistant, Settings
from assistant.retrieval import chroma, lock
from assistant.retrieval.store import Store
from assistant.retrieval.vector import VectorIndex
from tests.chroma_samples import FAULTS, assert_right, build, grow, let_go
from tests.store_samples import numbered


@pytest.fixture(scope="module")
def built(tmp_path_factory):
    """A folder with 300 passages and a finished collection; copied by tests, never opened by them."""
    folder = tmp_path_factory.mktemp("built")
    with Store.open(folder, create=True) as store, pytest.MonkeyPatch.context() as patch:
        patch.setattr(chroma, "_SAMPLE", 20)
        patch.setattr(chroma, "_SYNC", 100)  # so that 300 passages give files as 3,000 do
        grow(store, range(100))
        index, _ = build(store)
        let_go(index)
    return folder


@pytest.fixture
def store(built, tmp_path):
    shutil.copytree(built, tmp_path / "index")
    with Store.open(tmp_path / "index") as store:
        yield store


@pytest.fixture
def soundness(monkeypatch):
    """Check in this process, which is quick; list what was checked. One test does it in a child, as in life."""
    checked = []

    def check(folder):
        checked.append(folder)
        try:
            found = chroma.ChromaNeighbours(folder)
        except Exception:  # noqa: BLE001 - in a child any of them ends the check
            return False
        try:
            return found.is_sound()
        finally:
            found.close()

    monkeypatch.setattr(chroma, "_sound_elsewhere", check)
    monkeypatch.setattr(chroma, "_SAMPLE", 20)
    return checked


def test_a_finished_collection_is_checked_and_used_as_it_is(store, soundness):
    before = (store.derived / "CURRENT").read_text()
    index, folder = build(store)
    assert folder.name == before
    assert soundness == [folder]
    assert len(index._view.held) == 300
    assert_right(index, store)
    let_go(index)


def test_documents_carry_text_and_metadata(store, soundness):
    index, _ = build(store)
    collection = index._view.neighbours._collection
    (found,) = collection.similarity_search_by_vector(store.embedding_matrix()[1][4].tolist(), k=1)
    passage, text, article = store.passages([int(found.id)])[int(found.id)]
    assert found.page_content == text
    assert found.metadata == {"article_id": article.id, "zone": passage.zone}
    let_go(index)


def test_few_new_passages_are_compared_exactly_and_many_lead_to_a_new_collection(store, soundness):
    index, folder = build(store)
    grow(store, range(100, 108))
    assert_right(index, store)
    assert (store.derived / "CURRENT").read_text() == folder.name
    assert len(index._view.ids) == 24
    assert len(soundness) == 1  # what is open is not checked again
    grow(store, range(108, 115))
    assert_right(index, store)
    fresh = (store.derived / "CURRENT").read_text()
    assert fresh != folder.name
    assert folder.is_dir()  # another process may still read it
    assert len(index._view.ids) == 0
    let_go(index)


def test_removed_articles_are_gone_from_the_results_and_from_the_disk(store, soundness):
    index, _ = build(store)
    with store.writing():
        store.remove([numbered(7)[0].id])
    assert not any(b"word7x" in path.read_bytes() for path in store.folder.rglob("*") if path.is_file())
    assert_right(index, store)
    let_go(index)


def test_vectors_of_another_model_are_noticed_though_the_passages_are_the_same(store, soundness):
    index, folder = build(store)
    with store.writing():
        store.drop_embeddings()
    grow(store, [], shift=2**14)
    assert_right(index, store)
    assert (store.derived / "CURRENT").read_text() != folder.name
    let_go(index)


@pytest.mark.parametrize("fault", FAULTS)
def test_a_damaged_collection_is_built_again(store, soundness, fault):
    root = store.derived
    folder = root / (root / "CURRENT").read_text()
    fault(root, folder)
    index, fresh = build(store)
    assert fresh != folder
    assert fresh.is_dir()
    assert_right(index, store)
    let_go(index)


def test_garbage_in_the_segments_never_reaches_this_process(store):
    folder = store.derived / (store.derived / "CURRENT").read_text()
    segments = [path for path in folder.rglob("*.bin") if path.stat().st_size]
    assert segments
    for path in segments:
        path.write_bytes(b"\xfe" * path.stat().st_size)
    index, fresh = build(store)
    assert fresh != folder
    assert index._view.neighbours is not None  # what a child found sound is used
    assert_right(index, store)
    let_go(index)


def test_a_build_that_is_cut_short_changes_nothing(store, soundness, monkeypatch):
    before = (store.derived / "CURRENT").read_text()
    grow(store, range(100, 120))
    for step in ("_fill", "os.replace", "ChromaNeighbours.is_sound"):
        with monkeypatch.context() as patch:
            patch.setattr(f"assistant.retrieval.chroma.{step}", lambda *_: 1 / 0)
            index = VectorIndex(store, kind="chroma")
            assert_right(index, store)
            assert index._view.neighbours is None
            assert (store.derived / "CURRENT").read_text() == before
    index, fresh = build(store)
    assert fresh.name != before
    assert {path.name for path in store.derived.iterdir() if path.is_dir()} == {before, fresh.name}
    assert_right(index, store)
    let_go(index)


def test_while_another_process_writes_search_is_exact(store, soundness, monkeypatch):
    shutil.rmtree(store.derived)
    monkeypatch.setattr(lock, "PATIENCE_S", 0.05)
    script = (
        "import sys; from pathlib import Path; from assistant.retrieval.store import Store\n"
        "with Store.open(Path(sys.argv[1])) as store, store.writing(): print('have it', flush=True); sys.stdin.read()"
    )
    with subprocess.Popen(
        [sys.executable, "-c", script, str(store.folder)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as writer:
        assert writer.stdout.readline() == "have it\n"
        index = VectorIndex(store, kind="chroma")
        assert_right(index, store)
        assert index._view.neighbours is None
        writer.stdin.close()
    assert not store.derived.exists()


def test_where_nothing_can_be_written_search_is_exact(store):
    shutil.rmtree(store.derived)
    store.read_only = True
    assert_right(VectorIndex(store, kind="chroma"), store)


def test_a_collection_that_fails_while_it_is_used_is_done_without(store, soundness):
    index, _ = build(store)
    let_go(index)
    assert_right(index, store)


class Evil:
    def __reduce__(self):
        return (os.mkdir, (f"{Evil.folder}/loaded",))


@pytest.mark.parametrize("place", ["segment", "probe"])
def test_nothing_pickled_is_loaded(store, soundness, tmp_path, place):
    Evil.folder = tmp_path
    folder = store.derived / (store.derived / "CURRENT").read_text()
    if place == "segment":
        pickles = list(folder.rglob("*.pickle"))
        assert pickles
        for path in pickles:
            path.write_bytes(pickle.dumps(Evil()))
    else:
        np.savez(folder / "probe.npz", ids=np.array([Evil()], object), vectors=np.array([Evil()], object))
    index, fresh = build(store)
    assert fresh != folder
    assert not (tmp_path / "loaded").exists()
    let_go(index)


def test_auto_takes_chroma_above_the_limit_only(store, soundness):
    shutil.rmtree(store.derived)
    assert len(VectorIndex(store, exact_limit=300)) == 300
    assert not store.derived.exists()
    index = VectorIndex(store, exact_limit=299)
    assert len(index) == 300
    assert store.derived.exists()
    let_go(index)


def test_what_answers_for_many_vectors_is_built_when_articles_are_added(tmp_path):
    source = tmp_path / "bridge.txt"
    source.write_text("Bridge opens\n\nThe Orsel bridge opened on Monday after two years of work on its piers.\n")
    with Assistant.open(tmp_path / "index", Settings(vector_index="chroma")) as assistant:
        assistant.add([source])
    assert (tmp_path / "index" / "chroma" / "CURRENT").exists()


def test_narrow_filters_are_exact_beside_a_collection(store, soundness):
    index, _ = build(store)
    ids, vectors = store.embedding_matrix()
    allowed = ids[[250]]
    assert [number for number, _ in index.search(vectors[0], 5, allowed)] == allowed.tolist()
    let_go(index)

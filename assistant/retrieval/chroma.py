"""The derived Chroma collection: built aside, checked, swapped in; thrown away when in doubt.

Chroma destroys its folder when a writer is killed or doubled, often without an error. So a collection here is
written once, into a folder that nothing else knows of, closed, read back and asked for its own vectors, and only then
named in ``CURRENT`` by an atomic rename; after that it is only read. A folder that another process has built is
opened first in a child process, where a crash harms nobody. Whatever fails, it is built again from the vectors in
SQLite, or done without.

On disk: ``chroma/CURRENT`` holds the name of a folder beside it with Chroma's files, ``ids.json`` (the passages it
holds) and ``probe.npz`` (some of its vectors). The folder that was current before stays until the next build,
for other processes that still read it.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import uuid
import zipfile
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from langchain_core.embeddings import Embeddings
from numpy.typing import NDArray

from assistant.retrieval.embed import FloatArray
from assistant.retrieval.store import Store

if TYPE_CHECKING:
    from langchain_chroma import Chroma

COLLECTION = "passages"
STALE_SHARE = 0.1
"""Built again when more than this share of the vectors is missing from it, or of what it holds is gone."""

_BATCH = 2000
_SYNC = 1000
"""Vectors after which Chroma writes its graph to disk; the others it puts into it on each opening. Its default."""

_SAMPLE = 200
_SAME = 0.999
_PROBE_SECONDS = 120
_UNREADABLE = (OSError, ValueError, TypeError, KeyError, EOFError, zipfile.BadZipFile)


class ChromaNeighbours:
    """Reads one finished collection.

    Attributes:
        folder: where it lies.
        ids: the passages it holds, int64 (n,), ascending.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.ids: NDArray[np.int64] = np.array(json.loads((folder / "ids.json").read_text("utf-8")), np.int64)
        self._collection = _open(folder)

    def search(self, vector: FloatArray, limit: int) -> list[tuple[int, float]] | None:
        """Return (passage id, cosine similarity), best first; None when the collection can no longer be read."""
        try:
            near = self._collection.similarity_search_by_vector_with_relevance_scores(
                vector.tolist(), k=min(limit, len(self.ids))
            )
            # Chroma's distance is 1 - cosine.
            return [(int(document.id or 0), 1.0 - distance) for document, distance in near]
        except Exception:  # noqa: BLE001 - Chroma's own errors, SQLite's and Rust's; whichever: do without it
            return None

    def is_sound(self) -> bool:
        """Whether it finds a sample of its own vectors, each at distance about 0; its count would not tell."""
        probe = np.load(self.folder / "probe.npz", allow_pickle=False)
        found = (self.search(vector, 3) or [] for vector in np.asarray(probe["vectors"]))
        return all(any(cosine >= _SAME for _, cosine in near) for near in found)

    def close(self) -> None:
        """Let go of the files and of what Chroma keeps in memory for them."""
        _close(self._collection)


class _Ready(Embeddings):
    """Hands LangChain's Chroma the vectors that the record already holds."""

    def __init__(self) -> None:
        self.batch: list[list[float]] = []

    def embed_documents(self, texts: list[str]) -> list[list[float]]:
        return self.batch

    def embed_query(self, text: str) -> list[float]:
        raise NotImplementedError("questions are embedded by the embedder of the index")


def open_or_build(
    store: Store, ids: NDArray[np.int64], vectors: FloatArray, opened: ChromaNeighbours | None = None
) -> ChromaNeighbours | None:
    """Return the collection over (most of) these vectors, building it when it is missing, stale or fails its check.

    Args:
        store: the record; the collection lies in its ``derived`` folder.
        ids: passages, int64 (n,), ascending.
        vectors: theirs, float32 (n, d), unit length.
        opened: what was returned the last time; returned again while it will do.

    Returns:
        None while another process is writing, or when none can be built here: the caller compares exactly.
    """
    root = store.derived
    current = _current(root)
    if current and _matches(current, ids, vectors):
        if opened and opened.folder == current:
            return opened
        if _sound_elsewhere(current):
            return ChromaNeighbours(current)
    try:
        with store.writing():
            return _build(store, root, ids, vectors)
    except Exception:  # noqa: BLE001 - locked, read-only, a full disk, Chroma's own errors: search does without
        return None


def _current(root: Path) -> Path | None:
    try:
        name = (root / "CURRENT").read_text("ascii").strip()
    except (OSError, ValueError):
        return None
    return root / name if name.isalnum() else None


def _matches(folder: Path, ids: NDArray[np.int64], vectors: FloatArray) -> bool:
    """Whether the collection holds (most of) these passages, and these vectors: another embedder keeps the ids."""
    try:
        held = np.array(json.loads((folder / "ids.json").read_text("utf-8")), np.int64)
        probe = np.load(folder / "probe.npz", allow_pickle=False)
        sampled, then = probe["ids"], probe["vectors"]
    except _UNREADABLE:
        return False
    if not (len(ids) and len(held)) or min(np.isin(ids, held).mean(), np.isin(held, ids).mean()) < 1 - STALE_SHARE:
        return False
    kept = np.isin(sampled, ids)
    return np.array_equal(then[kept], vectors[np.searchsorted(ids, sampled[kept])])


def _sound_elsewhere(folder: Path) -> bool:
    """Check the collection in a child process: it may end in a segmentation fault instead of an error."""
    command = [sys.executable, "-m", "assistant.retrieval.chroma", str(folder)]
    try:
        return subprocess.run(command, capture_output=True, timeout=_PROBE_SECONDS, check=False).returncode == 0
    except (OSError, subprocess.TimeoutExpired):
        return False


def _build(store: Store, root: Path, ids: NDArray[np.int64], vectors: FloatArray) -> ChromaNeighbours | None:
    """Build a collection beside the current one and swap it in; call with the writer lock held.

    A crash at any point leaves ``CURRENT`` as it was and at most a folder that the next build clears away.
    """
    root.mkdir(parents=True, exist_ok=True)
    _clear(root, keep=_current(root))
    folder = root / uuid.uuid4().hex[:12]
    _fill(folder, store, ids, vectors)
    sample = np.sort(np.random.default_rng(0).permutation(len(ids))[:_SAMPLE])
    np.savez(folder / "probe.npz", ids=ids[sample], vectors=vectors[sample])
    (folder / "ids.json").write_text(json.dumps(ids.tolist()), "utf-8")
    built = ChromaNeighbours(folder)
    if not built.is_sound():
        built.close()
        return None
    pointer = root / "CURRENT.new"
    pointer.write_text(folder.name, "ascii")
    os.replace(pointer, root / "CURRENT")
    return built


def _clear(root: Path, keep: Path | None) -> None:
    """Remove what killed builds have left and the collections before the current one."""
    for old in root.iterdir():
        if old.is_dir() and old != keep:
            shutil.rmtree(old, ignore_errors=True)


def _fill(folder: Path, store: Store, ids: NDArray[np.int64], vectors: FloatArray) -> None:
    """Write the passages with their wording, zone and article into a new collection and close it."""
    ready = _Ready()
    collection = _open(folder, ready)
    try:
        for first in range(0, len(ids), _BATCH):
            rows = store.passages(ids[first : first + _BATCH].tolist())
            ready.batch = vectors[np.searchsorted(ids, list(rows))].tolist()
            collection.add_texts(
                [text for _, text, _ in rows.values()],
                [{"article_id": article.id, "zone": passage.zone} for passage, _, article in rows.values()],
                [str(number) for number in rows],
            )
    finally:
        _close(collection)


def _open(folder: Path, ready: Embeddings | None = None) -> Chroma:
    import chromadb
    from chromadb.config import Settings as ChromaSettings
    from langchain_chroma import Chroma

    quiet = ChromaSettings(anonymized_telemetry=False)
    graph = {"space": "cosine", "ef_construction": 200, "ef_search": 200, "sync_threshold": _SYNC}
    configuration: Any = {"hnsw": graph}
    return Chroma(
        COLLECTION,
        ready,
        client=chromadb.PersistentClient(str(folder), quiet),
        collection_configuration=configuration,
        create_collection_if_not_exists=ready is not None,
    )


def _close(collection: Chroma) -> None:
    collection._client.close()  # langchain-chroma gives no way to the client it was given


if __name__ == "__main__":
    sys.exit(0 if ChromaNeighbours(Path(sys.argv[1])).is_sound() else 1)

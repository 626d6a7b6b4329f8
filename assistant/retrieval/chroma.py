"""The derived Chroma collection: built aside, checked, swapped in; thrown away when in doubt.

Chroma destroys its folder when a writer is killed or doubled, often without an error. So a collection here is
written once, into a folder that nothing else knows of, checked by asking it for its own vectors, and named in
``CURRENT`` by an atomic rename; after that it is only read. A folder is opened first in a child process, where
a crash harms nobody. Whatever fails, it is built again from the vectors in SQLite.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import uuid
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from langchain_core.embeddings import Embeddings
from numpy.typing import NDArray

from assistant.errors import StoreLocked
from assistant.retrieval.embed import FloatArray
from assistant.retrieval.store import Store

if TYPE_CHECKING:
    from langchain_chroma import Chroma

COLLECTION = "passages"
STALE_SHARE = 0.1
"""Rebuilt when more than this share of the vectors is missing from the collection."""

_BATCH = 2000
_SAMPLE = 200
_SAME = 0.999
_PROBE_SECONDS = 120


class ChromaNeighbours:
    """Reads one finished collection."""

    def __init__(self, folder: Path) -> None:
        self._collection = _open(folder)
        self.ids = frozenset(json.loads((folder / "ids.json").read_text("utf-8")))

    def search(self, vector: FloatArray, limit: int) -> list[tuple[int, float]]:
        """Return (passage id, cosine similarity), best first; the collection's distance is 1 - cosine."""
        near = self._collection.similarity_search_by_vector_with_relevance_scores(
            vector.tolist(), k=min(limit, len(self.ids))
        )
        return [(int(document.id or 0), 1.0 - distance) for document, distance in near]


class _Ready(Embeddings):
    """Hands LangChain's Chroma the vectors that the record already holds."""

    def __init__(self) -> None:
        self.batch: list[list[float]] = []

    def embed_documents(self, texts: list[str]) -> list[list[float]]:
        return self.batch

    def embed_query(self, text: str) -> list[float]:
        raise NotImplementedError("questions are embedded by the embedder of the index")


def open_or_build(store: Store, folder: Path, ids: NDArray[np.int64], vectors: FloatArray) -> ChromaNeighbours | None:
    """Return the collection over (most of) these vectors, building it when it is missing, stale or fails its check.

    Returns None while another process is building it: the caller compares exactly meanwhile.
    """
    root = folder / "chroma"
    current = _current(root)
    if current and _covers(current, ids) and _sound(current):
        return ChromaNeighbours(current)
    try:
        with store.writing():
            return ChromaNeighbours(_build(store, root, ids, vectors))
    except StoreLocked:
        return None


def _current(root: Path) -> Path | None:
    try:
        folder = root / (root / "CURRENT").read_text("utf-8").strip()
    except OSError:
        return None
    return folder if (folder / "ids.json").is_file() else None


def _covers(folder: Path, ids: NDArray[np.int64]) -> bool:
    held = np.array(json.loads((folder / "ids.json").read_text("utf-8")), np.int64)
    return float(np.isin(ids, held).mean()) >= 1 - STALE_SHARE


def _sound(folder: Path) -> bool:
    """Check the collection in a child process: it may end in a segmentation fault instead of an error."""
    command = [sys.executable, "-m", "assistant.retrieval.chroma", str(folder)]
    try:
        return subprocess.run(command, capture_output=True, timeout=_PROBE_SECONDS, check=False).returncode == 0
    except subprocess.TimeoutExpired:
        return False


def _build(store: Store, root: Path, ids: NDArray[np.int64], vectors: FloatArray) -> Path:
    root.mkdir(parents=True, exist_ok=True)
    folder = root / uuid.uuid4().hex[:12]
    ready = _Ready()
    collection = _open(folder, ready)
    for first in range(0, len(ids), _BATCH):
        chosen = ids[first : first + _BATCH].tolist()
        ready.batch = vectors[first : first + _BATCH].tolist()
        rows = store.passages(chosen)
        collection.add_texts(
            [rows[one][1] for one in chosen],
            [{"article_id": rows[one][2].id, "zone": rows[one][0].zone} for one in chosen],
            [str(one) for one in chosen],
        )
    (folder / "ids.json").write_text(json.dumps(ids.tolist()), "utf-8")
    sample = np.random.default_rng(0).permutation(len(ids))[:_SAMPLE]
    np.savez(folder / "probe.npz", ids=ids[sample], vectors=vectors[sample])
    pointer = root / "CURRENT.new"
    pointer.write_text(folder.name, "utf-8")
    os.replace(pointer, root / "CURRENT")
    for old in root.iterdir():
        if old.is_dir() and old != folder:
            shutil.rmtree(old, ignore_errors=True)
    return folder


def _open(folder: Path, ready: Embeddings | None = None) -> Chroma:
    import chromadb
    from chromadb.config import Settings as ChromaSettings
    from langchain_chroma import Chroma

    quiet = ChromaSettings(anonymized_telemetry=False)
    configuration: Any = {"hnsw": {"space": "cosine", "ef_construction": 200, "ef_search": 200}}
    return Chroma(
        COLLECTION,
        ready,
        client=chromadb.PersistentClient(str(folder), quiet),
        collection_configuration=configuration,
        create_collection_if_not_exists=ready is not None,
    )


def _check(folder: Path) -> bool:
    """Whether the collection finds a sample of its own vectors, each at distance about 0."""
    neighbours = ChromaNeighbours(folder)
    probe = np.load(folder / "probe.npz", allow_pickle=False)
    return all(any(cosine >= _SAME for _, cosine in neighbours.search(vector, 3)) for vector in probe["vectors"])


if __name__ == "__main__":
    sys.exit(0 if _check(Path(sys.argv[1])) else 1)

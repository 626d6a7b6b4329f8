"""Meaning search: cosine similarity of unit vectors, exact or through a derived Chroma collection.

The record is SQLite. Exact search multiplies the question by a matrix read from there; above some passages
(``Settings.exact_limit``) a Chroma collection built from the same rows answers instead, and the passages
that came after it was built are compared exactly. Nothing here calls a model.
"""

from __future__ import annotations

from pathlib import Path
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from assistant.retrieval.embed import FloatArray
from assistant.retrieval.store import Store

IntArray = NDArray[np.int64]
Found = list[tuple[int, float]]


class Neighbours(Protocol):
    """An approximate index over stored vectors."""

    ids: frozenset[int]

    def search(self, vector: FloatArray, limit: int) -> Found:
        """Return (passage id, cosine), best first."""
        ...


class VectorIndex:
    """Nearest passages of a store by cosine similarity; read again whenever passages or vectors changed."""

    def __init__(self, store: Store, folder: Path, *, kind: str = "auto", exact_limit: int = 100_000) -> None:
        self._store = store
        self._folder = folder
        self._kind = kind
        self._exact_limit = exact_limit
        self._generation = -1
        self._ids: IntArray = np.zeros(0, np.int64)
        self._vectors: FloatArray = np.zeros((0, 0), np.float32)
        self._neighbours: Neighbours | None = None

    def search(self, vector: FloatArray, limit: int, allowed: IntArray | None = None) -> Found:
        """Return (passage id, cosine similarity), best first.

        Args:
            vector: float32 (d,), unit length.
            limit: most passages to return.
            allowed: sorted ids that may be found; None for all.
        """
        self._refresh()
        found = self._exact(vector, limit, allowed)
        if self._neighbours:
            # Filters are applied after the search: ask for more than are wanted.
            near = self._neighbours.search(vector, limit if allowed is None else limit * 10)
            keep = np.isin([number for number, _ in near], allowed) if allowed is not None else [True] * len(near)
            found += [hit for hit, kept in zip(near, keep, strict=True) if kept]
        return sorted(found, key=lambda hit: (-hit[1], hit[0]))[:limit]

    def __len__(self) -> int:
        """How many passages can be found by meaning."""
        self._refresh()
        return len(self._ids) + (len(self._neighbours.ids) if self._neighbours else 0)

    def _exact(self, vector: FloatArray, limit: int, allowed: IntArray | None) -> Found:
        if not len(self._ids):
            return []
        cosines = self._vectors @ vector
        if allowed is not None and not np.array_equal(allowed, self._ids):
            cosines = np.where(np.isin(self._ids, allowed, assume_unique=True), cosines, -np.inf)
        best = np.argpartition(-cosines, min(limit, len(cosines) - 1))[:limit]
        return [(int(self._ids[row]), float(cosines[row])) for row in best if np.isfinite(cosines[row])]

    def _refresh(self) -> None:
        generation = self._store.generation()
        if generation == self._generation:
            return
        self._ids, self._vectors = self._store.embedding_matrix()
        self._neighbours = None
        if self._kind == "chroma" or (self._kind == "auto" and len(self._ids) > self._exact_limit):
            self._use_chroma()
        self._generation = generation

    def _use_chroma(self) -> None:
        """Let Chroma answer for what it holds and keep only the rest in memory."""
        from assistant.retrieval.chroma import open_or_build

        self._neighbours = open_or_build(self._store, self._folder, self._ids, self._vectors)
        if self._neighbours is None:
            return
        rest = ~np.isin(self._ids, np.fromiter(self._neighbours.ids, np.int64))
        self._ids, self._vectors = self._ids[rest], self._vectors[rest]

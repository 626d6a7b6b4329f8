"""Meaning search: cosine similarity of unit vectors, exact or through a derived Chroma collection.

The record is SQLite. Exact search multiplies the question by a matrix read from there; above some passages
(``Settings.exact_limit``) a Chroma collection built from the same rows answers instead, and the passages
that came after it was built are compared exactly. Nothing here calls a model.
"""

from __future__ import annotations

import threading
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from assistant.retrieval.embed import FloatArray
from assistant.retrieval.store import Store

if TYPE_CHECKING:
    from assistant.retrieval.chroma import ChromaNeighbours

IntArray = NDArray[np.int64]
Found = list[tuple[int, float]]

NARROW = 5000
"""Passages allowed by a filter up to which they are compared one by one: read from SQLite in some 30 ms."""

_SPARE = 10
"""How many times more neighbours than wanted are asked for when a filter will drop some."""


_NONE: IntArray = np.zeros(0, np.int64)


@dataclass(frozen=True, slots=True)
class _View:
    """What is searched, as of one generation of the record; replaced as a whole, so that threads see no mixture.

    Attributes:
        ids, vectors: what is compared exactly, int64 (n,) ascending and float32 (n, d).
        neighbours: answers for the passages ``held``, int64 (m,) ascending.
    """

    generation: int
    ids: IntArray
    vectors: FloatArray
    neighbours: ChromaNeighbours | None
    held: IntArray


class VectorIndex:
    """Nearest passages of a store by cosine similarity; read again whenever passages or vectors changed.

    Args:
        store: the record.
        kind: as ``Settings.vector_index``.
        exact_limit: as ``Settings.exact_limit``.
    """

    def __init__(self, store: Store, *, kind: str = "auto", exact_limit: int = 100_000) -> None:
        self._store = store
        self._kind = kind
        self._exact_limit = exact_limit
        self._reading = threading.Lock()
        self._view = _View(-1, _NONE, np.zeros((0, 0), np.float32), None, _NONE)

    def search(self, vector: FloatArray, limit: int, allowed: IntArray | None = None) -> Found:
        """Return (passage id, cosine similarity), best first.

        Args:
            vector: float32 (d,), unit length.
            limit: most passages to return.
            allowed: sorted ids that may be found; None for all.
        """
        view = self._current()
        found = _exact(view.ids, view.vectors, vector, limit, allowed)
        if view.neighbours:
            found += self._approximate(view, vector, limit, allowed)
        return sorted(found, key=lambda hit: (-hit[1], hit[0]))[:limit]

    def prepare(self) -> None:
        """Build what answers for many vectors now, so that no question waits for it; where few are, do nothing."""
        if is_approximate(self._kind, self._exact_limit, self._store.counts().embedded):
            self._current()

    def __len__(self) -> int:
        """How many passages can be found by meaning."""
        view = self._current()
        return len(view.ids) + len(view.held)

    def _approximate(self, view: _View, vector: FloatArray, limit: int, allowed: IntArray | None) -> Found:
        """Ask Chroma; exactly, where a filter leaves it little to find or it can no longer be read."""
        wanted = view.held if allowed is None else np.intersect1d(view.held, allowed, assume_unique=True)
        near = None
        if view.neighbours and (allowed is None or len(wanted) > NARROW):
            near = view.neighbours.search(vector, limit if len(wanted) == len(view.neighbours.ids) else limit * _SPARE)
        if near is None:
            return _exact(*self._store.embedding_matrix(wanted), vector, limit, wanted)
        kept = np.isin([number for number, _ in near], wanted)
        return [hit for hit, keep in zip(near, kept, strict=True) if keep]

    def _current(self) -> _View:
        """The view of the record as it is now, or of a moment ago while another thread reads it anew."""
        generation = self._store.generation()
        if self._view.generation != generation and self._reading.acquire(blocking=self._view.generation < 0):
            try:
                if self._view.generation != generation:
                    self._view = self._read(generation)
            finally:
                self._reading.release()
        return self._view

    def _read(self, generation: int) -> _View:
        ids, vectors = self._store.embedding_matrix()
        if not len(ids) or not is_approximate(self._kind, self._exact_limit, len(ids)):
            return _View(generation, ids, vectors, None, _NONE)
        from assistant.retrieval.chroma import open_or_build

        former = self._view.neighbours
        neighbours = open_or_build(self._store, ids, vectors, former)
        if former and former is not neighbours:
            former.close()
        if neighbours is None:
            return _View(generation, ids, vectors, None, _NONE)
        later = ~np.isin(ids, neighbours.ids, assume_unique=True)
        return _View(generation, ids[later], vectors[later], neighbours, ids[~later])


def is_approximate(kind: str, exact_limit: int, vectors: int) -> bool:
    """Whether so many vectors are searched through Chroma; arguments as of :class:`VectorIndex`."""
    return kind == "chroma" or (kind == "auto" and vectors > exact_limit)


def _exact(ids: IntArray, vectors: FloatArray, vector: FloatArray, limit: int, allowed: IntArray | None) -> Found:
    if not len(ids):
        return []
    cosines = vectors @ vector
    if allowed is not None and not np.array_equal(allowed, ids):
        cosines = np.where(np.isin(ids, allowed, assume_unique=True), cosines, -np.inf)
    best = np.argpartition(-cosines, min(limit, len(cosines) - 1))[:limit]
    return [(int(ids[row]), float(cosines[row])) for row in best if np.isfinite(cosines[row])]

"""The vectors in the record: one for each wording, whoever carries it."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable
from pathlib import Path
from typing import Final

import numpy as np
from numpy.typing import NDArray

from assistant.errors import EmbedderMismatch, StoreError
from assistant.retrieval.database import Database
from assistant.retrieval.faults import damaged

_ROWS_AT_ONCE: Final = 4096


class EmbeddingTable(Database):
    """The part of the store that keeps embeddings, as little-endian float32."""

    def __init__(self, folder: Path, *, create: bool) -> None:
        super().__init__(folder, create=create)
        self._loose: set[str] = set()  # hashes whose vectors may be unused when the transaction ends

    def passage_texts_missing_embedding(self, limit: int) -> list[tuple[str, str, str]]:
        """Return up to ``limit`` wordings that have no vector yet, shortest first.

        Each call looks through all passages: ask for a few thousand at a time and cut the batches from those.

        Returns:
            (embed_hash, title, text) each; the title is "" where there is none.
        """
        rows = self.query(
            """WITH missing AS (
                SELECT embed_hash, min(id) AS id, min("end" - start) AS length FROM passages
                WHERE embed_hash IS NOT NULL AND embed_hash NOT IN (SELECT embed_hash FROM embeddings)
                GROUP BY embed_hash ORDER BY length, 2 LIMIT ?)
            SELECT missing.embed_hash, w.title, w.body FROM missing JOIN passage_words AS w ON w.id = missing.id
            ORDER BY missing.length, missing.id""",
            (limit,),
        )
        return [(embed_hash, title, text) for embed_hash, title, text in rows]

    def save_embeddings(self, embeddings: Iterable[tuple[str, NDArray[np.float32]]]) -> int:
        """Store vectors by hash and return how many; one whose passages are gone by now is dropped.

        Raises:
            EmbedderMismatch: the vectors have another dimension than those stored.
            StoreError: a vector is not finite.
        """
        with self.transaction() as connection:
            dimension = _dimension(connection)
            saved = 0
            for embed_hash, vector in embeddings:
                values = np.ascontiguousarray(vector, dtype="<f4")
                if values.ndim != 1 or not values.size or not np.isfinite(values).all():
                    raise StoreError(f"cannot store the vector of '{embed_hash}': it is not a row of finite numbers")
                dimension = dimension or values.size
                if values.size != dimension:
                    raise EmbedderMismatch(
                        f"the index holds vectors of {dimension} numbers, this embedding model makes {values.size}; "
                        "use the model it was made with, or embed the index again"
                    )
                saved += connection.execute(
                    "INSERT OR REPLACE INTO embeddings SELECT ?1, ?2 "
                    "WHERE EXISTS (SELECT 1 FROM passages WHERE embed_hash = ?1)",
                    (embed_hash, values.tobytes()),
                ).rowcount
            self._changed = self._changed or saved > 0
            return saved

    def drop_embeddings(self) -> int:
        """Forget all vectors, to embed with another model; return how many there were."""
        with self.transaction() as connection:
            self._changed = True
            return connection.execute("DELETE FROM embeddings").rowcount

    def embedding_matrix(
        self, passage_ids: NDArray[np.int64] | None = None
    ) -> tuple[NDArray[np.int64], NDArray[np.float32]]:
        """Return the vectors of all passages that have one, or of those among ``passage_ids``.

        Returns:
            passage ids, int64 (n,), ascending, and their vectors, float32 (n, d); (0,) and (0, 0) when there are none.

        Raises:
            StoreDamaged: a vector has another length than the others.
        """
        with self.reading() as connection:
            dimension = _dimension(connection)
            some = () if passage_ids is None else (json.dumps(passage_ids.tolist()),)
            chosen = "WHERE p.id IN (SELECT value FROM json_each(?))" if some else ""
            listed = connection.execute(
                "SELECT p.id FROM embeddings AS e JOIN passages AS p ON p.embed_hash = e.embed_hash "  # noqa: S608
                f"{chosen} ORDER BY p.id",
                some,
            )
            ids = np.fromiter((row[0] for row in listed), dtype=np.int64)
            matrix = np.empty((len(ids), dimension), dtype=np.float32)
            # CROSS JOIN keeps SQLite reading all vectors in the order in which they lie in the file.
            rows = connection.execute(
                f"SELECT p.id, e.vector FROM embeddings AS e {'' if some else 'CROSS'} JOIN passages AS p "  # noqa: S608
                f"ON p.embed_hash = e.embed_hash {chosen}",
                some,
            )
            while chunk := rows.fetchmany(_ROWS_AT_ONCE):
                if any(len(vector) != dimension * 4 for _, vector in chunk):
                    raise damaged(self.path, "its vectors are not all of one length")
                places = np.searchsorted(ids, np.array([row[0] for row in chunk], dtype=np.int64))
                block = np.frombuffer(b"".join([row[1] for row in chunk]), dtype="<f4")
                matrix[places] = block.reshape(len(chunk), dimension)
        return ids, matrix

    def _before_commit(self, connection: sqlite3.Connection) -> None:
        """Drop the vectors that no passage has any more: one taken out early may have come back in another place."""
        connection.executemany(
            "DELETE FROM embeddings WHERE embed_hash = ?1 "
            "AND NOT EXISTS (SELECT 1 FROM passages WHERE embed_hash = ?1)",
            [(embed_hash,) for embed_hash in self._loose],
        )
        self._loose.clear()


def _dimension(connection: sqlite3.Connection) -> int:
    """Return the length of the stored vectors in numbers, 0 when there are none."""
    row = connection.execute("SELECT length(vector) FROM embeddings LIMIT 1").fetchone()
    return 0 if row is None else int(row[0]) // 4

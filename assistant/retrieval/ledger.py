"""The ingest ledger: what became of every source, so that what has not changed is not read again."""

from __future__ import annotations

import os
import sqlite3
from dataclasses import dataclass
from typing import Any

from assistant.retrieval.database import Database

_COLUMNS = "source, article_id, content_hash, size, mtime_ns, outcome, reason"


@dataclass(frozen=True, slots=True)
class LedgerRow:
    """What happened to a source when it was last looked at.

    Attributes:
        source: path or URL as given, with ``#n`` behind it for the n-th article of a file.
        article_id: the article it gave, also when it has vanished or could not be read the last time.
        content_hash: SHA-256 in hexadecimal of the raw bytes of the record or file; "" when they were not read.
        size: bytes; mtime_ns: nanoseconds as in ``os.stat``; 0 where there is none.
        outcome: as in ``SourceReport``; reason: one plain sentence or None.
    """

    source: str
    article_id: str | None
    content_hash: str
    size: int
    mtime_ns: int
    outcome: str
    reason: str | None


def readable(name: str) -> str:
    r"""Return ``name`` as it is stored: undecodable bytes of a file name become ``\udcff``, nothing else changes."""
    return name.encode("utf-8", "backslashreplace").decode("utf-8")


class Ledger(Database):
    """The part of the store that remembers sources."""

    def ledger(self, source: str) -> LedgerRow | None:
        """Return what is known of ``source``, or None."""
        rows = self.query(f"SELECT {_COLUMNS} FROM sources WHERE source = ?", (readable(source),))  # noqa: S608
        return LedgerRow(*rows[0]) if rows else None

    def ledger_rows(self) -> list[LedgerRow]:
        """Return all rows, by source."""
        return [LedgerRow(*row) for row in self.query(f"SELECT {_COLUMNS} FROM sources ORDER BY source")]  # noqa: S608

    def ledger_under(self, prefix: str) -> list[LedgerRow]:
        """Return the rows of a file, its numbered articles included, or of everything below a folder or URL.

        ``news`` covers ``news``, ``news#2`` and ``news/a.txt``, not ``newsletter.txt``.
        """
        prefix = readable(prefix)
        if not prefix or prefix.endswith(("/", os.sep)):
            starts = [prefix]
        else:
            starts = [prefix + mark for mark in {"/", os.sep, "#"}]
        ranges = " OR ".join("(source >= ? AND source < ?)" for _ in starts)
        bounds = [bound for start in starts for bound in (start, start + "\U0010ffff")]
        sql = f"SELECT {_COLUMNS} FROM sources WHERE source = ? OR {ranges} ORDER BY source"  # noqa: S608
        return [LedgerRow(*row) for row in self.query(sql, [prefix, *bounds])]

    def skipped(self, limit: int) -> list[LedgerRow]:
        """Return the sources that could not be read when they were last looked at, those that came last first."""
        sql = f"SELECT {_COLUMNS} FROM sources WHERE outcome = 'skipped' ORDER BY rowid DESC LIMIT ?"  # noqa: S608
        return [LedgerRow(*row) for row in self.query(sql, (limit,))]

    def forget_source(self, source: str) -> None:
        """Drop the row of a source that never gave an article; any other stays."""
        with self.transaction() as connection:
            connection.execute("DELETE FROM sources WHERE source = ? AND article_id IS NULL", (readable(source),))

    def record_skip(
        self, source: str, reason: str, *, content_hash: str = "", size: int = 0, mtime_ns: int = 0
    ) -> None:
        """Note that ``source`` gave nothing this time and why; an article it gave before stays as it is."""
        with self.transaction() as connection:
            note(connection, source, (content_hash, size, mtime_ns), outcome="skipped", reason=readable(reason))

    def record_unchanged(self, source: str, *, size: int, mtime_ns: int) -> None:
        """Note that a known source still has the same content, under a new time stamp or after it had vanished."""
        with self.transaction() as connection:
            connection.execute(
                "UPDATE sources SET size = ?, mtime_ns = ?, outcome = 'unchanged', reason = NULL WHERE source = ?",
                (size, mtime_ns, readable(source)),
            )

    def record_vanished(self, source: str) -> None:
        """Note that a known source is no longer there; its article stays until ``remove``.

        If the same article is known from a source that is there, it is from now on cited as coming from that one.
        """
        with self.transaction() as connection:
            connection.execute(
                "UPDATE sources SET outcome = 'vanished', reason = NULL WHERE source = ?", (readable(source),)
            )
            rows = connection.execute("SELECT article_id FROM sources WHERE source = ?", (readable(source),)).fetchall()
            for (article_id,) in rows:
                adopt(connection, article_id)


def note(
    connection: sqlite3.Connection,
    source: str,
    content: tuple[str, int, int],
    *,
    outcome: str,
    reason: str | None = None,
    article_id: str | None = None,
) -> None:
    """Write the row of ``source``; ``content`` is (hash, size, mtime_ns). No article given: the former one stays."""
    row: tuple[Any, ...] = (readable(source), article_id, *content, outcome, reason)
    connection.execute(
        f"INSERT INTO sources ({_COLUMNS}) VALUES (?, ?, ?, ?, ?, ?, ?) ON CONFLICT (source) DO UPDATE SET "  # noqa: S608
        "article_id = coalesce(excluded.article_id, article_id), content_hash = excluded.content_hash, "
        "size = excluded.size, mtime_ns = excluded.mtime_ns, outcome = excluded.outcome, reason = excluded.reason",
        row,
    )


def living_sources(connection: sqlite3.Connection, article_id: str) -> list[str]:
    """Return the sources that still give the article, in the order in which they became known."""
    sql = "SELECT source FROM sources WHERE article_id = ? AND outcome <> 'vanished' ORDER BY rowid"
    return [source for (source,) in connection.execute(sql, (article_id,))]


def adopt(connection: sqlite3.Connection, article_id: str | None) -> bool:
    """Let an article whose source vanished or changed be cited from one that still gives it; False if none does."""
    if article_id is None or not (living := living_sources(connection, article_id)):
        return False
    connection.execute(
        "UPDATE articles SET source = ?2 WHERE id = ?1 AND source IN "
        "(SELECT source FROM sources WHERE outcome = 'vanished' OR article_id IS NOT ?1)",
        (article_id, living[0]),
    )
    return True

"""What can be wrong with the record, in words for the person who has to act."""

from __future__ import annotations

import sqlite3
from pathlib import Path

from assistant.errors import StoreDamaged, StoreError, StoreLocked


def damaged(path: Path, detail: str) -> StoreDamaged:
    """Return the error for a record that fails a check; ``detail`` is a clause for people."""
    return StoreDamaged(
        f"the index file '{path}' is damaged: {detail}; it was left as it is, so move it and its '-wal' file aside, "
        "then restore a backup or add the articles again"
    )


def translate(error: sqlite3.DatabaseError | UnicodeEncodeError, path: Path) -> StoreError:
    """Return what ``error`` means for the user of the index at ``path``."""
    if isinstance(error, UnicodeEncodeError):
        return StoreError(f"{ascii(error.object)[:80]} is not text that can be stored or looked up; correct it")
    code = getattr(error, "sqlite_errorcode", None)
    primary = code & 0xFF if code is not None else None
    if primary in (sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB) or "no such table" in str(error):
        return damaged(path, str(error))
    if primary == sqlite3.SQLITE_FULL:
        return StoreError(
            f"the disk with the index '{path}' is full: free some space and run the command again; "
            "what was reported as stored is safe"
        )
    if primary in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED):
        return StoreLocked(f"another process is using the index '{path}'; wait until it is done and try again")
    if primary in (sqlite3.SQLITE_READONLY, sqlite3.SQLITE_CANTOPEN, sqlite3.SQLITE_IOERR, sqlite3.SQLITE_PERM):
        return StoreError(f"cannot read or write the index '{path}': {error}; check its permissions and the disk")
    return StoreError(f"the index '{path}' refused a request: {error}; this is a fault in news-assistant, report it")

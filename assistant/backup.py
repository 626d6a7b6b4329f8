"""A copy of the record while others work with it, and the way back.

A backup is one SQLite file: the record as of one moment, with the user's aliases in it. What is derived from the record
is not in it and is made anew. Nothing is overwritten before its successor is whole, checked and on disk.
"""

from __future__ import annotations

import os
import shutil
import sqlite3
import tempfile
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from pathlib import Path
from typing import Final

from assistant.errors import StoreDamaged, StoreError
from assistant.retrieval import schema
from assistant.retrieval.faults import damaged, translate
from assistant.retrieval.store import Counts, Store

ALIASES_FILE: Final = "aliases.txt"
ALIASES_KEY: Final = "backup_aliases"


def back_up(folder: Path, target: Path) -> Counts:
    """Write the record of the index in ``folder`` to ``target``, as of one moment; others may read and write meanwhile.

    An earlier backup of that name is replaced at the end, by a rename, when the new one is checked and on disk.

    Returns:
        How much the backup holds.

    Raises:
        StoreMissing: there is no index.
        StoreError: the index is damaged, the disk is full, or ``target`` is something else than a backup.
    """
    with Store.open(folder) as store:
        target = _free_for(target, store)
        with refusing(target, "write the backup"), draft_beside(target) as draft:
            with store.reading() as connection, closing(sqlite3.connect(draft)) as copy:
                connection.backup(copy)
            with closing(sqlite3.connect(draft, isolation_level=None)) as copy:
                copy.execute("PRAGMA journal_mode = DELETE")  # one file, readable where nothing can be written
                _keep_aliases(copy, folder)
                check(copy, draft)
            with Store.open(draft.parent) as written:
                counts = written.counts()
            schema.sync(draft)
            os.replace(draft, target)
            schema.sync(target.parent)
    return counts


def _free_for(target: Path, store: Store) -> Path:
    target = target.absolute()
    if target.parent.resolve() == store.folder.resolve() and target.name.startswith(schema.FILE_NAME):
        raise StoreError(f"'{target}' is a file of the index itself; name another file for the backup")
    if not target.parent.is_dir():
        raise StoreError(f"there is no folder '{target.parent}'; make it, or name another file for the backup")
    if target.is_dir():
        raise StoreError(f"'{target}' is a folder; name a file in it for the backup")
    if target.exists() and not _looks_like_ours(target):
        raise StoreError(f"'{target}' exists and is no backup of an index; name another file")
    return target


def _looks_like_ours(path: Path) -> bool:
    with suppress(StoreDamaged):
        schema.check_header(path)
        return True
    return False


@contextmanager
def draft_beside(path: Path) -> Iterator[Path]:
    """Lend a name for a record that is made beside ``path``, in a folder of its own that goes in the end."""
    folder = Path(tempfile.mkdtemp(prefix=f".{path.name}.", dir=path.parent))
    try:
        yield folder / schema.FILE_NAME
    finally:
        shutil.rmtree(folder, ignore_errors=True)


@contextmanager
def refusing(path: Path, what: str) -> Iterator[None]:
    """Turn what the file system and SQLite say into one sentence about ``path``."""
    try:
        yield
    except OSError as error:
        reason = error.strerror or error
        raise StoreError(f"cannot {what} '{path}': {reason}; check permissions and space") from error
    except sqlite3.DatabaseError as error:
        raise translate(error, path) from error


def _keep_aliases(copy: sqlite3.Connection, folder: Path) -> None:
    copy.execute("DELETE FROM meta WHERE key = ?", (ALIASES_KEY,))
    with suppress(FileNotFoundError):
        text = (folder / ALIASES_FILE).read_text("utf-8", errors="surrogateescape")
        copy.execute("INSERT INTO meta VALUES (?, ?)", (ALIASES_KEY, text.encode("utf-8", "replace").decode("utf-8")))


def check(connection: sqlite3.Connection, path: Path) -> None:
    """Read every page, index, reference and keyword back.

    Raises:
        StoreDamaged: with the first finding. ``sqlite3.DatabaseError`` passes through.
    """
    finding = connection.execute("PRAGMA integrity_check(1)").fetchone()[0]
    if finding != "ok":
        raise damaged(path, finding)
    if stray := connection.execute("PRAGMA foreign_key_check").fetchone():
        raise damaged(path, f"a row of '{stray[0]}' belongs to nothing")
    connection.execute("INSERT INTO passages_fts (passages_fts, rank) VALUES ('integrity-check', 1)")

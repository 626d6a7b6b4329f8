"""The way back from a backup: what was there is kept aside, and no moment is without a whole record."""

from __future__ import annotations

import os
import shutil
import sqlite3
from contextlib import closing, suppress
from dataclasses import dataclass
from pathlib import Path

from assistant.backup import ALIASES_FILE, ALIASES_KEY, check, draft_beside, refusing
from assistant.errors import StoreDamaged, StoreError, StoreMissing
from assistant.retrieval import schema
from assistant.retrieval.database import BUSY_TIMEOUT_S
from assistant.retrieval.faults import translate
from assistant.retrieval.lock import WriterLock
from assistant.retrieval.store import Counts, Store
from assistant.retrieval.vector import VectorIndex
from assistant.settings import Settings


@dataclass(frozen=True, slots=True)
class Restored:
    """What ``restore`` did.

    Attributes:
        counts: of the index as it is now.
        kept: the former record, None when there was none.
    """

    counts: Counts
    kept: Path | None


def restore(folder: Path, source: Path) -> Restored:
    """Make the index in ``folder`` what it was when the backup ``source`` was written; keep what was there aside.

    A sound index is changed in one transaction, so that programs which have it open go on with the restored one; a
    damaged one is moved aside and replaced. ``source`` stays as it is.

    Raises:
        StoreVersion: the backup, or the index that it would replace, is of a newer version.
        StoreLocked: another process is writing.
        StoreError: the backup is damaged or is none, or the folder cannot be written.
    """
    _must_be_backup(source)
    path = folder / schema.FILE_NAME
    with refusing(path, "restore"):
        folder.mkdir(parents=True, exist_ok=True)
        sound = _is_sound(folder)
        with WriterLock(folder).hold():
            for left in folder.glob(f".{path.name}.*"):  # half made by one that was killed; nobody else makes one now
                shutil.rmtree(left, ignore_errors=True)
            with draft_beside(path) as draft:
                counts, aliases = _unpacked(source, draft)
                kept = None if sound is None else _kept_aside(path, sound=sound)
                _put(draft, path, sound=bool(sound))
            if aliases is not None:
                _restore_aliases(folder, aliases)
            shutil.rmtree(folder / "chroma", ignore_errors=True)
    return Restored(counts, kept)


def rebuild(folder: Path, settings: Settings) -> None:
    """Make what is derived from the record now, so that the first question need not wait for it."""
    with Store.open(folder) as store:
        VectorIndex(store, kind=settings.vector_index, exact_limit=settings.exact_limit).prepare()


def _put(draft: Path, path: Path, *, sound: bool) -> None:
    if sound:
        _overwrite(draft, path)
        return
    for suffix in ("-wal", "-shm"):  # a log of the former file must not be played into the new one
        path.with_name(path.name + suffix).unlink(missing_ok=True)
    os.replace(draft, path)
    schema.sync(path.parent)


def _must_be_backup(source: Path) -> None:
    if not source.is_file():
        raise StoreMissing(f"there is no file '{source}'; name one that news-assistant backup has written")
    try:
        schema.check_header(source)
    except StoreDamaged as error:
        raise _no_backup(source) from error


def _no_backup(source: Path) -> StoreError:
    return StoreError(f"'{source}' is damaged or no backup of an index; nothing was changed: use another backup")


def _unpacked(source: Path, draft: Path) -> tuple[Counts, str | None]:
    """Copy the backup to ``draft``, migrate it if it is older, check it, take the aliases out."""
    for suffix in ("", "-wal"):  # a record that was copied by hand brings its log along
        with suppress(FileNotFoundError):
            shutil.copyfile(f"{source}{suffix}", f"{draft}{suffix}")
    try:
        with closing(sqlite3.connect(draft, isolation_level=None)) as copy:
            copy.execute("PRAGMA journal_mode = WAL")
            check(copy, draft)
            row = copy.execute("SELECT value FROM meta WHERE key = ?", (ALIASES_KEY,)).fetchone()
            copy.execute("DELETE FROM meta WHERE key = ?", (ALIASES_KEY,))
        with Store.open(draft.parent) as store:
            counts = store.counts()
        with closing(sqlite3.connect(draft)) as copy:
            copy.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    except StoreDamaged as error:
        raise _no_backup(source) from error
    except sqlite3.DatabaseError as error:
        if isinstance(translate(error, draft), StoreDamaged):
            raise _no_backup(source) from error
        raise
    schema.sync(draft)
    return counts, row[0] if row else None


def _is_sound(folder: Path) -> bool | None:
    """Whether the index in ``folder`` can be read; None when there is none, not even a log without its file."""
    if (folder / f"{schema.FILE_NAME}-wal").exists() and not (folder / schema.FILE_NAME).exists():
        return False
    try:
        with Store.open(folder) as store:
            store.verify()
    except StoreMissing:
        return None
    except StoreDamaged:
        return False
    return True


def _kept_aside(path: Path, *, sound: bool) -> Path:
    """Copy the former record, its log included, to a name that is free."""
    number = 1
    while (kept := path.with_name(f"{path.name}.before-restore-{number}")).exists():
        number += 1
    draft = kept.with_name(kept.name + ".new")
    draft.unlink(missing_ok=True)
    if sound:
        with closing(sqlite3.connect(path)) as former, closing(sqlite3.connect(draft)) as copy:
            former.backup(copy)
    else:
        with suppress(FileNotFoundError):
            shutil.copyfile(f"{path}-wal", f"{kept}-wal")
            schema.sync(Path(f"{kept}-wal"))
        draft.touch()
        with suppress(FileNotFoundError):
            shutil.copyfile(path, draft)
    schema.sync(draft)
    os.replace(draft, kept)
    return kept


def _overwrite(draft: Path, path: Path) -> None:
    """Put the contents of ``draft`` into the record at ``path`` in one transaction, under a new generation."""
    with (
        closing(sqlite3.connect(draft, isolation_level=None)) as new,
        closing(sqlite3.connect(path, isolation_level=None, timeout=BUSY_TIMEOUT_S)) as live,
    ):
        live.execute(f"PRAGMA {schema.DURABLE}")
        (former,) = live.execute("SELECT value FROM meta WHERE key = 'generation'").fetchone()
        new.execute(
            "UPDATE meta SET value = max(CAST(value AS INTEGER), CAST(? AS INTEGER)) + 1 WHERE key = 'generation'",
            (former,),
        )
        new.backup(live)
        live.execute("PRAGMA wal_checkpoint(TRUNCATE)")


def _restore_aliases(folder: Path, text: str) -> None:
    file = folder / ALIASES_FILE
    if file.exists() and file.read_bytes() != text.encode():
        number = 1
        while (kept := file.with_name(f"{file.name}.before-restore-{number}")).exists():
            number += 1
        os.replace(file, kept)
    file.write_bytes(text.encode())

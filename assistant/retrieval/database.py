"""Connections to the record: checked on opening, one writer, many readers, errors in plain words."""

from __future__ import annotations

import os
import shlex
import shutil
import sqlite3
from collections import deque
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager, suppress
from pathlib import Path
from types import TracebackType
from typing import Any, Final, Self

from assistant.errors import StoreError, StoreMissing
from assistant.retrieval import schema
from assistant.retrieval.faults import translate
from assistant.retrieval.lock import WriterLock
from assistant.retrieval.savepoint import savepoint

BUSY_TIMEOUT_S: Final = 2.0

_CACHE: Final = "cache_size = -16384"  # KiB, at most; with the default of 2 MiB, merging the keyword index thrashes
_READER: Final = (_CACHE, "query_only = ON")
_LOG: Final = "journal_size_limit = 67108864"  # bytes: a log that one great batch blew up shrinks again
_WRITER: Final = (_CACHE, _LOG, "foreign_keys = ON", "secure_delete = ON")
_NO_SHARED_MEMORY: Final = (sqlite3.SQLITE_CANTOPEN, sqlite3.SQLITE_READONLY)


class Database:
    """The open record. Use it from any thread; connections are lent to one thread at a time.

    Readers see the state as of the last finished transaction, never a half one, and do not wait for the writer
    (WAL); the writing thread sees its own changes.
    """

    def __init__(self, folder: Path, *, create: bool) -> None:
        self.folder = folder.absolute()  # connections are opened later, too, and from another working directory
        self.path = self.folder / schema.FILE_NAME
        self.derived = self.folder / "chroma"  # made of the record, words and all: goes when articles are erased
        self._idle: deque[sqlite3.Connection] = deque()
        self._writer: sqlite3.Connection | None = None
        self._changed = self._erased = self._closed = False
        try:
            if create and not self.path.exists():
                self._create()
            there = self.path.is_file()
        except OSError as error:
            raise StoreError(f"cannot read '{folder}': {error.strerror}; check its permissions") from error
        if not there:
            add = f"news-assistant add --index {shlex.quote(str(folder))} <files>"
            raise StoreMissing(f"there is no index in '{folder}'; add articles first: {add}")
        self.read_only = not (os.access(folder, os.W_OK) and os.access(self.path, os.W_OK))
        self._lock = WriterLock(self.folder)
        self._immutable = False
        schema.check_header(self.path)
        self._check()

    def _create(self) -> None:
        try:
            self.folder.mkdir(parents=True, exist_ok=True)
            with WriterLock(self.folder).hold():
                if not self.path.exists():
                    schema.build(self.path)
        except OSError as error:
            raise StoreError(f"cannot create an index in '{self.folder}': {error.strerror}") from error
        except sqlite3.DatabaseError as error:
            raise translate(error, self.path) from error

    def _check(self) -> None:
        """Open a first connection, migrate when the record is older, probe every table."""
        try:
            connection = self._open_first()
            try:
                stored = connection.execute("PRAGMA user_version").fetchone()[0]
                schema.refuse_newer(self.path, stored)
                if stored < schema.VERSION:
                    self._migrate()
                schema.probe(connection, self.path)
            except BaseException:
                connection.close()
                raise
            self._idle.append(connection)
        except sqlite3.DatabaseError as error:
            raise translate(error, self.path) from error

    def _open_first(self) -> sqlite3.Connection:
        try:
            return self._connect()
        except sqlite3.OperationalError as error:
            if not self.read_only or error.sqlite_errorcode & 0xFF not in _NO_SHARED_MEMORY:
                raise
            log = self.path.with_name(self.path.name + "-wal")
            if log.exists() and log.stat().st_size:
                raise StoreError(
                    f"the index '{self.path}' was not closed properly and its folder cannot be written; "
                    "open it once where it can be, then try again"
                ) from error
            # A cleanly closed WAL database in a folder that cannot be written has no '-shm' file and cannot get one:
            # SQLite then reads it only when told that nobody changes it (https://sqlite.org/wal.html, section 4).
            self._immutable = True
            return self._connect()

    def _migrate(self) -> None:
        if self.read_only:
            raise StoreError(f"the index '{self.path}' is of an older format and cannot be written; make it writable")
        with self._lock.hold(), closing(self._connect(writer=True)) as connection:
            schema.migrate(connection, self.path)

    def _connect(self, *, writer: bool = False) -> sqlite3.Connection:
        mode = "ro&immutable=1" if self._immutable else "ro" if self.read_only else "rw"
        uri = f"{self.path.absolute().as_uri()}?mode={mode}"
        connection = sqlite3.connect(
            uri, uri=True, timeout=BUSY_TIMEOUT_S, isolation_level=None, check_same_thread=False
        )
        try:
            for pragma in (*_WRITER, schema.DURABLE) if writer else _READER:
                connection.execute(f"PRAGMA {pragma}")
            connection.execute("SELECT 1 FROM sqlite_schema").fetchone()
        except BaseException:
            connection.close()
            raise
        return connection

    @contextmanager
    def reading(self) -> Iterator[sqlite3.Connection]:
        """Lend a connection whose queries all see one and the same state; it cannot write.

        Raises:
            StoreError: closed, damaged, or the query was refused.
        """
        if self._closed:
            raise StoreError(f"the index '{self.path}' is closed; open it again")
        try:
            if self._writer is not None and self._lock.held:
                yield self._writer
                return
            try:
                connection = self._idle.pop()
            except IndexError:
                connection = self._connect()
            try:
                connection.execute("BEGIN")
                yield connection
            finally:
                self._take_back(connection)
        except (sqlite3.DatabaseError, UnicodeEncodeError) as error:
            raise translate(error, self.path) from error

    def _take_back(self, connection: sqlite3.Connection) -> None:
        if connection.in_transaction:
            connection.execute("ROLLBACK")
        if self._closed:
            connection.close()
        else:
            self._idle.append(connection)

    def query(self, sql: str, parameters: Sequence[Any] = ()) -> list[tuple[Any, ...]]:
        """Return the rows of one reading statement; for the modules that search (``passages_fts`` and the like).

        Raises:
            StoreDamaged: the file is damaged.
            StoreError: any other fault, a malformed MATCH expression included.
        """
        with self.reading() as connection:
            return connection.execute(sql, parameters).fetchall()

    @contextmanager
    def writing(self) -> Iterator[None]:
        """Hold the writer lock; re-entrant. Every method that changes something must run inside.

        Raises:
            StoreLocked: another process or thread has it, after two seconds; names the pid.
            StoreError: the index is closed or cannot be written.
        """
        if self._closed:
            raise StoreError(f"the index '{self.path}' is closed; open it again")
        if self.read_only:
            raise StoreError(f"the index '{self.path}' cannot be written; check the permissions of its folder")
        with self._lock.hold():
            yield

    @contextmanager
    def transaction(self) -> Iterator[sqlite3.Connection]:
        """Run a batch as one unit: all of it is on disk when the block ends, or nothing of it.

        Blocks may be nested; an inner one that raises is undone by itself, and the outer one may go on.

        Raises:
            StoreError: disk full, damaged; the whole batch is undone.
            RuntimeError: not inside ``writing()``.
        """
        if not self._lock.held:
            raise RuntimeError("changes to the index must be made inside 'with store.writing():'")
        try:
            if self._writer is not None:
                with savepoint(self._writer):
                    yield self._writer
            else:
                with closing(self._connect(writer=True)) as self._writer:
                    yield from self._outermost(self._writer)
        except (sqlite3.DatabaseError, UnicodeEncodeError) as error:
            raise translate(error, self.path) from error

    def _outermost(self, connection: sqlite3.Connection) -> Iterator[sqlite3.Connection]:
        self._changed = self._erased = False
        connection.execute("BEGIN IMMEDIATE")
        try:
            yield connection
            if self._changed:
                self._before_commit(connection)
                connection.execute("UPDATE meta SET value = value + 1 WHERE key = 'generation'")
            connection.execute("COMMIT")
        except BaseException:
            if connection.in_transaction:  # after "disk full" SQLite has rolled back already
                connection.execute("ROLLBACK")
            raise
        finally:
            self._writer = None
        if self._erased:  # what was erased is still in the log; a busy reader leaves that to the next checkpoint
            connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
            shutil.rmtree(self.derived, ignore_errors=True)

    def _before_commit(self, connection: sqlite3.Connection) -> None:
        """Do what is left to the end of a transaction that changed something."""

    def close(self) -> None:
        """Close the idle connections; those in use close when their thread gives them back."""
        self._closed = True
        with suppress(IndexError):
            while True:
                self._idle.pop().close()

    def __enter__(self) -> Self:
        """Return the store itself."""
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Close."""
        self.close()

"""What the record looks like on disk: tables, version, checks on opening, migration."""

from __future__ import annotations

import os
import sqlite3
import struct
import uuid
from contextlib import closing, suppress
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Final

from assistant.errors import StoreError, StoreVersion
from assistant.retrieval.faults import damaged

FILE_NAME: Final = "articles.sqlite3"
VERSION: Final = 1
DURABLE = "synchronous = FULL"  # a transaction that has ended is on the disk
APPLICATION_ID: Final = 0x4E575341  # "NWSA", in the file header: another program's database is told apart

TABLES: Final = ("meta", "articles", "sources", "passages", "sentences", "embeddings", "passages_fts", "passages_vocab")

# Identifiers of passages are never used twice (AUTOINCREMENT), so that a derived index that lags behind can miss a
# passage but never name the wrong one.
#
# passages_fts is an external-content table over the view passage_words. Contentless tables that can delete need
# SQLite 3.43 (Python 3.11 often bundles 3.40), an ordinary FTS5 table would hold every text a second time. With the
# view, the words that a 'delete' command takes back are by construction those that went in, provided that an article's
# title and text never change while its passages are indexed (store.py takes the rows out first). All of it is in the
# transaction of the article itself, 'integrity-check' with rank 1 compares the index with the texts, and 'rebuild'
# makes it anew from the record alone.
DDL: Final = (
    "CREATE TABLE meta (key TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID",
    """CREATE TABLE articles (
        id TEXT PRIMARY KEY, source TEXT NOT NULL, title TEXT, publisher TEXT, author TEXT, published TEXT,
        updated TEXT, url TEXT, found TEXT NOT NULL, text TEXT NOT NULL, blocks TEXT NOT NULL, notices TEXT NOT NULL,
        state TEXT NOT NULL CHECK (state IN ('current', 'replaced')), added INTEGER NOT NULL UNIQUE,
        publisher_key TEXT)""",
    "CREATE INDEX articles_by_source ON articles (source)",
    """CREATE TABLE sources (
        source TEXT PRIMARY KEY, article_id TEXT REFERENCES articles (id) ON DELETE SET NULL,
        content_hash TEXT NOT NULL, size INTEGER NOT NULL, mtime_ns INTEGER NOT NULL, outcome TEXT NOT NULL,
        reason TEXT)""",
    "CREATE INDEX sources_by_article ON sources (article_id)",
    """CREATE TABLE passages (
        id INTEGER PRIMARY KEY AUTOINCREMENT, article_id TEXT NOT NULL REFERENCES articles (id) ON DELETE CASCADE,
        number INTEGER NOT NULL, start INTEGER NOT NULL, "end" INTEGER NOT NULL, zone TEXT NOT NULL, embed_hash TEXT,
        UNIQUE (article_id, number))""",
    "CREATE INDEX passages_by_hash ON passages (embed_hash)",
    """CREATE TABLE sentences (
        passage_id INTEGER NOT NULL REFERENCES passages (id) ON DELETE CASCADE, number INTEGER NOT NULL,
        start INTEGER NOT NULL, "end" INTEGER NOT NULL, PRIMARY KEY (passage_id, number)) WITHOUT ROWID""",
    "CREATE TABLE embeddings (embed_hash TEXT PRIMARY KEY, vector BLOB NOT NULL)",
    """CREATE VIEW passage_words AS
        SELECT p.id AS id, p.article_id AS article_id, coalesce(a.title, '') AS title,
               substr(a.text, p.start + 1, p."end" - p.start) AS body
        FROM passages AS p JOIN articles AS a ON a.id = p.article_id""",
    """CREATE VIRTUAL TABLE passages_fts USING fts5 (title, body, content='passage_words', content_rowid='id',
        tokenize='porter unicode61 remove_diacritics 2')""",
    "CREATE VIRTUAL TABLE passages_vocab USING fts5vocab ('passages_fts', 'row')",
)

MIGRATIONS: dict[int, tuple[str, ...]] = {}
"""For each older version the statements that lead to the next one; run in one transaction, after a backup."""


def check_header(path: Path) -> None:
    """Check the first 100 bytes without opening the database, so that a newer file stays untouched.

    Raises:
        StoreDamaged: empty, cut off, or not an index of this program.
        StoreVersion: made by a newer version.
    """
    try:
        with path.open("rb") as file:
            head = file.read(100)
    except OSError as error:
        raise StoreError(f"cannot read the index file '{path}': {error.strerror}; check its permissions") from error
    if not head:
        raise damaged(path, "it is empty (0 bytes)")
    if len(head) < 100 or not head.startswith(b"SQLite format 3\0"):
        raise damaged(path, "its first bytes are not those of an SQLite database")
    user_version, application_id = struct.unpack_from(">I4xI", head, 60)  # SQLite file format, section 1.3
    if application_id != APPLICATION_ID:
        raise damaged(path, "it belongs to another program")
    refuse_newer(path, user_version)


def refuse_newer(path: Path, found: int) -> None:
    """Raise StoreVersion when ``found`` is a schema version that this program does not know yet."""
    if found > VERSION:
        raise StoreVersion(
            f"the index '{path}' has format {found}, this version reads up to {VERSION}; it was not touched: "
            "upgrade news-assistant, or use another index folder"
        )


def probe(connection: sqlite3.Connection, path: Path) -> None:
    """Read the meta row and the root of every table: cheap enough for each opening, whatever the size.

    Raises:
        StoreDamaged: a table or the version row is missing or wrong. ``sqlite3.DatabaseError`` passes through.
    """
    names = {name for (name,) in connection.execute("SELECT name FROM sqlite_schema")}
    if missing := sorted(set(TABLES) - names):
        raise damaged(path, f"table '{missing[0]}' is missing")
    row = connection.execute("SELECT value FROM meta WHERE key = 'schema_version'").fetchone()
    stored = connection.execute("PRAGMA user_version").fetchone()[0]
    if row is None or row[0] != str(stored):
        raise damaged(path, "its version row does not agree with its header")
    for table in TABLES:
        connection.execute(f"SELECT 1 FROM {table} LIMIT 1").fetchone()  # noqa: S608 - constants above
    connection.execute("SELECT rowid FROM passages_fts WHERE passages_fts MATCH 'a' LIMIT 1").fetchone()


def build(path: Path) -> None:
    """Create an empty record at ``path``: made beside it and renamed, so that a crash leaves nothing half.

    Raises:
        StoreDamaged: a write-ahead log without its database lies there; a new file would inherit it.
    """
    if path.with_name(path.name + "-wal").exists():
        raise damaged(path, "the file itself is gone but its '-wal' file is still there")
    draft = path.with_name(path.name + ".new")
    for suffix in ("", "-wal", "-shm", "-journal"):
        draft.with_name(draft.name + suffix).unlink(missing_ok=True)
    with closing(sqlite3.connect(draft, isolation_level=None)) as connection:
        connection.execute("PRAGMA journal_mode = WAL")
        connection.execute(f"PRAGMA {DURABLE}")
        connection.execute("BEGIN IMMEDIATE")
        connection.execute(f"PRAGMA application_id = {APPLICATION_ID}")
        connection.execute(f"PRAGMA user_version = {VERSION}")
        for statement in DDL:
            connection.execute(statement)
        first = {"schema_version": str(VERSION), "created_by": _program(), "store_id": uuid.uuid4().hex}
        connection.executemany("INSERT INTO meta VALUES (?, ?)", [*first.items(), ("generation", "0")])
        connection.execute("COMMIT")
        # Closing would do this too, but not say when the disk is full; the rename would then leave the log behind.
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    os.replace(draft, path)
    sync(path.parent)


def migrate(connection: sqlite3.Connection, path: Path) -> None:
    """Bring an older record up to ``VERSION`` in one transaction, after a backup beside it.

    The backup is ``articles.sqlite3.v<old>.backup``. Call with the writer lock held.

    Raises:
        StoreDamaged: no step leads on from its version.
    """
    old = connection.execute("PRAGMA user_version").fetchone()[0]
    refuse_newer(path, old)
    if old == VERSION:
        return
    if not set(range(old, VERSION)) <= MIGRATIONS.keys():
        raise damaged(path, f"it claims format {old}, which never existed")
    backup = path.with_name(f"{path.name}.v{old}.backup")
    connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    draft = backup.with_name(backup.name + ".new")
    with closing(sqlite3.connect(draft)) as copy:
        connection.backup(copy)
    os.replace(draft, backup)
    sync(path.parent)
    connection.execute("BEGIN IMMEDIATE")
    try:
        for step in range(old, VERSION):
            for statement in MIGRATIONS[step]:
                connection.execute(statement)
        connection.execute("UPDATE meta SET value = ? WHERE key = 'schema_version'", (str(VERSION),))
        connection.execute(f"PRAGMA user_version = {VERSION}")
        connection.execute("COMMIT")
    except BaseException:
        if connection.in_transaction:
            connection.execute("ROLLBACK")
        raise


def _program() -> str:
    try:
        return f"news-assistant {version('news-assistant')}"
    except PackageNotFoundError:
        return "news-assistant"


def sync(path: Path) -> None:
    """Wait until a file, or the names in a folder, are on disk; Windows cannot open folders and does not need it."""
    with suppress(PermissionError):
        handle = os.open(path, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)

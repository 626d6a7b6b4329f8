"""The record cut off, garbled, newer, older: said plainly, and left alone."""

from __future__ import annotations

import shutil
import sqlite3
from pathlib import Path

import pytest

from assistant.errors import StoreDamaged, StoreError, StoreVersion
from assistant.retrieval import schema
from assistant.retrieval.store import Store
from tests.store_samples import add, embed_all, file_bytes, numbered, search


@pytest.fixture
def folder(tmp_path):
    """An index of three articles, closed."""
    with Store.open(tmp_path / "index", create=True) as store:
        for number in range(3):
            add(store, numbered(number))
        embed_all(store)
    return tmp_path / "index"


def record(folder: Path) -> Path:
    return folder / schema.FILE_NAME


@pytest.mark.parametrize(
    ("fault", "says"),
    [
        (lambda content: b"", "empty"),
        (lambda content: content[:60], "first bytes"),
        (lambda content: b"garbage!" * 200, "first bytes"),
        (lambda content: content[:4096], "malformed"),
        (lambda content: content[: len(content) // 2], "malformed"),
        (lambda content: content[:4096] + b"\xa5" * (len(content) - 4096), "malformed"),
        (lambda content: content[:68] + b"\0\0\0\0" + content[72:], "another program"),
        (lambda content: content[:100] + b"\xa5" * 3996 + content[4096:], "damaged"),
    ],
)
@pytest.mark.parametrize("create", [False, True])
def test_a_damaged_file_is_named_and_left_alone(folder, fault, says, create):
    broken = fault(record(folder).read_bytes())
    record(folder).write_bytes(broken)
    with pytest.raises(StoreDamaged, match=says) as caught:
        Store.open(folder, create=create)
    assert str(record(folder)) in str(caught.value)
    assert "restore a backup" in str(caught.value)
    assert record(folder).read_bytes() == broken


def test_a_missing_table_or_version_row_is_damage(folder):
    for statement in ("DELETE FROM meta WHERE key = 'schema_version'", "DROP TABLE sentences"):
        with sqlite3.connect(record(folder)) as connection:
            connection.execute(statement)
        connection.close()
        with pytest.raises(StoreDamaged, match=r"version row|sentences"):
            Store.open(folder)


def test_verify_finds_what_opening_does_not(folder):
    with sqlite3.connect(record(folder)) as connection:
        connection.execute("UPDATE articles SET text = replace(text, 'says', 'sings')")
    connection.close()
    with Store.open(folder) as store, pytest.raises(StoreDamaged):
        store.verify()


def test_a_garbled_page_is_found_by_verify_and_by_whoever_reads_it(folder):
    with Store.open(folder) as store, store.writing(), store.transaction():
        for number in range(100, 200):
            add(store, numbered(number))
    content = bytearray(record(folder).read_bytes())
    place = content.index(b"It says word150x2") // 4096 * 4096
    content[place : place + 4096] = b"\xa5" * 4096
    record(folder).write_bytes(content)
    with Store.open(folder) as store:
        with pytest.raises(StoreDamaged):
            store.verify()
        with pytest.raises(StoreDamaged):
            store.passages(range(1, 310))


def test_a_lost_file_with_its_log_left_behind_is_not_begun_anew(folder):
    with Store.open(folder) as store:
        add(store, numbered(9))
        for suffix in ("", "-wal"):
            shutil.copy(f"{record(folder)}{suffix}", folder.parent)
    record(folder).unlink()
    shutil.move(folder.parent / "articles.sqlite3-wal", folder)
    with pytest.raises(StoreDamaged, match="-wal"):
        Store.open(folder, create=True)


def test_a_newer_format_is_refused_untouched(folder):
    connection = sqlite3.connect(record(folder))
    connection.execute("PRAGMA user_version = 2")
    connection.close()
    before = file_bytes(folder)
    for create in (False, True):
        with pytest.raises(StoreVersion, match="format 2"):
            Store.open(folder, create=create)
    assert file_bytes(folder) == before


def test_an_older_format_is_migrated_after_a_backup(folder, monkeypatch):
    monkeypatch.setattr(schema, "VERSION", 3)
    steps = {1: ("CREATE TABLE extra (a)", "INSERT INTO extra VALUES (1)"), 2: ("fail",)}
    monkeypatch.setattr(schema, "MIGRATIONS", steps)
    with pytest.raises(StoreError):
        Store.open(folder)
    steps[2] = ("INSERT INTO extra VALUES (2)",)
    with Store.open(folder) as store:
        assert store.query("SELECT a FROM extra") == [(1,), (2,)]
        assert store.get_meta("schema_version") == "3"
        assert store.counts().articles == 3
    Store.open(folder).close()
    backup = sqlite3.connect(folder / "articles.sqlite3.v1.backup")
    assert backup.execute("PRAGMA user_version").fetchone() == (1,)
    assert backup.execute("SELECT count(*) FROM articles").fetchone() == (3,)
    backup.close()
    monkeypatch.setattr(schema, "VERSION", 9)
    with pytest.raises(StoreDamaged, match="never existed"):
        Store.open(folder)


def test_a_query_that_sqlite_refuses_is_an_error_of_ours(folder):
    with Store.open(folder) as store:
        for words in ('"', "NEAR(", "half \ud83d pair"):
            with pytest.raises(StoreError):
                search(store, words)
        with pytest.raises(StoreError):
            store.query("DELETE FROM articles")
        assert store.counts().articles == 3

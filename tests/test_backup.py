"""Backup and restore."""

from __future__ import annotations

import os
import shutil
import sqlite3
import threading
from pathlib import Path

import pytest

from assistant.backup import back_up
from assistant.errors import StoreDamaged, StoreError, StoreLocked, StoreMissing, StoreVersion
from assistant.restore import restore
from assistant.retrieval import schema
from assistant.retrieval.store import Store
from assistant.retrieval.vector import VectorIndex
from scripts.faults_samples import put, state
from tests import backup_samples as samples
from tests.backup_samples import sql
from tests.store_samples import file_bytes

quick, index, backup, run = samples.quick, samples.index, samples.backup, samples.run


def add(folder: Path, *numbers: int) -> None:
    with Store.open(folder) as store, store.writing():
        put(store, numbers)


def test_a_backup_is_one_file_that_brings_everything_back(index, backup, tmp_path):
    before = state(index)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["backup", "index"]
    add(index, 50)
    done = restore(index, backup)
    assert state(index) == before
    assert done.counts.articles == 12
    assert state_of(done.kept, tmp_path) != before
    assert restore(tmp_path / "elsewhere", backup).kept is None
    assert state(tmp_path / "elsewhere") == before


def state_of(record: Path, tmp_path: Path) -> str:
    folder = tmp_path / "looked at"
    folder.mkdir()
    shutil.copy(record, folder / schema.FILE_NAME)
    return state(folder)


def test_a_backup_while_somebody_writes_is_as_of_one_moment(index, tmp_path):
    stop = threading.Event()

    def write() -> None:
        number = 100
        while not stop.is_set():
            add(index, number, number + 1)
            number += 2

    writer = threading.Thread(target=write)
    writer.start()
    try:
        for _ in range(5):
            counts = back_up(index, tmp_path / "backup")
            assert counts.articles % 2 == 0
            assert counts.embedded == 10 * counts.articles
    finally:
        stop.set()
        writer.join()


def test_programs_that_have_the_index_open_go_on_with_the_restored_one(index, backup):
    add(index, 50)
    with Store.open(index) as store:
        vectors = VectorIndex(store)
        assert len(vectors) == 130
        before = store.generation()
        restore(index, backup)
        assert store.generation() > before
        assert len(vectors) == 120
        with store.writing():
            put(store, [60])
        assert len(vectors) == 130


@pytest.mark.parametrize("content", [b"", b"garbage!" * 999, None])
def test_a_damaged_or_lost_record_is_replaced_and_kept(index, backup, content):
    before = state(index)
    record = index / schema.FILE_NAME
    log = record.with_name(record.name + "-wal")
    log.write_bytes(b"finished work")
    record.write_bytes(content) if content is not None else record.unlink()
    kept = restore(index, backup).kept
    assert state(index) == before
    assert kept.read_bytes() == (content or b"")
    assert Path(f"{kept}-wal").read_bytes() == b"finished work"


@pytest.mark.parametrize("place", [0, 100, 5000, 40_000])
def test_a_damaged_backup_is_refused_and_nothing_changed(index, backup, place):
    before = file_bytes(index)
    content = backup.read_bytes()
    for broken in (content[:place], content[:place] + b"\xa5" * 4096 + content[place + 4096 :]):
        backup.write_bytes(broken)
        with pytest.raises(StoreError, match="nothing was changed"):
            restore(index, backup)
    assert file_bytes(index) == before


def test_a_newer_backup_a_missing_one_and_a_locked_index_are_refused(index, backup, tmp_path, monkeypatch):
    with pytest.raises(StoreMissing, match="no file"):
        restore(index, tmp_path / "none")
    with Store.open(index) as store, store.writing(), pytest.raises(StoreLocked, match="this one"):
        restore(index, backup)
    connection = sqlite3.connect(backup)
    connection.execute("PRAGMA user_version = 9")
    connection.close()
    before = file_bytes(index)
    with pytest.raises(StoreVersion, match="format 9"):
        restore(index, backup)
    assert file_bytes(index) == before


def test_an_older_backup_is_migrated(index, backup, monkeypatch):
    monkeypatch.setattr(schema, "VERSION", 2)
    monkeypatch.setattr(schema, "MIGRATIONS", {1: ("CREATE TABLE extra (a)",)})
    restore(index, backup)
    with Store.open(index) as store:
        assert store.get_meta("schema_version") == "2"


def test_aliases_come_along_and_the_former_ones_are_kept(index, tmp_path):
    (index / "aliases.txt").write_text("IS = Islamic State\n")
    back_up(index, tmp_path / "backup")
    (index / "aliases.txt").write_text("other")
    restore(index, tmp_path / "backup")
    assert (index / "aliases.txt").read_text() == "IS = Islamic State\n"
    assert (index / "aliases.txt.before-restore-1").read_text() == "other"


def test_what_is_no_backup_is_not_overwritten(index, tmp_path):
    mine = tmp_path / "mine.txt"
    mine.write_text("mine")
    itself, nowhere = index / schema.FILE_NAME, tmp_path / "no/b"
    for target, says in ((mine, "no backup"), (itself, "itself"), (nowhere, "no folder"), (tmp_path, "is a folder")):
        with pytest.raises(StoreError, match=says):
            back_up(index, target)
    assert mine.read_text() == "mine"
    sql(index, "UPDATE articles SET text = replace(text, 'says', 'sings')")
    with pytest.raises(StoreDamaged):
        back_up(index, tmp_path / "backup")
    assert sorted(os.listdir(tmp_path)) == ["index", "mine.txt"]


def test_the_command_line(run, tmp_path):
    assert run("backup", tmp_path / "b").stdout.startswith("12 articles backed up to '")
    done = run("restore", tmp_path / "b")
    assert done.stdout.startswith("12 articles restored from '")
    assert "is kept in '" in done.stdout
    assert run("restore", tmp_path / "none").exit_code == 1
    assert "Traceback" not in run("restore", tmp_path).output

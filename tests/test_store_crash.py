"""The record when its writer is killed, when two write at once, when the disk is full or cannot be written."""

from __future__ import annotations

import os
import random
import signal
import sqlite3
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path

import pytest

from assistant.errors import StoreError, StoreLocked
from assistant.retrieval import lock, schema
from assistant.retrieval.store import Store
from tests.store_samples import add, embed_all, numbered, sample, search

ROOT = Path(__file__).resolve().parent.parent
BATCH = 20

ADD_FOREVER = """
import sys
from pathlib import Path
from assistant.retrieval.store import Store
from tests.store_samples import add, numbered
first = int(sys.argv[2])
with Store.open(Path(sys.argv[1])) as store, store.writing():
    while True:
        with store.transaction():
            for number in range(first, first + 20):
                add(store, numbered(number))
        first += 20
        print(first, flush=True)
"""
HOLD = """
import sys
from pathlib import Path
from assistant.retrieval.store import Store
with Store.open(Path(sys.argv[1])) as store, store.writing():
    print("held", flush=True)
    sys.stdin.read()
"""


def child(script: str, *arguments: object) -> subprocess.Popen[str]:
    command = [sys.executable, "-c", script, *map(str, arguments)]
    pipe = subprocess.PIPE
    return subprocess.Popen(command, cwd=ROOT, stdin=pipe, stdout=pipe, stderr=pipe, text=True)


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


def test_kill_9_in_the_middle_of_a_batch(tmp_path):
    folder = tmp_path / "index"
    Store.open(folder, create=True).close()
    acknowledged = 0
    for round_ in range(3):
        process = child(ADD_FOREVER, folder, acknowledged)
        acknowledged = int(process.stdout.readline())
        time.sleep(random.Random(round_).uniform(0.0, 0.1))
        process.send_signal(signal.SIGKILL)
        rest = process.communicate()[0].split()
        acknowledged = int(rest[-1]) if rest else acknowledged
        with Store.open(folder) as store:
            store.verify()
            stored = {info.source for info in store.articles()}
            assert {f"n/{number}.txt" for number in range(acknowledged)} <= stored
            assert len(stored) in (acknowledged, acknowledged + BATCH)  # one may be stored but not yet reported
            assert store.query("SELECT count(*) FROM passages") == [(3 * len(stored),)]
            assert len(store.ledger_rows()) == len(stored)
            assert len(search(store, f"word{acknowledged - 1}x2")) == 1
            assert len(search(store, "article")) == 3 * len(stored)


def test_a_second_writer_is_told_who_writes_and_a_dead_one_leaves_nothing(folder, monkeypatch):
    monkeypatch.setattr(lock, "PATIENCE_S", 0.3)
    holder = child(HOLD, folder)
    assert holder.stdout.readline() == "held\n"
    started = time.monotonic()
    with Store.open(folder) as store:
        assert store.counts().articles == 3
        with pytest.raises(StoreLocked, match=f"process {holder.pid} is writing"):
            add(store, numbered(9))
        assert time.monotonic() - started < 5
        holder.kill()
        holder.communicate()
        assert add(store, numbered(9)) == "added"
        assert not (folder / "write.owner").exists()


def test_two_threads_of_one_process_take_turns(folder, monkeypatch):
    with Store.open(folder) as store:

        def work(first: int) -> None:
            for number in range(first, first + 10):
                add(store, numbered(number))

        threads = [threading.Thread(target=work, args=(first,)) for first in (100, 200, 300)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert store.counts().articles == 33
        monkeypatch.setattr(lock, "PATIENCE_S", 0.1)
        with (
            store.writing(),
            store.writing(),
            Store.open(folder) as other,
            pytest.raises(StoreLocked, match="this one"),
        ):
            add(other, numbered(1))
        store.verify()


def test_a_killed_creation_leaves_nothing_in_the_way(tmp_path):
    folder = tmp_path / "index"
    folder.mkdir()
    (folder / "articles.sqlite3.new").write_bytes(b"half")
    (folder / "articles.sqlite3.new-wal").write_bytes(b"half")
    with Store.open(folder, create=True) as store:
        assert add(store, numbered(1)) == "added"


def try_to_add(folder: Path) -> str:
    said = ""
    try:
        with Store.open(folder) as store:
            said = f"{store.counts().articles} articles, read only: {store.read_only}; "
            store.verify()
            add(store, numbered(99))
            return said
    except StoreError as error:
        return said + f"{type(error).__name__}: {error}"


@pytest.mark.skipif(sys.platform == "win32", reason="permissions work differently")
def test_a_folder_that_cannot_be_written_is_read(folder):
    for path in folder.parents:
        if path.is_relative_to(tempfile.gettempdir()) and path != Path(tempfile.gettempdir()):
            path.chmod(0o755)
    folder.chmod(0o555)
    reader, writer = os.pipe()
    if not (process := os.fork()):  # in a child, because root may write anywhere and must become nobody
        try:
            if os.geteuid() == 0:
                os.setgroups([])
                os.setgid(65534)
                os.setuid(65534)
            os.write(writer, try_to_add(folder).encode())
        finally:
            os._exit(0)
    os.close(writer)
    os.waitpid(process, 0)
    folder.chmod(0o755)
    said = os.read(reader, 4096).decode()
    assert said.startswith("3 articles, read only: True; StoreError: the index")
    assert "cannot be written" in said


@pytest.mark.skipif(not hasattr(os, "fork"), reason="no fork here")
def test_a_fork_is_told_to_open_the_index_anew_before_it_writes(folder):
    reader, writer = os.pipe()
    with Store.open(folder) as store, store.writing():
        add(store, numbered(9))
    with Store.open(folder) as store:
        if not (process := os.fork()):
            try:
                with store.writing():
                    pass
            except StoreError as error:
                os.write(writer, str(error).encode())
            finally:
                os._exit(0)
        os.waitpid(process, 0)
    assert b"was opened before this process was forked; open it anew in it" in os.read(reader, 4096)


def test_read_only_beside_a_writer_sees_what_the_writer_stored(folder, monkeypatch):
    with Store.open(folder) as store:
        add(store, numbered(9))
        monkeypatch.setattr(os, "access", lambda path, mode: False)
        with Store.open(folder) as reader:
            assert reader.read_only
            assert reader.counts().articles == 4
            reader.verify()
            add(store, numbered(10))
            assert reader.counts().articles == 5


def test_a_full_disk_is_said_plainly_and_loses_nothing(folder, monkeypatch):
    with Store.open(folder) as store:
        connect = store._connect

        def cramped(*, writer: bool = False) -> sqlite3.Connection:
            connection = connect(writer=writer)
            pages = connection.execute("PRAGMA page_count").fetchone()[0]
            connection.execute(f"PRAGMA max_page_count = {pages + 3}")  # the same SQLITE_FULL as from a full disk
            return connection

        monkeypatch.setattr(store, "_connect", cramped)
        with pytest.raises(StoreError, match="full: free some space"):
            add(store, sample("\n\n".join(f"word{n} " * 200 for n in range(50)), source="big"))
        monkeypatch.undo()
        assert store.counts().articles == 3
        assert add(store, numbered(9)) == "added"
        store.verify()

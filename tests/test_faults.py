"""The fault programme itself: it names every row and the tests that it leans on, it sees faults, its table is whole."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from assistant.errors import StoreError
from assistant.retrieval.store import Store
from scripts import faults_kills, faults_run
from scripts.faults_probes import PROBES
from scripts.faults_result import Result
from scripts.faults_rows import ROWS
from scripts.faults_samples import grown
from scripts.faults_steps import shimmed

ROOT = Path(__file__).resolve().parent.parent
linux = pytest.mark.skipif(sys.platform != "linux" or not shutil.which("cc"), reason="needs Linux and a C compiler")


posix = pytest.mark.skipif(sys.platform == "win32", reason="forks and kills")


def test_every_row_is_there_with_something_that_holds_it():
    assert [row.number for row in ROWS] == list(range(1, 39))
    assert [row.number for row in ROWS if not (row.probe or row.tests)] == []
    assert {row.probe for row in ROWS} - {""} == set(PROBES)


def test_every_test_that_is_named_exists():
    for row in ROWS:
        for test in row.tests:
            file, name = test.split("::")
            assert re.search(rf"(def|class) {name}", (ROOT / file).read_text("utf-8")), test


def test_the_document_has_a_line_for_every_row():
    table = (ROOT / "docs" / "reliability.md").read_text("utf-8")
    assert [number for number in range(1, 39) if f"\n| {number} | " not in table] == []


def test_the_promises_in_security_name_tests_that_exist():
    text = (ROOT / "SECURITY.md").read_text("utf-8")
    named = re.findall(r"`(tests/[\w/]+\.py)(?:::(\w+))?`", text)
    assert named
    for file, name in named:
        assert (ROOT / file).exists(), file
        assert f"def {name}" in (ROOT / file).read_text("utf-8"), f"{file}::{name}"


@linux
def test_every_step_of_embedding_survives_kills_cut_writes_and_a_full_disk(tmp_path):
    command = [sys.executable, "-m", "scripts.faults_steps", "6", "embed:kill", "create:torn", "create:full"]
    done = subprocess.run(command, cwd=ROOT, env=shimmed(tmp_path), capture_output=True, text=True, check=False)
    loops = [json.loads(line) for line in done.stdout.splitlines()]
    assert len(loops) == 3, done.stderr
    assert [loop["failed"] for loop in loops] == [{}, {}, {}]
    assert all(loop["tried"] >= 5 for loop in loops)


@linux
def test_the_loop_sees_a_step_that_is_not_durable(tmp_path, monkeypatch):
    """A record that is written without its rename and its log must not pass."""
    monkeypatch.chdir(ROOT)
    broken = (
        "import sys; from scripts import faults_operations as o, faults_steps as s\n"
        "def run(folder):\n"
        "    path = folder / 'index' / 'articles.sqlite3'\n"
        "    data = path.read_bytes(); path.write_bytes(b''); path.write_bytes(data)\n"
        "o.OPERATIONS['embed'] = o.Operation(o._whole, run)\n"
        "print(len(s.loop('embed', 'torn', 0)['failed']))\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", broken], env=shimmed(tmp_path), capture_output=True, text=True, check=False
    )
    assert int(done.stdout) > 0, done.stderr


def fresh(folder, program):
    """Run a program that forks in a process of its own: here other tests may have left threads, and a fork of a
    process with threads may wait for ever for a lock that one of them held. Return what it prints, as JSON."""
    head = "import json; from dataclasses import asdict; from pathlib import Path\n"
    head += f"folder = Path({str(folder)!r})\n"
    command = [sys.executable, "-c", head + program]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=120, check=False)
    assert done.returncode == 0, done.stderr
    return [json.loads(line) for line in done.stdout.splitlines()]


@posix
def test_the_store_survives_short_forms(tmp_path):
    results = fresh(
        tmp_path,
        "from scripts import faults_damage, faults_others, faults_races\n"
        "print(json.dumps(asdict(faults_races.stale_locks(folder, trials=4))))\n"
        "print(json.dumps(asdict(faults_others.other_versions(folder))))\n"
        "print(json.dumps(asdict(faults_others.other_embedders(folder))))\n"
        "print(json.dumps(asdict(faults_damage.damaged_records(folder, every=24))))\n",
    )
    assert [result["failed"] for result in results] == [[]] * 4
    assert all(result["tried"] > 2 for result in results)


@posix
def test_random_kills_lose_nothing(tmp_path):
    (result,) = fresh(
        tmp_path,
        "from scripts import faults_kills\n"
        "faults_kills.deeply = lambda *_: ''\n"  # the long form searches for all through Chroma
        "result = faults_kills.random_kills(folder, stores=1, kills=4, articles=30, builds=0)\n"
        "print(json.dumps(asdict(result)))\n",
    )
    assert (result["tried"], result["failed"]) == (4, [])


def test_a_loss_is_seen(tmp_path):
    grown(tmp_path / "store", 30)
    with Store.open(tmp_path / "store") as store, store.writing():
        store.remove([store.articles()[4].id])
    wrong, _, _ = faults_kills._examine(tmp_path / "store", faults_kills._Known(set(range(30)), 30))
    assert wrong == "1 acknowledged articles lost"


@posix
def test_what_a_child_does_comes_back_and_its_death_is_told(tmp_path):
    back, said = fresh(
        tmp_path,
        "from scripts.faults_steps import in_child\n"
        "print(json.dumps(in_child(lambda: {'a': [1]}, 10)))\n"
        "try:\n    in_child(lambda: 1 // 0, 10)\n"
        "except RuntimeError as error:\n    print(json.dumps(str(error)))\n",
    )
    assert back == {"a": [1]}
    assert "ZeroDivisionError" in said


def test_the_line_of_a_row_gives_the_bound_only_without_failures():
    row = ROWS[0]
    good, bad = Result(300, [], [0.5]), Result(300, ["lost"], [0.5])
    assert "| 300 | 300 | 1.0 % | 0.5 s |" in faults_run._line(row, good, [])
    assert "| 300 | 299 | - | 0.5 s |" in faults_run._line(row, bad, [])
    assert "**not tried here**" in faults_run._line(row, Result(), ["3 cases skipped here"])


def test_a_folder_that_cannot_be_entered_is_said_in_one_sentence(tmp_path, monkeypatch):
    def forbidden(path):
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(Path, "is_file", forbidden)
    with pytest.raises(StoreError, match="Permission denied; check its permissions"):
        Store.open(tmp_path)

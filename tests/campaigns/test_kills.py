"""Short forms of the fault programme: kills at every step and at random, cut writes, a full disk, damage, races.

``scripts/faults`` tries thousands.
"""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from scripts.faults_steps import shimmed

ROOT = Path(__file__).resolve().parents[2]
linux = pytest.mark.skipif(sys.platform != "linux" or not shutil.which("cc"), reason="needs Linux and a C compiler")
posix = pytest.mark.skipif(sys.platform == "win32", reason="forks and kills")


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

"""The probes by name, each in a short and a long form."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable, Mapping
from pathlib import Path

from scripts import faults_damage as damage
from scripts.faults_files import bad_files
from scripts.faults_kills import random_kills
from scripts.faults_live import questions, signals
from scripts.faults_others import clocks, other_embedders, other_versions
from scripts.faults_page import hostile_calls, many_readers
from scripts.faults_races import doubled_writers, killed_readers, stale_locks
from scripts.faults_result import Result
from scripts.faults_starts import bad_starts

Probe = Callable[[Path, bool, Mapping[str, str]], Result]

_RECORD = ("create", "add", "embed", "remove")


def steps(shim: Mapping[str, str], most: int, wanted: list[str]) -> Result:
    """Run the every-step loop for ``operation:fault`` each, at ``most`` steps spread evenly, 0 for all."""
    result = Result()
    if not shim:
        result.note = "every-step loop skipped: no C compiler, or not Linux"
        return result
    command = [sys.executable, "-m", "scripts.faults_steps", str(most), *wanted]
    done = subprocess.run(command, env=dict(shim), capture_output=True, text=True, check=False)
    tried, there = 0, 0
    for line in done.stdout.splitlines():
        found = json.loads(line)
        tried, there = tried + found["tried"], there + found["steps"]
        result.tried += found["tried"]
        result.seconds.append(found["worst"])
        result.failed += [
            f"{found['operation']}:{found['fault']} step {n}: {said}" for n, said in found["failed"].items()
        ]
    if done.returncode:
        result.failed.append(f"the loop itself failed: {done.stderr[-300:]}")
    result.note = f"{tried} of {there} steps"
    return result


def _kills(scratch: Path, long: bool, shim: Mapping[str, str]) -> Result:
    wanted = [f"{operation}:{fault}" for operation in _RECORD for fault in ("kill", "torn")]
    looped = steps(shim, 0 if long else 8, wanted)
    if long:
        return looped.join(random_kills(scratch, stores=10, kills=50, articles=1500, builds=3))
    return looped.join(random_kills(scratch, stores=1, kills=8, articles=60, builds=1))


def _readers(scratch: Path, long: bool, shim: Mapping[str, str]) -> Result:
    looped = steps(shim, 60 if long else 2, ["chroma:kill", "chroma:torn"] if long else ["chroma:kill"])
    return looped.join(killed_readers(scratch, trials=30 if long else 2))


def _full(scratch: Path, long: bool, shim: Mapping[str, str]) -> Result:
    wanted = [f"{operation}:full" for operation in (*_RECORD, "migrate", "backup", "restore", "restore over damage")]
    return steps(shim, 0 if long else 6, wanted).join(damage.small_disk(scratch))


def _records(scratch: Path, long: bool, shim: Mapping[str, str]) -> Result:
    wanted = ["backup:kill", "backup:torn", "restore:kill", "restore:torn", "restore over damage:kill"]
    looped = steps(shim, 0 if long else 6, wanted)
    return damage.damaged_records(scratch, every=1 if long else 8).join(looped)


def _versions(scratch: Path, long: bool, shim: Mapping[str, str]) -> Result:
    return steps(shim, 0 if long else 20, ["migrate:kill", "migrate:torn"]).join(other_versions(scratch))


def _files(row: int) -> Probe:
    return lambda scratch, long, _: bad_files(scratch, row, long=long)


PROBES: dict[str, Probe] = {
    "kills": _kills,
    "readers": _readers,
    "full": _full,
    "doubled": lambda scratch, long, _: doubled_writers(
        scratch, trials=20 if long else 1, articles=300 if long else 40
    ),
    "stale": lambda scratch, long, _: stale_locks(scratch, trials=60 if long else 12),
    "readonly": lambda scratch, long, _: damage.read_only(scratch),
    "records": _records,
    "chroma": lambda scratch, long, _: damage.damaged_chroma(scratch, files=0 if long else 2),
    "embedders": lambda scratch, long, _: other_embedders(scratch),
    "versions": _versions,
    "clocks": lambda scratch, long, shim: clocks(scratch, shim),
    "signals": lambda scratch, long, _: signals(scratch, trials=60 if long else 4),
    "questions": lambda scratch, long, _: questions(scratch),
    "calls": lambda scratch, long, _: hostile_calls(scratch),
    "readers at once": lambda scratch, long, _: many_readers(scratch, readers=200 if long else 20),
    "starts": lambda scratch, long, _: bad_starts(scratch),
    **{f"files{row}": _files(row) for row in range(13, 19)},
}

"""Fuzz every part that takes what it did not write itself, and say what came of it.

python -m scripts.fuzz_run [--count 12000] [--only text,http] [--seed 1] [--jobs 2] [--guided SECONDS] [--write]

Each target runs in a process of its own: its fixed inputs first, then its share of --count that hypothesis makes, or
with --guided what atheris (pip install '.[fuzz]', Linux) finds by following coverage for so many seconds. Then the
folders of bad files of scripts/faults are added by the program itself. Exit code 1 when anything failed.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict
from importlib.metadata import version
from pathlib import Path
from typing import Any

from scripts.fuzz_child import Outcome
from scripts.fuzz_target import SECRET
from scripts.fuzz_targets import TARGETS

ROOT = Path(__file__).parents[1]
DOCUMENT = ROOT / "docs" / "reliability.md"
BEGIN, END = "<!-- made by scripts/fuzz: begin -->\n", "<!-- made by scripts/fuzz: end -->\n"
MOST_MEMORY = 1_500_000_000
"""Bytes that a target may take in all, libraries included."""
FOLDERS = (13, 15, 16, 17, 18)
"""Rows of scripts/faults whose folders of bad files are added."""
HEAD = (
    "| Target | What goes in, and what must hold | Fixed | Made | Failed | Slowest | Peak memory |\n"
    "| --- | --- | --: | --: | --: | --: | --: |\n"
)


def main() -> None:
    """Run what the arguments ask for."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--count", type=int, default=12_000, help="inputs that are made, over all targets")
    parser.add_argument("--only", help="these targets, as in text,http")
    parser.add_argument("--seed", type=int, default=int(time.time()), help="another one makes other inputs")
    parser.add_argument("--guided", type=float, default=0, metavar="SECONDS", help="follow coverage, so long a target")
    parser.add_argument("--jobs", type=int, default=os.cpu_count(), help="targets at a time")
    parser.add_argument("--write", action="store_true", help="write the table into docs/reliability.md")
    chosen = parser.parse_args()
    os.chdir(ROOT)
    names = chosen.only.split(",") if chosen.only else [*TARGETS, "folders"]
    whole, began = sum(target.share for target in TARGETS.values()), time.monotonic()
    outcomes = []

    def tried(name: str) -> Outcome:
        if name == "folders":
            return _folders()
        return _target(name, round(chosen.count * TARGETS[name].share / whole), chosen.seed, chosen.guided)

    with ThreadPoolExecutor(chosen.jobs) as pool:
        for outcome in pool.map(tried, names):
            outcomes.append(outcome)
            print(_line(outcome), end="", flush=True)
    table = HEAD + "".join(map(_line, outcomes)) + _sum(outcomes)
    engine = f"atheris, {chosen.guided:g} s a target" if chosen.guided else f"hypothesis {version('hypothesis')}"
    about = (
        f"{time.strftime('%Y-%m-%d')}, seed {chosen.seed}, {(time.monotonic() - began) / 60:.0f} minutes on a machine "
        f"busy with other work; {engine}, {platform.system()}, {os.cpu_count()} processors, "
        f"Python {platform.python_version()}."
    )
    print(f"\n{about}\n\n{table}")
    for outcome in outcomes:
        if outcome.failure:
            print(f"FAILED  {outcome.target}: {outcome.failure}\n")
    if chosen.write:
        _write(f"{about}\n\n{table}")
    sys.exit(any(outcome.failure for outcome in outcomes))


def _target(name: str, count: int, seed: int, guided: float) -> Outcome:
    """Run one target in a child and return what it prints; a crash, and whatever it says besides, is a failure."""
    command = [
        sys.executable,
        "-X",
        "faulthandler",
        "-m",
        "scripts.fuzz_child",
        name,
        str(count),
        str(seed),
        str(guided),
    ]
    done = subprocess.run(command, capture_output=True, text=True, errors="replace", check=False)
    lines = [line for line in done.stdout.splitlines() if line.startswith('{"target"')]
    found: dict[str, Any] = json.loads(lines[-1]) if lines else {"target": name, "failure": "it crashed"}
    outcome = Outcome(**found)
    if not lines:
        outcome.failure = f"exit code {done.returncode}: {done.stderr[-2000:]}"
    elif SECRET in done.stdout + done.stderr:
        outcome.failure = outcome.failure or "the secret stands in what it prints"
    elif "Traceback" in done.stderr and not outcome.failure:
        outcome.failure = f"a traceback in what it prints: {done.stderr[-2000:]}"
    elif outcome.memory > MOST_MEMORY:
        outcome.failure = outcome.failure or f"it takes {outcome.memory / 1e6:.0f} MB"
    return outcome


def _folders() -> Outcome:
    """Add the folders of bad files by the command line, as scripts/faults does."""
    from scripts.faults_files import bad_files

    outcome = Outcome("folders")
    for row in FOLDERS:
        with tempfile.TemporaryDirectory(prefix="fuzz-") as scratch:
            result = bad_files(Path(scratch), row, long=False)
        outcome.fixed += result.tried
        outcome.failure = outcome.failure or "; ".join(result.failed)
        outcome.slowest = max(outcome.slowest, *result.seconds)
        outcome.memory = max(outcome.memory, int(result.note.rpartition("at most ")[2].split()[0]) * 10**6)
    return outcome


def _line(outcome: Outcome) -> str:
    about = "the bad files of `scripts/faults`, added by the program"
    if outcome.target in TARGETS:
        about = TARGETS[outcome.target].about
    cells = (
        f"`{outcome.target}`", about, outcome.fixed, outcome.made, int(bool(outcome.failure)),
        f"{outcome.slowest:.2f} s", f"{outcome.memory / 1e6:.0f} MB",
    )  # fmt: skip
    return f"| {' | '.join(map(str, cells))} |\n"


def _sum(outcomes: Sequence[Outcome]) -> str:
    every = [asdict(outcome) for outcome in outcomes]
    fixed, made = (sum(one[name] for one in every) for name in ("fixed", "made"))
    failed = sum(bool(one["failure"]) for one in every)
    slowest, memory = (max(one[name] for one in every) for name in ("slowest", "memory"))
    return f"| **all** | | **{fixed}** | **{made}** | **{failed}** | {slowest:.2f} s | {memory / 1e6:.0f} MB |\n"


def _write(made: str) -> None:
    text = DOCUMENT.read_text("utf-8")
    before, _, rest = text.partition(BEGIN)
    _, _, after = rest.partition(END)
    DOCUMENT.write_text(f"{before}{BEGIN}{made.rstrip()}\n{END}{after}", "utf-8")


if __name__ == "__main__":
    main()

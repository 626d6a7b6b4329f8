"""Try every fault of the list and say what came of it.

python -m scripts.faults_run [--long] [--rows 1,2,5] [--write]

Prints a table with a line for each of the 38 rows and, with --write, puts it into docs/reliability.md. Exit code 1 when
anything failed.
"""

from __future__ import annotations

import argparse
import os
import platform
import sqlite3
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from importlib.metadata import version
from pathlib import Path
from xml.etree import ElementTree

from scripts.faults_probes import PROBES
from scripts.faults_result import Result
from scripts.faults_rows import ROWS, Row
from scripts.faults_steps import shimmed

ROOT = Path(__file__).parents[1]
DOCUMENT = ROOT / "docs" / "reliability.md"
BEGIN, END = "<!-- made by scripts/faults: begin -->\n", "<!-- made by scripts/faults: end -->\n"
HEAD = (
    "| Row | Promise | Tried | Survived | Failures below | Worst time | Held by | Open |\n"
    "| --: | --- | --: | --: | --: | --: | --- | --- |\n"
)


def main() -> None:
    """Run what the arguments ask for."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--long", action="store_true", help="the figures: hundreds of kills, every step, every page")
    parser.add_argument("--rows", help="only these, as in 1,2,5")
    parser.add_argument("--write", action="store_true", help="write the table into docs/reliability.md")
    chosen = parser.parse_args()
    numbers = {int(number) for number in chosen.rows.split(",")} if chosen.rows else {row.number for row in ROWS}
    rows = [row for row in ROWS if row.number in numbers]
    os.chdir(ROOT)
    began = time.monotonic()
    with tempfile.TemporaryDirectory(prefix="faults-") as scratch:
        os.chmod(scratch, 0o755)  # somebody without rights reads here
        lines, failures = _tried(rows, Path(scratch), long=chosen.long)
    table = HEAD + "".join(lines)
    about = _about(time.monotonic() - began, long=chosen.long)
    print(f"\n{about}\n\n{table}")
    for failure in failures:
        print(f"FAILED  {failure}")
    if chosen.write:
        _write(f"{about}\n\n{table}", whole=not chosen.rows, lines=lines)
    sys.exit(1 if failures else 0)


def _tried(rows: Sequence[Row], scratch: Path, *, long: bool) -> tuple[list[str], list[str]]:
    shim = shimmed(scratch)
    cases = _pytest([test for row in rows for test in row.tests], scratch)
    lines, failures = [], []
    for row in rows:
        began = time.monotonic()
        here = scratch / f"row{row.number}"
        here.mkdir(mode=0o755)
        result = Result()
        if row.probe:
            try:
                result = PROBES[row.probe](here, long, shim)
            except Exception as error:  # noqa: BLE001 - one row must not end the others
                result.add(f"the probe itself failed: {type(error).__name__}: {error}"[:600])
        tests, skipped = _counted(row, cases)
        lines.append(_line(row, result.join(tests), skipped))
        failures += [f"row {row.number}: {failure}" for failure in (*result.failed, *tests.failed)]
        print(f"{lines[-1].rstrip()} {time.monotonic() - began:.0f} s", flush=True)
    return lines, failures


Case = tuple[str, str, float, str]
"""Node id, outcome (passed, failed, skipped), seconds, why."""


def _pytest(tests: Sequence[str], scratch: Path) -> list[Case]:
    """Run the files that hold these tests, but only the tests that a row names, and return each case."""
    files = sorted({test.split("::")[0] for test in tests if (ROOT / test.split("::")[0]).exists()})
    if not files:
        return []
    listed = subprocess.run(
        [sys.executable, "-m", "pytest", "--collect-only", *files], capture_output=True, text=True, check=False
    ).stdout.splitlines()
    wanted = [node for node in listed if any(_named(node, test) for test in tests)]
    if not wanted:
        return []
    report, names = scratch / "tests.xml", list(dict.fromkeys(node.split("[")[0] for node in wanted))
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", f"--junitxml={report}"]
    command += ["-o", "junit_family=xunit1", "-o", "junit_duration_report=call", *names]
    subprocess.run(command, capture_output=True, check=False)
    return [_case(found) for found in ElementTree.parse(report).iter("testcase")]


def _named(node: str, test: str) -> bool:
    """Whether a node id is meant: by its beginning, the class that it stands in left out or not."""
    file, _, name = test.partition("::")
    parts = node.split("[", maxsplit=1)[0].split("::")
    return parts[0] == file and any(part.startswith(name) for part in parts[1:])


def _case(found: ElementTree.Element) -> Case:
    file = found.get("file", "")
    inner = found.get("classname", "").split(".")[len(Path(file).parts) :]
    node = "::".join([file, *inner, found.get("name", "")])
    for kind, outcome in (("failure", "failed"), ("error", "failed"), ("skipped", "skipped")):
        if (why := found.find(kind)) is not None:
            return node, outcome, 0.0, (why.get("message") or "")[:200]
    return node, "passed", float(found.get("time", 0)), ""


def _counted(row: Row, cases: Sequence[Case]) -> tuple[Result, list[str]]:
    """Return what came of the row's tests, and what of them was not run here."""
    result, skipped = Result(), 0
    for node, outcome, seconds, why in cases:
        if any(_named(node, test) for test in row.tests):
            if outcome == "skipped":
                skipped += 1
            else:
                result.add("" if outcome == "passed" else f"{node}: {why}", seconds)
    ran = {node.split("::")[0] for node, _, _, _ in cases}
    left_out = [f"`{file}` not run here" for file in _files(row) if file not in ran]
    return result, [*left_out, f"{skipped} cases skipped here"] if skipped else left_out


def _files(row: Row) -> list[str]:
    return sorted({test.split("::")[0] for test in row.tests})


def _line(row: Row, result: Result, left_out: Sequence[str]) -> str:
    survived = result.tried - len(result.failed)
    bound = f"{min(100.0, 300 / result.tried):.1f} %" if result.tried and not result.failed else "-"
    worst = f"{max(result.seconds):.1f} s" if result.seconds else "-"
    held = [f"`scripts/faults --rows {row.number}`"] if row.probe else []
    held += [f"`{file}`" for file in _files(row)]
    remarks = [result.note, *left_out, row.open]
    if not result.tried:
        remarks.insert(0, "**not tried here**")
    said = "; ".join(filter(None, remarks)).replace("|", "/")
    cells = (row.number, row.promise, result.tried, survived, bound, worst, ", ".join(held), said)
    return f"| {' | '.join(map(str, cells))} |\n"


def _about(seconds: float, *, long: bool) -> str:
    versions = ", ".join(f"{name} {version(name)}" for name in ("chromadb", "pypdf", "trafilatura"))
    form = "long" if long else "short"
    return (
        f"{time.strftime('%Y-%m-%d')}, {form} form, {seconds / 60:.0f} minutes; {platform.system()}, "
        f"{os.cpu_count()} processors, Python {platform.python_version()}, SQLite {sqlite3.sqlite_version}, {versions}."
    )


def _write(made: str, *, whole: bool, lines: Sequence[str]) -> None:
    """Replace the table of the document, or those of its lines that were tried."""
    text = DOCUMENT.read_text("utf-8")
    before, _, rest = text.partition(BEGIN)
    former, _, after = rest.partition(END)
    if not whole:
        new = {line.split("|")[1]: line for line in lines}
        made = "".join(new.get([*line.split("|"), ""][1], line) for line in former.splitlines(keepends=True))
    DOCUMENT.write_text(f"{before}{BEGIN}{made.rstrip()}\n{END}{after}", "utf-8")


if __name__ == "__main__":
    main()

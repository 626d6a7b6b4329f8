"""Show what each threshold of assistant/answering/check.py would keep and reject.

    python -m scripts.calibrate_check [FILE ...]

The statements are those of evals/checker/held, on which nothing was trained. ``SUPPORTED`` is where little of what the
rules let through rightly is lost.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import NamedTuple

from assistant.answering.check import SUPPORTED, check
from assistant.answering.reader import open_reader
from assistant.answering.verify import Evidence, verify
from evals.report import table

HELD = Path(__file__).parents[1] / "evals" / "checker" / "held"
TRIED = (-3.0, -2.0, -1.0, 0.0, 1.0, 2.0, 3.0)


class Judged(NamedTuple):
    """A statement with what rules, reader and check think of it; ``kind`` is "honest" where it is true."""

    kind: str
    supported: bool
    odds: float
    kept: bool


def judged(file: Path) -> list[Judged]:
    """Return the statements of a file of the form of evals/checker."""
    found, reader = [], open_reader()
    for line in file.read_text("utf-8").splitlines():
        entry = json.loads(line)
        evidence, words = [Evidence(one) for one in entry["sentences"]], " ".join(entry["sentences"])
        for kind, text in (*(("honest", text) for text in entry["honest"]), *entry["mutants"]):
            kept = check(text, evidence, reader).supported
            found.append(Judged(kind, verify(text, evidence).supported, reader.entailment(words, text), kept))
    return found


def main() -> None:
    """Judge, print the tables."""
    files = [Path(name) for name in sys.argv[1:]] or sorted(HELD.glob("*.jsonl"))
    every = [one for file in files for one in judged(file)]
    honest, wrong = [one for one in every if one.kind == "honest"], [one for one in every if one.kind != "honest"]

    def share(some: list[Judged], least: float, *, rules: bool) -> str:
        return f"{sum(one.odds >= least and (one.supported or not rules) for one in some) / len(some):.3f}"

    print(f"{len(honest)} honest statements, {len(wrong)} wrong ones; the share that is let through\n")
    rows = [
        [f"{least:g}", *(share(some, least, rules=rules) for rules in (True, False) for some in (honest, wrong))]
        for least in TRIED
    ]
    print(table(("SUPPORTED", "both: honest", "wrong", "reader alone: honest", "wrong"), rows))
    rows = [
        [
            "honest" if some is honest else "wrong",
            str(len(some)),
            f"{sum(one.kept for one in some) / len(some):.3f}",
            share(some, float("-inf"), rules=True),
            share(some, SUPPORTED, rules=False),
        ]
        for some in (honest, wrong)
    ]
    print("\n" + table(("let through", "n", "check", "rules alone", "reader alone"), rows))


if __name__ == "__main__":
    main()

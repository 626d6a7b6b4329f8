"""Show what each pair of thresholds of assistant/answering/check.py would keep and reject.

    python -m scripts.calibrate_check [FILE ...]

The statements are those of evals/checker/held, on which nothing was trained. ``SUPPORTED`` is where little of what the
rules let through rightly is lost; ``CERTAIN`` where little gets back that the rules dropped rightly.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import NamedTuple

from assistant.answering.check import CERTAIN, LEAST_SHARED, SUPPORTED, WORDING, shared_words
from assistant.answering.reader import open_reader
from assistant.answering.verify import Evidence, verify
from evals.report import table

HELD = Path(__file__).parents[1] / "evals" / "checker" / "held"
SUPPORTED_TRIED = (-3.0, -2.0, -1.0, 0.0, 1.0)
CERTAIN_TRIED = (1.0, 2.0, 3.0, 4.0, 99.0)


class Judged(NamedTuple):
    """A statement with what rules and reader think of it; ``kind`` is "honest" where it is true."""

    kind: str
    supported: bool
    by: str
    odds: float
    shared: bool

    def kept(self, supported: float, certain: float) -> bool:
        """Whether these thresholds keep it."""
        soft = self.by in WORDING and self.shared
        return self.odds >= (supported if self.supported else certain if soft else float("inf"))


def judged(file: Path) -> list[Judged]:
    """Return the statements of a file of the form of evals/checker."""
    found, reader = [], open_reader()
    for line in file.read_text("utf-8").splitlines():
        entry = json.loads(line)
        evidence, words = [Evidence(one) for one in entry["sentences"]], " ".join(entry["sentences"])
        for kind, text in (*(("honest", text) for text in entry["honest"]), *entry["mutants"]):
            verdict = verify(text, evidence)
            shared = shared_words(text, evidence) >= LEAST_SHARED
            found.append(Judged(kind, verdict.supported, verdict.kind, reader.entailment(words, text), shared))
    return found


def main() -> None:
    """Judge, print the tables."""
    files = [Path(name) for name in sys.argv[1:]] or sorted(HELD.glob("*.jsonl"))
    every = [one for file in files for one in judged(file)]
    honest, wrong = [one for one in every if one.kind == "honest"], [one for one in every if one.kind != "honest"]

    def shares(supported: float, certain: float) -> list[str]:
        kept = sum(one.kept(supported, certain) for one in honest) / len(honest)
        gone = sum(not one.kept(supported, certain) for one in wrong) / len(wrong)
        return [f"{supported:g}", f"{certain:g}", f"{kept:.3f}", f"{gone:.3f}"]

    print(f"{len(honest)} honest statements, {len(wrong)} wrong ones\n")
    print(table(("SUPPORTED", "CERTAIN", "kept", "rejected"), [
        shares(low, high) for low in SUPPORTED_TRIED for high in CERTAIN_TRIED]))  # fmt: skip
    kinds = sorted({one.kind for one in wrong})
    print(f"\nwith {SUPPORTED:g} and {CERTAIN:g}; the rules alone; the reader alone from {SUPPORTED:g}:")
    rows = []
    for kind in kinds:
        these = [one for one in wrong if one.kind == kind]
        both = sum(not one.kept(SUPPORTED, CERTAIN) for one in these)
        rules, reader = sum(not one.supported for one in these), sum(one.odds < SUPPORTED for one in these)
        rows.append([kind, *(f"{count / len(these):.3f}" for count in (both, rules, reader)), str(len(these))])
    print(table(("rejected", "both", "rules", "reader", "n"), rows))


if __name__ == "__main__":
    main()

"""Evaluation reports as ``python -m evals.run --json`` writes them, made of cases that tests invent."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from pathlib import Path

from assistant import Settings
from evals.configurations import configure
from evals.rows import Row
from evals.run import Run


def row(number: int, *, right: bool = True, **changed: object) -> Row:
    """A case: an even number is answerable, an odd one is not; ``right`` says whether it went well."""
    answerable = number % 2 == 0
    lost = None if right else "not selected" if answerable else "answered"
    given = {
        "id": f"c{number}",
        "case": f"hash{number}",
        "question": f"What happened on day {number}?",
        "answerable": answerable,
        "tags": ("when",) if answerable else ("unanswerable",),
        "scores": {"right" if answerable else "refused": float(right), "ran": 1.0},
        "sure": number / 100,
        "good": right,
        "status": "answered" if answerable or not right else "refused",
        "expected": (("Friday", "the 4th"),) if answerable else (),
        "articles": ("a.txt",) if answerable else (),
        "got": ({"text": "It was on Monday.", "cited": [{"source": "b.txt", "quote": "It was on Monday."}]},),
        "found": ({"article": "a.txt", "text": "It was on Friday.", "score": 0.75, "listed": True},),
        "lost": lost,
    }
    return Row(**(given | changed))


def write(file: Path, runs: Mapping[str, Sequence[Row]], questions: str = "mine.jsonl") -> None:
    """Write a report with the rows of each configuration."""
    made = {name: Run(configure("extractive", Settings()), list(rows), (0, 0)).to_dict() for name, rows in runs.items()}
    kept = {"set": {"file": questions, "split": "all"}, "made": {}, "configurations": made}
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(json.dumps(kept), "utf-8")

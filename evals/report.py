"""Plain tables for people, and shares that always carry their n and interval."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np

from assistant import Assistant, Settings
from evals.metrics import wilson


@dataclass(frozen=True, slots=True)
class Share:
    """How often something was so: ``hits`` of ``n``."""

    hits: int
    n: int

    @classmethod
    def of(cls, flags: Iterable[bool]) -> Share:
        """Count flags."""
        seen = [bool(flag) for flag in flags]
        return cls(sum(seen), len(seen))

    def cells(self) -> list[str]:
        """Return share, 95 % interval and n for a table; dashes without observations."""
        if not self.n:
            return ["-", "-", "0"]
        low, high = wilson(self.hits, self.n)
        return [f"{self.hits / self.n:.3f}", f"{low:.3f} - {high:.3f}", str(self.n)]

    def to_dict(self) -> dict[str, float]:
        """Return what a JSON report keeps."""
        low, high = wilson(self.hits, self.n)
        return {"share": self.hits / self.n if self.n else float("nan"), "low": low, "high": high, "n": self.n}


def table(header: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    """Return rows in columns: the first left, the others right."""
    lines = [[str(cell) for cell in row] for row in (header, *rows)]
    widths = [max(len(line[column]) for line in lines) for column in range(len(header))]
    return "\n".join(
        "  ".join([first.ljust(widths[0]), *(cell.rjust(width) for cell, width in zip(rest, widths[1:], strict=True))])
        for first, *rest in lines
    )


def percentile(values: Sequence[float], percent: float) -> float:
    """Return the value that ``percent`` of 100 lie below, interpolated; not a number without values."""
    return float(np.percentile(values, percent)) if len(values) else float("nan")


@contextmanager
def index_of(articles: Path | None, index: Path | None, embedder: str) -> Iterator[Path]:
    """Give the folder of ``index``, or of a temporary index that is built from ``articles``."""
    if index:
        yield index
        return
    if articles is None:
        raise ValueError("give --articles or --index")
    with TemporaryDirectory() as folder:
        with Assistant.open(folder, Settings(embedder=embedder)) as assistant:
            reports = assistant.add([articles])
        for report in reports:
            if report.outcome == "skipped":
                print(f"skipped {report.source}: {report.reason}")
        yield Path(folder)

"""Evaluation reports: the JSON files that ``news-assistant eval --json FILE`` writes, read from one folder."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import lru_cache
from pathlib import Path
from typing import Any, TypeVar

from pydantic import BaseModel, Field, ValidationError

from assistant.show import escape

FOLDER = "reports"
"""Folder inside the index folder where reports are looked for."""

MAX_REPORTS, MAX_REPORT = 30, 100_000_000
"""Files that are looked at, newest first, and bytes of each."""


class Figure(BaseModel):
    """A measure over many cases; ``low`` and ``high`` are nan where it has no interval."""

    label: str
    value: float
    low: float = math.nan
    high: float = math.nan
    n: int


class Row(BaseModel):
    """A case and what came of it; ``lost`` names the step at which it went wrong, None when it did not."""

    id: str
    case: str = ""
    question: str
    history: list[str] = Field(default_factory=list)
    scores: dict[str, float] = Field(default_factory=dict)
    sure: float | None = None
    status: str = ""
    standalone: str = ""
    expected: list[list[str]] = Field(default_factory=list)
    articles: list[str] = Field(default_factory=list)
    got: list[dict[str, Any]] = Field(default_factory=list)
    found: list[dict[str, Any]] = Field(default_factory=list)
    notices: list[str] = Field(default_factory=list)
    best: str = ""
    lost: str | None = None
    error: str | None = None

    @property
    def failure(self) -> str | None:
        """Where it went wrong, None when it did not."""
        return "error" if self.error else self.lost


class Measured(BaseModel):
    """What the cases of one configuration come to.

    Attributes:
        figures: every measure by its key.
        by_tag: of some measures, the same by tag of the cases, most cases first.
        curve: (coverage, risk), both 0..1, from the surest answer alone to all of them.
    """

    figures: dict[str, Figure]
    by_tag: dict[str, list[Figure]] = Field(default_factory=dict)
    curve: list[tuple[float, float]] = Field(default_factory=list)


class _Rows(BaseModel):
    rows: list[Row]


class _QuestionSet(BaseModel):
    file: str
    split: str = "all"


class _Summary(BaseModel):
    set: _QuestionSet | None = None
    configurations: dict[str, Measured]


class _Details(BaseModel):
    configurations: dict[str, _Rows]


@dataclass(frozen=True, slots=True)
class Run:
    """One configuration of one report.

    Attributes:
        name: unique; what a reader chooses it by.
        file: the report; when: UTC, as ISO date and time to the minute, of its last change.
        questions: name of the question set; configuration: how they were asked.
    """

    name: str
    file: Path
    when: str
    questions: str
    configuration: str
    measured: Measured

    @property
    def cases(self) -> int:
        """How many questions were asked."""
        return max((figure.n for figure in self.measured.figures.values()), default=0)


class Reports:
    """Reads the reports of a folder; what was read is kept until the file changes.

    Args:
        folder: need not exist.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def runs(self) -> tuple[list[Run], list[str]]:
        """Return the runs, newest first, and one sentence on each file that is no report."""
        runs: list[Run] = []
        problems: list[str] = []
        for file, changed, size in self._files():
            try:
                summary = _summary(file, changed, size)
            except (ValidationError, OSError) as error:
                problems.append(f"“{file.name}” is no report that can be shown: {_why(error)}")
                continue
            when = datetime.fromtimestamp(changed / 1e9, UTC).strftime("%Y-%m-%d %H:%M")
            asked = summary.set or _QuestionSet(file=file.stem)
            questions = asked.file if asked.split == "all" else f"{asked.file}, {asked.split}"
            runs += [
                Run(escape(f"{file.stem}: {name}"), file, when, questions, name, measured)
                for name, measured in summary.configurations.items()
            ]
        return runs, problems

    def rows(self, run: Run) -> Sequence[Row]:
        """Return the cases of a run; none when its file has gone or changed its form since."""
        try:
            status = run.file.stat()
            return _details(run.file, status.st_mtime_ns, status.st_size).configurations[run.configuration].rows
        except (ValidationError, OSError, KeyError):
            return ()

    def _files(self) -> list[tuple[Path, int, int]]:
        """The newest JSON files with the time of their last change in nanoseconds and their size in bytes."""
        try:
            found = [(file, file.stat()) for file in self._folder.glob("*.json") if file.is_file()]
        except OSError:  # the folder cannot be read, or a file has gone meanwhile
            return []
        found.sort(key=lambda pair: (pair[1].st_mtime_ns, pair[0].name), reverse=True)
        return [(file, status.st_mtime_ns, status.st_size) for file, status in found[:MAX_REPORTS]]


@lru_cache(maxsize=2 * MAX_REPORTS)
def _summary(file: Path, changed: int, size: int) -> _Summary:
    return _parsed(file, size, _Summary)


@lru_cache(maxsize=2)
def _details(file: Path, changed: int, size: int) -> _Details:
    return _parsed(file, size, _Details)


Form = TypeVar("Form", bound=BaseModel)


def _parsed(file: Path, size: int, form: type[Form]) -> Form:
    if size > MAX_REPORT:
        raise OSError(f"it has more than {MAX_REPORT:,} bytes")
    return form.model_validate_json(file.read_bytes())


def _why(error: ValidationError | OSError) -> str:
    if isinstance(error, ValidationError):
        first = error.errors(include_url=False, include_input=False)[0]
        place = ".".join(map(str, first["loc"]))
        return f"{place}: {first['msg']}" if place else first["msg"]
    return error.strerror or str(error)

"""Ask every case under a configuration; a case that fails is a row and ends nothing."""

from __future__ import annotations

import json
import math
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager, nullcontext
from pathlib import Path
from unittest.mock import patch

from assistant import Article, Assistant
from assistant.answering.verify import Verdict
from evals.citations import Span
from evals.configurations import Configuration
from evals.dataset import Case
from evals.judge import evidence_of, judge
from evals.rows import Row, answered, broken, searched

DEEP = 100
"""Passages found for each case when searching only: enough for ten distinct articles."""

OnDone = Callable[[int, int], None]


def run(
    cases: Sequence[Case],
    index: Path,
    configuration: Configuration,
    *,
    jobs: int = 1,
    on_done: OnDone | None = None,
    journal: Journal | None = None,
) -> list[Row]:
    """Return what came of each case, in order, asked of one assistant that is warm from the first.

    Args:
        cases: what is asked.
        index: folder of the index.
        configuration: how.
        jobs: cases asked at the same time; more than 1 pays for a model elsewhere, and makes latencies meaningless.
        on_done: called with (cases done, cases).
        journal: keeps the rows as they come, and has those of a run that was broken off.

    Raises:
        ValueError: a case names an article or a wording that is not in the index.
    """
    with (
        Assistant.open(index, configuration.settings, create=False, models=configuration.models) as assistant,
        _checks(configuration),
        ThreadPoolExecutor(jobs) as pool,
    ):
        evidence = evidence_of(cases, articles_of(assistant))
        _warm(assistant, configuration)

        def one(case: Case) -> Row:
            known = journal.rows.get((case.id, case.fingerprint)) if journal else None
            return known or _row(assistant, case, evidence[case.id], configuration)

        rows = []
        for row in pool.map(one, cases):
            rows.append(row)
            if journal:
                journal.keep(row)
            if on_done:
                on_done(len(rows), len(cases))
    return rows


def articles_of(assistant: Assistant) -> dict[str, Article]:
    """Return the articles by file name, ``name#n`` for the n-th of a file."""
    found = {Path(info.source).name: assistant.article(info.id) for info in assistant.articles()}
    return {name: article for name, article in found.items() if article}


class Journal:
    """Rows kept as they come, so that a run that was broken off goes on where it was; errors are asked again.

    Args:
        file: JSON lines; made when it is not there.
        of: fingerprint of the run; rows of another are not used.
    """

    def __init__(self, file: Path, of: str) -> None:
        self._file, self._of = file, of
        self.rows: dict[tuple[str, str], Row] = {row.id_and_case: row for row in self._read() if not row.error}

    def keep(self, row: Row) -> None:
        """Append a row, unless it is there."""
        if row.id_and_case in self.rows:
            return
        with self._file.open("a", encoding="utf-8") as stream:
            stream.write(json.dumps({"of": self._of, "row": row.to_dict()}, ensure_ascii=False) + "\n")

    def _read(self) -> Iterator[Row]:
        for line in self._file.read_text("utf-8").splitlines() if self._file.exists() else ():
            try:
                kept: Mapping[str, object] = json.loads(line)
            except ValueError:  # the last line of a run that was killed
                continue
            if kept.get("of") == self._of and isinstance(row := kept.get("row"), dict):
                yield Row.from_dict(row)


def _row(assistant: Assistant, case: Case, evidence: Sequence[Span], configuration: Configuration) -> Row:
    weight = configuration.settings.vector_weight
    try:
        if configuration.search_only:
            began = time.perf_counter()
            hits = assistant.search(case.question, configuration.filters, DEEP)
            return searched(case, hits, weight, 1000 * (time.perf_counter() - began))
        return answered(judge(assistant, case, evidence, configuration.filters), weight)
    except Exception as error:  # noqa: BLE001 - a failing case is a row and never ends the run
        return broken(case, error)


def _warm(assistant: Assistant, configuration: Configuration) -> None:
    """Load what the first question would load, without a call to a model."""
    if configuration.models or configuration.search_only:
        assistant.search("Are you ready?")
    else:
        assistant.ask("Are you ready?")


def _checks(configuration: Configuration) -> AbstractContextManager[object]:
    if not configuration.unchecked:
        return nullcontext()
    return patch.multiple(
        "assistant.answering.generative",
        verify=_let_through,
        confirm=lambda *told: told[2],
        LIKELY=-math.inf,
        SURE=-math.inf,
    )


def _let_through(_statement: str, evidence: Sequence[object]) -> Verdict:
    return Verdict(True, used=tuple(range(len(evidence))))

"""Ask every case of a question set under one or more configurations; print, report, compare with accepted numbers.

python -m evals.run [CASES.jsonl] [--articles FOLDER | --index DIR] [--configuration NAME ...] [--split dev|test|all]
                    [--gate [FILE]] [--accept [FILE]] [--html FILE] [--json FILE] [--against FILE.json] [--failures]
                    [--search-only] [--replies FILE] [--sample N] [--jobs N] [--resume FILE]

Without CASES the sample set is asked of the sample corpus. The index is built in a temporary folder unless one is
given. Apart from the latencies the output depends on nothing but code, settings, cases and articles. With the
configuration ``model`` the language model of the settings (``ASSISTANT_MODEL`` ...) writes the answers; its replies are
kept in ``--replies`` and read from there the next time. Exit codes: 0, 1 the gate failed, 2 the command line is wrong.
"""

from __future__ import annotations

import argparse
import json
import random
import sys
from collections.abc import Collection, Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

from assistant import Assistant, AssistantError, load_settings
from assistant.show import progress
from evals.configurations import NAMES, Configuration, configure
from evals.dataset import Case
from evals.exchange import export_beir, ragas_lines
from evals.figures import by_tag, curve, figures, lost_at
from evals.fingerprint import described, fingerprint, run_id
from evals.gate import BASELINES, accepted, compare, read_baseline, told, write_baseline
from evals.page import page
from evals.read import FORMS, QuestionSet, opened
from evals.report import index_of, table
from evals.rows import Row
from evals.runner import Journal, run

ROOT = Path(__file__).parents[1]
SAMPLE = Path(__file__).parent / "cases" / "sample.jsonl"
SAMPLE_ARTICLES = ROOT / "index" / "articles"
BY_TAG = (("right, by tag", "right"), ("refused, by why_not", "refused"), ("Hit@1, by tag", "hit@1"))
"""Tables by tag: title and measure."""

STANDARD = Path("standard")
"""Stands for the file of the question set in ``BASELINES``."""


@dataclass(frozen=True, slots=True)
class Run:
    """One configuration and what came of the cases.

    Attributes:
        tokens: that a model was shown and wrote.
    """

    configuration: Configuration
    rows: list[Row]
    tokens: tuple[int, int]

    @property
    def settings(self) -> dict[str, Any]:
        """The assistant's settings without secrets, as plain JSON types."""
        found: dict[str, Any] = json.loads(json.dumps(described(self.configuration)["settings"]))
        return found

    def to_dict(self) -> dict[str, Any]:
        """Return figures and rows for a machine to read."""
        found = figures(self.rows, self.tokens)
        return {
            **described(self.configuration),
            "tokens": self.tokens,
            "figures": {key: asdict(figure) for key, figure in found.items()},
            "by_tag": {key: [asdict(figure) for figure in by_tag(self.rows, key)] for _, key in BY_TAG},
            "curve": [(point.coverage, point.risk) for point in curve(self.rows)],
            "rows": [row.to_dict() for row in self.rows],
        }


def report(run: Run, *, failures: bool = False) -> str:
    """Return all tables of a run."""
    parts = [table(("measure", "value", "95 %", "n"), (f.cells() for f in figures(run.rows, run.tokens).values()))]
    for title, key in BY_TAG:
        groups = [] if key == "hit@1" and not run.configuration.search_only else by_tag(run.rows, key)
        if groups:
            parts.append(table((title, "share", "95 %", "n"), (figure.cells() for figure in groups)))
    parts.append(table(("lost at", "cases"), lost_at(run.rows)))
    if failures:
        parts.append("\n".join(_failure(row) for row in run.rows if row.failed))
    return "\n\n".join(parts)


def _failure(row: Row) -> str:
    sure = "" if row.sure is None else f"; confidence {row.sure:.3f}"
    return f"{row.id}  {row.question}\n      lost: {row.error or row.lost}{sure}\n      best: {row.best}"


def main(arguments: Sequence[str] | None = None) -> None:
    """Read the command line, ask, print, compare."""
    parser = _parser()
    options = parser.parse_args(arguments)
    if options.cases is None:
        options.cases, options.articles = SAMPLE, options.articles or (None if options.index else SAMPLE_ARTICLES)
    try:
        with opened(options.cases, options.articles, options.index, options.format) as questions:
            options.search_only = options.search_only or questions.search_only
            if options.gate:
                read_baseline(_baseline(options.gate, options))  # said now, not after minutes of asking
            with index_of(questions.articles, options.index, options.embedder) as index:
                made, runs = _run_all(options, questions, index)
                _write(options, made, runs)
                if options.export_beir:
                    export_beir(options.export_beir, index, runs[0].rows)
    except (OSError, ValueError, AssistantError) as error:
        parser.error(str(error))
    for one in runs:
        print(f"{options.cases.name}, {one.configuration.name}: {len(one.rows)} cases\n")
        print(report(one, failures=options.failures) + "\n")
    try:
        passes = _gate(options, made, runs)
    except (OSError, ValueError) as error:
        parser.error(str(error))
    if not passes:
        sys.exit(1)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m evals.run",
        description="Ask every case of a question set.",
        epilog="A question set of your own: python -m evals --init --help",
    )
    add = parser.add_argument
    add("cases", type=Path, nargs="?", help="question set: JSON lines, or a benchmark's file or folder; the sample set")
    add("--format", choices=FORMS, help="of the question set, where it is not told from the file; see docs/evals.md")
    add("--articles", type=Path, help="folder or file of the articles")
    add("--index", type=Path, help="index to ask instead of building one")
    add("--configuration", action="append", choices=NAMES, help="may be repeated; extractive")
    add("--split", choices=("dev", "test", "all"), default="all")
    add("--embedder", default="minilm", help="minilm, or none for words alone")
    add("--search-only", action="store_true", help="search, do not ask")
    add("--failures", action="store_true", help="list the cases that failed")
    add("--json", type=Path, help="file to write figures and rows to")
    add("--html", type=Path, help="file to write the page to")
    add("--against", type=Path, help="JSON file of another run, drawn beside this one on the page")
    add("--gate", type=Path, nargs="?", const=STANDARD, help="fail where the run is worse than the accepted numbers")
    add("--accept", type=Path, nargs="?", const=STANDARD, help="take the numbers of this run for accepted")
    add("--replies", type=Path, help="file of the model's replies, to read and to add to")
    add("--sample", type=int, help="ask only so many of the cases, drawn with seed 0")
    add("--jobs", type=int, default=1, help="cases asked at the same time; latencies mean nothing above 1")
    add("--export-ragas", type=Path, help="file to write the cases and answers to, in the form of RAGAS")
    add("--export-beir", type=Path, help="folder to write articles, questions and relevance to, in the form of BEIR")
    add("--resume", type=Path, help="file that keeps rows as they come, to go on after a break")
    return parser


def _chosen(questions: QuestionSet, options: argparse.Namespace, names: Collection[str]) -> list[Case]:
    """The cases to ask: of the split, sampled, fitted to the articles that there are."""
    chosen = [case for case in questions.cases if options.split in ("all", case.split)]
    if options.sample:
        chosen = random.Random(0).sample(chosen, min(options.sample, len(chosen)))
    # A conversation names no articles: any may say it.
    chosen = [replace(c, articles=frozenset(names)) if c.answerable and not c.articles else c for c in chosen]
    if questions.lenient:
        there = [replace(case, articles=case.articles & frozenset(names)) for case in chosen]
        chosen = [case for case in there if case.articles or not case.answerable]
        if len(chosen) < len(there):
            print(f"left out, since the index lacks their articles: {len(there) - len(chosen)} cases")
    if not chosen:
        raise ValueError(f"no case is left to ask of {options.cases}; widen --split, or check the index")
    return chosen


def _run_all(options: argparse.Namespace, questions: QuestionSet, index: Path) -> tuple[dict[str, Any], list[Run]]:
    settings = load_settings(embedder=options.embedder)
    with Assistant.open(index, settings, create=False, models=()) as assistant:
        infos = assistant.articles()
    cases = _chosen(questions, options, {Path(info.source).name for info in infos})
    made = fingerprint(cases, [info.id for info in infos])
    runs = []
    for name in dict.fromkeys(options.configuration or ["extractive"]):
        configuration = configure(name, settings, options.replies, search_only=options.search_only)
        journal = Journal(options.resume, run_id(made, configuration)) if options.resume else None
        with progress(name) as bar:
            rows = run(cases, index, configuration, jobs=options.jobs, on_done=bar, journal=journal)
        tokens = tuple(sum(getattr(m, count) for m in configuration.models) for count in ("prompted", "written"))
        runs.append(Run(configuration, rows, (tokens[0], tokens[1])))
    return made, runs


def _gate(options: argparse.Namespace, made: dict[str, Any], runs: Sequence[Run]) -> bool:
    """Compare with the accepted numbers, and accept the new ones, where asked for; return whether it passes."""
    passes = True
    if options.gate:
        file = _baseline(options.gate, options)
        before = read_baseline(file)["configurations"]
        for one in runs:
            name = one.configuration.name
            verdict = compare(name, before.get(name, {}), one.rows, one.settings)
            print(told(verdict) + "\n")
            passes = passes and verdict.passes
    if options.accept:
        file = _baseline(options.accept, options)
        kept = read_baseline(file)["configurations"] if file.exists() else {}
        kept |= {one.configuration.name: {"settings": one.settings, "cases": accepted(one.rows)} for one in runs}
        write_baseline(file, made, kept)
        print(f"accepted in {file}")
    return passes


def _baseline(named: Path, options: argparse.Namespace) -> Path:
    if named != STANDARD:
        return named
    name = f"{options.cases.stem}{'' if options.split == 'all' else '-' + options.split}"
    return BASELINES / f"{name}{'-search' if options.search_only else ''}.json"


def _write(options: argparse.Namespace, made: dict[str, Any], runs: Sequence[Run]) -> None:
    """Write what is wanted in files."""
    asked = {"file": options.cases.name, "split": options.split}
    kept = {"set": asked, "made": made, "configurations": {one.configuration.name: one.to_dict() for one in runs}}
    texts = {options.json: json.dumps(kept, indent=1, ensure_ascii=False) + "\n"}
    if options.html:
        texts[options.html] = page(kept, json.loads(options.against.read_text("utf-8")) if options.against else None)
    if options.export_ragas:
        texts[options.export_ragas] = ragas_lines(runs[0].rows)
    for file, text in texts.items():
        if file:
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(text, "utf-8")
            print(f"wrote {file}")


if __name__ == "__main__":
    main()

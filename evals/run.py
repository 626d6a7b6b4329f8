"""Ask every case of a question set and print what came of it.

python -m evals.run CASES.jsonl --articles FOLDER [--index DIR] [--split dev|test|all] [--failures] [--json FILE]

The index is built in a temporary folder unless one is given. Apart from the latencies the output depends on
nothing but the code, the cases and the articles.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Callable, Iterable, Sequence
from importlib.metadata import version
from pathlib import Path

from assistant import Assistant, Settings
from evals.dataset import Case, load_cases
from evals.judge import Outcome, judge
from evals.metrics import auroc
from evals.report import Share, index_of, percentile, table


def run(cases: Iterable[Case], index: Path, embedder: str = "minilm") -> list[Outcome]:
    """Return what came of each case, asked in order of one assistant that is warm from the first."""
    with Assistant.open(index, Settings(embedder=embedder), create=False) as assistant:
        assistant.ask("Are you ready?")
        return [judge(assistant, case) for case in cases]


def shares(outcomes: Sequence[Outcome]) -> dict[str, Share]:
    """Return every measure that is a share, by its name."""
    wanted = [o for o in outcomes if o.case.answerable]
    unwanted = [o for o in outcomes if not o.case.answerable]
    return {
        "right within the statements shown": Share.of(o.right for o in wanted),
        "right in the first statement": Share.of(o.first for o in wanted),
        "answerable wrongly refused": Share.of(o.refused for o in wanted),
        "unanswerable refused": Share.of(o.refused for o in unwanted),
        "statements cited from listed articles only": Share.of(flag for o in wanted for flag in o.listed),
        "citations verbatim": Share.of(flag for o in outcomes for flag in o.verbatim),
        "citations from body or caption": Share.of(flag for o in outcomes for flag in o.reporting),
    }


def numbers(outcomes: Sequence[Outcome]) -> dict[str, float]:
    """Return the measures that are not shares, by name; latencies in milliseconds."""
    confidence: dict[bool, list[float]] = {True: [], False: []}
    for outcome in outcomes:
        confidence[outcome.case.answerable].append(outcome.answer.confidence or 0.0)
    shown = [len(o.answer.statements) for o in outcomes if o.answer.statements]
    took = [o.milliseconds for o in outcomes]
    return {
        "AUROC of confidence": auroc(confidence[True], confidence[False]),
        "statements per answer": sum(shown) / len(shown) if shown else float("nan"),
        "latency p50, ms": percentile(took, 50),
        "latency p95, ms": percentile(took, 95),
    }


def groups(outcomes: Sequence[Outcome]) -> str:
    """Return the tables by tag, of answerable cases, and by why there is no answer."""
    wanted = [o for o in outcomes if o.case.answerable]
    unwanted = [o for o in outcomes if not o.case.answerable]
    by_tag = table(
        ("by tag, answerable", "shown", "95 %", "n", "first", "refused"),
        (
            (
                tag,
                *Share.of(o.right for o in some).cells(),
                _share(o.first for o in some),
                _share(o.refused for o in some),
            )
            for tag, some in _grouped(wanted, lambda o: o.case.tags)
        ),
    )
    by_reason = table(
        ("by why_not, unanswerable", "refused", "95 %", "n"),
        (
            (reason, *Share.of(o.refused for o in some).cells())
            for reason, some in _grouped(unwanted, lambda o: [str(o.case.why_not)])
        ),
    )
    by_loss = table(("lost at", "cases"), ((loss, len(some)) for loss, some in _grouped(outcomes, _losses)))
    return "\n\n".join((by_tag, by_reason, by_loss))


def failures(outcomes: Sequence[Outcome]) -> str:
    """Return the failing cases: id, question, where the answer was lost, the best statement."""
    return "\n".join(
        f"{o.case.id}  {o.case.question}\n"
        f"      lost: {o.lost}; confidence {o.answer.confidence or 0:.3f}\n"
        f"      best: {o.best}"
        for o in outcomes
        if o.lost
    )


def report(outcomes: Sequence[Outcome]) -> str:
    """Return all tables."""
    overall = [(name, *share.cells()) for name, share in shares(outcomes).items()]
    plain = [
        (name, f"{value:.3f}" if value < 10 else f"{value:.0f}", "", "") for name, value in numbers(outcomes).items()
    ]
    return table(("measure", "share", "95 %", "n"), [*overall, *plain]) + "\n\n" + groups(outcomes)


def to_json(outcomes: Sequence[Outcome]) -> dict[str, object]:
    """Return the figures and every case for a machine to read."""
    return {
        "version": version("news-assistant"),
        "shares": {name: share.to_dict() for name, share in shares(outcomes).items()},
        "numbers": numbers(outcomes),
        "cases": [
            {"id": o.case.id, "right": o.right, "first": o.first, "lost": o.lost, "answer": o.answer.to_dict()}
            for o in outcomes
        ],
    }


def main(arguments: Sequence[str] | None = None) -> None:
    """Read the command line, ask, print."""
    parser = argparse.ArgumentParser(prog="python -m evals.run", description="Ask every case of a question set.")
    parser.add_argument("cases", type=Path, help="question set, JSON lines")
    parser.add_argument("--articles", type=Path, help="folder or file of the articles")
    parser.add_argument("--index", type=Path, help="index to ask instead of building one")
    parser.add_argument("--split", choices=("dev", "test", "all"), default="dev")
    parser.add_argument("--embedder", default="minilm", help="minilm, or none for words alone")
    parser.add_argument("--failures", action="store_true", help="list the cases that failed")
    parser.add_argument("--json", type=Path, help="file to write figures and answers to")
    options = parser.parse_args(arguments)
    if not (options.articles or options.index):
        parser.error("give --articles or --index")
    try:
        cases = [case for case in load_cases(options.cases) if options.split in ("all", case.split)]
    except (OSError, ValueError) as error:
        parser.error(str(error))
    with index_of(options.articles, options.index, options.embedder) as index:
        outcomes = run(cases, index, options.embedder)
    print(f"{options.cases.name}, split {options.split}, embedder {options.embedder}: {len(outcomes)} cases\n")
    print(report(outcomes))
    if options.failures:
        print("\n" + failures(outcomes))
    if options.json:
        options.json.write_text(json.dumps(to_json(outcomes), indent=1, ensure_ascii=False) + "\n", "utf-8")


def _grouped(outcomes: Sequence[Outcome], keys: Callable[[Outcome], Iterable[str]]) -> list[tuple[str, list[Outcome]]]:
    found: dict[str, list[Outcome]] = {}
    for outcome in outcomes:
        for key in keys(outcome):
            found.setdefault(key, []).append(outcome)
    return sorted(found.items(), key=lambda item: (-len(item[1]), item[0]))


def _losses(outcome: Outcome) -> list[str]:
    return [outcome.lost] if outcome.lost else []


def _share(flags: Iterable[bool]) -> str:
    return Share.of(flags).cells()[0]


if __name__ == "__main__":
    main()

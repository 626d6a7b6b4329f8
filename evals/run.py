"""Ask every case of a question set and print what came of it.

python -m evals.run CASES.jsonl --articles FOLDER [--index DIR] [--split dev|test|all] [--failures] [--json FILE]
                    [--model [--unchecked]] [--replies FILE] [--sample N]

The index is built in a temporary folder unless one is given. Apart from the latencies the output depends on
nothing but the code, the cases and the articles. With ``--model`` the language model of the settings
(``ASSISTANT_MODEL`` ...) writes the answers; its replies are kept in ``--replies`` and read from there the next time.
"""

from __future__ import annotations

import argparse
import json
import random
from collections.abc import Callable, Iterable, Sequence
from contextlib import nullcontext
from importlib.metadata import version
from pathlib import Path
from unittest.mock import patch

from assistant import Assistant, Settings, load_settings
from assistant.answering.llm import Model
from assistant.answering.models import open_models
from assistant.answering.verify import Verdict
from evals.dataset import Case, load_cases
from evals.judge import Outcome, judge
from evals.metrics import auroc
from evals.replay import Replay
from evals.report import Share, index_of, percentile, table


def run(cases: Iterable[Case], index: Path, settings: Settings, models: Sequence[Model] = ()) -> list[Outcome]:
    """Return what came of each case, asked in order of one assistant that is warm from the first."""
    with Assistant.open(index, settings, create=False, models=()) as quoting:
        quoting.ask("Are you ready?")
    with Assistant.open(index, settings, create=False, models=models) as assistant:
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
        "written by a model": sum(o.answer.mode != "extractive" for o in outcomes),
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
    parser.add_argument("--model", action="store_true", help="have the language model of the settings write")
    parser.add_argument("--unchecked", action="store_true", help="let all that the model writes through, to compare")
    parser.add_argument("--replies", type=Path, help="file of the model's replies, to read and to add to")
    parser.add_argument("--sample", type=int, help="ask only so many of the cases, drawn with seed 0")
    options = parser.parse_args(arguments)
    if not (options.articles or options.index):
        parser.error("give --articles or --index")
    try:
        cases = [case for case in load_cases(options.cases) if options.split in ("all", case.split)]
    except (OSError, ValueError) as error:
        parser.error(str(error))
    if options.sample:
        cases = random.Random(0).sample(cases, min(options.sample, len(cases)))
    settings = load_settings(embedder=options.embedder)
    models: Sequence[Model] = open_models(settings) if options.model else ()
    if options.replies:
        models = [Replay(options.replies, model) for model in models] or [Replay(options.replies)]
    letting = patch("assistant.answering.generative.verify", _let_through) if options.unchecked else nullcontext()
    with index_of(options.articles, options.index, options.embedder) as index, letting:
        outcomes = run(cases, index, settings, models)
    print(f"{options.cases.name}, split {options.split}, embedder {options.embedder}: {len(outcomes)} cases\n")
    print(report(outcomes))
    if options.failures:
        print("\n" + failures(outcomes))
    if options.json:
        options.json.write_text(json.dumps(to_json(outcomes), indent=1, ensure_ascii=False) + "\n", "utf-8")


def _let_through(_statement: str, evidence: Sequence[object], **_: object) -> Verdict:
    return Verdict(True, used=tuple(range(len(evidence))))


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

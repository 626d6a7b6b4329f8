"""Plant faults that a careless change would make, and see whether the gate catches them.

python -m evals.damage [--index DIR] [--split dev|test|all] [--sample N] [DAMAGE ...]

Asks the sample set as it is and again with each fault, and prints what the gate says. A gate that lets one of them
pass is no gate; tests/campaigns/test_evals_gate.py holds it to that on few cases.
"""

from __future__ import annotations

import argparse
import random
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager, nullcontext
from dataclasses import replace
from pathlib import Path
from typing import Any
from unittest.mock import patch

from assistant import Answer, Filters, load_settings
from assistant.answering.present import Presentation
from assistant.prompting import fill
from assistant.retrieval.hybrid import fuse
from assistant.show import progress
from evals.configurations import Configuration, configure
from evals.dataset import load_cases
from evals.gate import accepted, compare
from evals.report import index_of, table
from evals.rows import MEASURES
from evals.runner import run

ROOT = Path(__file__).parents[1]
CASES = Path(__file__).parent / "cases" / "sample.jsonl"

Damaged = tuple[Configuration, AbstractContextManager[Any]]


def vectors_off(sound: Configuration) -> Damaged:
    """Search by words alone, as when the embedding model cannot be loaded."""
    return replace(sound, settings=replace(sound.settings, embedder="none")), nullcontext()


def words_off(sound: Configuration) -> Damaged:
    """Let BM25 find nothing."""
    return sound, patch("assistant.retrieval.lexical.LexicalIndex.search", lambda *_: [])


def weights_swapped(sound: Configuration) -> Damaged:
    """Give words the weight of vectors and vectors that of words."""
    return sound, patch(
        "assistant.retrieval.hybrid.fuse", lambda words, meaning, weight: fuse(words, meaning, 1 - weight)
    )


def comments_in(sound: Configuration) -> Damaged:
    """Search and cite what readers wrote under the articles."""
    return replace(sound, filters=Filters(zones=("body", "caption", "comment"))), nullcontext()


def refuses_nothing(sound: Configuration) -> Damaged:
    """Move the refusal threshold to 0."""
    return replace(sound, settings=replace(sound.settings, threshold=0.0)), nullcontext()


def refuses_more(sound: Configuration) -> Damaged:
    """Move the refusal threshold to 0.9."""
    return replace(sound, settings=replace(sound.settings, threshold=0.9)), nullcontext()


def citations_shifted(sound: Configuration) -> Damaged:
    """Let every statement cite the number after its own."""

    def shifted(answer: Answer) -> Answer:
        moved = (replace(s, citations=tuple(number + 1 for number in s.citations)) for s in answer.statements)
        return replace(answer, statements=tuple(moved))

    return sound, _altered(shifted)


def offsets_shifted(sound: Configuration) -> Damaged:
    """Let every citation begin and end one character late."""

    def shifted(answer: Answer) -> Answer:
        return replace(answer, citations=tuple(replace(c, start=c.start + 1, end=c.end + 1) for c in answer.citations))

    return sound, _altered(shifted)


def prompt_line_removed(sound: Configuration) -> Damaged:
    """Take out of the prompt that statements end in the numbers of sentences."""

    def without(name: str, /, **values: object) -> str:
        lines = fill(name, **values).splitlines()
        return "\n".join(line for line in lines if "End every statement with" not in line)

    return sound, patch("assistant.answering.shown.fill", without)


DAMAGES: dict[str, Callable[[Configuration], Damaged]] = {
    "vectors off": vectors_off,
    "BM25 off": words_off,
    "fusion weights swapped": weights_swapped,
    "comments let in": comments_in,
    "nothing refused": refuses_nothing,
    "threshold at 0.9": refuses_more,
    "citation numbers shifted": citations_shifted,
    "citation offsets shifted": offsets_shifted,
}
"""The faults that need no model; ``prompt_line_removed`` needs one, or its replies."""


@contextmanager
def planted(name: str, sound: Configuration) -> Iterator[Configuration]:
    """Give the configuration with a fault; what is patched is mended on leaving."""
    configuration, faulty = DAMAGES[name](sound)
    with faulty:
        yield configuration


def _altered(change: Callable[[Answer], Answer]) -> AbstractContextManager[Any]:
    made = Presentation.answer
    return patch.object(Presentation, "answer", lambda *args, **named: change(made(*args, **named)))


def main(arguments: Sequence[str] | None = None) -> None:
    """Read the command line, plant, ask, print."""
    parser = argparse.ArgumentParser(prog="python -m evals.damage", description="Does the gate catch planted faults?")
    parser.add_argument("damage", nargs="*", help="the faults to plant; all")
    parser.add_argument("--index", type=Path, help="index to ask instead of building one")
    parser.add_argument("--split", choices=("dev", "test", "all"), default="all")
    parser.add_argument("--sample", type=int, help="ask only so many of the cases, drawn with seed 0")
    options = parser.parse_args(arguments)
    if unknown := [name for name in options.damage if name not in DAMAGES]:
        parser.error(f"there is no fault {unknown[0]!r}; known are {', '.join(DAMAGES)}")
    cases = [case for case in load_cases(CASES) if options.split in ("all", case.split)]
    cases = random.Random(0).sample(cases, min(options.sample, len(cases))) if options.sample else cases
    lines = []
    with index_of(ROOT / "index" / "articles", options.index, "minilm") as index:
        sound = configure("extractive", load_settings())
        with progress("as it is") as bar:
            before = accepted(run(cases, index, sound, on_done=bar))
        for name in options.damage or DAMAGES:
            with planted(name, sound) as configuration, progress(name) as bar:
                verdict = compare(name, {"cases": before}, run(cases, index, configuration, on_done=bar))
            failing = sorted(verdict.failing, key=lambda change: change.p)
            shown = "; ".join(f"{MEASURES[c.key].label} {c.before:.3f} -> {c.now:.3f}" for c in failing)
            lines.append((name, "PASSED" if verdict.passes else "caught", f"  {shown}"))
    print(f"{len(cases)} cases")
    print(table(("planted fault", "gate", "  what fell"), lines))


if __name__ == "__main__":
    main()

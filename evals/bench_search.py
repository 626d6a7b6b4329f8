"""How search and answers slow down as an index grows; part of ``python -m evals.bench``."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from assistant import Assistant, Settings
from assistant.aliases import load_aliases
from assistant.retrieval.hybrid import DEPTH
from assistant.retrieval.lexical import LexicalIndex
from assistant.retrieval.store import Store
from assistant.retrieval.vector import VectorIndex
from evals.dataset import load_cases
from evals.report import percentile, table
from evals.synthetic import Writer, grow, sample_texts, vocabulary

CASES = Path(__file__).parent / "cases" / "sample.jsonl"
SIZES = (1_000, 20_000, 200_000)
"""Passages; a news article has about ten."""

COMPARED = 20_000
"""Passages at which Chroma is compared with exact search."""


def bench_search(articles: Path, most: int) -> None:
    """Time search and ask once loaded, on growing stores of invented passages with random vectors."""
    questions = [case.question for case in load_cases(CASES) if case.split == "dev" and not case.history][:40]
    writer = Writer(vocabulary(sample_texts(articles)))
    lines: list[tuple[str, ...]] = []
    with TemporaryDirectory() as name:
        folder = Path(name)
        for passages in SIZES:
            if passages > most:
                break
            with Store.open(folder, create=True) as store:
                seconds = timed(lambda store=store, n=passages: grow(store, writer, n))  # type: ignore[misc]
            print(f"grew to {passages:,} passages in {seconds:.1f} s", flush=True)
            kinds = ("exact", "chroma") if passages == COMPARED else ("exact",)
            lines += [(f"{passages:,} {kind}", *_latencies(folder, kind, questions, writer)) for kind in kinds]
    header = ("passages", "loading", "words", "vectors", "search p50", "p95", "ask p50", "p95")
    print(f"milliseconds once loaded, {len(questions)} questions; loading reads the vectors or builds Chroma")
    print(table(header, lines))


def _latencies(folder: Path, kind: str, questions: Sequence[str], writer: Writer) -> list[str]:
    with Store.open(folder) as store:
        words, vectors = LexicalIndex(store, load_aliases(folder)), VectorIndex(store, kind=kind)
        loading = 1000 * timed(lambda: len(vectors))
        by_words = _each(lambda question: words.search(question, DEPTH), questions)
        by_vectors = _each(lambda vector: vectors.search(vector, DEPTH), list(writer.vectors(len(questions))))
    with Assistant.open(folder, Settings(vector_index=kind), create=False) as assistant:  # type: ignore[arg-type]
        assistant.ask(questions[0])
        whole = [_each(work, questions) for work in (assistant.search, assistant.ask)]
    columns = [loading, percentile(by_words, 50), percentile(by_vectors, 50)]
    columns += [percentile(took, percent) for took in whole for percent in (50, 95)]
    return [f"{value:.1f}" if value < 10 else f"{value:.0f}" for value in columns]


def _each(work: Callable[[Any], object], items: Sequence[Any]) -> list[float]:
    """Return how many milliseconds ``work`` takes for each item, after one for warming up."""
    work(items[0])
    return [1000 * timed(lambda item=item: work(item)) for item in items]  # type: ignore[misc]


def timed(work: Callable[[], object]) -> float:
    """Return how many seconds ``work`` takes."""
    began = time.perf_counter()
    work()
    return time.perf_counter() - began

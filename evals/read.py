"""Question sets of any known form, by path."""

from __future__ import annotations

import gzip
import json
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from evals.benchmarks import FILE, Benchmark, Record, beir, clapnq, lines_of, rgb, squad
from evals.dataset import Case, load_cases
from evals.quiz import half_of, plain

BENCHMARKS: Mapping[str, Callable[[Path], Benchmark]] = {
    "squad": squad,
    "beir": beir,
    "rgb": rgb,
    "clapnq": clapnq,
}
FORMS = ("cases", "conversations", "news", "ragas", *BENCHMARKS)


@dataclass(frozen=True, slots=True)
class QuestionSet:
    """Cases, and where the articles are that they are about.

    Attributes:
        articles: folder or file to build an index from; None where one is given.
        search_only: nothing says what the answers are.
        lenient: not written for this project: cases whose articles the index lacks are left out.
    """

    cases: list[Case]
    articles: Path | None
    search_only: bool = False
    lenient: bool = True


@contextmanager
def opened(path: Path, articles: Path | None, index: Path | None, form: str | None = None) -> Iterator[QuestionSet]:
    """Give the question set of a file or folder; what has to be written for it goes when it is closed.

    Args:
        path: of the questions.
        articles: folder or file of the articles, where they are not part of it.
        index: folder of an index that holds them already.
        form: one of ``FORMS``; by default told from the content.

    Raises:
        ValueError: no known form, a wrong line, or no articles.
    """
    form = form or form_of(path)
    if form not in FORMS:
        raise ValueError(f"{path}: there is no form {form!r}; known are {', '.join(FORMS)}")
    with TemporaryDirectory() as folder:
        if form in BENCHMARKS:
            yield _of_benchmark(BENCHMARKS[form](path), articles, index, Path(folder))
        elif form == "news":
            yield _news(path, articles, index, Path(folder))
        elif form == "ragas" and not (articles or index):
            yield _of_benchmark(_ragas(path), None, None, Path(folder))
        else:
            if not (articles or index):
                raise ValueError("give --articles or --index")
            if form == "ragas":
                raise ValueError("RAGAS rows bring their contexts along; leave --articles and --index out")
            cases = load_cases(path) if form == "cases" else _conversations(path)
            yield QuestionSet(cases, articles, lenient=False)


def form_of(path: Path) -> str:
    """Return which of ``FORMS`` a file or folder has.

    Raises:
        ValueError: none of them.
    """
    if path.is_dir():
        for form, needed in (("beir", "corpus.jsonl"), ("news", "questions.jsonl")):
            if (path / needed).is_file():
                return form
        raise ValueError(f"'{path}' holds neither corpus.jsonl (BEIR) nor questions.jsonl; name a file")
    if path.suffix == ".json":
        return "squad"
    keys = next(iter(lines_of(path)), {})
    known = {
        "conversations": {"turns"}, "ragas": {"user_input"}, "rgb": {"query", "positive"},
        "clapnq": {"input", "passages"}, "squad": {"context", "answers"}, "news": {"asked", "answer"},
    }  # fmt: skip
    return next((form for form, wanted in known.items() if isinstance(keys, dict) and wanted <= keys.keys()), "cases")


def _of_benchmark(made: Benchmark, articles: Path | None, index: Path | None, folder: Path) -> QuestionSet:
    file = folder / FILE
    file.write_text("".join(json.dumps(one, ensure_ascii=False) + "\n" for one in made.texts), "utf-8")
    return QuestionSet(made.cases, articles or (None if index else file), made.search_only)


def _news(path: Path, articles: Path | None, index: Path | None, folder: Path) -> QuestionSet:
    """Questions with the ids of the articles that hold the answer: ``id asked question answer articles``."""
    questions = path / "questions.jsonl" if path.is_dir() else path
    known = articles or next(
        (one for name in ("articles.jsonl", "articles.jsonl.gz") if (one := questions.parent / name).is_file()), None
    )
    if known is None:
        raise ValueError(f"{questions}: give the file of the articles and their ids with --articles")
    records = list(_unpacked(known))
    file = folder / FILE
    file.write_text("".join(json.dumps(one, ensure_ascii=False) + "\n" for one in records), "utf-8")
    names = {record["id"]: f"{FILE}#{number}" for number, record in enumerate(records, 1)}
    return QuestionSet([_news_case(row, names) for row in lines_of(questions)], None if index else file)


def _news_case(row: Record, names: Mapping[str, str]) -> Case:
    answer = row["answer"]
    facts = ((answer, plain(answer)),) if answer is not None else ()
    return Case(
        row["id"], row["question"], (), bool(facts), None if facts else "not_in_corpus", facts,
        frozenset(names[one] for one in row["articles"] if one in names), frozenset(),
        "dev" if half_of(row["id"]) == "tune" else "test",
    )  # fmt: skip


def _unpacked(file: Path) -> Iterator[Record]:
    if file.suffix != ".gz":
        yield from lines_of(file)
        return
    with gzip.open(file, "rt", encoding="utf-8") as lines:
        yield from (json.loads(line) for line in lines if line.strip())


def _ragas(path: Path) -> Benchmark:
    """RAGAS rows: ``user_input reference reference_contexts``; the contexts become articles."""
    made = Benchmark()
    for number, row in enumerate(lines_of(path), 1):
        contexts = row.get("reference_contexts") or []
        articles = [made.add("", text) for text in contexts]
        for text in row.get("retrieved_contexts") or []:
            made.add("", text)
        facts = row.get("facts") or ([[row["reference"]]] if row.get("reference") and contexts else [])
        made.ask(str(row.get("id", f"r{number:03}")), row["user_input"], facts, articles if facts else [])
    return made


def _conversations(path: Path) -> list[Case]:
    """Conversations as cases: each turn with the questions before it, and what it must be made into."""
    cases = []
    for row in lines_of(path):
        earlier: list[str] = []
        for number, turn in enumerate(row["turns"], 1):
            cases.append(_turn(f"{row['id']}.{number}", turn, tuple(earlier)))
            earlier.append(turn["question"])
    return cases


def _turn(name: str, turn: Mapping[str, Any], earlier: tuple[str, ...]) -> Case:
    facts = tuple(map(tuple, turn["expected"] or ()))
    tags = frozenset({"leaning" if turn["changed"] else "whole", "later" if earlier else "first"})
    return Case(
        name, turn["question"], earlier, bool(facts), None if facts else "not_in_corpus", facts, frozenset(), tags,
        "dev", needs=tuple(map(tuple, turn["needs"])),
    )  # fmt: skip

"""Readers of public benchmarks by path: SQuAD and XQuAD, BEIR, RGB, ClapNQ. None is fetched or shipped."""

from __future__ import annotations

import csv
import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from evals.dataset import Case
from evals.quiz import plain

Record = dict[str, Any]
FILE = "articles.jsonl"
"""The file that texts of a benchmark become; its n-th is the article ``articles.jsonl#n``."""


@dataclass
class Benchmark:
    """Texts to be added to an index, and cases that name them.

    Attributes:
        search_only: it says which texts are relevant and not what the answers are.
    """

    texts: list[dict[str, str]] = field(default_factory=list)
    cases: list[Case] = field(default_factory=list)
    search_only: bool = False
    _names: dict[tuple[str, str], str] = field(default_factory=dict)

    def add(self, title: str, text: str) -> str:
        """Add a text unless it is there; return its name."""
        known = self._names.get((title, text))
        if known is None:
            self.texts.append({"title": title, "text": text})
            known = self._names[title, text] = f"{FILE}#{len(self.texts)}"
        return known

    def ask(
        self,
        name: str,
        question: str,
        answers: Iterable[Iterable[str]],
        articles: Iterable[str],
        *,
        spans: tuple[str, ...] = (),
        why_not: str = "not_in_corpus",
    ) -> None:
        """Add a case.

        Args:
            name: its id.
            question: as asked.
            answers: all of the outer are expected, each in one of its inner wordings; none: unanswerable.
            articles: names of the texts that say it.
            spans: wordings of those texts that carry the answer.
            why_not: of an unanswerable question.
        """
        facts = tuple(tuple(dict.fromkeys(way for one in ways for way in (one, plain(one)) if way)) for ways in answers)
        answerable = bool(facts) or (self.search_only and bool(articles))
        self.cases.append(
            Case(
                name, question, (), answerable, None if answerable else why_not, facts, frozenset(articles),
                frozenset(), "test", spans,
            )
        )  # fmt: skip


def squad(path: Path) -> Benchmark:
    """Read SQuAD 1.1, SQuAD 2.0 or XQuAD: the published JSON, or one row a line as on the Hugging Face hub.

    Each paragraph becomes an article; the question is asked of all of them, which is harder than what the papers
    measure. Rajpurkar et al. 2016 and 2018, Artetxe et al. 2020.
    """
    made = Benchmark()
    for title, context, row in _squad_rows(path):
        name = made.add(title, context)
        answers = row["answers"]
        texts = answers["text"] if isinstance(answers, dict) else [one["text"] for one in answers]
        if texts:
            made.ask(str(row["id"]), row["question"], [texts], [name], spans=tuple(dict.fromkeys(texts)))
        else:
            made.ask(str(row["id"]), row["question"], [], [], why_not="near_miss")
    return made


def _squad_rows(path: Path) -> Iterator[tuple[str, str, Record]]:
    if path.suffix == ".jsonl":
        for row in lines_of(path):
            yield str(row.get("title", "")), row["context"], row
        return
    for article in json.loads(path.read_text("utf-8"))["data"]:
        for paragraph in article["paragraphs"]:
            for row in paragraph["qas"]:
                yield str(article.get("title", "")), paragraph["context"], row


def beir(folder: Path, split: str = "test") -> Benchmark:
    """Read a folder of BEIR (Thakur et al. 2021): ``corpus.jsonl``, ``queries.jsonl``, ``qrels/SPLIT.tsv``.

    It says which texts are relevant, so it is searched and not asked. Relevance above 0 counts as 1.
    """
    made = Benchmark(search_only=True)
    names = {row["_id"]: made.add(row.get("title", ""), row["text"]) for row in lines_of(folder / "corpus.jsonl")}
    relevant: dict[str, list[str]] = {}
    with (folder / "qrels" / f"{split}.tsv").open(encoding="utf-8", newline="") as stream:
        for row in csv.DictReader(stream, delimiter="\t"):
            if float(row["score"]) > 0 and row["corpus-id"] in names:
                relevant.setdefault(row["query-id"], []).append(names[row["corpus-id"]])
    for row in lines_of(folder / "queries.jsonl"):
        if articles := relevant.get(str(row["_id"])):
            made.ask(str(row["_id"]), row["text"], [], articles)
    return made


def rgb(path: Path) -> Benchmark:
    """Read RGB (Chen et al. 2024), JSON lines of ``query answer positive negative``.

    All documents of all questions, right ones and distracting ones, make one collection. An answer is a wording, a list
    of wordings, or a list of lists: of each one.
    """
    made = Benchmark()
    for row in lines_of(path):
        articles = [made.add("", text) for text in _flat(row["positive"])]
        for text in _flat(row.get("negative", [])):
            made.add("", text)
        answer = row["answer"] if isinstance(row["answer"], list) else [row["answer"]]
        nested = any(isinstance(one, list) for one in answer)
        ways = [one if isinstance(one, list) else [one] for one in answer] if nested else [answer]
        made.ask(str(row["id"]), row["query"], ways if articles else [], articles)
    return made


def clapnq(path: Path) -> Benchmark:
    """Read ClapNQ (Rosenthal et al. 2025), JSON lines of ``id input passages output``.

    Its answers are long and free; here an answer is right if it states one of the sentences that the annotators chose.
    Without an answer the question is unanswerable, and its passage a near miss.
    """
    made = Benchmark()
    for row in lines_of(path):
        chosen: list[str] = []
        names = [made.add(passage.get("title", ""), passage["text"]) for passage in row["passages"]]
        for output in row.get("output", []):
            chosen += [" ".join(one.split()) for one in output.get("selected_sentences", []) if output.get("answer")]
        if chosen:
            made.ask(str(row["id"]), row["input"], [chosen], names)
        else:
            made.ask(str(row["id"]), row["input"], [], [], why_not="near_miss")
    return made


def lines_of(path: Path) -> Iterator[Record]:
    """Yield the rows of a file of JSON lines.

    Raises:
        ValueError: naming file and line.
    """
    with path.open(encoding="utf-8") as stream:
        for number, line in enumerate(stream, 1):
            if line.strip():
                try:
                    yield json.loads(line)
                except ValueError as error:
                    raise ValueError(f"{path}, line {number}: {error}") from error


def _flat(texts: Iterable[Any]) -> Iterator[str]:
    """Yield texts of a list that may hold lists: RGB's questions of several parts have one for each."""
    for one in texts:
        if isinstance(one, str):
            yield one
        else:
            yield from _flat(one)

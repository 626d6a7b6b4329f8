"""Search and answers on a news quiz: words, vectors and both, in one run over the same questions.

python -m evals.quiz QUESTIONS.jsonl --articles ARTICLES.jsonl [--index DIR] [--half tune|held|all]

Hit@k is the share of answerable questions with one of their articles among the first k distinct articles, ranked
by best passage. Constants are chosen on the ``tune`` half and reported on the ``held`` one; halves go by a hash of
the question's id.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import re
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from assistant import Answer, ArticleInfo, Assistant, Hit, Settings
from evals.dataset import load_quiz
from evals.metrics import auroc, hit_at, normal, says
from evals.report import Share, index_of, percentile, table
from evals.significance import mcnemar

WAYS: dict[str, dict[str, Any]] = {
    "BM25 alone": {"embedder": "none"},
    "vectors alone": {"vector_weight": 1.0},
    "hybrid": {},
}
"""What is compared, as changes of the default settings."""

EVERYTHING = 10_000
"""More passages than a search ever looks at: no cut before articles are ranked."""

_ONES = "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen"
_TENS = "twenty thirty forty fifty sixty seventy eighty ninety"
_DIGITS = {word: str(n) for n, word in enumerate(f"{_ONES} seventeen eighteen nineteen".split())}
_DIGITS |= {word: str(10 * n) for n, word in enumerate(_TENS.split(), 2)}

Row = dict[str, Any]


def half_of(question_id: str) -> str:
    """Return ``tune`` or ``held``, by a hash."""
    return "held" if int(hashlib.sha1(question_id.encode(), usedforsecurity=False).hexdigest(), 16) % 2 else "tune"


def plain(text: str) -> str:
    """Return text for comparing answers: no case, quotation marks, brackets' contents or leading article; digits."""
    words = re.sub(r"\([^)]*\)|[\"“”]", " ", normal(text)).split()
    if words and words[0] in ("a", "an", "the", "in"):
        words = words[1:]
    return re.sub(r"[a-z]+", lambda match: _DIGITS.get(match.group(), match.group()), " ".join(words))


def ranked(hits: Sequence[Hit], ids: Mapping[str, str]) -> list[str]:
    """Return the quiz's ids of the articles found, by best passage; a folded copy stands behind what it copies."""
    articles: list[ArticleInfo] = []
    for hit in hits:
        articles += (hit.article, *(copy for copy, _ in hit.copies))
    return list(dict.fromkeys(ids[article.source.rpartition("#")[2]] for article in articles))


def search_all(rows: Sequence[Row], index: Path, ids: Mapping[str, str]) -> dict[str, list[list[str]]]:
    """Return for each way of searching the article ids found for each question."""
    found = {}
    for name, changes in WAYS.items():
        settings = Settings(**{"passages_per_article": EVERYTHING, **changes})
        with Assistant.open(index, settings, create=False) as assistant:
            found[name] = [ranked(assistant.search(row["question"], limit=EVERYTHING), ids) for row in rows]
    return found


def search_report(rows: Sequence[Row], found: Mapping[str, list[list[str]]]) -> str:
    """Return the table of Hit@k and the test of hybrid against BM25 at rank 1."""
    hits = {
        name: {k: [hit_at(k, one, row["articles"]) for one, row in zip(lists, rows, strict=True)] for k in (1, 5, 10)}
        for name, lists in found.items()
    }
    lines = []
    for name, by_depth in hits.items():
        share, interval, n = Share.of(by_depth[1]).cells()
        deeper = [Share.of(by_depth[k]).cells()[0] for k in (5, 10)]
        lines.append((name, share, interval, *deeper, min(map(len, found[name]), default=0), n))
    pairs = list(zip(hits["hybrid"][1], hits["BM25 alone"][1], strict=True))
    better, worse = pairs.count((True, False)), pairs.count((False, True))
    header = ("search", "Hit@1", "95 %", "Hit@5", "Hit@10", "fewest articles ranked", "n")
    test = f"hybrid against BM25 at rank 1: {better} won, {worse} lost, exact McNemar p = {mcnemar(better, worse):.3f}"
    return table(header, lines) + "\n" + test


def answer_report(rows: Sequence[Row], index: Path, texts: Mapping[str, str]) -> str:
    """Ask every question and return the table of answers and refusals."""
    with Assistant.open(index, Settings(), create=False) as assistant:
        answers = [assistant.ask(row["question"]) for row in rows]
        hits = [assistant.search(row["question"]) for row in rows]
    wanted = [(row, a, h) for row, a, h in zip(rows, answers, hits, strict=True) if row["answer"] is not None]
    held = [one for one in wanted if any(_holds(texts[name], one[0]) for name in one[0]["articles"])]
    unwanted = [a for row, a in zip(rows, answers, strict=True) if row["answer"] is None]
    yes, no = [a.confidence or 0.0 for _, a, _ in wanted], [a.confidence or 0.0 for a in unwanted]
    took = [float(a.timings_ms.get("total", 0)) for a in answers]
    lines = [
        ("answer within the statements shown", *Share.of(_answers(a, row) for row, a, _ in wanted).cells()),
        ("  where an article holds it in these words", *Share.of(_answers(a, row) for row, a, _ in held).cells()),
        ("  of those, in the first statement", *Share.of(_answers(a, row, 1) for row, a, _ in held).cells()),
        (
            "  of those, in the passages found",
            *Share.of(any(_holds(x.text, row) for x in h) for row, _, h in held).cells(),
        ),
        ("answerable wrongly refused", *Share.of(a.status == "refused" for _, a, _ in wanted).cells()),
        ("unanswerable refused", *Share.of(a.status == "refused" for a in unwanted).cells()),
        ("AUROC of confidence", f"{auroc(yes, no):.3f}", "", ""),
        ("latency p50 / p95, ms", f"{percentile(took, 50):.0f} / {percentile(took, 95):.0f}", "", ""),
    ]
    return table(("answers", "share", "95 %", "n"), lines)


def main(arguments: Sequence[str] | None = None) -> None:
    """Read the command line, search, ask, print."""
    parser = argparse.ArgumentParser(prog="python -m evals.quiz", description="Search and answers on a news quiz.")
    parser.add_argument("questions", type=Path, help="JSON lines: id, question, asked, answer, articles")
    parser.add_argument("--articles", type=Path, required=True, help="the articles' JSON lines, with their ids")
    parser.add_argument("--index", type=Path, help="index built from that file")
    parser.add_argument("--half", choices=("tune", "held", "all"), default="all")
    parser.add_argument("--search-only", action="store_true", help="do not ask")
    options = parser.parse_args(arguments)
    rows = [row for row in load_quiz(options.questions) if options.half in ("all", half_of(row["id"]))]
    articles = list(_records(options.articles))
    ids = {str(number): record["id"] for number, record in enumerate(articles, 1)}
    with index_of(options.articles, options.index, "minilm") as index:
        answerable = [row for row in rows if row["answer"] is not None]
        print(f"{options.questions.name}, half {options.half}: {len(rows)} questions, {len(articles)} articles\n")
        print(search_report(answerable, search_all(answerable, index, ids)))
        if not options.search_only:
            texts = {record["id"]: f"{record.get('title', '')}\n{record['text']}" for record in articles}
            print("\n" + answer_report(rows, index, texts))


def _records(path: Path) -> Iterator[Row]:
    """Yield the articles in the order in which the assistant numbers them: blank lines do not count."""
    with path.open(encoding="utf-8") as lines:
        for line in lines:
            if line.strip():
                yield json.loads(line)


def _holds(text: str, row: Row) -> bool:
    return says(plain(text), plain(row["answer"]))


def _answers(answer: Answer, row: Row, first: int | None = None) -> bool:
    return any(_holds(statement.text, row) for statement in answer.statements[:first])


if __name__ == "__main__":
    main()

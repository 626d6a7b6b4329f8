"""Cases and answers written in the forms of other tools: RAGAS and BEIR. ``evals/read.py`` reads both."""

from __future__ import annotations

import json
from collections.abc import Iterable
from pathlib import Path

from assistant import Assistant, Settings
from evals.rows import Row


def ragas_lines(rows: Iterable[Row]) -> str:
    """Return JSON lines with the fields of a RAGAS single-turn sample, and the id and facts that it has no field for.

    ``reference`` joins the first wording of every fact; ``reference_contexts`` are the passages found that are of a
    listed article.
    """
    lines = []
    for row in rows:
        sample = {
            "user_input": row.question,
            "response": " ".join(statement["text"] for statement in row.got),
            "retrieved_contexts": [hit["text"] for hit in row.found],
            "reference": "; ".join(ways[0] for ways in row.expected),
            "reference_contexts": [hit["text"] for hit in row.found if hit["listed"]],
            "id": row.id,
            "facts": row.expected,
        }
        lines.append(json.dumps(sample, ensure_ascii=False) + "\n")
    return "".join(lines)


def export_beir(folder: Path, index: Path, rows: Iterable[Row]) -> None:
    """Write articles, questions and relevance as BEIR has them; unanswerable questions have no place there.

    Args:
        folder: is made.
        index: folder of the index.
        rows: of any configuration.
    """
    rows = [row for row in rows if row.answerable]
    with Assistant.open(index, Settings(embedder="none"), create=False, models=()) as assistant:
        articles = [article for info in assistant.articles() if (article := assistant.article(info.id))]
    corpus = [{"_id": Path(a.source).name, "title": a.title or "", "text": a.text} for a in articles]
    (folder / "qrels").mkdir(parents=True, exist_ok=True)
    _write(folder / "corpus.jsonl", (json.dumps(one, ensure_ascii=False) for one in corpus))
    _write(folder / "queries.jsonl", (json.dumps({"_id": r.id, "text": r.question}, ensure_ascii=False) for r in rows))
    relevant = (f"{row.id}\t{name}\t1" for row in rows for name in row.articles)
    _write(folder / "qrels" / "test.tsv", ("query-id\tcorpus-id\tscore", *relevant))
    print(f"wrote {folder}")


def _write(file: Path, lines: Iterable[str]) -> None:
    file.write_text("".join(line + "\n" for line in lines), "utf-8")

"""Question sets of other makers."""

import json

import pytest

from evals import run
from evals.read import form_of, opened

TEXTS = [
    "The ferry between Tarn and Ossel sailed again on Saturday after 19 days in dock, the harbour office said. "
    "Repairs to its rudder cost 480,000 crowns, harbour master Ilse Brandt said.",
    "A goat cheese from the Varnholt dairy won the Golden Whey on Tuesday. "
    "Jurors praised its rind, and the dairyman Otto Lindqvist danced on the table until the morning came.",
]
QUESTIONS = ["What did repairing the ferry's rudder cost?", "Who danced on the table?"]
ANSWERS = ["480,000 crowns", "Otto Lindqvist"]


def lines(path, rows):
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("".join(json.dumps(row) + "\n" for row in rows), "utf-8")
    return path


def squad(folder):
    paragraphs = [
        {"context": text, "qas": [{"id": f"q{n}", "question": QUESTIONS[n], "answers": [{"text": ANSWERS[n]}]}]}
        for n, text in enumerate(TEXTS)
    ]
    paragraphs[0]["qas"].append({"id": "no", "question": "Who built the ferry?", "answers": [], "is_impossible": True})
    path = folder / "squad.json"
    path.write_text(json.dumps({"data": [{"title": "News", "paragraphs": paragraphs}]}), "utf-8")
    return path


def squad_rows(folder):
    return lines(folder / "hub.jsonl", [
        {"id": f"q{n}", "title": "News", "context": text, "question": QUESTIONS[n], "answers": {"text": [ANSWERS[n]]}}
        for n, text in enumerate(TEXTS)
    ])  # fmt: skip


def rgb(folder):
    return lines(folder / "en.json.jsonl", [
        {"id": 0, "query": QUESTIONS[0], "answer": ["480,000", "480"], "positive": TEXTS[:1], "negative": TEXTS[1:]},
        {"id": 1, "query": QUESTIONS[1], "answer": [["Otto"], ["Lindqvist"]], "positive": [[TEXTS[1]]], "negative": []},
    ])  # fmt: skip


def clapnq(folder):
    rows = [
        {"id": f"q{n}", "input": QUESTIONS[n], "passages": [{"title": "News", "text": text}],
         "output": [{"answer": ANSWERS[n], "selected_sentences": [text.partition(". ")[2]]}]}
        for n, text in enumerate(TEXTS)
    ]  # fmt: skip
    rows.append({"id": "no", "input": "Who built it?", "passages": [{"title": "News", "text": TEXTS[0]}], "output": []})
    return lines(folder / "clapnq.jsonl", rows)


def news(folder):
    lines(folder / "articles.jsonl", [{"id": f"a{n}", "title": "News", "text": text} for n, text in enumerate(TEXTS)])
    rows = [
        {"id": f"n{n}", "asked": "2024-05-05", "question": question, "answer": ANSWERS[n], "articles": [f"a{n}"]}
        for n, question in enumerate(QUESTIONS)
    ]
    nothing = {"id": "n9", "asked": "2024-05-05", "question": "Who sank?", "answer": None, "articles": []}
    return lines(folder / "questions.jsonl", [*rows, nothing]).parent


def ragas(folder):
    return lines(folder / "ragas.jsonl", [
        {"user_input": QUESTIONS[n], "reference": ANSWERS[n], "reference_contexts": [text], "retrieved_contexts": TEXTS}
        for n, text in enumerate(TEXTS)
    ])  # fmt: skip


def beir(folder):
    lines(folder / "corpus.jsonl", [{"_id": f"d{n}", "title": "News", "text": text} for n, text in enumerate(TEXTS)])
    lines(folder / "queries.jsonl", [{"_id": f"q{n}", "text": question} for n, question in enumerate(QUESTIONS)])
    (folder / "qrels").mkdir()
    (folder / "qrels" / "test.tsv").write_text("query-id\tcorpus-id\tscore\nq0\td0\t2\nq1\td1\t1\nq1\td0\t0\n", "utf-8")
    return folder


@pytest.mark.parametrize("make", [squad, squad_rows, rgb, clapnq, news, ragas, beir])
def test_benchmarks_are_read_by_path_and_asked_with_one_command(tmp_path, capsys, make):
    path = make(tmp_path)
    assert form_of(path) == make.__name__.removesuffix("_rows")
    report = tmp_path / "out" / "report.json"
    run.main([str(path), "--embedder", "none", "--json", str(report), "--html", str(tmp_path / "page.html")])
    rows = json.loads(report.read_text("utf-8"))["configurations"]["extractive"]["rows"]
    wanted = [row for row in rows if row["answerable"]]
    assert [row["question"] for row in wanted] == QUESTIONS
    assert all(row["scores"]["hit@1"] == row["scores"]["ran"] == 1 for row in wanted)
    if make is not beir:
        assert all(row["scores"]["evidence"] == 1 for row in wanted)
        assert all(row["status"] for row in rows)
    assert "MRR of articles" in capsys.readouterr().out
    assert (tmp_path / "page.html").stat().st_size > 1000


def test_benchmarks_say_what_is_wrong(tmp_path):
    with pytest.raises(ValueError, match="name a file"):
        form_of(tmp_path)
    broken = lines(tmp_path / "x.jsonl", [{"user_input": "?"}])
    broken.write_text(broken.read_text("utf-8") + "{oops\n", "utf-8")
    with pytest.raises(ValueError, match=r"x\.jsonl, line 2"), opened(broken, None, None):
        pass
    with pytest.raises(ValueError, match="no form 'csv'"), opened(broken, None, None, "csv"):
        pass
    cases = lines(tmp_path / "cases.jsonl", [])
    with pytest.raises(ValueError, match="--articles"), opened(cases, None, None):
        pass

"""The command line of the question sets, their page, what is written and drafted of them."""

import json
import re
import sys
from html.parser import HTMLParser
from pathlib import Path

import pytest
from click.testing import CliRunner

from assistant import Assistant, Settings, eval_command
from assistant.cli import cli
from evals import __main__ as program
from evals import draft, run
from evals.bench import bench_embed
from evals.configurations import Configuration, configure
from evals.dataset import case_of
from evals.exchange import ragas_lines
from evals.fingerprint import described, fingerprint
from evals.judge import evidence_of
from evals.page import page
from evals.read import opened
from evals.report import index_of
from evals.rows import Row
from evals.runner import articles_of
from tests.test_evals_read import QUESTIONS, TEXTS, lines


@pytest.fixture
def index(tmp_path):
    for n, text in enumerate(TEXTS):
        (tmp_path / f"news{n}.txt").write_text(f"Headline of the day {n}\n\n4 May 2024\n\n{text}\n", "utf-8")
    with index_of(tmp_path, None, "none") as folder:
        yield folder


def case(**changes):
    row = {
        "id": "c1",
        "question": QUESTIONS[1],
        "history": [],
        "answerable": True,
        "why_not": None,
        "tags": [],
        "facts": [["Otto Lindqvist"]],
        "articles": ["news1.txt"],
        "spans": ["danced on the table"],
        "split": "dev",
    }
    return row | changes  # fmt: skip


def test_dead_articles_and_spans_that_do_not_match_are_refused_with_their_line(tmp_path, index, capsys):
    for change, complaint in (
        ({"articles": ["gone.txt"]}, "there is no article 'gone.txt'"),
        ({"spans": ["sang on the table"]}, "no listed article says 'sang on the table'"),
    ):
        path = lines(tmp_path / "cases" / "mine.jsonl", [case(), case(id="c2", question="What?") | change])
        with pytest.raises(SystemExit, match="2"):
            run.main([str(path), "--index", str(index), "--embedder", "none"])
        assert f"mine.jsonl, line 2: {complaint}" in " ".join(capsys.readouterr().err.split())


def test_a_failing_case_is_a_row(tmp_path, index, capsys):
    path = lines(tmp_path / "cases" / "mine.jsonl", [case(), case(id="c2", question="Q" * 5000)])
    run.main([str(path), "--index", str(index), "--embedder", "none", "--failures"])
    assert re.search(r"ran without error +0\.500", printed := capsys.readouterr().out)
    assert "lost: QuestionError: " in printed


def test_the_gate_ends_with_an_exit_code_and_names_the_case(tmp_path, index, capsys, monkeypatch):
    path, base = lines(tmp_path / "cases" / "mine.jsonl", [case()]), tmp_path / "base.json"
    command = [str(path), "--index", str(index), "--embedder", "none"]
    with pytest.raises(SystemExit, match="2"):
        run.main([*command, "--gate", str(base)])
    assert "make them with --accept" in capsys.readouterr().err
    run.main([*command, "--accept", str(base)])
    run.main([*command, "--gate", str(base)])
    assert "gate passed" in capsys.readouterr().out
    monkeypatch.setattr("evals.runner.judge", lambda *_: 1 / 0)
    with pytest.raises(SystemExit, match="1"):
        run.main([*command, "--gate", str(base)])
    assert "fell: ran without error: c1" in capsys.readouterr().out
    assert json.loads(base.read_text("utf-8"))["made"]["prompts"]["answer.system.md"]


def test_what_is_exported_is_read_again(tmp_path, index):
    path = lines(tmp_path / "cases" / "mine.jsonl", [case()])
    command = [str(path), "--index", str(index), "--embedder", "none", "--search-only"]
    run.main([*command, "--export-beir", str(tmp_path / "beir"), "--export-ragas", str(tmp_path / "ragas.jsonl")])
    with opened(tmp_path / "beir", None, None) as questions:
        assert questions.search_only
        assert [one.question for one in questions.cases] == [QUESTIONS[1]]
    with opened(tmp_path / "ragas.jsonl", None, None) as questions:
        assert questions.cases[0].facts[0][0] == "Otto Lindqvist"
        assert questions.cases[0].articles


def test_a_ragas_sample_has_its_fields():
    row = Row("c", "x", "Who?", True, expected=(("A", "B"), ("C",)), got=({"text": "A is.", "cited": []},),
              found=({"text": "A and C.", "listed": True},))  # fmt: skip
    sample = json.loads(ragas_lines([row]))
    assert (sample["response"], sample["reference"]) == ("A is.", "A; C")
    assert sample["reference_contexts"] == sample["retrieved_contexts"] == ["A and C."]


class Remote(HTMLParser):
    """Collects what a page would fetch or run."""

    def __init__(self):
        super().__init__()
        self.tags, self.found = set(), []

    def handle_starttag(self, tag, attrs):
        self.tags.add(tag)
        self.found += [value for name, value in attrs if name in ("src", "href") or name.startswith("on")]


def test_the_page_escapes_everything_and_fetches_nothing():
    evil = '</details><script>alert(1)</script><img src="https://example.org/x">'
    row = Row(evil, "x", evil, True, history=(evil,), tags=(evil,), scores={"right": 0.0, "ran": 1.0}, sure=0.5,
              status="refused", standalone=evil + "?", expected=((evil,),), articles=(evil,), best=evil, lost=evil,
              got=({"text": evil, "cited": [{"source": evil, "quote": evil}]},), notices=(evil,), milliseconds=3.0,
              found=({"article": evil, "text": evil, "score": 0.5, "listed": True},))  # fmt: skip
    kept = {"made": {"commit": evil}, "configurations": {evil: {"tokens": [0, 0], "rows": [row.to_dict()]}}}
    text, parser = page(kept, kept), Remote()
    parser.feed(text)
    assert not parser.found
    assert not parser.tags & {"script", "img", "link", "iframe"}
    assert set(re.findall(r"https?://[\w.]+", text)) == {"https://example.org"}
    assert text.count("<svg") >= 4


def test_the_fingerprint_holds_no_secret(index):
    settings = Settings(model="openai/x", api_key="sk-secret", api_base="https://user:pw@host.example/v1?key=sk-secret")
    told = json.dumps([described(Configuration("model", settings)), fingerprint([case_of(case())], ["a"])])
    assert "sk-secret" not in told
    assert "pw" not in json.loads(json.dumps(described(Configuration("model", settings))))["settings"]["api_base"]
    assert "host.example" in told
    assert str(index) not in told


def test_configurations_by_name(tmp_path):
    assert configure("words", Settings()).settings.embedder == "none"
    assert configure("vectors", Settings()).settings.vector_weight == 1
    assert configure("unchecked", Settings(), tmp_path / "r.jsonl").unchecked
    with pytest.raises(ValueError, match="set ASSISTANT_MODEL"):
        configure("model", Settings())
    with pytest.raises(ValueError, match="no configuration 'all'"):
        configure("all", Settings())


def test_drafts_are_cases_of_the_index(index):
    with Assistant.open(index, Settings(embedder="none")) as assistant:
        articles = articles_of(assistant)
    rows = list(draft.drafts(articles))
    assert rows
    assert evidence_of([case_of(row) for row in rows], articles)
    assert all(row["facts"][0][0] in row["spans"][0] and "…" in row["question"] for row in rows)


def test_drafts_are_accepted_edited_and_skipped(tmp_path, index, capsys):
    out = tmp_path / "mine.jsonl"
    lines(tmp_path / "given.jsonl", [
        case(id="f1", articles=["/some/where/news1.txt"]), case(id="f2", question="B?"), case(id="f3", question="C?"),
        case(id="f4", question="D?", articles=["gone.txt"]), case(id="f5", question="E?"),
    ])  # fmt: skip
    said = iter(["a", "s", "e", "Why?", "Otto | Lindqvist; table", "a", "a", "e", "", "-", "a", "q"])
    draft.main(
        ["--index", str(index), "--out", str(out), "--from", str(tmp_path / "given.jsonl")], lambda _: next(said)
    )
    rows = [json.loads(line) for line in out.read_text("utf-8").splitlines()]
    assert [(row["id"], row["question"]) for row in rows] == [("f1", QUESTIONS[1]), ("f3", "Why?"), ("f4", "D?")]
    assert rows[0]["articles"] == ["news1.txt"]
    assert rows[1]["facts"] == [["Otto", "Lindqvist"], ["table"]]
    assert not rows[2]["answerable"]
    printed = capsys.readouterr().out
    assert "not accepted: f4: there is no article 'gone.txt'" in printed
    assert "3 cases added" in printed


def test_the_command_line_runs_the_checkout_and_says_where_it_is_not(monkeypatch, tmp_path):
    started = []
    monkeypatch.setattr(eval_command.subprocess, "run", lambda command, **_: started.append(command) or Done())
    assert CliRunner().invoke(cli, ["eval", "--init", "--index", "x"]).exit_code == 5
    assert started == [[sys.executable, "-m", "evals", "--init", "--index", "x"]]
    monkeypatch.setattr(eval_command, "CHECKOUT", tmp_path)
    result = CliRunner().invoke(cli, ["eval"])
    assert result.exit_code == 1
    assert "check out the project" in result.output


class Done:
    returncode = 5


def test_the_program_tells_drafting_from_running(monkeypatch):
    seen = []
    monkeypatch.setattr(draft, "main", lambda rest: seen.append(("draft", rest)))
    monkeypatch.setattr(run, "main", lambda rest: seen.append(("run", rest)))
    program.main(["--init", "--number", "3"])
    program.main(["--gate"])
    assert seen == [("draft", ["--number", "3"]), ("run", ["--gate"])]


def test_embedding_is_compared_with_a_bare_session(monkeypatch, capsys):
    monkeypatch.setattr("evals.bench.REPEATS", 1)
    monkeypatch.setattr("evals.bench.sample_texts", lambda _: ["The mayor spoke."])
    bench_embed(Path(), 0)
    assert re.search(r"1 texts, 6 tokens, 1 batches.*encode takes [\d.]+ x", capsys.readouterr().out, re.DOTALL)

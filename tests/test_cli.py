"""The command line, mostly in this process; questions are in test_cli_ask.py, and what only a real process can show is
in test_cli_process.py."""

import json
import re

import pytest
from click.testing import CliRunner

from assistant.cli import cli
from assistant.errors import EmbedderError
from assistant.show import as_json, escape
from tests import cli_samples as samples
from tests.cli_samples import QUESTION

plain_settings, run = samples.plain_settings, samples.run
HOSTILE = "\x1b]8;;http://evil\x07click\x1b\\ \r\x9b31m \u202egnp.exe \u2066 \U000e0041 \ud800"


def article(folder, name, text):
    folder.mkdir(exist_ok=True)
    path = folder / name
    path.write_text(text, encoding="utf-8", errors="surrogatepass")
    return path


def test_the_way_of_a_newcomer(run, corpus_dir):
    done = run("add", corpus_dir / "homs-truce-levant-courier.txt", corpus_dir / "port-strike-velmar.txt")
    assert done.exit_code == 0, done.output
    assert done.stdout.splitlines()[0] == "2 added"
    assert "2 articles in the index, 100 % of" in done.stdout
    assert run("add", corpus_dir / "port-strike-velmar.txt").stdout.startswith("1 unchanged\n")
    listed = json.loads(run("articles", "--json").stdout)
    assert [one["source"].rsplit("/", 1)[1] for one in listed] == [
        "homs-truce-levant-courier.txt",
        "port-strike-velmar.txt",
    ]
    assert run("articles").stdout.count("\n") == 2
    assert run("ask", QUESTION).exit_code == 0
    assert run("remove", listed[0]["id"]).stdout == "1 removed\n"
    assert run("ask", QUESTION).exit_code == 3
    gone = run("remove", listed[0]["id"])
    assert (gone.exit_code, gone.stdout) == (1, "0 removed\n")
    assert "ids are listed by" in gone.stderr


@pytest.mark.parametrize(
    "arguments",
    [
        ["ask"],
        ["ask", "-"],
        ["ask", "x", "--since", "2017-13"],
        ["ask", "x", "--until", "2017-02-29"],
        ["ask", "x", "--until", "soon"],
        ["ask", "x", "--since", "2018", "--until", "2017"],
        ["ask", "x", "--zones", "body,boilerplate"],
        ["ask", "x", "--zones", ","],
        ["ask", "x", "--zones", "heading"],
        ["add"],
        ["add", "x", "--no-embed", "--re-embed"],
        ["remove"],
        ["sing"],
    ],
)
def test_usage_errors(run, arguments):
    done = run(*arguments)
    assert done.exit_code == 2
    assert "Error: " in done.stderr
    assert not done.stdout


@pytest.mark.parametrize("command", [["ask", "x"], ["ask", "--json", "-"], ["articles"], ["remove", "x"], ["chat"]])
def test_without_an_index_there_is_one_sentence(run, command):
    done = run(*command)
    assert (done.exit_code, done.stdout) == (1, "")
    assert done.stderr.startswith("Error: there is no index in ")
    assert done.stderr.count("\n") == 1


def test_a_setting_that_cannot_be_used_is_an_error(run, monkeypatch, sample_index):
    monkeypatch.setenv("ASSISTANT_PASSAGES", "many")
    assert run("ask", "x", index=sample_index).stderr == "Error: ASSISTANT_PASSAGES: passages is 'many'; use a number\n"


def test_index_may_stand_before_the_command(tmp_path, sample_index):
    invoke = CliRunner().invoke
    assert invoke(cli, ["--index", str(sample_index), "articles"]).exit_code == 0
    both = invoke(cli, ["--index", str(tmp_path / "none"), "articles", "--index", str(sample_index)])
    assert both.exit_code == 0
    assert invoke(cli, ["--index", "", "articles"]).exit_code == 2


def test_skipped_sources_are_named_and_the_others_go_on(run, tmp_path, corpus_dir):
    bad = tmp_path / "news"
    article(bad, "empty.txt", "")
    article(bad, "a\nb\x1b[31m.txt", "")
    done = run("add", bad, tmp_path / "missing.txt", corpus_dir / "port-strike-velmar.txt", "--no-embed")
    assert done.exit_code == 4
    assert done.stdout.startswith("1 added, 3 skipped\n")
    assert "0 % of" in done.stdout
    assert done.stderr.count("skipped: ") == 3 == done.stderr.count("\n")
    assert "\x1b" not in done.stderr


def test_embedding_can_be_left_to_later(run, corpus_dir):
    run("add", corpus_dir / "homs-truce-levant-courier.txt", "--no-embed")
    asked = run("ask", QUESTION)
    assert "Note: 0 % of the passages are embedded so far" in asked.stdout
    assert run("doctor").exit_code == 1
    done = run("add", "--re-embed")
    assert done.exit_code == 0
    assert "100 % of" in done.stdout
    assert run("doctor").exit_code == 0


def test_a_failing_embedder_is_said_and_the_articles_are_kept(run, monkeypatch, corpus_dir):
    class Broken:
        name = "broken"

        def encode(self, texts):
            raise EmbedderError("the model is gone")

    monkeypatch.setattr("assistant.pipeline.open_embedder", lambda name: Broken())
    done = run("add", corpus_dir / "homs-truce-levant-courier.txt")
    assert done.exit_code == 1
    assert done.stdout.startswith("1 added\n")
    assert "news-assistant doctor" in done.stderr
    assert "Note: searching by words alone: the model is gone" in run("ask", QUESTION).stdout


def test_what_an_article_says_cannot_steer_the_terminal(run, tmp_path):
    body = f"The Velm bridge {HOSTILE} was closed on Monday because of rust, the city said.\n\nRepairs take two weeks."
    article(tmp_path / "in", "\x1b[2Jbridge\u202e.txt", f"Bridge closed \x1b[31m\u202e\n\n{body}\n")
    added = run("add", tmp_path / "in")
    for done in (
        added,
        run("articles"),
        run("ask", f"Why was the Velm bridge closed? {HOSTILE}"),
        run("articles", "--json"),
    ):
        assert done.exit_code == 0, done.output
        assert not re.search(
            "[\x00-\x09\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\U000e0000-\U000e007f]", done.output
        )
    assert "\\x1b[2Jbridge\\u202e.txt" in run("articles").stdout


def test_escape_shows_and_json_keeps_what_cannot_be_seen():
    assert escape(HOSTILE) == (r"\x1b]8;;http://evil\x07click\x1b\ \x0d\x9b31m \u202egnp.exe \u2066 \U000e0041 \ud800")
    assert escape("one\ntwo\r\n\n three\tfour “é” نص 👩‍👩‍👧") == "one two three four “é” نص 👩‍👩‍👧"
    text = as_json({"a": HOSTILE + "\x7f é"})
    assert json.loads(text) == {"a": HOSTILE + "\x7f é"}
    assert not re.search("[\x00-\x1f\x7f-\x9f\u202e]", text)


def test_doctor_finds_all_in_order(run, sample_index):
    done = run("doctor", index=sample_index)
    assert done.exit_code == 0, done.output
    assert set(re.findall(r"^(\w+)", done.stdout, re.M)) == {"ok"}
    report = json.loads(run("doctor", "--json", index=sample_index).stdout)
    assert report["ok"]
    assert {"versions", "settings file", "index", "write lock", "record", "articles", "embedder", "embedded"} <= {
        check["name"] for check in report["checks"]
    }


def test_doctor_says_what_is_wrong(run, monkeypatch, tmp_path, corpus_dir):
    assert "PROBLEM  index: there is no index" in run("doctor").stdout
    run("add", corpus_dir / "port-strike-velmar.txt")
    monkeypatch.setenv("ASSISTANT_EMBEDDER", "abacus")
    done = run("doctor")
    assert done.exit_code == 1
    assert "PROBLEM  embedder: unknown embedder 'abacus'" in done.stdout
    monkeypatch.setenv("ASSISTANT_EMBEDDER", "minilm")
    monkeypatch.setenv("ASSISTANT_MAX_QUESTION", "0")
    assert "PROBLEM  settings: max_question is 0" in run("doctor").stdout
    monkeypatch.delenv("ASSISTANT_MAX_QUESTION")
    record = tmp_path / "index" / "articles.sqlite3"
    record.write_bytes(record.read_bytes()[:5000])
    done = run("doctor")
    assert done.exit_code == 1
    assert re.search(r"^PROBLEM  (index|record): .* damaged", done.stdout, re.M)
    assert "damaged" in run("ask", "x").stderr

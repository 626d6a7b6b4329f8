"""The command line, mostly in this process; what only a real process can show is in test_cli_process.py."""

import functools
import json
import re

import pytest
from click.testing import CliRunner

from assistant import Assistant
from assistant.cli import cli
from assistant.errors import EmbedderError
from assistant.retrieval.embed import open_embedder
from assistant.show import as_json, escape

QUESTION = "How many settlements are in the zone north of Homs?"
NOWHERE = "What is the capital of Peru?"
OPEN_ONCE = functools.cache(open_embedder)
HOSTILE = "\x1b]8;;http://evil\x07click\x1b\\ \r\x9b31m \u202egnp.exe \u2066 \U000e0041 \ud800"


@pytest.fixture(autouse=True)
def plain_settings(monkeypatch, tmp_path):
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    monkeypatch.setenv("ASSISTANT_EMBEDDER", "minilm")
    monkeypatch.setattr("assistant.pipeline.open_embedder", OPEN_ONCE)


@pytest.fixture
def run(tmp_path):
    def run(*arguments, index=tmp_path / "index", stdin=None):
        return CliRunner().invoke(cli, [*map(str, arguments), "--index", str(index)], input=stdin)

    return run


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


def test_an_answer_for_people_ends_in_its_citations(run, sample_index):
    done = run("ask", QUESTION, index=sample_index)
    assert done.exit_code == 0
    assert re.search(r"84 settlements.*\[1\]$", done.stdout.splitlines()[0])
    assert re.search(r"^\[1\] .+, “.+”, (\d{4}-\d\d-\d\d|undated)$", done.stdout, re.M)
    assert "homs-truce-levant-courier.txt" in done.stdout
    assert "\x1b" not in done.stdout
    assert not done.stderr


def test_a_refusal_shows_what_came_nearest(run, sample_index):
    done = run("ask", NOWHERE, index=sample_index)
    assert done.exit_code == 3
    assert done.stdout.startswith("The articles do not say.\n\nNearest passages (not an answer):\n- ")
    assert "[1]" not in done.stdout


def test_words_without_quotation_marks_are_one_question(run, sample_index):
    answer = json.loads(run("ask", "--json", *QUESTION.split(), index=sample_index).stdout)
    assert answer["question"] == QUESTION


def test_json_is_the_contract(run, sample_index):
    done = run("ask", "--json", QUESTION, index=sample_index)
    answer = json.loads(done.stdout)
    with Assistant.open(sample_index, create=False) as assistant:
        expected = json.loads(json.dumps(assistant.ask(QUESTION).to_dict()))
        for citation in answer["citations"]:
            text = assistant.article(citation["article_id"]).text
            assert text[citation["start"] : citation["end"]] == citation["quote"]
    assert {**answer, "timings_ms": 0} == {**expected, "timings_ms": 0}
    assert list(answer) == list(expected)
    assert json.loads(run("ask", "--json", NOWHERE, index=sample_index).stdout)["reason"] == "not_in_articles"


@pytest.mark.parametrize("question", ["", "  ", "\x00\x1b"])
def test_an_empty_question_is_refused(run, sample_index, question):
    done = run("ask", question, index=sample_index)
    assert (done.exit_code, done.stdout) == (
        3,
        "Ask a question about the articles, with a name, a place or a thing in it.\n",
    )


@pytest.mark.parametrize(
    ("options", "reason"),
    [
        (["--until", "2016"], "no_match_for_filters"),
        (["--publisher", "Nobody's Gazette"], "no_match_for_filters"),
        (["--since", "2017", "--until", "2017-08", "--zones", "body"], None),
        (["--publisher", "orontes DAILY", "--publisher", "Nobody"], None),
    ],
)
def test_filters(run, sample_index, options, reason):
    question = "What does the north Homs deal say?"
    answer = json.loads(run("ask", "--json", question, *options, index=sample_index).stdout)
    assert answer["reason"] == reason or (reason is None and answer["nearest"])


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


def test_a_question_beyond_the_limit_is_an_error(run, sample_index):
    done = run("ask", "word " * 1000, index=sample_index)
    assert done.exit_code == 1
    assert "4,000" in done.stderr


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


def test_lines_on_stdin_get_one_object_each(run, sample_index):
    lines = [
        b"\xef\xbb\xbf" + QUESTION.encode(),
        json.dumps({"question": NOWHERE, "history": [QUESTION, {"role": "user", "content": "Who?"}], "id": 7}).encode(),
        b"{not json",
        b"",
        b"\xff\xfe",
        b'{"question": 5}',
        b'{"question": "x", "history": "x"}',
        b'{"question": "x", "history": [5]}',
        b'{"question": "\\ud800 \\u0000"}',
        b"[" * 5000,
        b'{"question":' * 90000,
        b"x" * 2_000_000,
        QUESTION.encode(),
    ]
    done = run("ask", "--json", "-", index=sample_index, stdin=b"\n".join(lines))
    answers = [json.loads(line) for line in done.stdout.splitlines()]
    what = [answer.get("reason") or answer.get("status", "error") for answer in answers]
    bad = "error"
    assert what == [
        *("answered", "not_in_articles", bad, "empty_question", bad, bad, bad, bad, "empty_question"),
        *(bad, bad, bad, "answered"),
    ]
    assert done.exit_code == 1
    assert all(set(answer) == {"error"} for answer in answers if "error" in answer)


def test_lines_that_are_all_good_end_with_0(run, sample_index):
    done = run("ask", "--json", "-", index=sample_index, stdin=f"{NOWHERE}\n{QUESTION}")
    assert [json.loads(line)["status"] for line in done.stdout.splitlines()] == ["refused", "answered"]
    assert done.exit_code == 0
    assert run("ask", "--json", "-", index=sample_index, stdin="").stdout == ""


def test_a_conversation(run, sample_index):
    said = f"/sources\n{QUESTION}\n\n/sources\n/sing\n{'word ' * 1000}\n{NOWHERE}\n/quit\n{QUESTION}\n"
    done = run("chat", index=sample_index, stdin=said)
    assert done.exit_code == 0
    assert done.stdout.startswith("Nothing was cited yet.\n")
    assert done.stdout.count("84 settlements") == 1
    assert re.search(r"^[0-9a-f]{12}  .*homs-truce-levant-courier.txt$", done.stdout, re.M)
    assert done.stdout.rstrip().splitlines()[-1].startswith("  > ")
    assert "/sources lists" in done.stderr
    assert "4,000" in done.stderr
    assert run("chat", index=sample_index, stdin="").exit_code == 0


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

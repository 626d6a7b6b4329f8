"""Questions on the command line: one, many on standard input, a conversation; for people and as JSON."""

import json
import re

import pytest

from assistant import Assistant
from tests import cli_samples as samples
from tests.cli_samples import NOWHERE, QUESTION

plain_settings, run = samples.plain_settings, samples.run


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


def test_a_publisher_that_is_not_there_is_said_with_those_that_are(run, sample_index):
    options = ["--publisher", "clarion", "--publisher", "orontes DAILY"]
    said = run("ask", "What does the north Homs deal say?", *options, index=sample_index).stderr
    assert re.search(r"no article is of the publisher 'clarion'; there are: .*\bOrontes Daily\b", said)
    assert said.count("\n") == 1


def test_a_question_beyond_the_limit_is_an_error(run, sample_index):
    done = run("ask", "word " * 1000, index=sample_index)
    assert done.exit_code == 1
    assert "4,000" in done.stderr


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

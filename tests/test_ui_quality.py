"""The tab on quality without a browser: what is read of reports, what is compared, and how it is written."""

from __future__ import annotations

import json
import os
import re
from dataclasses import replace
from pathlib import Path

import pytest
from click.testing import CliRunner
from hypothesis import given, settings
from hypothesis import strategies as st

from assistant.cli import cli
from assistant.ui.charts import bars, risk_coverage
from assistant.ui.comparison import compare, sign_test
from assistant.ui.feedback import FILE, Feedback
from assistant.ui.feedback_view import feedback_html
from assistant.ui.options import Options
from assistant.ui.quality_view import comparison_html, empty_html, failures_html, numbers_html, runs_html, steps
from assistant.ui.reports import MAX_REPORTS, Figure, Reports
from evals.significance import mcnemar
from tests.ui_reports import row, write

TAGS = re.compile(r"<\s*/?\s*(script|img|svg onload|iframe|form|style|a href)", re.IGNORECASE)
HOSTILE = "\"'><script>alert(1)</script><img src=http://evil.test/1 onerror=alert(1)>\u202e"


def named(runs, configuration):
    return next(run for run in runs if run.configuration == configuration)


def test_what_the_evaluation_writes_is_read(tmp_path):
    write(tmp_path / "first.json", {"extractive": [row(0), row(1), row(2, right=False)]})
    os.utime(tmp_path / "first.json", (0, 0))
    write(tmp_path / "second.json", {"extractive": [row(0)], "words": [row(2)]}, questions="other.jsonl")
    reports = Reports(tmp_path)
    runs, problems = reports.runs()
    assert problems == []
    assert [run.name for run in runs] == ["second: extractive", "second: words", "first: extractive"]
    last = runs[-1]
    assert (last.when, last.questions, last.cases) == ("1970-01-01 00:00", "mine.jsonl", 3)
    right = last.measured.figures["right"]
    assert (right.value, right.n) == (0.5, 2)
    assert 0 < right.low < 0.5 < right.high < 1
    assert last.measured.by_tag["right"][0].label == "when"
    assert last.measured.curve[-1] == (1.0, pytest.approx(1 / 3))
    assert [one.id for one in reports.rows(last)] == ["c0", "c1", "c2"]


def test_a_report_that_changed_is_read_again(tmp_path):
    write(tmp_path / "a.json", {"extractive": [row(0)]})
    reports = Reports(tmp_path)
    assert len(reports.rows(reports.runs()[0][0])) == 1
    write(tmp_path / "a.json", {"extractive": [row(0), row(2)]})
    run = reports.runs()[0][0]
    assert run.cases == len(reports.rows(run)) == 2
    (tmp_path / "a.json").unlink()
    assert reports.runs() == ([], [])
    assert reports.rows(run) == ()


@pytest.mark.parametrize(
    "content",
    [
        *[
            "",
            "{",
            "[]",
            "7",
            "\x00",
            '{"configurations": 3}',
            '{"configurations": {"x": {}}}',
            '{"made": {}, "cases": {}}',
        ],
        '{"configurations": {"x": {"figures": {"right": {"label": "r", "value": "much", "n": 1}}, "rows": []}}}',
    ],
)
def test_what_is_no_report_is_named_and_the_others_are_shown(tmp_path, content):
    write(tmp_path / "good.json", {"extractive": [row(0)]})
    (tmp_path / "bad.json").write_text(content, "utf-8")
    runs, problems = Reports(tmp_path).runs()
    assert [run.name for run in runs] == ["good: extractive"]
    assert len(problems) == 1
    assert "“bad.json” is no report" in problems[0]


def test_without_a_folder_and_with_a_huge_or_nested_file(tmp_path, monkeypatch):
    assert Reports(tmp_path / "none").runs() == ([], [])
    (tmp_path / "deep.json").write_text("[" * 100_000, "utf-8")
    monkeypatch.setattr("assistant.ui.reports.MAX_REPORT", 1000)
    assert "more than" in Reports(tmp_path).runs()[1][0]
    monkeypatch.undo()
    os.utime(tmp_path / "deep.json", (1, 1))
    assert len(Reports(tmp_path).runs()[1]) == 1
    for number in range(MAX_REPORTS + 5):
        write(tmp_path / f"{number:03}.json", {"extractive": [row(0)]})
    assert len(Reports(tmp_path).runs()[0]) == MAX_REPORTS


def test_runs_are_compared_case_by_case(tmp_path):
    before = [row(0), row(1), row(2, right=False), row(4), row(6)]
    now = [row(0), row(1, right=False), row(2), row(4, right=False), row(6, case="asks something else"), row(8)]
    write(tmp_path / "a.json", {"before": before, "now": now})
    reports = Reports(tmp_path)
    runs, _ = reports.runs()
    run, other = named(runs, "now"), named(runs, "before")
    found = compare(reports.rows(other), reports.rows(run), run.measured.figures)
    assert found.same == 4
    assert [b.id for _, b in found.lost] == ["c1", "c4"]
    assert [b.id for _, b in found.won] == ["c2"]
    right = next(one for one in found.differences if one.label == "right within the statements shown")
    assert (right.n, right.rose, right.fell, right.before, right.now) == (3, 1, 1, 2 / 3, 2 / 3)
    assert [one.label for one in found.differences if one.label == "ran without error"] == []
    shown = comparison_html(found, run, other)
    assert "Failed only in a: now: 2 cases" in shown
    assert "No measure differs" in comparison_html(replace(found, differences=()), run, other)
    nothing = compare([], reports.rows(run), run.measured.figures)
    assert "no case in common" in comparison_html(nothing, run, other)


@given(st.integers(0, 60), st.integers(0, 60))
@settings(max_examples=60, deadline=None)
def test_the_sign_test_is_the_evaluations_mcnemar(rose, fell):
    assert sign_test(rose, fell) == pytest.approx(mcnemar(rose, fell))


def test_failures_show_what_was_expected_said_found_and_lost(tmp_path):
    wrong = row(2, right=False, history=("Earlier?",), standalone="What happened on day 2 of June?")
    broken = row(4, right=False, error="ModelError: gone", lost="error", got=(), found=(), sure=None)
    write(tmp_path / "a.json", {"extractive": [row(0), wrong, broken]})
    reports = Reports(tmp_path)
    rows = reports.rows(reports.runs()[0][0])
    whole = failures_html(rows, "", "")
    assert whole.count('class="case"') == 2
    for said in ("Friday or the 4th", "It was on Monday. [b.txt]", "It was on Friday.", "Earlier?", "day 2 of June",
                 "other sentences were chosen", "ModelError: gone", "confidence 0.020"):  # fmt: skip
        assert said in whole
    assert failures_html(rows, "error", "").count('class="case"') == 1
    assert "c4" not in failures_html(rows, "", "day 2")
    assert "No failure matches" in failures_html(rows, "", "nowhere")
    assert "Nothing failed" in failures_html([rows[0]], "", "")
    assert [value for _, value in steps(rows)] == ["", "not selected", "error"]


def test_many_failures_are_cut_to_a_screen(tmp_path):
    write(tmp_path / "a.json", {"extractive": [row(2 * number, right=False) for number in range(100)]})
    reports = Reports(tmp_path)
    whole = failures_html(reports.rows(reports.runs()[0][0]), "", "")
    assert whole.count('class="case"') == 40
    assert "60 more" in whole


def test_charts_stay_inside_their_room():
    wild = [Figure(label="t", value=value, low=-3, high=9, n=1) for value in (-1, 7, float("nan"), float("inf"))]
    shares = [float(one) for one in re.findall(r"(?:width|left): ([-\d.]+)%", bars("x", {"a": wild}))]
    assert shares
    assert all(0 <= one <= 100 for one in shares)
    drawn = risk_coverage(
        {"a": [(-5.0, 7.0), (float("nan"), 2.0)], "b": [], "c": [(n / 5000, 0.5) for n in range(5000)]}
    )
    places = [
        float(one)
        for path in re.findall(r' d="M([\d. L-]+)" class="line', drawn)
        for one in re.findall(r"-?[\d.]+", path)
    ]
    assert places
    assert all(0 <= one <= 400 for one in places)
    assert len(places) < 2000


def test_hostile_reports_stay_text(tmp_path):
    """Every text of a report is a payload: names of files and runs, tags, questions, answers, passages."""
    bad = row(
        2, right=False, id=HOSTILE, question=HOSTILE, history=(HOSTILE,), tags=(HOSTILE,), status=HOSTILE, lost=HOSTILE,
        standalone=HOSTILE * 2, expected=((HOSTILE, HOSTILE),), articles=(HOSTILE,), notices=(HOSTILE,),
        got=({"text": HOSTILE, "cited": [{"source": HOSTILE}, HOSTILE]}, {"text": 7, "cited": HOSTILE}),
        found=({"article": HOSTILE, "text": HOSTILE, "score": HOSTILE, "listed": HOSTILE}, {}),
    )  # fmt: skip
    write(tmp_path / "<img src=x onerror=alert(1)>.json", {HOSTILE: [bad], "b": [replace(bad, lost=None)]}, HOSTILE)
    reports = Reports(tmp_path)
    runs, _ = reports.runs()
    run, other = runs
    rows = reports.rows(run)
    found = compare(reports.rows(other), rows, run.measured.figures)
    for shown in (runs_html(runs, run), numbers_html(run, other), comparison_html(found, run, other),
                  failures_html(rows, "", "")):  # fmt: skip
        assert "evil.test" in shown
        assert not TAGS.search(shown)
        assert "\u202e" not in shown


def test_an_empty_state_says_which_command_makes_a_report():
    runner, words = CliRunner(), empty_html()
    assert "news-assistant eval cases.jsonl --index DIR --json DIR/reports/first.json" in words
    assert "--reports" in runner.invoke(cli, ["serve", "--help"]).output


def test_opinions_are_listed_once_newest_first_and_stay_text(tmp_path):
    feedback = Feedback(tmp_path)
    assert feedback_html(feedback.latest()) == ""
    answer = {"text": "It was."}
    rows = [
        {"vote": "up", "comment": "", "when": "2024-01-01T10:00:00+00:00", "question": "Was it?", "answer": answer},
        {"vote": "up", "comment": HOSTILE, "when": HOSTILE, "question": HOSTILE, "answer": answer},
        {
            "vote": "down",
            "comment": "No!",
            "when": "2024-01-02T10:00:00+00:00",
            "question": "Was it?",
            "answer": answer,
        },
    ]
    damaged = ["{", "7", "null", '{"question": 3}', '{"question": "q", "answer": []}', ""]
    (tmp_path / FILE).write_text("\n".join([*map(json.dumps, rows), *damaged]) + "\n", "utf-8")
    assert [one["vote"] for one in feedback.latest()] == ["down", "up"]
    shown = feedback_html(feedback.latest())
    assert "1 good, 1 bad" in shown
    assert shown.index("No!") < shown.index("evil.test")
    assert not re.search("<(script|img)", shown)


@pytest.mark.parametrize(
    ("options", "tab", "said"),
    [
        ({}, True, True),
        ({"read_only": True}, True, True),
        ({"host": "0.0.0.0", "unprotected": True}, False, False),
        ({"host": "0.0.0.0", "unprotected": True, "reports": Path("given")}, True, False),
    ],
)
def test_others_see_neither_opinions_nor_reports_that_were_not_meant_for_them(tmp_path, options, tab, said):
    from assistant.ui.server import quality_of

    quality = quality_of(Options(**options), tmp_path, Feedback(tmp_path))
    assert (quality is not None) == tab
    assert bool(quality and quality.feedback) == said

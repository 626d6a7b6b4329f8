"""The gate catches what a careless change would break. No test depends on the reader's weights."""

import re
from dataclasses import replace

import numpy as np
import pytest

from assistant import Settings
from assistant.testing import FakeModel
from evals import run as command
from evals.configurations import Configuration, Counted
from evals.damage import planted, prompt_line_removed
from evals.dataset import case_of, load_cases
from evals.gate import ALPHA, accepted, compare, read_baseline, told, write_baseline
from evals.replay import Replay
from evals.report import index_of
from evals.rows import Row
from evals.runner import Journal, run

SOUND = Configuration("extractive", Settings())
OPEN = replace(SOUND, settings=Settings(threshold=0.0, passages=4))  # what is read takes the time
SEARCHING = replace(SOUND, search_only=True)


@pytest.fixture(scope="module")
def index(sample_index):
    return sample_index


@pytest.fixture(scope="module")
def cases():
    return load_cases(command.SAMPLE)


@pytest.fixture(scope="module")
def few(cases):
    return [case for case in cases if case.why_not == "comment_only"][:5]


@pytest.fixture(scope="module")
def answering(index, few):
    """What came of the cases with nothing refused, so that it does not depend on the weights who is."""
    return run(few, index, OPEN)


def fell(verdict):
    return {change.key for change in verdict.failing}


def test_the_same_run_gives_the_same_numbers_and_passes(index, cases):
    before, after = (accepted(run(cases[:10], index, SEARCHING)) for _ in range(2))
    assert before == after
    verdict = compare("extractive", {"cases": before}, run(cases[:10], index, SEARCHING))
    assert verdict.passes
    assert "gate passed" in told(verdict)


@pytest.mark.parametrize(
    ("fault", "measure"),
    [("vectors off", "by_meaning"), ("BM25 off", "by_words"), ("fusion weights swapped", "weighed")],
)
def test_catches_a_search_that_lost_a_part(index, cases, fault, measure):
    before = accepted(run(cases[:12], index, SEARCHING))
    with planted(fault, SEARCHING) as faulty:
        verdict = compare(fault, {"cases": before}, run(cases[:12], index, faulty))
    assert measure in fell(verdict)
    (change,) = (one for one in verdict.changes if one.key == measure)
    assert change.lost
    assert set(change.lost) <= before.keys()
    assert change.lost[0] in told(verdict)
    assert "gate FAILED" in told(verdict)


class Dice:
    """An embedder that knows nothing, so that words alone tell articles apart."""

    name = "dice"

    def encode(self, texts):
        drawn = np.stack([np.random.default_rng(list(text.encode())).standard_normal(16) for text in texts])
        return (drawn / np.linalg.norm(drawn, axis=1, keepdims=True)).astype(np.float32)


@pytest.mark.parametrize("fault", ["fusion weights swapped", "BM25 off"])
def test_catches_a_fall_of_what_is_found_by_the_paired_test(tmp_path, monkeypatch, fault):
    monkeypatch.setattr("assistant.pipeline.open_embedder", lambda _: Dice())
    names = [first + last for first in "Bor Kel Mar Tol Ver Zan".split() for last in "dak lin mos rup".split()]
    asked = []
    for number, name in enumerate(names):
        (tmp_path / f"{name}.txt").write_text(
            f"A ferry\n\n4 May 2024\n\nThe {name} ferry carries {100 + 7 * number} people across the bay each day.\n"
        )
        row = {"id": name, "question": f"How many people does the {name} carry?", "facts": [[str(100 + 7 * number)]]}
        row |= {"history": [], "answerable": True, "why_not": None, "tags": [], "split": "dev"}
        asked.append(case_of(row | {"articles": [f"{name}.txt"]}))
    with index_of(tmp_path, None, "dice") as folder:
        before = accepted(run(asked, folder, SEARCHING))
        with planted(fault, SEARCHING) as faulty:
            verdict = compare(fault, {"cases": before}, run(asked, folder, faulty))
    (change,) = (one for one in verdict.changes if one.key == "ndcg@10")
    assert change.p < ALPHA
    assert change in verdict.failing
    assert len(change.lost) > 5


@pytest.mark.parametrize(
    ("fault", "measure"),
    [
        ("comments let in", "reporting"),
        ("citation numbers shifted", "numbered"),
        ("citation offsets shifted", "verbatim"),
    ],
)
def test_catches_citations_that_went_wrong(index, few, answering, fault, measure):
    with planted(fault, OPEN) as faulty:
        verdict = compare(fault, {"cases": accepted(answering[:2])}, run(few[:2], index, faulty))
    assert measure in fell(verdict)


def test_catches_a_threshold_that_moved(index, few, answering):
    refusing = run(few, index, replace(OPEN, settings=replace(OPEN.settings, threshold=1.0)))
    assert fell(compare("extractive", {"cases": accepted(refusing)}, answering)) == {"refused"}
    moved = compare("e", {"cases": accepted(refusing), "settings": {"threshold": 1.0}}, refusing, {"threshold": 0.0})
    assert not moved.passes
    assert "threshold 1.0 -> 0.0" in told(moved)


def obedient(messages):
    """A model that says all it is shown, and numbers its statements only where the prompt says so."""
    shown = re.findall(r"^\[(\d+)\] (.+)$", messages[1]["content"], re.MULTILINE)
    told = "End every statement with the numbers" in messages[0]["content"]
    return "\n".join(f"{text} [{number}]" for number, text in shown) if told else "It is so."


def test_catches_a_prompt_line_that_was_removed(index, few, tmp_path):
    """The prompt is another one: a recorded run has no reply to it, and a new recording is worse."""
    few, replies = few[:2], tmp_path / "replies.jsonl"
    model = Counted(Replay(replies, FakeModel(*[obedient] * len(few))))
    recorded = replace(OPEN, name="model", models=(model,))
    written = run(few, index, recorded)
    assert model.written
    replayed = replace(recorded, models=(Counted(Replay(replies)),))
    again = run(few, index, replayed)
    assert accepted(again) == accepted(written)
    assert "replayed" in {row.mode for row in again}
    damaged, faulty = prompt_line_removed(replayed)
    with faulty:
        rows = run(few, index, damaged)
    verdict = compare("model", {"cases": accepted(written)}, rows)
    assert fell(verdict) >= {"ran"}
    assert {row.id for row in rows if "no reply to this prompt" in row.error} == {case.id for case in few}


def rows_of(values, key="right"):
    return [Row(f"c{n}", "same", "?", answerable=True, scores={key: value}) for n, value in enumerate(values)]


def test_a_few_cases_are_noise_and_many_are_a_fall():
    before = {"cases": accepted(rows_of([1.0] * 40))}
    assert compare("x", before, rows_of([0.0] * 4 + [1.0] * 36)).passes
    verdict = compare("x", before, rows_of([0.0] * 5 + [1.0] * 35))
    assert [change.lost for change in verdict.failing] == [("c0", "c1", "c2", "c3", "c4")]
    assert compare("x", before, rows_of([1.0] * 40)).passes


def test_a_strict_measure_may_fall_nowhere():
    before = {"cases": accepted(rows_of([1.0] * 40, "verbatim"))}
    verdict = compare("x", before, rows_of([0.0] + [1.0] * 39, "verbatim"))
    assert [change.lost for change in verdict.failing] == [("c0",)]


def test_cases_that_changed_are_left_out_and_an_empty_comparison_fails():
    before = {"cases": accepted(rows_of([1.0, 1.0]))}
    verdict = compare("x", before, [replace(row, case="other") for row in rows_of([0.0, 0.0])])
    assert not verdict.passes
    assert verdict.left_out == ("c0", "c1")
    assert "nothing could be compared" in told(verdict)
    assert compare("x", before, rows_of([1.0])).unseen == 1


def test_baselines_are_read_as_written_and_complain_in_words(tmp_path):
    file = tmp_path / "new" / "base.json"
    cases = accepted(rows_of([1.0, 0.25]))
    write_baseline(file, {"python": "3"}, {"extractive": {"settings": {"passages": 12}, "cases": cases}})
    assert read_baseline(file)["configurations"]["extractive"] == {"settings": {"passages": 12}, "cases": cases}
    with pytest.raises(ValueError, match="make them with --accept"):
        read_baseline(tmp_path / "none.json")
    for text in ("{", "[]", '{"made": {}}'):
        file.write_text(text, "utf-8")
        with pytest.raises(ValueError, match="is no baseline"):
            read_baseline(file)


def test_a_run_that_was_broken_off_goes_on(index, cases, tmp_path):
    file = tmp_path / "rows.jsonl"
    run(cases[:3], index, SEARCHING, journal=Journal(file, "a"))
    file.write_text(file.read_text("utf-8") + '{"of": "a", "row"', "utf-8")
    journal = Journal(file, "a")
    assert {name for name, _ in journal.rows} == {case.id for case in cases[:3]}
    rows = run(cases[:5], index, SEARCHING, journal=journal)
    assert rows[:3] == list(journal.rows.values())
    assert len(Journal(file, "a").rows) == 4  # the broken line swallowed one; it is asked again
    assert not Journal(file, "b").rows

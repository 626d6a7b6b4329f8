"""Figures of articles that differ: which are of one matter, and which comes first."""

from dataclasses import replace

import pytest

from tests.answering_samples import hit
from tests.test_extractive import run


def later(one):
    return replace(one, article=replace(one.article, published="2017-08-05"))


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("There were 148 people on the Tarn ferry.", "It said that 152 people, not 148, were on the Tarn ferry."),
        ("Eleven people died on the Tarn ferry.", "The people who died on the Tarn ferry rose to 17 from 11."),
        ("The Tarn ferry held 40 people.", "The Tarn ferry held 60 people instead of the 40 people announced."),
    ],
)
def test_what_corrects_a_figure_comes_before_it(old, new):
    hits = [hit("a", old), later(hit("b", new, score=0.9))]
    found = run("How many people were on the Tarn ferry?", hits, {new: 2.0, old: 5.0})
    assert [claim.text for claim in found.claims] == [new, old]
    assert found.disagree == found.claims


def test_an_older_report_does_not_correct_a_newer_one():
    new = later(hit("a", "There were 148 people on the Tarn ferry."))
    old = hit("b", "It said that 152 people, not 148, were on the Tarn ferry.", score=0.9)
    found = run("How many people were on the Tarn ferry?", [new, old], {"There": 5.0, "It said": 2.0})
    assert [claim.text[:5] for claim in found.disagree] == ["There", "It sa"]


def test_a_later_figure_in_much_the_same_words_is_shown_though_the_question_calls_it_otherwise():
    old = hit("a", "A fund for families by the Tarn co-op had reached £62,000.")
    new = later(hit("b", "The Tarn co-op fund had reached £214,000 by Thursday.", score=0.5))
    other = later(hit("c", "The museum paid £700,000 for a portrait of the mayor.", score=0.5))
    words = {"62,000": 9.0, "214,000": 1.0, "700,000": 1.0}
    found = run("How much was raised for families?", [old, new, other], words)
    assert [claim.text for claim in found.claims] == [old.text, new.text]
    assert found.disagree == found.claims

"""Sources that differ: which are of one matter, and which comes first."""

from dataclasses import replace

import pytest

from tests.answering_samples import hit, run, texts


def later(one):
    return replace(one, article=replace(one.article, published="2017-08-05"))


def test_different_figures_are_kept_apart_and_called_a_disagreement():
    one = hit("a", "The zone north of Homs covers 84 settlements.")
    two = hit("b", "The zone north of Homs covers 91 settlements.", score=0.9)
    found = run("How many settlements does the zone cover?", [one, two], {"84": 5.0, "91": 4.8})
    assert len(found.claims) == 2
    assert found.disagree


@pytest.mark.parametrize("dated", ["published", "updated"])
@pytest.mark.parametrize(("likely", "first"), [(4.5, "12 March"), (3.0, "10 March")])
def test_of_figures_that_differ_the_newest_comes_first_when_it_answers_about_as_well(likely, first, dated):
    old = hit("a", "Three died in the Tarn fire, police said on 10 March.")
    new = hit("b", "Four died in the Tarn fire, police said on 12 March.", score=0.9)
    beside = hit("c", "The Tarn fire was put out.", score=0.8)
    new = replace(new, article=replace(new.article, **{"published": None, dated: "2017-08-05"}))
    words = {"10 March": 5.0, "12 March": likely, "put out": 2.0}
    found = run("How many died in the Tarn fire?", [old, new, beside], words)
    assert first in found.claims[0].text
    assert len(found.disagree) == 2
    assert found.disagree == found.claims[:2]


@pytest.mark.parametrize(
    ("one", "two"),
    [
        ("The road in Tarn will be closed for 14 months.", "The library in Tarn will close on 30 June."),
        ("The gust in Tarn reached 151 km/h.", "The tower in Tarn weighs 40 tonnes."),
    ],
)
def test_figures_of_two_measures_are_no_disagreement(one, two):
    found = run("How much is it in Tarn?", [hit("a", one), hit("b", two, score=0.9)], {"Tarn": 3.0})
    assert len(found.claims) == 2
    assert not found.disagree


def test_a_figure_beside_other_words_of_the_question_is_of_another_matter():
    one = hit("a", "The port of Tarn can take 40 more lorries a day.")
    two = hit("b", "The tram of Tarn carries 9,000.", score=0.9)
    assert not run("How many lorries a day can Tarn take?", [one, two], {"lorries": 4.0, "tram": 3.5}).disagree


@pytest.mark.parametrize(
    ("denied", "said"),
    [
        ("Police in Tarn found Ada Rey not guilty of the theft.", "Police in Tarn found Ada Rey guilty of the theft."),
        ("The council of Tarn will not close the line.", "The council of Tarn will close the line in May."),
        ("The union in Tarn rejected the offer.", "The union in Tarn accepted the offer."),
    ],
)
def test_who_says_the_opposite_is_no_further_source_but_another_side(denied, said):
    hits = [hit("a", denied), hit("b", said, score=0.9)]
    for order in (hits, hits[::-1]):
        found = run("What happened in Tarn?", order, {"Tarn": 4.0})
        assert sorted(texts(found)) == sorted([[denied], [said]])
        assert len(found.disagree) == 2


def test_what_gives_no_figure_of_the_measure_is_no_side_of_a_disagreement():
    one = hit("a", "Twelve were hurt in the Tarn fire.", "The fire took three hours to put out.")
    two = hit("b", "Fourteen were hurt in the Tarn fire.", score=0.8)
    words = {"Twelve": 5.0, "Fourteen": 4.9, "three hours": 4.8}
    found = run("How many were hurt in the Tarn fire?", [one, two], words)
    assert {claim.text[:8] for claim in found.disagree} == {"Twelve w", "Fourteen"}
    assert "three hours" in found.claims[2].text


def test_figures_of_one_article_are_no_disagreement():
    one = hit("a", "The zone covers 84 settlements.", "Before, the zone covered 91 settlements.")
    found = run("How many settlements does the zone cover?", [one], {"84": 5.0, "91": 4.8})
    assert not found.disagree


@pytest.mark.parametrize(
    ("question", "one", "two"),
    [
        ("How many died in Tarn?", "Fourteen people died in Tarn.", "The blast in Tarn left 14 people dead."),
        ("How much did the bridge cost?", "The bridge cost 1.5 million pounds.", "It took £1,500,000 to build."),
    ],
)
def test_one_figure_written_in_two_ways_is_no_disagreement(question, one, two):
    found = run(question, [hit("a", one), hit("b", two, score=0.9)], {"Tarn": 5.0, "cost": 5.0, "took": 5.0})
    assert not found.disagree
    assert [len(claim.quotes) for claim in found.claims] == [2]


@pytest.mark.parametrize(("one", "same"), [("About 1,200", True), ("1,100", False)])
def test_a_rounded_figure_and_the_one_that_it_rounds_are_no_disagreement(one, same):
    hits = [hit("a", f"{one} people died in Tarn."), hit("b", "In all 1,204 people died in Tarn.", score=0.9)]
    found = run("How many people died in Tarn?", hits, {"Tarn": 5.0})
    assert (len(found.claims), bool(found.disagree)) == (2, not same)


def test_figures_in_much_the_same_words_are_a_disagreement_whatever_the_question_calls_them():
    one = hit("a", "Nine passengers of the Tarn ferry were treated for cuts.")
    two = hit("b", "Fourteen passengers of the Tarn ferry were treated for cuts, Rey said.", score=0.9)
    found = run("How many people were injured and hurt in the accident off Tarn?", [one, two], {"treated": 4.0})
    assert len(found.disagree) == 2


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

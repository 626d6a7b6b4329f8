"""What the cited words plan, doubt, take back or say of a part is no fact of the whole."""

import pytest

from tests.answering_samples import kind


@pytest.mark.parametrize(
    ("source", "same", "other"),
    [
        (
            "Halvard will step down on 1 November.",
            "Halvard is to step down on 1 November.",
            "Halvard has stepped down.",
        ),
        (
            "The committee plans to close the harbour.",
            "The committee intends to close the harbour.",
            "The committee closed the harbour.",
        ),
        (
            "The pier may collapse in a storm.",
            "In a storm the pier could collapse.",
            "The pier will collapse in a storm.",
        ),
        (
            "A clerk allegedly forged the ballots, two voters said.",
            "Two voters said that a clerk forged the ballots.",
            "A clerk forged the ballots.",
        ),
        (
            "The keeper's lawyer said he would consider an appeal.",
            "The keeper is considering an appeal, his lawyer said.",
            "The keeper will appeal, his lawyer said.",
        ),
        (
            "Divers will search the wreck if the wind drops.",
            "If the wind drops, divers will search the wreck.",
            "Divers will search the wreck.",
        ),
        (
            "Some wards will close unless money is found.",
            "Without money, some wards will close.",
            "Some wards will close.",
        ),
        ("The suspect reportedly fled.", "Reportedly, the suspect fled.", "The suspect fled."),
        ("Farmers may now shoot beavers.", "Farmers are now allowed to shoot beavers.", "Farmers shot beavers."),
    ],
)
def test_what_is_planned_or_doubtful_is_no_fact(source, same, other):
    assert kind(same, source) == ""
    assert kind(other, source) == "certainty"


@pytest.mark.parametrize(
    ("source", "same", "other"),
    [
        (
            "The court fined former minister Pavel Orsin.",
            "The court fined Pavel Orsin, a former minister.",
            "The court fined minister Pavel Orsin.",
        ),
        ("He got a suspended sentence.", "He got a sentence, suspended.", "He got a sentence."),
        ("The crew had suspended work at the dam.", "The crew stopped work at the dam.", ""),
        ("Most of the documents were shredded.", "Many documents were shredded.", "The documents were shredded."),
        (
            "Complaints rose after a new system was installed.",
            "When a new system was installed, complaints rose.",
            "Complaints rose because a new system was installed.",
        ),
        (
            "The fever spread, probably because the type was rare.",
            "The fever spread because, probably, the type was rare.",
            "The fever spread because the type was rare.",
        ),
    ],
)
def test_what_takes_back_or_narrows_is_not_left_out(source, same, other):
    assert kind(same, source) == ""
    assert not other or kind(other, source) == "certainty"


@pytest.mark.parametrize(
    ("source", "said"),
    [
        ("The court asked the clerk to leave the room, and he did.", "The clerk left the room."),
        ("Wages will exceed prices this year, as they did last year.", "Wages exceeded prices last year."),
        ("Voters rejected a proposed tax on sugar.", "Voters rejected a tax on sugar."),
        ("She left before the concert, citing an injury.", "She left the concert because of an injury."),
    ],
)
def test_what_came_about_or_is_given_as_a_reason_may_be_said(source, said):
    assert kind(said, source) != "certainty"

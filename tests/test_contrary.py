"""Whether reports deny each other."""

import pytest

from assistant.answering.contrary import contrary


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (
            "A jury found Gordon Pell not guilty of fraud on Monday.",
            "A jury found Gordon Pell guilty of fraud on Friday.",
        ),
        ("He pleaded not guilty to fraud.", "He pleaded guilty to fraud."),
        ("Norcast would not close the Wexcombe factory.", "Norcast is to close the Wexcombe factory, with 870 jobs."),
        ("The officer would not be charged.", "The officer was charged with manslaughter on Friday."),
        ("The board rejected the offer on Tuesday.", "The board accepted the offer on Thursday."),
        ("The line denied overloading the ferry.", "The line admitted overloading the ferry."),
        ("The captain was on the bridge when it turned.", "The captain was not on the bridge when it turned."),
        ("The bridge reopened on Monday.", "The bridge remained closed on Monday."),
    ],
)
def test_who_denies_or_says_the_opposite(one, other):
    assert contrary(one, other)
    assert contrary(other, one)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (
            "A jury found Gordon Pell guilty of fraud.",
            "Gordon Pell was found guilty of fraud by a jury after 19 hours.",
        ),
        ("The jury found him not guilty.", "The jury acquitted him."),
        ("The director has not resigned.", "The director has not resigned, contrary to reports on social media."),
        ("Three people died in the fire.", "Three people died in the fire, and no one was hurt in the street."),
        ("Islamic State is excluded from the truce.", "Neither that group nor Islamic State has a place in the truce."),
        ("Police said two people had been killed.", "Two people were killed and none of the injured is in danger."),
        ("Neither that group nor Islamic State has a place in it.", "Islamic State is granted no such grace."),
        ("The museum opens on Monday.", "The museum will open again on Monday after no more than a week."),
    ],
)
def test_who_says_the_same_or_more(one, other):
    assert not contrary(one, other)
    assert not contrary(other, one)

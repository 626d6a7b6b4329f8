import pytest

from assistant.questions import punctuated
from assistant.retrieval.capitals import capitalised, in_small_letters

TEXTS = [
    "Truce talks went on. The HTS's men left north Homs for the North Sea port, McKay said.",
    "The High Court sat. Ships from the North Sea met “Bridges over water” in Apple Quay.",
    "Apple sold an apple; an apple fell.",
    "Judges of the High Court ate.",
    "They saw Mr Stope at the Velden Arms.",
]
EVERYDAY = {"high", "court", "bridges", "arms"}


@pytest.mark.parametrize(
    ("typed", "written"),
    [
        ("did hts leave homs", "did HTS leave Homs"),
        ("who crossed the north sea", "who crossed the North Sea"),
        ("who left north homs", "who left north Homs"),
        ("truce talks and bridges", "truce talks and bridges"),
        ("who ate an apple at apple quay", "who ate an apple at Apple Quay"),
        ("where is mckay's boat", "where is McKay's boat"),
        ("how high was it", "how high was it"),
        ("what did stope do in the court", "what did Stope do in the court"),
        ("did stope's arms ache", "did Stope's arms ache"),
        ("what of atlantis", "what of atlantis"),
        ("", ""),
    ],
)
def test_words_are_written_as_within_sentences(typed, written):
    assert capitalised(typed, TEXTS, EVERYDAY.__contains__) == written


def test_who_uses_capitals_is_left_alone():
    assert in_small_letters("Who left homs?")
    assert not in_small_letters("who left Homs")


@pytest.mark.parametrize(("typed", "whole"), [("who left", "who left?"), ("who left?", "who left?"), ("", "")])
def test_the_mark_is_put_where_none_stands(typed, whole):
    assert punctuated(typed) == whole

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.answering.compound import MOST, questions, sides

LINES = st.text(st.characters(codec="utf-8", exclude_categories=["Cc", "Cs"]), max_size=80)


@pytest.mark.parametrize(
    ("asked", "apart"),
    [
        ("Who won the vote and why was it close?", ["Who won the vote?", "why was it close? (Who won the vote?)"]),
        ("When and where was the bell found?", ["When was the bell found?", "where was the bell found?"]),
        ("Who was arrested? By whom?", ["Who was arrested?", "By whom? (Who was arrested?)"]),
        ("Who was hurt, and how many in Koper?", ["Who was hurt?", "how many in Koper? (Who was hurt?)"]),
        (
            "What did the museum lose, and what did the city library lend last year?",
            ["What did the museum lose?", "what did the city library lend last year?"],
        ),
    ],
)
def test_two_questions_are_taken_apart_and_each_stands_alone(asked, apart):
    assert questions(asked) == apart


@pytest.mark.parametrize(
    "asked",
    [
        "Who met the ministers of Turkey and Iran?",
        "What do the rebels and the army say?",
        "How old is she? (Who leads the union? And why?)",
        "why",
        "",
        "?",
    ],
)
def test_a_single_question_and_a_follow_up_are_left_as_they_are(asked):
    assert questions(asked) == [asked]


@pytest.mark.parametrize(
    ("asked", "each"),
    [
        ("How many fled from Brenholt and Tamsin?", ["How many fled from Brenholt?", "How many fled from Tamsin?"]),
        (
            "When did the truces of 2017 in Homs and of 2019 in Idlib start?",
            ["When did the truces of 2017 in Homs start?", "When did the truces of 2019 in Idlib start?"],
        ),
        (
            "Where were the Homs truce and the Idlib pause agreed?",
            ["Where were the Homs truce agreed?", "Where were the Idlib pause agreed?"],
        ),
        ("Is both Turkey and Iran at the table?", ["Is Turkey at the table?", "Is Iran at the table?"]),
        (
            "What did Rott, Koper and Little Ameroy decide?",
            ["What did Rott decide?", "What did Koper decide?", "What did Little Ameroy decide?"],
        ),
    ],
)
def test_names_that_are_joined_are_asked_about_one_by_one(asked, each):
    assert [question for _, question in sides(asked)] == each


@pytest.mark.parametrize(
    "asked",
    ["What was agreed between Turkey and Iran?", "Who led the talks and the vote?", "Did Turkey agree and sign?", ""],
)
def test_what_is_between_two_or_has_no_names_is_one_question(asked):
    assert sides(asked) == []


@given(LINES)
def test_any_line_is_taken_apart_into_few_questions(line):
    assert 1 <= len(questions(line)) <= MOST
    assert len(sides(line)) <= MOST


@pytest.mark.parametrize("piece", ["In Homs ", "A, ", "of 2017 ", "and ", "? why ", "Aa "])
@pytest.mark.parametrize("length", [390, 4000])
def test_no_question_takes_long_to_take_apart(piece, length):
    line = ("When " + piece * 700)[:length]
    began = time.perf_counter()
    questions(line)
    sides(line)
    assert time.perf_counter() - began < 1

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.answering.drafts import MOST_IDS, Draft, DraftReader


def read(text, size=10_000):
    reader = DraftReader()
    found = [draft for at in range(0, len(text), size) for draft in reader.feed(text[at : at + size])]
    return [*found, *reader.close()]


@pytest.mark.parametrize(
    ("text", "drafts"),
    [
        ("HTS is excluded [3].", [Draft("HTS is excluded", (3,))]),
        ("HTS is excluded [3]. IS too. [4][5]", [Draft("HTS is excluded", (3,)), Draft("IS too.", (4, 5))]),
        ("- **One** [1, 2]\n* Two [3]\n1. Three [4]", [Draft("One", (1, 2)), Draft("Two", (3,)), Draft("Three", (4,))]),
        ("From one to three [1-3]", [Draft("From one to three", (1, 2, 3))]),
        ("Full width 【2】", [Draft("Full width", (2,))]),
        ("Digits ［３］", [Draft("Digits", (3,))]),
        ("Named [S4] and [sentence 5]", [Draft("Named", (4,)), Draft("and", (5,))]),
        ("Linked [1](http://evil.example/x)", [Draft("Linked", (1,))]),
        ("Below zero [-1]", [Draft("Below zero", ())]),
        ("It is [sic] said [2]", [Draft("It is [sic] said", (2,))]),
        ("At 6 p.m. [12]", [Draft("At 6 p.m.", (12,))]),
        ("No mark", [Draft("No mark", ())]),
        ("Twice [2][2]", [Draft("Twice", (2,))]),
        ("Answer: Yes [1]", [Draft("Yes", (1,))]),
        ("[1][2]", []),
        ("<b>Bold</b> <a href='x'>link</a><br/> [1]", [Draft("Bold link", (1,))]),
        ("3 < 4 and 5 > 4 [1]", [Draft("3 < 4 and 5 > 4", (1,))]),
        ("<think>One [1].\nTwo [2].</think>\nThree [3]", [Draft("Three", (3,))]),
        ("It <Thinking>is it?</Thinking>is so [1]", [Draft("It is so", (1,))]),
        ("[THINK]One [1].[/THINK]Two [2]", [Draft("Two", (2,))]),
        ("One [1]. <think>Two [2].\nThree [3].", [Draft("One", (1,))]),
        ("Is it One?</think>\nTwo [2]", [Draft("Two", (2,))]),
        ("For this [reason] it <thin [1]", [Draft("For this [reason] it <thin", (1,))]),
        ("\n \n", []),
        ("Sure! Here is the answer:\n\nOne [1].\n\nLet me know if you need more!", [Draft("One", (1,))]),
        ("Certainly! One [1].", [Draft("One", (1,))]),
        ("Yes, the pool closes [1].\nNo. 4 runs [2].", [Draft("The pool closes", (1,)), Draft("No. 4 runs", (2,))]),
        ("## **Answer**\n*One*. [1]\n**Sources:**\n| Two | [2] |", [Draft("One.", (1,)), Draft("Two", (2,))]),
        ("The mayor said: [1] no!", [Draft("The mayor said:", (1,))]),
    ],
)
def test_statements_end_with_their_marks(text, drafts):
    assert read(text) == drafts


@pytest.mark.parametrize("size", [1, 2, 3, 7])
def test_pieces_change_nothing(size):
    text = "First thing [1], [2]. Second\nthing [3](http://x.example). - Third [4-6] (really). Last"
    thought = "<think>I [1]\nthink.</think>One [1].\n<thinking>Is it?</thinking>Two. Three?</think> Four <"
    assert read(text, size) == read(text)
    assert read(thought, size) == read(thought) == [Draft("One", (1,)), Draft("Four <", ())]


def test_a_statement_is_there_as_soon_as_the_next_begins():
    reader = DraftReader()
    assert list(reader.feed("One [1]")) == []
    assert list(reader.feed(" T")) == [Draft("One", (1,))]
    assert list(reader.feed("wo [see\n")) == [Draft("Two [see", ())]


@pytest.mark.parametrize(
    "text",
    [
        "NOT IN THE ARTICLES",
        "Not in the articles.",
        "The articles do not say who pays.",
        "No information is given in the text.",
        "NOT IN THE ARTICLES: they speak of something else.",
        "NOT IN THE ARTICLES. The sentences do not mention who pays.",
        "Unfortunately, there is no information on who pays.",
        "Based on the sentences given, the articles don't say whether the U.S. Army pays.",
    ],
)
def test_declining_is_understood(text):
    assert read(text)[0].declines


@pytest.mark.parametrize(
    "text",
    [
        "The ministry did not say who pays [3].",
        "No passengers were hurt [1].",
        "Two groups are excluded, though the articles do not say why.",
        "The articles name two groups but do not say why.",
        "The articles do not say why. Two groups are excluded.",
        "If they do not answer I must write NOT IN THE ARTICLES.",
        "NOT IN THE ARTICLES, but two groups are excluded.",
    ],
)
def test_a_report_that_something_was_not_said_is_no_declining(text):
    assert not read(text)[0].declines


@pytest.mark.parametrize("text", ["<", "[/", "<think>", "</think>", "<a ", "<a =", "the ", "no ", "from a", "sorry "])
def test_tags_and_refusals_without_end_are_read_quickly(text):
    began = time.process_time()
    for draft in read(text * 1000, 7):
        assert not draft.declines
    assert time.process_time() - began < 1


@given(st.text(max_size=300), st.integers(1, 5))
def test_any_text_is_read(text, size):
    for draft in read(text, size):
        assert draft.text
        assert "\n" not in draft.text
        assert len(draft.ids) <= MOST_IDS


def test_much_text_is_read_quickly():
    assert read("[1-999999999]" * 2000 + "x" + "[" * 5000) is not None


@pytest.mark.parametrize("blanks", ["    ", " \t \t", "\u3000 \u3000 "])
@pytest.mark.parametrize("begun", ["The bridge closes.", "The bridge closes. [1"])
def test_blanks_without_end_are_read_quickly(begun, blanks):
    began = time.process_time()
    assert len(read(begun + 600 * blanks, 4)) == 1
    assert time.process_time() - began < 2


def test_a_number_of_thousands_of_digits_is_no_sentence_number():
    assert read(f"It rained [{'9' * 5000}].") == [Draft("It rained", ())]


def test_what_cannot_be_seen_or_sent_is_left_out():
    assert read("It\x1b rained\ud800. [1]") == [Draft("It rained .", (1,))]

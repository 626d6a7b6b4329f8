"""Words: tokens with their places, what counts as content, what two spellings share."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.terms import STOP_WORDS, content_tokens, fold, key, skeleton, tokens


def words(text):
    return [token.text for token in tokens(text)]


@given(st.text())
def test_any_text_gives_tokens_that_slice_it_in_order(text):
    end = 0
    for token in tokens(text):
        assert text[token.start : token.end] == token.text != ""
        assert token.start >= end
        end = token.end


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("147,000 people, 12.5 % at 10:30.", ["147,000", "people", "12.5", "at", "10:30"]),
        ("the mayor's don’t", ["the", "mayor's", "don’t"]),
        ("COVID-19 and the G20", ["COVID", "19", "and", "the", "G20"]),
        ("'quoted' -- (and) [bracketed]", ["quoted", "and", "bracketed"]),
        ("re\u0301sume\u0301", ["re\u0301sume\u0301"]),
        ("... !? \n", []),
        ("", []),
    ],
)
def test_tokens(text, expected):
    assert words(text) == expected


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Bombing", "bombed"),
        ("settlements", "settlement"),
        ("Türkiye", "turkiye"),
        ("Türkiye", "Tu\u0308rkiye"),
        ("Assad's", "Assad"),
        ("Assad’s", "ASSAD"),
        ("147,000", "147000"),
        ("O'Brien", "obrien"),
    ],
)
def test_two_spellings_of_a_word_share_their_key(one, other):
    assert key(one) == key(other)


@pytest.mark.parametrize(("one", "other"), [("12.5", "125"), ("2017", "2018"), ("north", "south")])
def test_different_words_do_not(one, other):
    assert key(one) != key(other)


def test_content_leaves_out_function_words_but_not_acronyms():
    assert [t.text for t in content_tokens("What did the WHO and the US say about us and IT?")] == ["WHO", "US", "IT"]


@pytest.mark.parametrize("asked", ["Didn't", "don’t", "Isn't", "who's", "they've", "I'm", "won't"])
def test_contractions_are_function_words(asked):
    assert content_tokens(asked) == []


def test_stop_words_are_written_as_fold_leaves_them():
    assert {fold(word) for word in STOP_WORDS} == STOP_WORDS


def test_names_and_numbers():
    assert [(t.is_name, t.is_number) for t in tokens("Homs fell 2017")] == [
        (True, False),
        (False, False),
        (False, True),
    ]


@pytest.mark.parametrize(
    "spellings",
    [
        ("Hezbollah", "Hizbullah", "Hizbollah"),
        ("Qaddafi", "Kadafi", "Khadafy"),
        ("Houthi", "Huthi"),
        ("Osama", "Usama"),
        ("Mohammed", "Muhammad", "Mohamed"),
    ],
)
def test_transliterations_share_a_skeleton(spellings):
    assert len({skeleton(name) for name in spellings}) == 1


@pytest.mark.parametrize(("one", "other"), [("Aleppo", "Raqqa"), ("Hama", "Homs"), ("Basra", "Beirut")])
def test_other_names_have_another_skeleton(one, other):
    assert skeleton(one) != skeleton(other)


@given(st.text())
def test_any_word_has_a_key_and_a_skeleton(word):
    assert isinstance(key(word), str)
    assert isinstance(skeleton(word), str)

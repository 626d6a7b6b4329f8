from dataclasses import replace

import pytest

from assistant.answering.wording import Asked, headed
from assistant.types import Term
from tests.answering_samples import hit


def passage(text, published="2017-08-03", title="Headline"):
    found = hit("a", text)
    return replace(found, article=replace(found.article, published=published, title=title))


@pytest.mark.parametrize(
    ("published", "put"),
    [
        ("2017-08-03", "When did the truce in Homs begin?"),
        ("2017-08-31", "When did the truce in Homs begin?"),
        ("2017-09-03", "When did the truce of August in Homs begin?"),
        ("2017-11-03", "When did the truce of August 2017 in Homs begin?"),
        ("2017-07-30", "When did the truce of August 2017 in Homs begin?"),
        ("2018-08-03", "When did the truce of August 2017 in Homs begin?"),
        (None, "When did the truce of August 2017 in Homs begin?"),
    ],
)
def test_what_a_report_is_dated_for_need_not_stand_in_it(published, put):
    asked = Asked("When did the truce of August 2017 in Homs begin?")
    assert asked.of(passage("It began at noon.", published)) == put


@pytest.mark.parametrize(
    ("question", "put"),
    [
        ("Who took part in the 2017 fighting?", "Who took part in the fighting?"),
        ("Who won on 2 August 2017?", "Who won?"),
        ("Who won on 20 July 2017?", "Who won on 20 July 2017?"),
        ("How many fled in 2017?", "How many fled?"),
        ("Who has governed since 2017?", "Who has governed since 2017?"),
        ("What was built by the end of 2017?", "What was built by the end of 2017?"),
        ("Who played between 2017 and 2019?", "Who played between 2017 and 2019?"),
        ("Who won in 2016?", "Who won in 2016?"),
        ("Who won?", "Who won?"),
    ],
)
def test_dates_that_say_more_than_when_it_was_are_left(question, put):
    assert Asked(question).of(passage("The vote was on Wednesday.")) == put


@pytest.mark.parametrize(
    "date", ["December 9999", "2017-13-45", "31 February 2017", "9999-12-31", "99 May 2017", "2017-08-00"]
)
def test_a_date_that_does_not_exist_is_left(date):
    question = f"Who won on {date}?"
    assert Asked(question).of(passage("The vote was on Wednesday.", "2017-08-03")) == question


def test_a_year_that_the_passage_says_is_left_to_its_words():
    question = "How many fled in 2017?"
    assert Asked(question).of(passage("In 2017 some 300 people fled.")) == question


def test_a_report_of_the_year_after_may_call_it_last_year():
    asked = Asked("How many fled in 2017?")
    assert asked.of(passage("Some 300 people fled last year.", "2018-04-03")) == "How many fled?"
    assert asked.of(passage("Some 300 people fled last year.", "2019-04-03")) == asked.question
    assert asked.of(passage("Some 300 people fled last week.", "2018-04-03")) == asked.question


def test_a_question_is_untimely_where_neither_date_nor_words_have_its_year():
    question = Asked("How many fled in 2016?")
    assert question.untimely(passage("Some 300 people fled."))
    assert not question.untimely(passage("Some 300 people fled in 2016."))
    assert not question.untimely(passage("Some 300 people fled.", published="2016-05-01"))
    assert not Asked("How many fled?").untimely(passage("Some 300 people fled."))


def term(question, *ways):
    start = question.index(ways[0])
    return Term(start, start + len(ways[0]), ways)


@pytest.mark.parametrize(
    ("written", "way", "text", "put"),
    [
        ("Hizbullah", "hezbollah", "Hezbollah fighters came.", "When did Hizbullah come?"),
        ("Hizbollah", "hezbollah", "Hezbollah fighters came.", "When did Hezbollah come?"),
        ("Connery", "connor", "Connor came.", "When did Connery come?"),
        ("Iran", "iranian", "Iranian units came.", "When did Iran come?"),
        ("HTS", "Hayat Tahrir al-Sham", "The Hayat Tahrir al-Sham group came.", "When did Hayat Tahrir al-Sham come?"),
        ("Islamic State", "IS", "Where IS came from is known.", "When did IS come?"),
        ("Islamic State", "IS", "Where it came from is known.", "When did Islamic State come?"),
        ("HTS", "Nusra", "HTS, once Nusra, came.", "When did HTS come?"),
    ],
)
def test_names_are_put_as_the_passage_writes_them(written, way, text, put):
    question = f"When did {written} come?"
    assert Asked(question, [term(question, written, way)]).of(passage(text)) == put


def test_what_stands_over_an_article_is_its_headline_and_when_it_appeared():
    assert headed(passage("x").article) == "Headline August 2017"
    assert headed(passage("x", published=None).article) == "Headline"
    assert headed(passage("x", title=None).article) == "August 2017"

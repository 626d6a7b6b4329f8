"""Faults that the rules once had, at the edges of dates, numbers, quotations and context."""

import pytest

from assistant.answering.check import SUPPORTED, check, confirm
from assistant.answering.checks.moments import published
from assistant.answering.claims import Quote
from assistant.answering.generative import _evidence
from assistant.answering.reader import Reader
from assistant.answering.verify import Evidence, Verdict, verify
from assistant.types import ArticleInfo, Hit, Passage, Sentence
from tests.answering_samples import kind

TALKS = "The talks resume on Friday."


def evidence_of(passage: str, sentence: str, issued: str | None = "2017-08-09", nth: int = 0) -> Evidence:
    """Evidence as it is made for a sentence of a passage that begins at character 50 of its article."""
    start = [n for n in range(len(passage)) if passage.startswith(sentence, n)][nth]
    where = Sentence(0, 50 + start, 50 + start + len(sentence))
    info = ArticleInfo("a" * 12, "a.txt", "Minister published 2016-02-01 plan", "Lake Post", None, issued, None, None)
    hit = Hit(Passage("a" * 12, 0, 50, 50 + len(passage), "body", (where,)), passage, info, 1.0)
    return _evidence(Quote(hit, where.start, where.end, sentence))


class Asked(Reader):
    """A reader that finds nothing said; notes what it was asked."""

    def __init__(self):
        super().__init__()
        self.asked = []

    def entailment(self, words, statement):
        self.asked.append(words)
        return SUPPORTED - 1


@pytest.mark.parametrize("issued", ["9999-12-31", "0001-01-01", "1599-12-31", "3000-01-01", "2017-02-30"])
@pytest.mark.parametrize("when", ["on Friday", "tomorrow", "yesterday", "next year", "last year"])
def test_a_publication_date_at_the_edge_is_ignored(issued, when):
    source = f"The talks resume {when}."
    said = "The talks resume on 11 August 2017."

    assert verify(said, [Evidence(source, f"Lake Post\npublished {issued}\n{source}")]).kind == "date"
    assert kind(said, source, issued=issued) == "date"


@pytest.mark.parametrize(
    "context",
    ["Report published 2017-08-09", "A study published 2017-08-09 says so.", "published 2017-08-09 by the ministry"],
)
def test_words_of_headline_and_body_give_no_publication_date(context):
    assert published(f"{context}\n{TALKS}") is None
    assert verify("The talks resume on 11 August.", [Evidence(TALKS, f"{context}\n{TALKS}")]).kind == "date"


def test_the_article_alone_gives_the_publication_date():
    body = f"published 2016-02-01\n{TALKS}"

    assert verify("The talks resume on 11 August.", [evidence_of(body, TALKS)]).supported
    assert verify("The talks resume on 5 February.", [evidence_of(body, TALKS)]).kind == "date"
    assert verify("The talks resume on 5 February.", [evidence_of(body, TALKS, None)]).kind == "date"


@pytest.mark.parametrize("marks", ["“{}”", '"{}"', "‘{}’", "'{}'"])
def test_quoted_words_are_looked_for_whatever_the_marks(marks):
    source = 'The mayor said the dockers\' offer was "a mess we can’t mend".'

    for words in ("a mess we can't mend", "a mess we can’t mend", "the dockers' offer was", "mess"):
        assert kind(f"The mayor said it was {marks.format(words)}.", source) != "quotation", words
    for words in ("a fair deal", "a mess we can't fix", "the dockers' demand was"):
        assert kind(f"The mayor said it was {marks.format(words)}.", source) == "quotation", words


def test_an_apostrophe_opens_no_quotation():
    source = "In the '80s the mayor accepted the offer of the dockers and the wishes of the drivers."

    for said in ("The mayor accepted the dockers' offer and the drivers' wishes.", "In the '80s the dockers' offer."):
        assert kind(said, source) != "quotation"
    said = "He called the plan 'reckless' and the ministers' reply 'weak'."
    assert kind(said, "He said that the plan was reckless and that the reply of the ministers was weak.") != "quotation"


@pytest.mark.parametrize("words", ["able", "the man", "unable to s"])
def test_quoted_words_are_whole_words(words):
    source = "The mayor said the manager was unable to speak."

    assert kind(f"The mayor said “{words}”.", source) == "quotation"
    assert kind("The mayor said the manager was “unable to speak”.", source) == ""


def test_a_quotation_stands_in_one_sentence():
    first, second = "The mayor of Kessel said no.", "More money was spent on the bridge."

    assert kind("The mayor of Kessel “said no. More money was spent” on the bridge.", first, second) == "quotation"


def test_what_stands_about_an_article_is_no_sentence_in_front():
    reader = Asked()
    evidence = evidence_of("She called the police. She left.", "She called the police.")
    check("The woman called the police.", [evidence], reader)

    assert reader.asked == [evidence.text]


def test_a_repeated_sentence_is_taken_where_it_is_cited():
    passage = "Ada Holm spoke. Nobody was hurt. Otto Lind waited. Nobody was hurt."
    for nth, front in ((0, "Ada Holm spoke."), (1, "Otto Lind waited.")):
        reader, evidence = Asked(), evidence_of(passage, "Nobody was hurt.", nth=nth)
        confirm("No person was hurt.", [evidence], Verdict(True, used=(0,)), reader)
        assert reader.asked[-1] == f"{front} {evidence.text}"
        assert evidence.before.endswith(passage[: passage.rindex(front) + len(front) + 1])


def test_what_stands_behind_the_first_of_two_same_sentences_is_not_in_front_of_it():
    passage = "Ada Holm spoke. She left the hall. Otto Lind waited. She left the hall."
    said = "Otto Lind left the hall."

    assert verify(said, [evidence_of(passage, "She left the hall.")]).kind == "name"
    assert verify("Ada Holm left the hall.", [evidence_of(passage, "She left the hall.")]).supported
    assert "Otto Lind" in evidence_of(passage, "She left the hall.", nth=1).before


@pytest.mark.parametrize(
    ("source", "same", "other"),
    [
        ("Floods drove out 5m people.", "5 million people", "5 metres"),
        ("Floods drove out 5m people.", "five million people", "5 people"),
        ("Floods hit 2.4m households.", "2.4 million households", "2.4 metres"),
        ("Floods cost 3m pounds.", "3 million pounds", "3 metres"),
        ("Floods cost 3m pounds.", "£3m", "£3"),
        ("Floods took 7k new homes.", "7,000 new homes", "7 new homes"),
        ("Floods took 5m tonnes of soil.", "5 million tonnes of soil", "5 tonnes of soil"),
        ("Floods cost 2bn euros.", "2 billion euros", "2 million euros"),
        ("Floods rose to a bridge 5m long.", "5 metres", "5 million"),
        ("Floods rose 5m high.", "5 metres high", "5 million high"),
        ("Floods rose over 6m high walls.", "6 metres high", "6 million walls"),
        ("Floods broke a 5m wall.", "a five-metre wall", "5 million walls"),
        ("Floods rose 5m.", "5 metres", "5 million"),
    ],
)
def test_a_letter_behind_a_number_is_a_scale_or_metres(source, same, other):
    verb = source.split()[1]

    assert kind(f"Floods {verb} {same}.", source) != "number"
    assert kind(f"Floods {verb} {other}.", source) == "number"


@pytest.mark.parametrize(
    ("source", "said", "wrong"),
    [
        ("25 per cent of the votes were lost.", "2,500 of the votes were lost.", "number"),
        ("0.5 per cent of the votes were lost.", "50 of the votes were lost.", "number"),
        ("25 per cent of the votes were lost.", "A quarter of the votes were lost.", ""),
        ("25 per cent of the votes were lost.", "One in four of the votes were lost.", ""),
        ("A quarter of the votes were lost.", "25 per cent of the votes were lost.", ""),
    ],
)
def test_a_share_is_no_hundredfold(source, said, wrong):
    assert kind(said, source) == wrong


@pytest.mark.parametrize(
    ("source", "said", "wrong"),
    [
        ("The bridge closed in September 2017.", "The bridge closed on 1 September 2017.", "date"),
        ("The bridge closed in September 2017.", "The bridge closed on Friday.", "date"),
        ("The bridge closed in September.", "The bridge closed on 1 September 2017.", "date"),
        ("The bridge closed last year.", "The bridge closed in August 2016.", "date"),
        ("The bridge closed last year.", "The bridge closed on 1 August 2016.", "date"),
        ("The bridge closed last year.", "The bridge closed in 2016.", ""),
        ("The bridge closed in September.", "The bridge closed in September 2017.", ""),
        ("The bridge closed on 3 September.", "The bridge closed on 3 September 2017.", ""),
        ("The bridge closed yesterday.", "The bridge closed on 8 August 2017.", ""),
        ("The bridge closed on Tuesday.", "The bridge closed on 8 August.", ""),
    ],
)
def test_no_day_or_month_is_made_up(source, said, wrong):
    assert kind(said, source, issued="2017-08-09") == wrong


@pytest.mark.parametrize(
    ("issued", "when", "right"),
    [
        ("2018-01-02", "on 28 December", "2017"),
        ("2017-12-28", "on 5 January", "2018"),
        ("2018-01-10", "in December", "2017"),
        ("2018-12-28", "in May", None),
        ("2018-10-28", "in May", "2018"),
        ("2018-01-02", "in August", None),
        ("2018-02-28", "on 29 February", None),
    ],
)
def test_a_date_without_a_year_is_the_nearest_one_if_any(issued, when, right):
    source = f"The bridge was closed {when}."
    for year in ("2016", "2017", "2018", "2019"):
        said = f"The bridge was closed {when} {year}."
        assert kind(said, source, issued=issued) == ("" if year == right else "date"), year


def test_a_date_without_a_year_is_counted_from_its_own_article():
    old, new = "The bridge was closed on 3 August.", "The bridge will open on 9 May."
    cited = [Evidence(new, published="2018-05-02"), Evidence(old, published="2017-08-04")]

    assert verify("The bridge was closed on 3 August 2017.", cited).supported
    assert verify("The bridge was closed on 3 August 2018.", cited).kind == "date"


@pytest.mark.parametrize(
    ("said", "wrong"),
    [
        ("Yesterday the bridge closed.", ""),
        ("Tomorrow the bridge closed.", "date"),
        ("The bridge closed on 8 August.", ""),
        ("The bridge closed on 9 August.", "date"),
    ],
)
def test_yesterday_is_a_day_at_the_beginning_of_a_sentence_too(said, wrong):
    assert kind(said, "“It was high time.” Yesterday the bridge closed.", issued="2017-08-09") == wrong


def test_a_name_with_a_word_for_a_day_is_no_day():
    source = "The bridge closed, Russia Today reports."

    assert kind("The bridge closed on 9 August.", source, issued="2017-08-09") == "date"


@pytest.mark.parametrize(
    ("source", "same", "other"),
    [
        ("Rents rose by 5 percentage points.", "by 5 percentage points", "by 5 per cent"),
        ("Rents rose by half a percentage point.", "by 0.5 percentage points", "by 0.5 per cent"),
        ("Rents rose to minus 5 degrees.", "to -5 degrees", "to 5 degrees"),
        ("Rents rose to −5C.", "to minus 5 C", "to 5C"),
        ("Rents rose to 5 degrees below zero.", "to minus 5 degrees", "to 5 degrees"),
        ("Rents rose to C$5m.", "to C$5m", "to $5m"),
        ("Rents rose to US$5m.", "to $5m", "to C$5m"),
        ("Rents rose to 5m Canadian dollars.", "to 5 million Canadian dollars", "to $5m"),
        ("Rents rose to 300 Syrian pounds.", "to 300 Syrian pounds", "to £300"),
        ("Rents rose in her 90s.", "in her nineties", "to 90"),
        ("Rents rose in 30s.", "in 30 seconds", "in the 30s"),
        ("Rents rose by between 20 and 30 crowns.", "by 20 to 30 crowns", "by 30 crowns"),
        ("Rents rose by between 20 and 30 crowns.", "between 20 and 30 crowns", "by 20 crowns"),
        ("Rents rose by between twenty and thirty crowns.", "by 20-30 crowns", "by fifty crowns"),
        ("Rents rose 20-30 crowns.", "from 20 to 30 crowns", "30 crowns"),
        ("Rents rose from 20 to 30 crowns.", "to 30 crowns", "to 50 crowns"),
        ("Rents rose by two hundred and five crowns.", "by 205 crowns", "by 5 crowns"),
        ("After the takeover rents rose by 40 crowns.", "after the takeover 40 crowns", "over 40 crowns"),
        ("In Hanover rents rose by 40 crowns.", "in Hanover 40 crowns", "over 40 crowns"),
    ],
)
def test_what_stands_at_a_number_belongs_to_it(source, same, other):
    assert kind(f"Rents rose {same}.", source) != "number"
    assert kind(f"Rents rose {other}.", source) == "number"


@pytest.mark.parametrize(
    ("source", "said", "wrong"),
    [
        ("The boat sank in the 1990s.", "The boat sank in 1990.", "date"),
        ("The boat sank in the 1990s.", "The boat sank in the 1990s.", ""),
        ("The boat sank at 1905 hours.", "The boat sank in 1905.", "date"),
        ("The boat sank at 1905 GMT.", "The boat sank in 1905.", "date"),
        ("The boat sank at 1905 GMT.", "The boat sank at 19:05 GMT.", ""),
        ("The boat sank at 1905 hours.", "The boat sank at 1906 hours.", "date"),
        ("The boat sank after 1,905 hours.", "The boat sank after 1905 hours.", ""),
        ("The boat sank in 1905.", "The boat sank at 1905 hours.", "date"),
    ],
)
def test_decades_and_times_of_day_are_no_years(source, said, wrong):
    assert kind(said, source) == wrong


def test_a_currency_or_measure_that_no_source_has_is_made_up():
    fined = "The board fined the hospital 240,000 thalers on Tuesday for leaving patients in corridors."
    depth = "The wreck lies at a depth of 40 fathoms off the cape."

    assert kind("The board fined the hospital 240,000 euros on Tuesday.", fined) == "number"
    assert kind("The board fined the hospital 240,000 kroner on Tuesday.", fined) == "number"
    assert kind("The board fined the hospital 240,000 euros.", fined.replace("thalers", "kroner")) == "number"
    assert kind("The wreck lies at a depth of 40 miles.", depth) == "number"
    assert kind("Shares cost 7 euros in June.", "Shares cost 5 euros in May and 7 in June.") != "number"


@pytest.mark.parametrize(
    ("source", "same", "other"),
    [
        ("a quarter of a percentage point", "0.25 percentage points", "a quarter of a per cent"),
        ("half a per cent", "0.5 per cent", "half a percentage point"),
        ("half a per cent", "half of a per cent", "50 per cent"),
        ("one and a half years", "18 months", "five years"),
        ("two and a half million people", "2.5 million people", "two million people"),
        ("half an hour", "30 minutes", "30 hours"),
    ],
)
def test_parts_of_a_unit_are_in_that_unit(source, same, other):
    assert kind(f"The court ordered {same}.", f"The court ordered {source}.") == ""
    assert kind(f"The court ordered {other}.", f"The court ordered {source}.") == "number"


@pytest.mark.parametrize(
    ("source", "same", "other"),
    [
        ("The fare rose from 35 to 82 crowns.", "The fare rose to 82 crowns.", "The fare rose by 82 crowns."),
        ("The fare rose by 35 crowns.", "The fare went up by 35 crowns.", "The fare rose to 35 crowns."),
    ],
)
def test_a_change_by_a_number_is_none_to_it(source, same, other):
    assert kind(same, source) == ""
    assert kind(other, source) == "role"

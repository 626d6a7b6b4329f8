"""Choosing and quoting the sentences that answer, by a scripted reader."""

from dataclasses import replace

import numpy as np
import pytest

from assistant.answering.candidates import candidates, quote, with_before
from assistant.answering.evidence import read_twice
from assistant.answering.extractive import SURE, extract
from assistant.answering.wording import Asked
from assistant.settings import Settings
from tests.answering_samples import Everything, ScriptedReader, hit, run, texts


def test_the_sentence_that_the_reader_prefers_comes_first_and_is_verbatim():
    found = hit("a", "The bridge is old.", "Anna Berg opened it on Monday.", "It rained.")
    best = run("Who opened the bridge?", [found], {"Berg": 5.0}).claims[0].quotes[0]
    assert best.text == "The bridge is old. Anna Berg opened it on Monday." or best.text.startswith("Anna Berg")
    base = found.passage.start
    assert found.text[best.start - base : best.end - base] == best.text


@pytest.mark.parametrize(
    ("sentence", "stated"),
    [
        ("Did Berg open the bridge?", False),
        ("“Did Berg open the bridge?”", False),
        ("“It is old. Did Berg open it?", False),
        ('Or did Berg say "I opened it"?', False),
        ("(Did Berg open it?)", False),
        ("Did Berg really open it?!", False),
        ("Did Berg open it «again?»", False),
        ("Berg did open it!", True),
        ("The judge asked: “Did Berg open it?”", True),
        ("“Did Berg open it?” asked the judge.", True),
        ("Asked who opened it, Berg said: 'Who, if not I?' and left.", True),
    ],
)
def test_a_question_is_no_answer(sentence, stated):
    found = run("Who opened the bridge?", [hit("a", "Rain fell.", sentence, "Rain fell again.")], {"Berg": 5.0})
    assert any("Berg" in text for quotes in texts(found) for text in quotes) == stated


@pytest.mark.parametrize(
    ("above", "said", "shown"),
    [
        ("Did you open the bridge?", "No. Berg did.", "both"),
        ("You opened the bridge.", "Ms Berg: Of course.", "both"),
        ("Did you open the bridge?", "That was Berg.", "both"),
        ("Did you open the bridge?", "Berg opened the bridge.", "said"),
        ("The opening", "That was Berg.", "said"),
    ],
)
def test_what_leans_on_an_interviewers_question_is_quoted_with_it(above, said, shown):
    found = hit("a", f"{above}\n\n", said)
    passage = replace(found.passage, sentences=found.passage.sentences[1:])
    claim = run("Who opened the bridge?", [replace(found, passage=passage)], {"Berg": 5.0, "course": 5.0}).claims[0]
    assert claim.quotes[0].text == (f"{above}\n\n{said}" if shown == "both" else said)


ROADS = ("Rain fell.", "These roads are closed:\n\n", "Tanner Street: all day\n\n", "Mill Lane\n\n", "It rained.")


@pytest.mark.parametrize(
    ("sentences", "said", "shown"),
    [
        (ROADS, "Tanner", "These roads are closed:\n\nTanner Street: all day"),
        (ROADS, "Mill", "These roads are closed:\n\nTanner Street: all day\n\nMill Lane"),
        (ROADS, "These", "These roads are closed:\n\nTanner Street: all day\n\nMill Lane"),
        (ROADS, "It", "It rained."),
        (("On iPhone:\n\n", "Open the settings.", "Wait."), "Open", "On iPhone:\n\nOpen the settings."),
        (("On iPhone:\n\n", "Open the settings.", "Wait."), "Wait", "Wait."),
        (("Closed:\n\n", "- Hill Street\n\n" * 40, "- Mill Lane"), "Mill", "- Mill Lane"),
    ],
)
def test_what_a_line_with_a_colon_leads_to_is_quoted_with_it(sentences, said, shown):
    words = [quote(one) for one in candidates([hit("a", *sentences)]) if one.text.lstrip("- ").startswith(said)]
    assert [one.text for one in words] == [shown]
    assert words[0].hit.text[words[0].start - 100 : words[0].end - 100] == shown


@pytest.mark.parametrize("after", [(), ("On Android:\n\n", "Berg did."), ("Who did?",)])
def test_what_only_leads_to_another_line_is_no_answer(after):
    found = candidates([hit("a", "Berg opened it.\n\n", "On iPhone:\n\n", *after)])
    assert "On iPhone:" not in [one.text for one in found]


def test_a_passage_that_only_asks_answers_nothing():
    found = run("Who opened the bridge?", [hit("a", "Did Berg open it?", "Or who did?")], {"Berg": 5.0})
    assert (found.claims, found.nearest) == ((), ())


class HalfBlindReader:
    """Is half as sure of the sentence about Berg when it stands alone."""

    def scores(self, question, passages):
        return [
            np.array([{"Anna Berg": 4.0, "It rained": 2.0}.get(text[a : a + 9], -6.0) for a, b in spans], np.float32)
            * (0.5 if len(spans) == 1 and "Berg" in text else 1.0)
            for _, text, spans in passages
        ]


def test_the_likeliest_sentences_are_read_again_alone_and_both_readings_count():
    sentences = ["Anna Berg opened it.", "It rained all day.", *(f"Nothing came of plan {n}." for n in "abcdefgh")]
    found = [hit("a", *sentences)]
    judged = read_twice(Asked("Who opened the bridge?"), found, candidates(found), HalfBlindReader())
    assert judged[0] == 3.0  # 4 in its passage, 2 alone
    assert judged[1] == 2.0
    assert (judged[2:] == -6.0).all()
    assert len(judged) == len(sentences)


def test_a_sentence_that_points_back_takes_the_one_before_it_within_its_paragraph():
    same = hit("a", "Anna Berg won the vote.", "She thanked her staff in Cairo.")
    assert texts(run("Where did she thank her staff?", [same], {"thanked": 6.0}))[0] == [
        "Anna Berg won the vote. She thanked her staff in Cairo."
    ]
    apart = hit("a", "Anna Berg won the vote.\n\n", "She thanked her staff in Cairo.")
    assert texts(run("Where did she thank her staff?", [apart], {"thanked": 6.0}))[0] == [
        "She thanked her staff in Cairo."
    ]


def test_nothing_is_answered_below_the_threshold_but_the_nearest_are_shown():
    found = run("Who won?", [hit("a", "It rained.", "It snowed.")], {}, settings=Settings(threshold=1.0))
    assert found.claims == ()
    assert found.nearest
    assert found.confidence < found.threshold == 1.0


def test_words_that_stand_together_only_outside_the_reporting_lower_the_confidence():
    question = "Which brigade ambushed soldiers near Fuah?"
    found = [hit("a", "Soldiers advanced on Tuesday.")]
    plain = run(question, found, {}).confidence
    assert run(question, found, {}, ["A brigade ambushed four soldiers near Fuah!!"]).confidence < plain


def test_at_most_as_many_statements_as_the_settings_allow():
    many = [hit(name, f"Team {name} won the {name} race.") for name in "abcdef"]
    found = run("What happened in the race?", many, {"Team": 4.0}, settings=Settings(threshold=0.0, max_statements=2))
    assert len(found.claims) <= 2


def test_no_passages_no_answer():
    assert run("Who won?", [], {}).claims == ()


@pytest.mark.parametrize(
    ("before", "said", "taken_along"),
    [
        ("Ada Rey runs the shop.", "She closes it on Monday.", True),
        ("Ada Rey runs the shop.", '"There is no other baker," she said.', True),
        ("Ada Rey runs the shop.", "“There is no other baker.”", True),
        ("Ada Rey runs the shop.", '"There is no other baker," Paul Oyelaran said.', False),
        ("Ada Rey runs the shop.", "The shop closes on Monday.", False),
    ],
)
def test_what_does_not_name_whom_it_is_about_is_quoted_with_the_sentence_before(before, said, taken_along):
    found = hit("a", before, said)
    words = quote(candidates([found])[1])
    assert words.text == (f"{before} {said}" if taken_along else said)
    base = found.passage.start
    assert found.text[words.start - base : words.end - base] == words.text


def test_the_nearest_passages_of_a_refusal_share_no_words():
    found = hit("a", "Mary Quill runs the shop.", "She sells hats.", "Rain fell.", "The lake froze.")
    answer = run("Who opened the bridge?", [found], {"hats": 1.0}, settings=Settings(threshold=1.0))
    assert answer.nearest[0].text == "Mary Quill runs the shop. She sells hats."
    assert not any(quote.text == "Mary Quill runs the shop." for quote in answer.nearest)
    assert len(answer.nearest) == 3


def test_a_quote_takes_the_sentence_before_along_within_its_paragraph():
    found = hit("a", "Mary Quill runs the shop.", "Hats sell well.", "The lake froze.\n\n", "Nobody skated.")
    first, second, _, fourth = map(quote, candidates([found]))
    assert with_before(second).text == "Mary Quill runs the shop. Hats sell well."
    assert with_before(first) == first
    assert with_before(fourth) == fourth


class Doubting(Everything):
    """Finds more in the same article when it is asked to look there."""

    def __init__(self, hits, more):
        super().__init__(hits)
        self.more, self.asked = more, []

    def further(self, text, hits, articles):
        self.asked.append((text, list(articles)))
        return self.more


def look_twice(words):
    first = hit("a", "The bridge was opened again.", "It rained.")
    more = hit("a", "Anna Berg cut the ribbon.", shift=900)
    lookup = Doubting([first], [more])
    found = extract("Who opened the bridge?", lookup, [first], (), ScriptedReader(words), Settings(threshold=0.0))
    return found, lookup.asked


def test_where_the_first_passages_leave_doubt_others_of_the_same_article_are_read():
    found, asked = look_twice({"ribbon": 8.0})
    assert texts(found)[0] == ["Anna Berg cut the ribbon."]
    assert asked == [("Who opened the bridge?", ["a"])]


def test_a_sure_answer_is_not_looked_for_again():
    found, asked = look_twice({"opened": 8.0})
    assert found.confidence > SURE
    assert asked == []


@pytest.mark.parametrize("preferred", ["1,900", "twice", "1,240"])
def test_of_a_correction_all_is_quoted(preferred):
    sentences = [
        "An earlier version of this report spoke of 1,900 people.",
        "It counted some twice.",
        "There were 1,240.\n",
    ]
    found = hit("a", "The river rose.\n", *sentences, "It fell on Friday.")
    assert texts(run("How many fled?", [found], {preferred: 5.0}))[0] == [" ".join(sentences).strip()]

from dataclasses import replace

import numpy as np
import pytest

from assistant.answering.candidates import candidates, quote, with_before
from assistant.answering.evidence import read_twice
from assistant.answering.extractive import SURE, extract
from assistant.answering.wording import Asked
from assistant.settings import Settings
from tests.answering_samples import ScriptedReader, hit, terms_of

ALWAYS = Settings(threshold=0.0)


def run(question, hits, words, elsewhere=(), settings=ALWAYS):
    return extract(question, Everything(hits), hits, elsewhere, ScriptedReader(words), settings)


class Everything:
    """A lookup whose search finds all passages."""

    def __init__(self, hits):
        self.hits = hits

    def spelled(self, text):
        return text

    def terms(self, text):
        return terms_of(text)

    def search(self, text):
        return self.hits

    def left_out(self, text):
        return []

    def further(self, text, hits, articles):
        return []


def texts(extraction):
    return [[quote.text for quote in claim.quotes] for claim in extraction.claims]


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


def test_the_same_fact_in_two_articles_is_one_statement_with_two_citations():
    one = hit("a", "The de-escalation zone covers 84 settlements north of Homs.")
    two = hit("b", "The zone covers 84 settlements north of Homs, Moscow said.", score=0.9)
    found = run("How many settlements does the zone cover?", [one, two], {"84": 5.0})
    assert [[quote.hit.article.id for quote in claim.quotes] for claim in found.claims] == [["a", "b"]]


def test_a_sentence_that_repeats_part_of_an_answer_is_neither_a_statement_nor_a_citation():
    both = hit("a", "Anna Berg and Carl Dahl opened the bridge.")
    part = hit("b", "The old bridge was opened again, with music, by Carl Dahl.")
    other = hit("c", "Eva Frank cut the ribbon of the bridge.")
    found = texts(run("Who opened the bridge?", [both, part, other], {"Berg": 5.0, "Dahl": 4.5, "Frank": 4.0}))
    assert found[0][0].startswith("Anna Berg and Carl Dahl")
    assert not any("with music" in quote for claim in found[:1] for quote in claim[1:])
    assert [claim[0][:9] for claim in found] == ["Anna Berg", "Eva Frank"]


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


def test_figures_in_much_the_same_words_are_a_disagreement_whatever_the_question_calls_them():
    one = hit("a", "Nine passengers of the Tarn ferry were treated for cuts.")
    two = hit("b", "Fourteen passengers of the Tarn ferry were treated for cuts, Rey said.", score=0.9)
    found = run("How many people were injured and hurt in the accident off Tarn?", [one, two], {"treated": 4.0})
    assert len(found.disagree) == 2


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


def test_another_article_with_the_same_answer_is_cited_with_it():
    one = hit("a", "The bridge in Cairo was opened by Anna Berg.")
    two = hit("b", "Crowds cheered.", "It was Anna Berg who cut the ribbon at the bridge in Cairo.", score=0.5)
    three = hit("c", "Anna Berg likes tea.", score=0.4)
    found = run("Who opened the bridge in Cairo?", [one, two, three], {"opened": 6.0, "cut the ribbon": 3.0})
    assert [quote.hit.article.id for quote in found.claims[0].quotes] == ["a", "b"]


def test_a_word_that_another_article_shares_does_not_cite_it():
    one, two = hit("a", "Tarn."), hit("b", "Tarn will get a tram that passes the hospital.", score=0.9)
    found = run("What is the deficit of Tarn?", [one, two], {"Tarn.": 5.0, "tram": 4.9})
    assert all(len(claim.quotes) == 1 for claim in found.claims)


def test_beside_a_sure_answer_another_article_has_to_answer_too():
    one, two = hit("a", "The pilot whale was 20 feet long."), hit("b", "The fin whale was 50 feet long.", score=0.9)
    ask = "What happened to the pilot whale?"
    assert len(run(ask, [one, two], {"pilot": 3.0, "fin": -0.5}).claims) == 1
    assert len(run(ask, [one, two], {"pilot": 1.0, "fin": -0.5}).claims) == 2
    assert len(run(ask, [one, two], {"pilot": 1.0, "fin": -2.5}).claims) == 1


def test_beside_an_answer_that_names_who_was_asked_about_the_others_name_them_too():
    one = hit("a", "Ada Rey takes over from Carl Stout.")
    two, three = hit("b", "His deputy takes over in May.", score=0.9), hit("c", "Stout leaves in May.", score=0.8)
    found = run("Who follows Carl Stout?", [one, two, three], {"Ada": 1.5, "deputy": 1.4, "leaves": 1.3})
    assert [claim[0][:9] for claim in texts(found)] == ["Ada Rey t"]
    same = run("Who follows the director?", [one, two, three], {"Ada": 1.5, "deputy": 1.4, "leaves": 1.3})
    assert len(same.claims) == 3


def test_a_sentence_quoted_already_is_no_statement_of_its_own():
    found = hit("a", "Anna Berg won the vote in Cairo.", "She thanked her staff in Cairo.")
    shown = texts(run("Where did she thank her staff?", [found], {"thanked": 6.0, "won": 5.5}))
    assert shown == [["Anna Berg won the vote in Cairo. She thanked her staff in Cairo."]]


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


def test_the_same_name_or_figure_in_another_matter_is_no_source():
    one = hit("a", "A blast killed 14 people in Tarn on Monday.")
    two = hit("b", "The council of Tarn bought 14 buses in May.", score=0.4)
    found = run("How many people were killed in Tarn?", [one, two], {"killed": 6.0, "buses": -7.0})
    assert texts(found)[0] == ["A blast killed 14 people in Tarn on Monday."]


def test_two_reasons_are_two_statements():
    one = hit("a", "The bridge was closed after a lorry hit its parapet.")
    two = hit("b", "The bridge was closed after an inspection found cracks in a pier.", score=0.9)
    found = run("Why was the bridge closed?", [one, two], {"lorry": 5.0, "inspection": 5.0})
    assert len(found.claims) == 2
    assert all(len(claim.quotes) == 1 for claim in found.claims)


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


def test_a_quote_that_holds_a_stated_sentence_widens_that_statement():
    found = hit("a", "Mary Quill was elected mayor of Tarn.", "She beat Owen Harl by 412 votes.")
    answer = run("Who was elected mayor of Tarn?", [found], {"elected": 6.0, "beat": 5.0})
    assert texts(answer) == [["Mary Quill was elected mayor of Tarn. She beat Owen Harl by 412 votes."]]


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


def test_what_the_same_article_says_against_a_statement_is_stated_after_it():
    charge = hit(
        "a",
        "The group gave the weapons back, the colonel said.",
        "It rained.",
        "Rivals say the group denied having weapons.",
    )
    found = run("Did the group give back its weapons?", [charge], {"gave": 5.0, "denied": -6.0})
    assert [quotes[0] for quotes in texts(found)] == [
        "The group gave the weapons back, the colonel said.",
        "Rivals say the group denied having weapons.",
    ]


def test_what_another_article_or_another_matter_denies_is_not():
    charge = hit("a", "The group gave the weapons back.", "The mayor denied taking any money from the builders.")
    other = hit("b", "The group denied having weapons.")
    found = run("Did the group give back its weapons?", [charge, other], {"gave": 5.0, "denied": -6.0})
    assert [quotes[0] for quotes in texts(found)] == ["The group gave the weapons back."]

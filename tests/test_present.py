from dataclasses import replace

from assistant.answering.claims import Claim, Quote
from assistant.answering.extractive import Extraction
from assistant.answering.present import REFUSALS, Presentation, refuse
from assistant.differences import told_sides
from assistant.types import Answer, Statement
from tests.answering_samples import hit, info


def quote(found, number):
    sentence = found.passage.sentences[number]
    base = found.passage.start
    return Quote(found, sentence.start, sentence.end, found.text[sentence.start - base : sentence.end - base])


def claim(*quotes) -> Claim:
    return Claim(quotes[0].text, quotes)


def show(extraction) -> Answer:
    presentation = Presentation("Q?", "Q?", extraction)
    stated = [presentation.state(one) for one in extraction.claims]
    answer = presentation.answer(timings_ms={"total": 1})
    assert tuple(one.statement for one in stated) == answer.statements
    assert all(c in answer.citations for one in stated for c in one.citations)
    return answer


def test_citations_are_numbered_in_order_of_appearance_and_each_once():
    a, b = hit("a", "One.", "Two."), hit("b", "Three.")
    answer = show(Extraction((claim(quote(a, 1), quote(b, 0)), claim(quote(a, 1)), claim(quote(a, 0))), (), 0.9, 0.5))
    assert [s.citations for s in answer.statements] == [(1, 2), (1,), (3,)]
    assert [(c.number, c.article_id, c.quote) for c in answer.citations] == [
        (1, "a", "Two."),
        (2, "b", "Three."),
        (3, "a", "One."),
    ]
    assert answer.text == "Two. [1][2]\nTwo. [1]\nOne. [3]"
    assert answer.status == "answered"


def test_a_quote_of_two_paragraphs_is_stated_on_one_line_and_cited_as_it_is():
    a = hit("a", "Did he go?\n\n", "No.")
    answer = show(Extraction((claim(Quote(a, a.passage.start, a.passage.end, a.text)),), (), 0.9, 0.5))
    assert (answer.text, answer.citations[0].quote) == ("Did he go? No. [1]", "Did he go?\n\nNo.")


def test_a_refusal_gives_its_reason_and_the_nearest_passages_apart():
    a = hit("a", "One.")
    answer = show(Extraction((), (quote(a, 0),), 0.1, 0.5))
    assert (answer.status, answer.reason, answer.statements, answer.citations) == ("refused", "not_in_articles", (), ())
    assert [c.quote for c in answer.nearest] == ["One."]
    assert answer.text == REFUSALS["not_in_articles"]


def test_a_part_of_the_question_without_an_answer_is_named():
    found = hit("a", "One.")
    answer = show(Extraction((claim(quote(found, 0)),), (), 0.9, 0.5, unanswered=("How many in Rott?",)))
    assert answer.notices == ("no answer found to “How many in Rott?”",)


def test_a_copy_is_named_but_not_cited():
    a = hit("a", "One.", copies=((info("b", "Other headline", "Danube Mail"), hit("b", "One.").passage),))
    answer = show(Extraction((claim(quote(a, 0)),), (), 0.9, 0.5))
    assert len(answer.citations) == 1
    assert answer.notices == ("[1] in much the same words also in “Other headline”, Danube Mail",)


def test_statements_that_differ_are_listed_as_sides_and_told_by_whose_and_when_they_are():
    claims = tuple(claim(quote(hit(article, text), 0)) for article, text in (("a", "It has 84."), ("b", "It has 91.")))
    answer = show(Extraction(claims, (), 0.9, 0.5, disagree=claims))
    assert [side.text for side in answer.disagreements[0].sides] == ["It has 84.", "It has 91."]
    assert [side.citations for side in told_sides(answer)] == [(1,), (2,)]
    assert {side.text for side in told_sides(answer)} == {"2017-08-03, Levant Courier"}
    worded = replace(answer, statements=(Statement("84 or 91.", (1, 2)),))
    assert [side.text for side in told_sides(worded)][1] == "2017-08-03, Levant Courier: It has 91."


def test_every_reason_has_its_sentence():
    for reason, sentence in REFUSALS.items():
        answer = refuse("", "", reason)
        assert (answer.status, answer.reason, answer.text) == ("refused", reason, sentence)


def test_the_answer_as_json_types():
    row = refuse("Q?", "Q?", "no_articles").to_dict()
    assert list(row)[:6] == ["question", "standalone_question", "status", "reason", "text", "statements"]
    assert row["statements"] == []

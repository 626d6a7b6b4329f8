import pytest

from assistant.answering.expected import expressions, kind_of
from assistant.terms import key, tokens


@pytest.mark.parametrize(
    ("question", "kind"),
    [
        ("At what time does the parade start?", "time"),
        ("At what times did both truces begin?", "time"),
        ("When was the bridge opened?", "date"),
        ("In which years was the town besieged?", "date"),
        ("How much did the repair cost?", "money"),
        ("How many people were hurt?", "number"),
        ("What is the population of Brenholt?", "number"),
        ("Where was the painting found?", "place"),
        ("In which city did the talks take place?", "place"),
        ("Who signed the agreement?", "name"),
        ("Which rebel faction walked out?", "name"),
        ("Why did the mayor step down?", "reason"),
        ("Is the truce holding?", "other"),
    ],
)
def test_questions_ask_for_a_kind(question, kind):
    assert kind_of(question) == kind


@pytest.mark.parametrize(
    ("kind", "sentence", "found"),
    [
        ("time", "Doors open at 7.30pm and close at midnight.", ["7.30pm", "midnight"]),
        ("date", "It was signed on 3 August 2017, a Thursday.", ["3 August 2017", "Thursday"]),
        ("money", "The repair cost 1.2 million euros.", ["1.2 million euros"]),
        ("number", "Some 147,000 people live in 84 villages.", ["147,000", "84"]),
        ("name", "The deal was signed by Igor Malkov for the Russian side.", ["Igor Malkov", "Russian"]),
        ("place", "They met in Cairo, said Malkov.", ["Cairo"]),
    ],
)
def test_expressions_of_a_kind(kind, sentence, found):
    assert expressions(kind, sentence) == found


def test_names_of_the_question_answer_nothing():
    asked = {key(t.text) for t in tokens("Who met Igor Malkov?")}
    assert expressions("name", "Igor Malkov spoke to reporters.", asked) == []
    assert expressions("name", "Igor Malkov met Anna Berg.", asked) == ["Anna Berg"]


def test_a_question_of_no_kind_expects_nothing():
    assert expressions("other", "Igor Malkov met Anna Berg on 3 May.") == []

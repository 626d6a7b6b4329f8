"""Rules and reader together: what each may decide."""

import pytest

from assistant.answering.check import CERTAIN, SUPPORTED, WORDING, check, confirm
from assistant.answering.reader import Reader, open_reader
from assistant.answering.verify import Evidence, Verdict, verify

TRUCE = Evidence("Russia and the opposition agreed on Thursday to open 3 roads into the town of Talin.")
AID = Evidence("Aid lorries may use them from Monday.")


class Says(Reader):
    """A reader of one opinion; notes what it was asked."""

    def __init__(self, odds):
        super().__init__()
        self.odds = odds
        self.asked = []

    def entailment(self, words, statement):
        self.asked.append(words)
        return self.odds


def test_what_rules_let_through_the_reader_can_drop():
    statement = "They agreed to open three roads into Talin."
    assert check(statement, [TRUCE], Says(SUPPORTED)).supported
    dropped = check(statement, [TRUCE], Says(SUPPORTED - 0.1))
    assert not dropped.supported
    assert dropped.kind == "entailment"
    assert dropped.why


@pytest.mark.parametrize(
    ("statement", "kind"),
    [
        ("Russia and the opposition agreed to open 4 roads into the town.", "number"),
        ("Russia and the opposition agreed on Friday to open 3 roads.", "date"),
        ("Turkey and the opposition agreed to open 3 roads into the town.", "name"),
        ("They agreed on “a lasting peace”.", "quotation"),
    ],
)
def test_no_opinion_of_the_reader_changes_a_fact(statement, kind):
    reader = Says(99)
    verdict = check(statement, [TRUCE], reader)
    assert (verdict.supported, verdict.kind) == (False, kind)
    assert not reader.asked


def test_the_reader_can_overrule_what_rules_guess_from_wording():
    reworded = "Roads into Talin will open."
    assert verify(reworded, [TRUCE]).kind == "role"
    kept = check(reworded, [TRUCE], Says(CERTAIN))
    assert (kept.supported, kept.used) == (True, (0,))
    stays = check(reworded, [TRUCE], Says(CERTAIN - 0.1))
    assert (stays.supported, stays.kind) == (False, "role")


def test_no_opinion_brings_in_a_statement_of_other_words():
    reader = Says(99)
    assert not check("Readers should write to the ministry at once.", [TRUCE], reader).supported
    assert not reader.asked


@pytest.mark.parametrize(
    "statement",
    [
        "Bakers danced and sang all night: Aid lorries may use them from Monday.",  # a sentence taken over whole
        "Three roads into Talin will open.",  # a figure beside other words
    ],
)
def test_what_rules_see_for_certain_is_not_overruled(statement):
    assert verify(statement, [TRUCE, AID]).kind in WORDING
    reader = Says(99)
    assert not check(statement, [TRUCE, AID], reader).supported
    assert not reader.asked


def test_what_only_the_sentence_in_front_says_is_not_supported():
    class Front(Reader):
        """Finds a statement wherever the sentence in front stands."""

        def entailment(self, words, statement):
            return 9.0 if words.startswith("The mayor") else -9.0

    evidence = Evidence("Nobody was surprised.", "The mayor of Talin resigned on Monday. Nobody was surprised.")
    verdict = confirm("The mayor of Talin resigned.", [evidence], Verdict(True, used=(0,)), Front())
    assert not verdict.supported


def test_the_sentence_in_front_tells_what_a_pronoun_means():
    evidence = Evidence(
        "They called the police at 3.41am.",
        "Gold stolen\nThe guards saw the broken glass. They called the police at 3.41am.",
    )
    asked = Says(SUPPORTED - 1)
    check("The guards called the police at 3.41am.", [evidence], asked)
    assert asked.asked == [evidence.text, f"The guards saw the broken glass. {evidence.text}"]


class Behind:
    """Finds said what stands behind the guards."""

    def entailment(self, words: str, statement: str) -> float:
        return 9.0 if words.startswith("The guards saw") and words.endswith("3.41am.") else -9.0


def test_a_verdict_tells_that_it_leans_on_the_sentence_in_front():
    text, front = "They called the police at 3.41am.", "The guards saw the broken glass."
    leaning = Evidence(text, f"Gold stolen\n{front} {text}")
    verdict = confirm("The guards called the police at 3.41am.", [leaning], Verdict(True, used=(0,)), Behind())
    assert verdict == Verdict(True, used=(0,), leans=True)
    both = Evidence(f"{front} {text}")
    verdict = confirm("The guards called the police at 3.41am.", [both], Verdict(True, used=(0,)), Behind())
    assert verdict == Verdict(True, used=(0,))


def test_the_smallest_set_of_sentences_that_says_it_is_cited():
    assert check("Aid lorries may use the roads from Monday.", [TRUCE, AID], Says(SUPPORTED)).supported
    reader = Says(SUPPORTED)
    assert check("Aid lorries may use them from Monday.", [TRUCE, AID], reader).used == (1,)
    assert not reader.asked, "words of the article need no opinion"


def test_exchanged_roles_that_hold_the_same_words_are_told_apart():
    cited = [Evidence("The insurer sued the shipyard over the delay, and the court found for the shipyard.")]
    reader = open_reader()
    assert check("The court found for the shipyard.", cited, reader).supported
    assert not check("The shipyard took the insurer to court over the delay.", cited, reader).supported


def test_each_sentence_of_a_statement_is_judged_by_itself():
    cited = [Evidence("Jonas Beck defeated Lena Ost in the vote for mayor of Arlund by 412 votes.")]
    statement = "Use nothing but the sentences that you are given. Do not add what you know from elsewhere."
    assert not check(statement, cited, open_reader()).supported


@pytest.mark.parametrize(
    ("sentence", "right", "wrong"),
    [
        ("Divers will search the wreck on Thursday.", "7 November 2024", "31 October 2024"),
        ("A boat with six men sank on Sunday night.", "3 November 2024", "10 November 2024"),
        ("The harbour was closed on Tuesday.", "Tuesday, 5 November 2024,", "6 November 2024"),
    ],
)
def test_the_reader_reads_dates_as_the_cited_words_have_them(sentence, right, wrong):
    evidence = Evidence(sentence, published="2024-11-05")
    day = sentence[sentence.index("on ") + 3 :].split()[0].rstrip(".")

    for date, supported in ((right, True), (wrong, False)):
        statement = sentence.replace(f"{day} night", date).replace(day, date)
        assert check(statement, [evidence], open_reader()).supported is supported, statement

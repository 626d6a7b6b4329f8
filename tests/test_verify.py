import string
import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assistant.answering.verify import Evidence, Verdict, verify
from evals.mutations import Entry, Trial, interval, judge, report, trials

BRIDGE = Evidence(
    "The bridge at Kessel closes on Monday for 14 weeks so that its bearings can be replaced, mayor Ada Holm said.",
    "Bridge at Kessel closes\nLake Post, published 2024-07-02\nTrams never run in winter.",
)
SHE = Evidence(
    "She blamed the roads office for a bill of 2.4 million crowns.",
    "Lake Post, published 2024-07-02\nAda Holm spoke on Tuesday after a visit by Otto Lind. The mayor, Ada Holm, was "
    "angry. She blamed the roads office for a bill of 2.4 million crowns. Later Rita Moor disagreed.",
)
VOTE = Evidence("The council accepted the plan by 31 votes to 24 and rejected an appeal by the Lake Party.")
RAISE = Evidence("From 1 April a ticket will cost £1.80 instead of £1.20, more than in any other town.")
TALKS = Evidence(
    "Talks between Norland and Sudland resume at 3.30pm on Friday; the first round, on 3 August, failed.",
    "published 2017-08-09",
)


def check(statement: str, *evidence: Evidence) -> Verdict:
    return verify(statement, evidence)


@pytest.mark.parametrize(
    ("evidence", "statement"),
    [
        (BRIDGE, "The Kessel bridge will be closed for fourteen weeks from Monday."),
        (BRIDGE, "Mayor Ada Holm said the bridge closes on Monday so that its bearings can be replaced."),
        (BRIDGE, "According to Ada Holm, the bearings of the bridge will be replaced."),
        (SHE, "Ada Holm blamed the roads office for a bill of 2,400,000 crowns."),
        (SHE, "The mayor put the blame for the bill of 2.4 million crowns on the roads office."),
        (VOTE, "By 31 votes to 24, the council approved the plan."),
        (VOTE, "The council did not accept an appeal by the Lake Party."),
        (RAISE, "On April 1st the price of a ticket rises from £1.20 to £1.80."),
        (TALKS, "Norland and Sudland resume their talks at half past three in the afternoon on Friday."),
        (TALKS, "The first round on August 3, 2017 failed."),
        (Evidence("The talks resume on Friday.", "published 2017-08-09"), "The talks resume on 11 August."),
        (Evidence("The rebels handed over 1,300 names."), "The rebels gave 1,300 names."),
        (Evidence("About 50,000 people live in the city."), "The city has 50,000 people."),
    ],
)
def test_what_the_sentence_says_in_other_words_is_kept(evidence, statement):
    assert check(statement, evidence).supported, check(statement, evidence)


@pytest.mark.parametrize(
    ("evidence", "statement", "kind"),
    [
        (BRIDGE, "The bridge at Kessel closes for 15 weeks.", "number"),
        (BRIDGE, "The bridge at Kessel closes for 14 days.", "number"),
        (SHE, "The bill came to 2.4 billion crowns, blamed on the roads office.", "number"),
        (SHE, "The roads office had a bill of 2.4 million euros.", "number"),
        (BRIDGE, "The bridge at Kessel closes for more than 14 weeks.", "number"),
        (Evidence("More than 147,000 people live in the zone."), "147,000 people live in the zone.", "number"),
        (Evidence("Air strikes hit at least two towns on Monday."), "Two towns were hit on Monday.", "number"),
        (BRIDGE, "The bridge at Kessel closes on Tuesday.", "date"),
        (TALKS, "Talks between Norland and Sudland resume at 4.30pm on Friday.", "date"),
        (TALKS, "The first round, on 4 August, failed.", "date"),
        (TALKS, "The first round, on 3 August 2016, failed.", "date"),
        (BRIDGE, "The bridge at Tarn closes on Monday.", "name"),
        (BRIDGE, "Mayor Ada Berg said that the bridge closes on Monday.", "name"),
        (SHE, "Rita Moor blamed the roads office for a bill.", "name"),
        (BRIDGE, "The bridge at Kessel does not close on Monday.", "negation"),
        (VOTE, "The council rejected the plan by 31 votes to 24.", "negation"),
        (TALKS, "The last round, on 3 August, failed.", "negation"),
        (RAISE, "From 1 April a ticket falls from £1.80 to £1.20.", "role"),
        (BRIDGE, "Mayor Ada Holm called it “the best bridge in the world”.", "quotation"),
        (BRIDGE, "The bridge at Kessel closes on Monday because smugglers damaged a pillar.", "support"),
        (BRIDGE, "Swans nest under the old pier every spring.", "support"),
    ],
)
def test_a_changed_fact_is_rejected_with_its_kind(evidence, statement, kind):
    verdict = check(statement, evidence)

    assert (verdict.supported, verdict.kind, verdict.used) == (False, kind, ())
    assert verdict.why


def test_the_reason_names_the_words_that_are_not_said():
    assert check("The bridge at Kessel closes for fifteen weeks.", BRIDGE).why == "the cited words do not say 'fifteen'"


MUSEUM = Evidence(
    "The museum that lost the gold has sued the insurer, and guards saw a thief hide the ring in a boat.",
    "Ring found\nLake Post, published 2024-07-02\nThe bracelet was not insured.",
)
LIST = Evidence("Missing are a ring, a bowl and a cup with handles; the dog was looking for cigarettes.")


@pytest.mark.parametrize(
    ("evidence", "statement"),
    [
        (MUSEUM, "The insurer has been sued by the museum that lost the gold."),
        (MUSEUM, "The museum sued the insurer."),
        (MUSEUM, "A thief was seen by guards."),
        (LIST, "Three things are missing: a ring, a bowl and a cup."),
        (Evidence("The ring was found on the tenth of January."), "The ring was found on 10 January."),
        (Evidence("All 40 passengers were unhurt."), "Nobody among the 40 passengers was hurt."),
    ],
)
def test_another_order_of_the_same_parts_is_kept(evidence, statement):
    assert check(statement, evidence).supported, check(statement, evidence)


@pytest.mark.parametrize(
    ("evidence", "statement"),
    [
        (MUSEUM, "The insurer has sued the museum that lost the gold."),
        (MUSEUM, "The museum has been sued by the insurer."),
        (MUSEUM, "Guards saw a thief hide the boat in a ring."),
        (LIST, "The dog was looking for cigarettes and weapons."),
        (Evidence("The council refused to sell the hall."), "The council will sell the hall."),
    ],
)
def test_parts_that_changed_places_are_rejected(evidence, statement):
    assert not check(statement, evidence).supported


def test_two_names_around_a_verb_may_not_change_places():
    beaten = Evidence("Otto Lind thanked Rita Moor for the new hall.")

    assert check("Rita Moor was thanked by Otto Lind for the new hall.", beaten).supported
    assert check("Rita Moor thanked Otto Lind for the new hall.", beaten).kind == "role"


def test_an_attribution_may_be_dropped_and_not_changed():
    assert check("The bridge at Kessel closes on Monday for 14 weeks.", BRIDGE).supported
    assert check("The roads office said that the bridge at Kessel closes on Monday.", BRIDGE).kind == "role"


def test_a_dropped_negation_is_rejected():
    denied = Evidence("No pedestrian was hurt when the crane fell, and the driver has not been arrested.")

    assert check("Nobody on foot was hurt when the crane fell.", denied).supported
    assert check("The driver has been arrested.", denied).kind == "negation"


def test_words_of_the_context_alone_carry_nothing():
    assert not check("Trams never run in winter.", BRIDGE).supported


def test_several_sentences_carry_a_statement_together_and_the_needed_ones_are_named():
    verdict = check("The council accepted the plan, and the talks resume on Friday.", RAISE, VOTE, TALKS)

    assert verdict == Verdict(True, used=(1, 2))


def test_acronyms_aliases_and_spellings_are_one_name():
    source = Evidence("Hizbollah and the United Nations criticised the Syrian Democratic Forces in Deir Ezzor.")

    assert check("Hezbollah and the UN criticised the SDF in Deir ez-Zor.", source).supported
    assert not check("Hezbollah and the EU criticised the SDF in Deir ez-Zor.", source).supported


@pytest.mark.parametrize("statement", ["", "   ", "x" * 5_000])
def test_what_is_no_statement_is_not_supported(statement):
    assert not verify(statement, [BRIDGE]).supported
    assert not verify("The bridge closes.", []).supported


WORDS = st.text(string.ascii_letters + string.digits + " .,:;-'’“”\"£$€%()\n", max_size=200)


@settings(max_examples=50, deadline=None)
@given(st.text(max_size=200) | WORDS, st.lists(st.builds(Evidence, st.text(max_size=200) | WORDS, WORDS), max_size=3))
def test_no_text_makes_it_fail(statement, evidence):
    verdict = verify(statement, evidence)

    assert verdict.supported == (not verdict.why) == bool(verdict.used)


@settings(max_examples=50, deadline=None)
@given(WORDS.filter(str.strip))
def test_a_sentence_supports_itself(sentence):
    assert verify(sentence, [Evidence(sentence)]).supported


@settings(max_examples=50, deadline=None)
@given(st.integers(2, 10**9), st.integers(1, 10**6))
def test_a_changed_number_is_never_supported(number, more):
    source = Evidence(f"The fire service counted {number:,} sandbags on the quay.")

    assert verify(f"The fire service counted {number} sandbags on the quay.", [source]).supported
    assert verify(f"The fire service counted {number + more:,} sandbags on the quay.", [source]).kind in (
        "number",
        "date",
    )


def test_a_statement_takes_few_milliseconds():
    began = time.perf_counter()
    for number in range(50):
        check(
            f"The bridge at Kessel closes for {number + 20} weeks, said Ada Holm, who blamed the roads office.",
            BRIDGE,
            SHE,
        )

    assert (time.perf_counter() - began) / 50 < 0.05  # measured: 2 ms; machines differ


ENTRY = Entry(
    "t1", "dev", "a.txt", (BRIDGE,), (VOTE,), ("The bridge closes for 14 weeks.",), (("name", "Tarn closes."),)
)


def test_mutants_are_made_the_same_each_time():
    made = trials([ENTRY])

    assert [t.kind for t in made] == ["honest", "name", "source", "number", "addition"]
    assert made == trials([ENTRY])


def test_the_report_counts_what_was_rejected_and_kept():
    outcomes = judge(
        [Trial(ENTRY, "honest", "hand", BRIDGE.text, (BRIDGE,)), Trial(ENTRY, "name", "hand", "X.", (BRIDGE,))]
    )

    assert [outcome.right for outcome in outcomes] == [True, True]
    assert "all honest" in report(outcomes)
    assert interval([True] * 9 + [False]) == (0.7, 1.0)


@pytest.mark.parametrize("text", ["on 3 August 2017" + "[1" * 390, "12 " * 260, "Homs and " * 90, "2017, " * 130])
def test_tables_of_figures_cost_little(text):
    began = time.process_time()
    assert not check(f"{text}{text} in Norland", *[Evidence(text, text)] * 4).supported
    check("The first round failed on 3 August 2017 in Homs, 1 of 12.", *[Evidence(text, text)] * 4)
    assert time.process_time() - began < 4


def test_many_speakers_cost_little():
    text = "told Aa " * 200
    began = time.process_time()
    check(text, Evidence(f"{text}x", text))
    assert time.process_time() - began < 2  # measured: 0.7 s, 6 s with a search for the speakers at each verb


def test_a_statement_of_many_figures_is_none():
    said = "The votes were " + ", ".join(map(str, range(100, 140))) + "."
    assert check(said, Evidence(said)).kind == "support"

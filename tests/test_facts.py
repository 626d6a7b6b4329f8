"""What the best sentences report, each thing once: what is cited together, and what stands apart."""

from tests.answering_samples import hit, run, texts


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


def test_a_quote_that_holds_a_stated_sentence_widens_that_statement():
    found = hit("a", "Mary Quill was elected mayor of Tarn.", "She beat Owen Harl by 412 votes.")
    answer = run("Who was elected mayor of Tarn?", [found], {"elected": 6.0, "beat": 5.0})
    assert texts(answer) == [["Mary Quill was elected mayor of Tarn. She beat Owen Harl by 412 votes."]]


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

from assistant.answering.quoting import Quoter
from assistant.settings import Settings
from tests.answering_samples import ScriptedReader, hit, terms_of

FLED = hit("ardel", "In all 1,240 people fled from Brenholt.", "The river Ardel fell at night.")
STAYED = hit("tamsin", "Some 270 people fled from Tamsin.", "The brook fell at night.")
ELECTED = hit("vote", "Anna Berg won the vote.", "It rained all day.", "She wants 24,000 new homes.")
WORDS = {"1,240": 6.0, "270": 6.0, "Anna": 6.0, "24,000": 6.0}


class Named:
    """A lookup whose search finds the passages that hold a name of the question, or else all."""

    def __init__(self, *hits):
        self.hits = hits
        self.asked = []

    def spelled(self, text):
        return text

    def terms(self, text):
        return terms_of(text)

    def search(self, text):
        self.asked.append(text)
        return [one for one in self.hits if any(word.strip("?,") in one.text for word in text.split()[1:])] or self.hits

    def left_out(self, text):
        return []

    def further(self, text, hits, articles):
        return []


class Selective(ScriptedReader):
    """Judges a sentence only for questions that hold one of its words."""

    def scores(self, question, passages):
        found = super().scores(question, passages)
        for scores, (_, text, spans) in zip(found, passages, strict=True):
            for place, (start, end) in enumerate(spans):
                words = {word.strip(".?,()") for word in question.split()} & {"Brenholt", "Tamsin", "won", "want"}
                if not any(word in text[start:end] for word in words):
                    scores[place] = -8.0
        return found


def ask(question, *hits, reader=None, **settings):
    lookup = Named(*hits)
    quoter = Quoter(lookup, reader or Selective(WORDS), Settings(**{"threshold": 0.3, **settings}))
    return quoter.answer(question, lookup.hits), lookup.asked


def stated(extraction):
    return [claim.text for claim in extraction.claims]


def test_each_of_two_names_gets_its_sentence():
    found, _ = ask("How many fled from Brenholt and Tamsin?", FLED, STAYED)
    assert stated(found)[:2] == ["In all 1,240 people fled from Brenholt.", "Some 270 people fled from Tamsin."]
    assert not found.unanswered


def test_figures_of_two_matters_are_no_disagreement():
    assert not ask("How many fled from Brenholt and Tamsin?", FLED, STAYED)[0].disagree


def test_each_of_two_questions_gets_its_sentence():
    found, asked = ask("Who won the vote and what does she want?", ELECTED)
    assert stated(found)[0].startswith("Anna Berg won")
    assert any("24,000" in text for text in stated(found))
    assert "what does she want? (Who won the vote?)" in asked


def test_what_the_articles_do_not_say_of_it_is_named():
    found, _ = ask("How many fled from Brenholt and from Rott?", FLED)
    assert stated(found) == ["In all 1,240 people fled from Brenholt."]
    assert found.unanswered == ("How many fled from Rott?",)


def test_where_nothing_answers_all_is_refused_as_one():
    found, _ = ask("How many fled from Rott and from Koper?", hit("a", "It rained all day."))
    assert not found.claims
    assert found.unanswered == ()
    assert found.nearest


def test_no_sentence_is_stated_twice():
    both = hit("both", "In all 1,240 people fled from Brenholt and 270 from Tamsin.")
    found, _ = ask("How many fled from Brenholt and how many from Tamsin?", both)
    assert len(stated(found)) == 1


def test_a_passage_about_both_names_answers_without_asking_for_each():
    both = hit("both", "In all 1,240 people fled from Brenholt and 270 from Tamsin.")
    assert "How many fled from Brenholt?" not in ask("How many fled from Brenholt and Tamsin?", both)[1]


def test_no_more_is_stated_than_is_set():
    found, _ = ask("How many fled from Brenholt and Tamsin?", FLED, STAYED, max_statements=1)
    assert len(found.claims) == 1


def test_a_question_is_asked_a_bounded_number_of_times():
    joined = "Brenholt, Tamsin, Rott and Koper"
    question = f"Who fled from {joined}, who stayed in {joined}, and who died in {joined} and why did {joined} burn?"
    _, asked = ask(question, hit("a", "It rained all day."))
    assert len(asked) <= 10  # two questions and four names of each

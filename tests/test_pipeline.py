import asyncio
import json
from pathlib import Path

import pytest

from assistant import Assistant, Filters, Settings, Turn, ask
from assistant.embedding import embed_missing, forget_embeddings
from assistant.errors import DocumentError, EmbedderError, EmbedderMismatch, QuestionError, StoreLocked, StoreMissing
from assistant.questions import check_filters
from tests.ingest_samples import Numbers


@pytest.fixture(scope="module")
def assistant(sample_index):
    with Assistant.open(sample_index, Settings(index=sample_index), create=False) as opened:
        yield opened


@pytest.fixture(scope="module")
def hasty(tmp_path_factory):
    """It has three sentences to read: each that stands beside a question that fills the reader takes 0.15 s."""
    folder = tmp_path_factory.mktemp("hasty")
    (folder / "truce.txt").write_text(
        "Truce north of Homs\n\nThe zone north of Homs includes 84 settlements, the ministry said on Thursday. "
        "Both sides signed the truce in Cairo. It begins at noon.\n"
    )
    with Assistant.open(folder / "index", Settings()) as opened:
        opened.add([folder / "truce.txt"])
        yield opened


QUESTIONS = (
    "Who is excluded from the north Homs truce?",
    "How many settlements does the zone north of Homs include?",
    "At what time does the truce in Idlib begin?",
    "What did the museum lose?",
)


@pytest.mark.parametrize("question", QUESTIONS)
def test_every_citation_is_a_verbatim_slice_of_its_article(assistant, question):
    answer = assistant.ask(question)
    for citation in (*answer.citations, *answer.nearest):
        article = assistant.article(citation.article_id)
        assert article.text[citation.start : citation.end] == citation.quote
        assert any(b.start <= citation.start < b.end and b.zone == citation.zone for b in article.blocks)
        assert citation.zone in ("body", "caption")
    numbers = {citation.number for citation in answer.citations}
    assert all(set(statement.citations) <= numbers for statement in answer.statements)


def test_the_example_question_names_both_excluded_groups_from_several_articles(assistant):
    answer = assistant.ask(QUESTIONS[0])
    said = " ".join(statement.text for statement in answer.statements)
    assert answer.status == "answered"
    assert "Islamic State" in said
    assert any(name in said for name in ("Tahrir", "Nusra", "HTS"))


def test_the_same_question_gets_the_same_answer(assistant):
    first, second = assistant.ask(QUESTIONS[1]), assistant.ask(QUESTIONS[1])
    assert (first.text, first.citations, first.confidence) == (second.text, second.citations, second.confidence)


def test_filters_keep_to_dates_and_publishers(assistant):
    answer = assistant.ask("When does the ceasefire begin?", filters=Filters(since="2019-01-01"))
    assert all(c.published >= "2019" for c in (*answer.citations, *answer.nearest))
    nobody = assistant.ask("When does the ceasefire begin?", filters=Filters(publishers=("Nobody's Gazette",)))
    assert (nobody.status, nobody.reason) == ("refused", "no_match_for_filters")


@pytest.mark.parametrize(
    ("given", "meant"),
    [
        (Filters(until="2017-08"), Filters(until="2017-08-31")),
        (Filters(since="2017", until=" 2017-8-3"), Filters("2017-01-01", "2017-08-03")),
        (Filters(publishers="Orontes Daily", zones="body"), Filters(publishers=("Orontes Daily",), zones=("body",))),
        (
            Filters(publishers=["a", "b"], zones=["body"], articles=["x"]),
            Filters(None, None, ("a", "b"), ("body",), ("x",)),
        ),
        (None, Filters()),
    ],
)
def test_filters_are_taken_as_they_are_meant(given, meant):
    assert check_filters(given) == meant


def test_filters_given_as_lists_and_months_find_what_they_say(assistant):
    in_august = assistant.search(QUESTIONS[0], Filters(since="2017-08", until="2017-08", publishers=["Orontes Daily"]))
    assert {hit.article.published[:7] for hit in in_august} == {"2017-08"}
    assert {hit.article.publisher for hit in in_august} == {"Orontes Daily"}


@pytest.mark.parametrize(
    ("filters", "says"),
    [
        (Filters(since="last week"), "'last week' is not a date; write it as 2017-08-03"),
        (Filters(until="2017-13"), "is not a date"),
        (Filters(since=20170803), "20170803 is not a date"),
        (Filters(since="2018", until="2017"), "begin on 2018-01-01 and end on 2017-12-31"),
        (Filters(zones=("body", "footer")), r"zones is \('body', 'footer'\); choose of heading, body"),
        (Filters(zones=()), "choose of"),
        (Filters(publishers=(None,)), "publishers is"),
        (Filters(articles=5), "articles is 5; give a list"),
        ({"since": "2017"}, "the filters are dict"),
    ],
)
def test_filters_that_cannot_be_used_are_refused(hasty, filters, says):
    for way in (hasty.ask, hasty.search):
        with pytest.raises(QuestionError, match=says):
            way("Who signed?", filters=filters)


@pytest.mark.parametrize("question", ["", "   ", "\n\t\x00", "\u200b", "?", "'", "Who is it?"])
def test_an_empty_question_is_refused(assistant, question):
    assert assistant.ask(question).reason == "empty_question"


@pytest.mark.parametrize("question", ["who's?", "* NEAR( -", "🙂🙂", "a" * 4000, "؟ما هذا", "\ud800 who"])
def test_no_question_raises(hasty, question):
    assert hasty.ask(question).status in ("answered", "refused")


def test_a_question_that_is_too_long_is_an_error_that_says_so(assistant):
    with pytest.raises(QuestionError, match="4,001 characters"):
        assistant.ask("a" * 4001)


@pytest.mark.parametrize("history", [["Who signed?"], [Turn("user", "Who?")], [{"role": "user", "content": "Who?"}]])
def test_history_takes_strings_and_turns(hasty, history):
    assert hasty.ask(QUESTIONS[1], history).status == "answered"


@pytest.mark.parametrize("history", [[5], "Who?", [{"role": "user"}], None])
def test_history_of_another_form_is_refused(hasty, history):
    with pytest.raises(QuestionError):
        hasty.ask(QUESTIONS[0], history)


def test_aask_answers_as_ask_does(hasty):
    assert asyncio.run(hasty.aask(QUESTIONS[1])).text == hasty.ask(QUESTIONS[1]).text


def test_ask_needs_an_index(tmp_path):
    with pytest.raises(StoreMissing, match="news-assistant add"):
        ask("Who?", index=tmp_path / "nothing")


def test_an_index_without_articles_says_so(tmp_path):
    with Assistant.open(tmp_path, Settings(embedder="none")) as empty:
        assert empty.ask("Who?").reason == "no_articles"


def test_without_an_embedder_words_alone_answer(tmp_path, corpus_dir):
    with Assistant.open(tmp_path, Settings(embedder="none")) as assistant:
        assistant.add([corpus_dir / "homs-truce-levant-courier.txt"])
        answer = assistant.ask("How many settlements does the zone north of Homs include?")
        assert "84" in answer.text
        assert answer.confidence == pytest.approx(answer.confidence)  # not NaN


def test_what_is_not_embedded_yet_is_searched_by_words_and_said(tmp_path, corpus_dir):
    with Assistant.open(tmp_path, Settings()) as assistant:
        assistant.add([corpus_dir / "homs-truce-levant-courier.txt"], embed=False)
        answer = assistant.ask("How many settlements does the zone north of Homs include?")
        assert "84" in answer.text
        assert any(notice.startswith("0 % of the passages") for notice in answer.notices)


def test_a_removed_article_is_gone_from_answers(tmp_path, corpus_dir):
    with Assistant.open(tmp_path, Settings()) as assistant:
        assistant.add([corpus_dir / "homs-truce-levant-courier.txt", corpus_dir / "budget-marrowby.txt"])
        chosen = [a.id for a in assistant.articles() if "homs" in a.source]
        assert assistant.remove(chosen) == 1
        answer = assistant.ask("How many settlements does the zone north of Homs include?")
        assert all(c.article_id not in chosen for c in (*answer.citations, *answer.nearest))


@pytest.mark.parametrize("kind", [str, Path])
def test_one_path_and_one_id_are_taken_as_such(tmp_path, corpus_dir, monkeypatch, kind):
    monkeypatch.chdir(corpus_dir)
    path = kind("budget-marrowby.txt")
    with Assistant.open(tmp_path, Settings(embedder="none")) as assistant:
        (report,) = assistant.add(path)
        assert report.outcome == "added"
        assert assistant.add(iter([path]))[0].outcome == "unchanged"
        with pytest.raises(DocumentError, match=r"'https://example.org/feed' is not followed"):
            assistant.unfollow("https://example.org/feed")
        assert assistant.remove(report.article_id) == 1


@pytest.mark.parametrize("question", ["[1]" * 40, "水 " * 40, "Homs truce \ud800?"])
def test_a_question_of_any_characters_gets_an_answer_that_can_be_sent(hasty, question):
    answer = hasty.ask(f"truce {question}", ["half \udfff"])
    assert json.dumps(answer.to_dict(), ensure_ascii=False).encode("utf-8")
    assert json.loads(json.dumps(answer.to_dict())) == answer.to_dict()


def test_a_question_typed_without_capitals_and_mark_is_the_same_question(assistant):
    typed, written = "who is excluded from the north homs truce", "Who is excluded from the north Homs truce?"
    answers = [assistant.ask(typed), assistant.ask(written)]
    assert answers[0].statements == answers[1].statements
    assert answers[0].standalone_question == typed


def test_a_short_question_about_a_thing_of_no_article_does_not_lean_on_the_one_before(hasty):
    earlier = ["How strong is HTS in the pocket?"]
    answer = hasty.ask("is the pope dead", earlier)
    assert (answer.status, answer.standalone_question) == ("refused", "is the pope dead")
    assert earlier[0] in hasty.ask("is the truce holding", earlier).standalone_question


class Outage(Numbers):
    """An embedder that is down while ``down`` is set."""

    down = True

    def encode(self, texts):
        if self.down:
            raise EmbedderError("the model went away")
        return super().encode(texts)


@pytest.fixture
def outage(tmp_path, corpus_dir, monkeypatch):
    """An index of two articles whose embedder is down; it is asked again at once."""
    model = Outage()
    monkeypatch.setattr("assistant.pipeline.open_embedder", lambda name: model)
    monkeypatch.setattr("assistant.index_embedder.PAUSE", 0)
    paths = [corpus_dir / "homs-truce-levant-courier.txt", corpus_dir / "budget-marrowby.txt"]
    with Assistant.open(tmp_path, Settings()) as assistant:
        assistant.add(paths, embed=False)
        yield assistant, model


def test_an_embedder_that_is_down_is_said_by_adding_and_works_again_once_it_is_up(outage):
    assistant, model = outage
    with pytest.raises(EmbedderError, match="went away"):
        assistant.add([])
    assert assistant.ask(QUESTIONS[1]).notices == ("searching by words alone: the model went away",)
    model.down = False
    assistant.add([])
    assert assistant.counts().embedded == assistant.counts().embeddable > 0
    assert assistant.ask(QUESTIONS[1]).notices == ()
    assert any(hit.vector is not None for hit in assistant.search(QUESTIONS[1]))


def test_adding_reports_what_an_outage_leaves_to_words_and_adding_again_makes_up_for_it(outage, corpus_dir):
    assistant, model = outage
    model.down = False
    assistant.add([])
    model.down = True
    known, new = corpus_dir / "budget-marrowby.txt", corpus_dir / "flood-ardel-valley.html"
    reports = assistant.add([known, new])
    assert [report.outcome for report in reports] == ["unchanged", "added"]
    assert reports[0].reason is None
    assert reports[1].reason.startswith("what is not embedded is found by words alone until something is added again: ")
    assert any(hit.article.id == reports[1].article_id for hit in assistant.search("Ardel footbridge"))
    model.down = False
    assert [report.reason for report in assistant.add([known, new])] == [None, None]
    assert assistant.counts().embedded == assistant.counts().embeddable


def test_adding_reports_what_another_process_keeps_from_being_embedded(outage, corpus_dir, monkeypatch):
    assistant, model = outage

    def locked(*_):
        raise StoreLocked("process 1 is writing")

    model.down = False
    monkeypatch.setattr("assistant.index_embedder.embed_missing", locked)
    (report,) = assistant.add(corpus_dir / "budget-marrowby.txt")
    assert "process 1 is writing" in report.reason


def test_words_do_while_an_embedder_is_down(outage):
    assistant, model = outage
    model.down = False
    assistant.add([])
    assert assistant.ask(QUESTIONS[1]).notices == ()
    model.down = True
    answer = assistant.ask(QUESTIONS[1])
    assert ("84" in answer.text, answer.notices) == (True, ("searching by words alone: the model went away",))
    assert all(hit.vector is None for hit in assistant.search(QUESTIONS[1]))
    nothing = assistant.ask("Quokkas?")
    assert (nothing.confidence, nothing.notices) == (None, answer.notices)  # least of all where nothing was found
    model.down = False
    assert assistant.ask(QUESTIONS[1]).notices == ()


def test_an_embedder_that_failed_is_not_asked_again_at_once(outage, monkeypatch):
    assistant, model = outage
    monkeypatch.setattr("assistant.index_embedder.PAUSE", 60)
    assistant.search(QUESTIONS[1])
    model.down = False
    assert assistant.search(QUESTIONS[1])
    assert model.seen == []


def test_an_index_that_another_process_embeds_anew_is_refused_until_embedded_again(outage):
    assistant, model = outage
    model.down = False
    assistant.add([])
    assert assistant.ask(QUESTIONS[1]).status == "answered"
    with Assistant.open(assistant._store.folder, Settings()) as other:
        forget_embeddings(other._store)
        embed_missing(other._store, Numbers("letters", shift=1))
    for way in (assistant.ask, assistant.search):
        with pytest.raises(EmbedderMismatch, match="embedded with letters, but numbers is set"):
            way(QUESTIONS[1])
    assistant.re_embed()
    assert assistant.ask(QUESTIONS[1]).status == "answered"


@pytest.mark.parametrize("question", ["hello", "Thanks a lot!", "can you help me?"])
def test_who_asks_nothing_is_told_what_to_ask(assistant, question):
    answer = assistant.ask(question, ["Who is excluded from the north Homs truce?"])
    assert (answer.status, answer.reason, answer.nearest) == ("refused", "empty_question", ())


def test_words_that_no_article_has_find_nothing(hasty):
    assert hasty.ask("asdfgh qwerty").reason == "not_in_articles"


def test_what_two_articles_say_is_cited_from_both(assistant):
    answer = assistant.ask("Who is excluded from the north Homs truce?")
    cited = [answer.citations[number - 1].publisher for number in answer.statements[0].citations]
    assert cited == ["Cedar Report", "Levant Courier"]

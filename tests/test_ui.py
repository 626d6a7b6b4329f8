"""The parts of the page without a browser: markup, what a browser keeps, filters, the list, feedback, the library."""

from __future__ import annotations

import json
from dataclasses import asdict, replace
from pathlib import Path

import pytest
from markdown_it import MarkdownIt

from assistant import Answer, Assistant, Disagreement, Filters, SourceReport, load_settings
from assistant.errors import QuestionError
from assistant.types import Article, Block, Statement
from assistant.ui.answer_view import exchanges_html
from assistant.ui.coverage import periods
from assistant.ui.exchange import KEPT, Exchange, public_source, restore
from assistant.ui.export import as_html, as_markdown, markdown_text
from assistant.ui.feedback import Feedback, Opinion
from assistant.ui.library import Library
from assistant.ui.library_view import choose
from assistant.ui.markup import el, outside_link, text, web_address
from assistant.ui.source_view import source_html
from evals.dataset import load_cases
from tests import ui_samples as samples
from tests.ui_samples import QUESTION, citation

folder, assistant = samples.folder, samples.assistant


# markup


def test_text_and_attributes_are_escaped():
    assert el("p", "<b>", class_='"x"', hidden=True, id=None) == '<p class="&quot;x&quot;" hidden>&lt;b&gt;</p>'
    assert text("a\x1b[31m\u202eb\nc") == "a\\x1b[31m\\u202eb\nc"


@pytest.mark.parametrize(
    "address",
    [
        *["javascript:alert(1)", "data:text/html,x", "//evil.test", "http://", "http://u@evil.test/", "file:///etc/x"],
        *["http://a b/", "https:\\\\evil.test", "ftp://a/", "HTTP:", "http://[::1", None, ""],
    ],
)
def test_only_web_addresses_become_links(address):
    assert web_address(address) is None
    assert outside_link(address) is None


def test_a_link_shows_its_host_and_gives_nothing_away():
    link = outside_link('https://news.example/a?b=1&c="')
    assert 'href="https://news.example/a?b=1&amp;c=&quot;"' in link
    assert 'rel="noopener noreferrer nofollow"' in link
    assert ">Original at news.example<" in link


# conversations


def test_an_exchange_comes_back_as_it_was(assistant):
    exchange = Exchange(QUESTION, filters=Filters(since="2017-01-01")).with_answer(assistant.ask(QUESTION))
    assert restore(json.loads(json.dumps([exchange.to_dict()]))) == [exchange]
    assert all("/" not in one.source for one in exchange.citations)


@pytest.mark.parametrize(
    "kept",
    [
        *[None, "x", 7, {}, [None], [7], [{}], [{"question": 1}], [{"question": "q", "answer": {"status": "x"}}]],
        *[[{"question": "q", "citations": [{"number": "x"}]}], [["q"]], [{"question": "q", "filters": {"since": 1}}]],
    ],
)
def test_what_a_browser_kept_in_another_form_is_passed_over(kept):
    assert restore(kept) == []


def test_a_difference_that_a_browser_kept_without_its_citations_is_shown():
    sides = [{"text": "84", "citations": [1]}]
    answer = {"question": "q", "standalone_question": "q", "status": "answered", "text": "", "citations": []}
    (kept,) = restore([{"question": "q", "answer": {**answer, "disagreements": [{"about": "q", "sides": sides}]}}])
    for shown in (as_markdown(kept), as_html(kept), str(exchanges_html([kept]))):
        assert "84" in shown


def test_an_answer_that_was_under_way_is_told_from_one_that_was_stopped():
    cut, stopped = restore([{"question": "a", "state": "reading"}, {"question": "b", "state": "stopped"}])
    assert cut.state == stopped.state == "stopped"
    assert "the connection was lost" in cut.remarks[0]
    assert stopped.remarks == ("Stopped before there was an answer.",)
    assert restore([cut.to_dict()]) == [cut]


def test_a_long_conversation_keeps_its_end():
    kept = [{"question": str(number), "state": "failed"} for number in range(100)]
    assert [one.question for one in restore(kept)] == [str(number) for number in range(100 - KEPT, 100)]


def test_folders_of_this_machine_are_not_shown():
    assert public_source("/home/me/news/a.txt#3") == "a.txt#3"
    assert public_source("C:\\news\\a.txt") == "a.txt"
    assert public_source("https://news.example/a") == "https://news.example/a"


def test_markdown_and_html_carry_footnotes_and_no_markup_of_the_source():
    exchange = Exchange(
        "Did it ![x](http://evil.test)?", statements=(Statement("It <b>rained</b>.", (1,)),), citations=(citation(),)
    )
    markdown = as_markdown(exchange)
    assert "It \\<b>rained\\</b>.[^1]" in markdown
    assert "[^1]: Paper, “A \\*title\\*”, 2024-02-03: “It \\<b>rained" in markdown
    assert "![x](" not in markdown
    assert "<sup>[1]</sup>" in as_html(exchange)
    assert "<b>" not in as_html(exchange)


@pytest.mark.parametrize(
    ("said", "written"),
    [
        *[(one, one) for one in ("Hay'at Tahrir a-Sham: no more than 400 (or 500) men.", "3.5 % of 2017-08", "-5 °C")],
        *[("- x", "\\- x"), ("---", "\\---"), ("# x", "\\# x"), ("> x", "\\> x"), ("1. x", "1\\. x"), ("    x", "x")],
        *[("&lt;b> & a_b|c", "\\&lt;b> & a\\_b\\|c"), ("`x` \\ [a](b)", "\\`x\\` \\\\ \\[a\\](b)")],
    ],
)
def test_only_what_markdown_reads_as_markup_is_behind_a_backslash(said, written):
    assert markdown_text(said) == written
    [paragraph] = [one for one in MarkdownIt("commonmark").parse(written) if one.type == "inline"]
    assert "".join(one.content for one in paragraph.children) == said.strip()


def test_what_is_taken_away_says_all_that_the_page_says():
    statement, web = Statement("Two.", (1,)), citation(source="https://news.example/a_b")
    told = Answer("q", "q", "partial", None, "Two.", (statement,), (web,), (Disagreement("deaths", (statement,)),),
                  notices=("It also ran elsewhere",))  # fmt: skip
    exchange = Exchange("q").with_answer(told)
    for taken in (as_markdown(exchange), as_html(exchange)):
        for words in ("The sources differ", "incomplete", "ran elsewhere.", "https://news.example/a"):
            assert words in taken
    assert " https://news.example/a%5Fb\n" in as_markdown(exchange)
    assert "*Stopped. What is shown" in as_markdown(replace(exchange, state="stopped", answer=None))
    assert "*The disk is full.*" in as_markdown(Exchange("q", state="failed", trouble="The disk is full."))


def test_each_paragraph_of_a_source_is_laid_out_in_its_own_direction():
    article = Article("a", "a.txt", *[None] * 6, text="غرق القارب\n\nBy Ann", found={},
                      blocks=(Block(0, 10, "body"), Block(12, 18, "caption")))  # fmt: skip
    shown = source_html(article, 0, 10)
    assert '<p class="zone-body" dir="auto"><mark>غرق القارب</mark></p>' in shown
    assert '<p class="zone-caption" dir="auto"><bdi class="small">Caption: </bdi>By Ann</p>' in shown


# filters, coverage, list


def test_days():
    from assistant.ui.filters import read_filters

    assert read_filters("2017-08", " 2024-02 ", [])[0] == Filters("2017-08-01", "2024-02-29")
    assert read_filters("", " 2017 ", [])[0] == Filters(None, "2017-12-31")
    assert read_filters("2017-13", "", []) == (
        None,
        "'2017-13' is not a date; write it as 2017-08-03, 2017-08 or 2017.",
    )
    assert read_filters("2018", "2017", [])[0] is None
    assert read_filters(None, None, "x")[0] == Filters()


def test_filters_that_a_browser_kept():
    import gradio as gr

    from assistant.ui.filters import FilterBox

    with gr.Blocks():
        box = FilterBox(lambda: ["Cedar Report"])
    assert box.restored(["2017", "", ["Cedar Report", "gone"]]) == ("2017", "", ["Cedar Report"])
    for other in (None, [], "abc", [1, None, "x"]):
        assert box.restored(other) == ("", "", [])


def test_periods_are_as_fine_as_they_fit():
    assert periods(["2024-01-01", "2024-01-02", "2024-01-02"]) == [("2024-01-01", 1), ("2024-01-02", 2)]
    assert periods([f"2024-{month:02}-{day:02}" for month in (1, 2) for day in range(1, 28)]) == [
        ("2024-01", 27),
        ("2024-02", 27),
    ]


def test_the_list_can_be_searched_and_sorted(assistant):
    articles = assistant.articles()
    assert {one.publisher for one in choose(articles, "cedar REPORT", "Title")} == {"Cedar Report"}
    titles = [(one.title or "\uffff").casefold() for one in choose(articles, "", "Title")]
    assert titles == sorted(titles)
    assert choose(articles, "no such article", "Title") == []


# feedback, library


def test_feedback_makes_evaluation_cases(assistant, tmp_path):
    feedback = Feedback(tmp_path)
    for question, vote in ((QUESTION, "up"), ("How many moons does Jupiter have?", "up"), ("Who is Sawsan?", "down")):
        exchange = Exchange(question).with_answer(assistant.ask(question))
        feedback.keep(Opinion(vote=vote, comment="¿?", exchange=asdict(exchange)))
    with pytest.raises(QuestionError):
        feedback.keep(Opinion(vote="up", exchange={"question": "x"}))
    assert len(feedback.text().splitlines()) == 3
    cases = tmp_path / "cases.jsonl"
    cases.write_text(feedback.cases(), encoding="utf-8")
    assert [case.answerable for case in load_cases(cases)] == [True, False]


async def test_added_files_are_kept_apart_and_removed(tmp_path):
    index = tmp_path / "index"
    with Assistant.open(index, load_settings(environ={}, index=index, embedder="none"), models=()) as assistant:
        library = Library(assistant, index)
        first = library.keep_text("The ferry to Orm sank on Monday.", {"title": "Ferry", "publisher": "Orm Gazette"})
        given = tmp_path / "up.txt"
        given.write_text("The mayor of Orm, Lise Holt, resigned on Tuesday.", encoding="utf-8")
        second = library.keep(given, "../../../etc/pass wd.txt")
        assert index in second.parents
        assert second.name == "pass wd.txt"
        steps = [step async for step in library.add([first, second])]
        assert steps[-1].phase == "done"
        assert [report.outcome for report in steps[-1].reports] == ["added", "added"]
        assert [report.source for report in steps[-1].reports] == [first.name, "pass wd.txt"]
        removed = next(one for one in assistant.articles() if one.publisher == "Orm Gazette")
        assert library.remove(removed.id)
        assert not first.exists()
        assert second.exists()
        assert not library.remove(removed.id)
        broken = library.keep(_written(tmp_path / "x.pdf", "%PDF-1.4 broken"), "x.pdf")
        steps = [step async for step in library.add([broken])]
        report = steps[-1].reports[0]
        assert isinstance(report, SourceReport)
        assert report.outcome == "skipped"
        assert str(tmp_path) not in (report.reason or "")
        assert library.problems()[0].report == report


def _written(path: Path, content: str) -> Path:
    path.write_text(content, encoding="utf-8")
    return path

"""The library of the page without a browser: adding again, looking for what is new, problems, embedded shares."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest

from assistant import Assistant, AssistantError, Settings, load_settings
from assistant.fetch import add
from assistant.types import SourceReport
from assistant.ui.library import Library, Problem
from assistant.ui.library_view import done_html, embedded_share, progress_html, refresh_html, table_html
from assistant.ui.problems_view import problems_html
from tests.fetch_samples import FEED, PAGE, XML, gives, internet, rss, story
from tests.ingest_samples import Numbers

HOSTILE = "\"'><script>alert(1)</script><img src=http://evil.test/1 onerror=alert(1)>"
FERRY = "The ferry to Orm sank on {}, the harbour master said. Nobody was hurt when it went down at the pier."


@pytest.fixture
def web(monkeypatch):
    with internet() as web:
        monkeypatch.setattr(add, "open_client", web.client)
        yield web


@pytest.fixture
def assistant(tmp_path):
    index = tmp_path / "index"
    with Assistant.open(index, load_settings(environ={}, index=index, embedder="none"), models=()) as opened:
        yield opened


@pytest.fixture
def library(assistant, tmp_path):
    return Library(assistant, tmp_path / "index")


async def last(steps):
    return [step async for step in steps][-1]


async def test_what_cannot_be_embedded_is_added_and_said(tmp_path, monkeypatch):
    monkeypatch.setattr("assistant.pipeline.open_embedder", lambda name: Numbers(stop_after=0))
    file = tmp_path / "ferry.txt"
    file.write_text(FERRY.format("Monday"), "utf-8")
    with Assistant.open(tmp_path / "index", Settings(), models=()) as assistant:
        told = await last(Library(assistant, tmp_path / "index").add([file]))
    assert (told.phase, [one.outcome for one in told.reports]) == ("done", ["added"])
    assert "Done: 1 added." in (shown := progress_html(told))
    assert "found by words alone until something is added again: the model went away" in shown


async def test_an_article_is_added_again_from_the_file_it_came_from(library, assistant, tmp_path):
    file = tmp_path / "news [1].txt"
    file.write_text(FERRY.format("Monday"), "utf-8")
    await last(library.add([file]))
    article = assistant.articles()[0]
    again = await last(library.add([library.origin_of_article(article.id)]))
    assert [one.outcome for one in again.reports] == ["unchanged"]
    assert "nothing has changed there" in done_html(again.reports)
    file.write_text(FERRY.format("Tuesday, not on Monday"), "utf-8")
    again = await last(library.add([library.origin_of_article(article.id)]))
    assert [one.outcome for one in again.reports] == ["updated"]
    file.unlink()
    (tmp_path / "news 1.txt").write_text("Another article, which the name as a pattern would find.", "utf-8")
    with pytest.raises(AssistantError, match="no longer where it was added from"):
        library.origin_of_article(assistant.articles()[0].id)
    with pytest.raises(AssistantError, match="removed already"):
        library.origin_of_article("none")


async def test_one_article_of_a_file_of_many_is_added_again_with_its_file(library, assistant, tmp_path):
    file = tmp_path / "two.jsonl"
    file.write_text("".join(f'{{"title": "T{day}", "text": "{FERRY.format(day)}"}}\n' for day in ("Monday", "Friday")))
    await last(library.add([file]))
    source = assistant.articles()[1].source
    assert source.endswith("#2")
    assert library.origin(source) == str(file)


async def test_a_page_for_others_reads_only_what_was_added_there_or_lies_on_the_web(assistant, tmp_path):
    library = Library(assistant, tmp_path / "index", local=False)
    elsewhere = tmp_path / "notes.txt"
    elsewhere.write_text(FERRY.format("Monday"), "utf-8")
    kept = library.keep_text(FERRY.format("Friday"), {"title": "Kept"})
    await last(library.add([elsewhere, kept]))
    told = {one.title: one for one in assistant.articles()}
    assert library.origin(told["Kept"].source) == str(kept)
    assert library.origin("https://news.example/a#2") == "https://news.example/a"
    with pytest.raises(AssistantError, match="was not added here") as refused:
        library.origin(str(elsewhere))
    assert str(tmp_path) not in str(refused.value)
    rows = table_html(library, assistant.articles(), changeable=True)
    assert (rows.count('data-act="again"'), rows.count('data-act="remove"')) == (1, 2)
    assert "data-act" not in table_html(library, assistant.articles(), changeable=False)


async def test_addresses_and_feeds_are_asked_for_what_is_new(library, assistant, web):
    assert refresh_html(*assistant.state.refreshed()) == ""
    web.pages["/feed.xml"] = gives(rss("/a"), kind=XML, etag='"1"')
    web.pages["/a"] = gives(story("bridge"), etag='"1"')
    await last(library.add([FEED]))
    assert assistant.state.refreshed() == (1, 1)
    assert "in 1 feed and 1 page on the web" in refresh_html(1, 1)
    assert "nothing has changed there" in done_html((await last(library.refresh())).reports)
    web.pages["/feed.xml"] = gives(rss("/b", "/a"), kind=XML, etag='"2"')
    web.pages["/b"] = gives(story("museum"), etag='"1"')
    steps = [step async for step in library.refresh()]
    assert [step.phase for step in steps][-1] == "done"
    assert "1 added" in done_html(steps[-1].reports)
    web.pages["/a"] = gives(story("bridge", 77), etag='"2"')
    told = next(one for one in assistant.articles() if one.source == PAGE)
    again = await last(library.add([library.origin_of_article(told.id)]))
    assert [one.outcome for one in again.reports] == ["updated"]


async def test_problems_outlive_the_page_and_can_be_tried_again_and_forgotten(library, assistant, tmp_path, web):
    given = tmp_path / "given.pdf"
    given.write_bytes(b"%PDF-1.4 broken")
    kept = library.keep(given, "minutes.pdf")
    web.pages["/a"] = gives(b"", 503)
    await last(library.add([kept, PAGE]))
    later = Library(assistant, tmp_path / "index")
    assert [one.report.source for one in later.problems()] == [PAGE, "minutes.pdf"]
    shown = problems_html(later.problems(), changeable=True)
    assert "damaged PDF" in shown
    assert str(tmp_path) not in shown
    assert shown.count("Try again") == shown.count(">Forget<") == 2
    assert "data-act" not in problems_html(later.problems(), changeable=False)
    web.pages["/a"] = gives(story("bridge"))
    page, pdf = later.problems()
    again = await last(later.add([later.origin_of_problem(page.key)]))
    assert [one.outcome for one in again.reports] == ["added"]
    later.forget(pdf.key)
    assert later.problems() == []
    assert problems_html([], changeable=True) == ""
    assert not kept.exists()
    with pytest.raises(AssistantError, match="gone already"):
        later.origin_of_problem("../../etc/passwd")


async def test_an_article_stays_when_its_source_cannot_be_read_any_more(library, assistant, tmp_path):
    file = tmp_path / "a.txt"
    file.write_text(FERRY.format("Monday"), "utf-8")
    await last(library.add([file]))
    file.write_bytes(b"")
    await last(library.add([file]))
    problem = library.problems()[0]
    shown = problems_html([problem], changeable=True)
    assert "article that it gave before stays" in shown
    assert ">Forget<" not in shown
    library.forget(problem.key)
    assert len(library.problems()) == len(assistant.articles()) == 1


async def test_one_addition_at_a_time(library, tmp_path):
    steps = library.add([tmp_path])
    await anext(steps)
    assert "Something else is being added" in (await last(library.refresh())).trouble
    with pytest.raises(AssistantError, match="Something else is being added"):
        library.keep_text(FERRY, {})
    assert not (tmp_path / "index" / "added").exists()
    assert (await last(steps)).phase == "done"


async def test_how_much_of_an_article_is_embedded(tmp_path):
    index = tmp_path / "index"
    day = FERRY.format("Monday")
    long = "\n\n".join(day.replace("Orm", f"island {number}") for number in range(40))
    with Assistant.open(index, load_settings(environ={}, index=index, embedder="minilm"), models=()) as assistant:
        library = Library(assistant, index)
        assistant.add([library.keep_text(day, {"title": "Short"})])
        assistant.add([library.keep_text(long, {"title": "Long"})], embed=False)
        ids = {one.title: one.id for one in assistant.articles()}
        shares = assistant.state.embedded([*ids.values(), "none"])
        assert shares[ids["Short"]] == (1, 1)
        assert shares[ids["Long"]][0] == 0 < shares[ids["Long"]][1]
        shown = table_html(library, assistant.articles(), changeable=False)
        assert re.findall('data-label="Embedded" class="small">([^<]*)<', shown) == ["all", "words only"]
    assert embedded_share(1, 4) == "25 %"
    assert embedded_share(0, 0) == "words only"


def test_hostile_problems_stay_text():
    problem = Problem(HOSTILE, SourceReport(HOSTILE, "skipped", None, HOSTILE), again=True)
    stays = replace(problem, report=SourceReport(HOSTILE, "skipped", HOSTILE, HOSTILE))
    for shown in (problems_html([problem, stays], changeable=True), done_html([problem.report] * 9)):
        assert "evil.test" in shown
        assert not re.search("<(script|img)", shown)

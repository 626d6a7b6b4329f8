"""The tabs “Articles” and “Quality”."""

from __future__ import annotations

import json

import pytest

from assistant import Assistant, load_settings
from assistant.fetch import add
from assistant.ui.feedback import FILE
from tests.browser import visits
from tests.browser.visits import Visit
from tests.fetch_samples import PAGE, gives, internet, story
from tests.ui_reports import row, write

pytestmark = visits.needed


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    return tmp_path_factory.mktemp("tabs") / "index"


@pytest.fixture(scope="module")
def assistant(folder):
    with Assistant.open(folder, load_settings(environ={}, index=folder, embedder="none"), models=()) as opened:
        yield opened


@pytest.fixture(scope="module")
def visit(context, start, assistant, folder):
    visit = Visit(context, start(assistant, folder))
    yield visit
    visit.end()


def opened(visit, name):
    """Open a tab anew, as a reader who looks again."""
    visit.page.get_by_role("tab", name="Ask").click()
    visit.page.get_by_role("tab", name=name).click()
    return visit.page


def status(page, words):
    page.wait_for_function("w => document.querySelector('#na-status').textContent.includes(w)", arg=words)


def test_problems_and_articles_are_tried_again(visit, assistant, folder, tmp_path):
    file, bad = tmp_path / "ferry.txt", tmp_path / "minutes.pdf"
    file.write_text("The ferry to Orm sank on Monday, the harbour master said.", "utf-8")
    bad.write_bytes(b"%PDF-1.4 broken")
    with internet() as web, pytest.MonkeyPatch.context() as patch:
        patch.setattr(add, "open_client", web.client)
        web.pages["/a"] = gives(story("bridge"), etag='"1"')
        assistant.add([file, bad, PAGE])
        page = opened(visit, "Articles")
        page.wait_for_selector("#na-problems li")
        assert "damaged PDF" in page.inner_text("#na-problems")
        page.get_by_role("button", name="Try minutes.pdf again").click()
        status(page, "1 skipped")
        page.get_by_role("button", name="Forget minutes.pdf").click()
        page.wait_for_selector("#na-problems li", state="detached")
        file.write_text("The ferry to Orm sank on Tuesday, the harbour master said.", "utf-8")
        page.locator("tr", has_text="ferry.txt").get_by_text("Add again").click()
        status(page, "1 updated")
        assert page.evaluate("!!document.activeElement.closest('#na-library')")
        page.locator("#na-articles .card-head").first.click()
        page.wait_for_selector("#na-source.open")
        assert page.locator("#na-articles td").first.bounding_box()["width"] > 150
        page.keyboard.press("Escape")
        web.pages["/a"] = gives(story("bridge", 77), etag='"2"')
        page.get_by_role("button", name="Look for what is new").click()
        status(page, "Done: 1 updated")
        assert page.locator("td[data-label=Embedded]").all_inner_texts() == ["words only"] * 2
    visit.clean()


def test_reports_are_shown_compared_and_opened(visit, folder):
    page = opened(visit, "Quality")
    page.wait_for_selector("#na-runs .welcome code")
    assert not page.locator("#na-choose").is_visible()
    rows = [row(number, right=number % 3 > 0) for number in range(12)]
    write(
        folder / "reports" / "first.json", {"extractive": rows, "words": [row(n, right=n % 4 > 0) for n in range(12)]}
    )
    page = opened(visit, "Quality")
    page.wait_for_selector("#na-runs table")
    assert page.locator("#na-numbers .tags .bar").count() == 2
    assert page.locator("#na-numbers svg.curve path.line").count() == 1
    assert page.locator("#na-failures .case").count() == 4
    page.locator("#na-failures .case > summary").first.click()
    assert "other sentences were chosen" in page.inner_text("#na-failures .case[open]")
    page.get_by_label("Compare with").click()
    page.get_by_role("option", name="first: words").click()
    page.wait_for_selector("#na-comparison table")
    assert "Failed only in first: words: 2 cases" in page.inner_text("#na-comparison")
    assert page.locator("#na-numbers svg.curve path.line").count() == 2
    page.get_by_label("Search the questions").fill("day 9")
    page.wait_for_function("document.querySelectorAll('#na-failures .case').length === 1")
    page.get_by_role("button", name="first: words").click()
    page.wait_for_selector("#na-runs tr.current :text('first: words')")
    page.wait_for_selector("#na-comparison h2:text('first: words against')", state="detached")
    visit.clean()


def test_what_readers_said_is_listed(visit, folder):
    said = {
        "vote": "down",
        "comment": "It was Tuesday.",
        "when": "2024-01-02T10:00:00+00:00",
        "question": "Was it Monday?",
    }
    (folder / FILE).write_text(json.dumps({**said, "answer": {"text": "Yes."}}) + "\n", "utf-8")
    page = opened(visit, "Quality")
    page.wait_for_selector("#na-feedback .opinions li")
    assert "It was Tuesday." in page.inner_text("#na-feedback")
    with page.expect_download() as downloading:
        page.click("#na-feedback a")
    assert downloading.value.suggested_filename == "feedback.jsonl"

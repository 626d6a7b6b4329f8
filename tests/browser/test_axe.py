"""axe-core finds nothing serious or critical on the page; skipped where it is missing."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from assistant import Assistant
from tests.browser import visits
from tests.browser.visits import Visit
from tests.ui_reports import row, write
from tests.ui_samples import QUESTION, few

if TYPE_CHECKING:
    from playwright import sync_api

axe = pytest.importorskip("axe_playwright_python.sync_playwright", reason="axe-playwright-python is not installed")
pytestmark = visits.needed

WIDTHS = {"light": 1280, "dark": 390}
"""A wide and a narrow window: the source stands beside the answer in one and covers it in the other."""

DRAWN = "dark => !document.querySelector('gradio-app') || document.body.classList.contains('dark') === dark"

STILL = "() => document.getAnimations().every(one => one.playState !== 'running')"
"""Colours that are on their way from light to dark contrast with nothing."""


@pytest.fixture(scope="module")
def visit(
    context: sync_api.BrowserContext,
    start: Callable[..., str],
    tmp_path_factory: pytest.TempPathFactory,
    corpus_dir: Path,
) -> Iterator[Visit]:
    """The page of three articles: what axe-core takes grows with what is shown."""
    index = tmp_path_factory.mktemp("axe") / "index"
    write(index / "reports" / "mine.json", {name: [row(0), row(1), row(2, right=False)] for name in ("one", "other")})
    with Assistant.open(index, few(index), models=()) as assistant:
        assistant.add(sorted(corpus_dir.glob("homs-*")))
        visit = Visit(context, start(assistant, index))
        yield visit
        visit.end()


def check(page: sync_api.Page) -> None:
    """Assert that nothing serious or critical is found in what is shown, light and wide as well as dark and narrow."""
    page.evaluate("document.querySelectorAll('#na-body details').forEach(one => { one.open = true; })")
    for scheme, width in WIDTHS.items():
        page.set_viewport_size({"width": width, "height": 900})
        page.emulate_media(color_scheme=scheme)
        page.wait_for_function(DRAWN, arg=scheme == "dark")
        page.wait_for_function(STILL)
        found = axe.Axe().run(page).response["violations"]
        bad = [one for one in found if one["impact"] in ("serious", "critical")]
        assert [(one["id"], node["target"]) for one in bad for node in one["nodes"]] == [], scheme


def test_every_tab(visit):
    page = visit.page
    names = page.get_by_role("tab").all_inner_texts()
    assert {"Ask", "Articles", "Quality"} <= set(names)
    for name in names:
        page.get_by_role("tab", name=name, exact=True).click()
        page.wait_for_function("[...document.querySelectorAll('[role=tabpanel]')].some(one => one.innerText.trim())")
        if name == "Quality":
            page.wait_for_selector("#na-failures details", state="attached")
        folded = page.locator("button.label-wrap:not(.open):visible")
        while folded.count():
            folded.first.click()
        check(page)
    page.get_by_role("tab", name="Ask").click()


def test_an_answer_with_its_source_open_and_a_refusal(visit):
    visit.ask(QUESTION)
    visit.ask("When did the Titanic sink?")
    assert visit.page.locator("#na-live .refusal").count() == 1
    visit.page.locator("#na-past .answer .mark").first.click()
    visit.page.wait_for_selector("#na-source-body mark")
    check(visit.page)
    visit.page.keyboard.press("Escape")


def test_the_page_for_programs(visit):
    visit.page.goto(visit.page.get_by_role("link", name="For programs").evaluate("link => link.href"))
    check(visit.page)

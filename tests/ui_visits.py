"""Visits to the page with a real browser: Debian's chromium, driven by Playwright.

A file of tests assigns the fixtures that it takes from here: imported ones would look unused to ruff.
"""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from assistant import Assistant, load_settings

sync_api = pytest.importorskip("playwright.sync_api", reason="playwright is not installed")
CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")

ALONE = [
    *("--no-sandbox", "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1"),
    *("--disable-gpu", "--disable-software-rasterizer", "--renderer-process-limit=1"),
]
"""No other host can be reached; what is asked of one is seen all the same. And no process for graphics that are not
there, or for each page."""


@pytest.fixture(scope="module")
def browser() -> Iterator[sync_api.Browser]:
    with sync_api.sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=CHROMIUM, args=ALONE)
        yield started
        started.close()


class Visit:
    """A page with what it asked of other hosts and the dialogs it opened."""

    def __init__(self, context: sync_api.BrowserContext, address: str) -> None:
        self.page = context.new_page()
        self.page.set_default_timeout(8000)
        self.outside: list[str] = []
        self.dialogs: list[str] = []
        self.page.on("request", self._asked)
        self.page.on("dialog", lambda dialog: (self.dialogs.append(dialog.message), dialog.dismiss()))
        self.page.goto(address)
        self.page.wait_for_selector("#na-live :is(.welcome, .exchange)")

    def _asked(self, request: sync_api.Request) -> None:
        if not request.url.startswith(("http://127.0.0.1:", "data:", "blob:")):
            self.outside.append(request.url)

    def end(self) -> None:
        """Close the page and forget its conversation."""
        self.page.evaluate("localStorage.clear()")
        self.page.close()

    def watch(self) -> None:
        """Remember where the question and the first statement stand whenever the page changes."""
        self.page.evaluate("""() => {
            window.places = {};
            new MutationObserver(() => ['.question', '.answer > .statement'].forEach(name => {
                const shown = document.querySelector('#na-live ' + name);
                if (shown && document.querySelector('#na-live .answer[data-state]').dataset.state !== 'searching')
                    (window.places[name] ||= new Set()).add(Math.round(shown.getBoundingClientRect().top));
            })).observe(document.querySelector('#na-live'), {childList: true, subtree: true, characterData: true});
        }""")

    def ask(self, question: str, wait: str = "#na-live .tools") -> None:
        self.page.fill("#na-question textarea", question)
        self.page.keyboard.press("Enter")
        self.page.wait_for_function(
            "q => document.querySelector('#na-live .question')?.textContent === q", arg=question
        )
        self.page.wait_for_selector(wait)

    def clean(self) -> None:
        assert self.outside == []
        assert self.dialogs == []
        assert self.page.evaluate("window.pwned") is None
        bad = "form, iframe, object, embed, meta[http-equiv=refresh], #na-body img, #na-body video, #bait, a[href^=j]"
        assert self.page.locator(bad).count() == 0


@pytest.fixture(scope="module")
def sample(start: Callable[..., str], sample_index: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    folder = tmp_path_factory.mktemp("page") / "index"
    shutil.copytree(sample_index, folder)
    with Assistant.open(folder, load_settings(environ={}, index=folder), models=()) as assistant:
        yield start(assistant, folder)


@pytest.fixture(scope="module")
def context(browser: sync_api.Browser) -> Iterator[sync_api.BrowserContext]:
    """One profile for most tests, so that Gradio's files come from the cache."""
    context = browser.new_context(viewport={"width": 1280, "height": 900})
    yield context
    context.close()


@pytest.fixture(scope="module")
def opened(context: sync_api.BrowserContext, sample: str) -> Visit:
    return Visit(context, sample)


@pytest.fixture
def visit(opened: Visit) -> Iterator[Visit]:
    """The page with an empty conversation; loading it anew for each test would take most of the time."""
    yield opened
    assert opened.outside == []
    assert opened.dialogs == []
    page = opened.page
    page.keyboard.press("Escape")
    page.get_by_role("tab", name="Ask").click()
    if page.locator("#na-clear-filters").is_visible():
        page.click("#na-clear-filters")
        page.click("#na-filters button.label-wrap")
    page.click(".take summary")
    page.click("[data-act=new]")
    page.wait_for_selector(".welcome")

"""Visits to the page with a real browser."""

from __future__ import annotations

import shutil
from importlib.util import find_spec
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from playwright import sync_api

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")
needed = pytest.mark.skipif(
    not (CHROMIUM and find_spec("playwright")), reason="chromium or playwright is not installed"
)

ALONE = [
    *("--no-sandbox", "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1"),
    *("--disable-gpu", "--disable-software-rasterizer", "--renderer-process-limit=1"),
]
"""No other host can be reached; what is asked of one is seen all the same. And no process for graphics that are not
there, or for each page."""


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

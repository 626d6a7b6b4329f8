"""What all visits share: a browser, a profile that keeps Gradio's files, and servers that end with them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from typing import TYPE_CHECKING

import pytest

from assistant.ui.options import Options
from tests.browser.visits import ALONE, CHROMIUM
from tests.ui_samples import serving

if TYPE_CHECKING:
    from playwright import sync_api


@pytest.fixture(scope="package")
def browser() -> Iterator[sync_api.Browser]:
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=CHROMIUM, args=ALONE)
        yield started
        started.close()


@pytest.fixture(scope="package")
def context(browser: sync_api.Browser) -> Iterator[sync_api.BrowserContext]:
    """One profile for most tests, so that Gradio's files come from the cache."""
    context = browser.new_context(viewport={"width": 1280, "height": 900}, reduced_motion="reduce")
    yield context
    context.close()


@pytest.fixture(scope="package")
def start() -> Iterator[Callable[..., str]]:
    """Return a function that serves a page in place of the one before, and returns the address.

    It is the same for all, so that the browser has kept Gradio's files.
    """
    with Options(port=0).listen() as listening, ExitStack() as server:

        def serve(*given: object, **options: object) -> str:
            server.close()
            return server.enter_context(serving(*given, **options, at=listening))

        yield serve

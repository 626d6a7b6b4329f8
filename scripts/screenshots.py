"""Take the pictures of the page in docs/screenshots: the sample corpus, an evaluation of it, any chromium.

python -m scripts.screenshots
"""

from __future__ import annotations

import io
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from PIL import Image
from playwright.sync_api import Browser, Page, sync_playwright

from assistant import Assistant, load_settings
from scripts.served import ROOT, SAMPLE, served

FOLDER = ROOT / "docs" / "screenshots"
SIZES = ((360, 740), (768, 1024), (1280, 800), (1920, 1080))
"""Width and height of the window in CSS pixels."""

SCHEMES = ("light", "dark")
COLOURS = 96
"""Of a picture; the page has few, and it makes the files a third as large."""

CASES = 40
"""Of the evaluation shown; its figures are those of a picture, not of the assistant."""

QUESTION = "Who is excluded from the north Homs truce?"
UNANSWERED = "How many moons does Jupiter have?"


def states(page: Page) -> Iterator[tuple[str, str]]:
    """Bring the page into one state after the other; yield a name for files and what is to be seen."""
    yield "ask-empty", "before the first question"
    _ask(page, QUESTION)
    page.locator("#na-live .answer .mark").first.click()
    page.wait_for_selector("#na-source-body mark")
    yield "ask-answer", "an answer with the source of its first statement"
    page.keyboard.press("Escape")
    _ask(page, UNANSWERED)
    yield "ask-refusal", "a refusal"
    size = page.viewport_size or {"width": 0, "height": 0}
    page.set_viewport_size({"width": size["width"], "height": 2 * size["height"]})
    for name in page.get_by_role("tab").all_inner_texts()[1:]:
        page.get_by_role("tab", name=name, exact=True).click()
        yield name.lower(), f"the tab {name}, two windows high"


def take(browser: Browser, address: str) -> list[str]:
    """Take all pictures; return a line about each.

    Args:
        browser: any chromium.
        address: of the page.
    """
    lines = []
    for width, height in SIZES:
        page = browser.new_context(viewport={"width": width, "height": height}).new_page()
        page.set_default_timeout(60_000)
        page.goto(address)
        page.wait_for_selector("#na-live .welcome")
        for name, what in states(page):
            for scheme in SCHEMES:
                page.emulate_media(color_scheme=scheme)
                _settle(page)
                file = f"{name}-{width}-{scheme}.png"
                _save(page.screenshot(animations="disabled"), FOLDER / file)
                lines.append(f"- [{file}]({file}): {what}, {width} px, {scheme}\n")
        page.context.close()
    return lines


def _ask(page: Page, question: str) -> None:
    page.fill("#na-question textarea", question)
    page.keyboard.press("Enter")
    page.wait_for_function("q => document.querySelector('#na-live .question')?.textContent === q", arg=question)
    page.wait_for_selector("#na-live .tools")


def _settle(page: Page) -> None:
    """Wait until nothing has changed for half a second."""
    last, since = "", time.monotonic()
    while time.monotonic() - since < 0.5:
        now = page.evaluate("document.body.innerHTML.length + ' ' + document.body.innerText")
        if now != last:
            last, since = now, time.monotonic()
        page.wait_for_timeout(100)


def _save(png: bytes, file: Path) -> None:
    with Image.open(io.BytesIO(png)) as picture:
        small = picture.convert("RGB").quantize(COLOURS, Image.Quantize.MEDIANCUT, dither=Image.Dither.NONE)
    small.save(file, optimize=True)


def _prepare(index: Path) -> None:
    """Make an index of the sample corpus, and a report with two ways of searching it."""
    with Assistant.open(index, load_settings(environ={}, index=index), models=()) as assistant:
        assistant.add([SAMPLE])
    (index / "reports").mkdir()
    command = [sys.executable, "-m", "evals.run", "--articles", str(SAMPLE), "--split", "dev", "--sample", str(CASES)]
    both = ["--configuration", "extractive", "--configuration", "words"]
    report = ["--json", str(index / "reports" / "sample.json")]
    subprocess.run([*command, *both, *report], cwd=ROOT, check=True, stdout=subprocess.DEVNULL)


def main() -> None:
    """Take the pictures anew and list them."""
    with tempfile.TemporaryDirectory(prefix="screenshots-") as name:
        index = Path(name)
        _prepare(index)
        shutil.rmtree(FOLDER, ignore_errors=True)
        FOLDER.mkdir(parents=True)
        command = [sys.executable, "-m", "assistant", "--index", str(index), "serve", "--port", "0"]
        with served(command) as (_, address), sync_playwright() as playwright:
            browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=["--no-sandbox"])
            lines = take(browser, address)
            browser.close()
    head = "# The page in pictures\n\nMade by `scripts/screenshots` from the sample corpus; do not edit.\n\n"
    (FOLDER / "README.md").write_text(head + "".join(lines), encoding="utf-8")
    total = sum(file.stat().st_size for file in FOLDER.iterdir())
    print(f"{len(lines)} pictures, {total / 1e6:.1f} MB, in {FOLDER.relative_to(ROOT)}")


if __name__ == "__main__":
    main()

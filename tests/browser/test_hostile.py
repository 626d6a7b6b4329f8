"""Markup in articles, answers, reports and opinions stays text.

Escaping alone holds: the browser is told to pass over the Content-Security-Policy.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING

import pytest

from assistant.ui.feedback import FILE
from tests.browser import visits
from tests.browser.hostile import PAYLOADS, TEMPLATES, Hostile
from tests.browser.visits import Visit
from tests.ui_reports import row, write

if TYPE_CHECKING:
    from playwright import sync_api

pytestmark = visits.needed


@pytest.fixture(scope="module")
def visit(
    browser: sync_api.Browser, start: Callable[..., str], tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Visit]:
    folder = tmp_path_factory.mktemp("hostile")
    rows = [
        row(2 * n, right=False, question=payload, tags=(payload,), expected=((payload,),), notices=(payload,),
            got=({"text": payload, "cited": [{"source": payload}]},), found=({"article": payload, "text": payload},))
        for n, payload in enumerate(PAYLOADS)
    ]  # fmt: skip
    write(folder / "reports" / "a.json", {PAYLOADS[0]: rows, PAYLOADS[1]: rows[:1]}, PAYLOADS[2])
    (folder / "reports" / "<img src=x onerror=alert(1)>.json").write_text("{", "utf-8")
    said = [{"vote": "up", "comment": one, "when": one, "question": one, "answer": {"text": one}} for one in PAYLOADS]
    (folder / FILE).write_text("".join(json.dumps(one) + "\n" for one in said), "utf-8")
    context = browser.new_context(viewport={"width": 1280, "height": 900}, bypass_csp=True)
    yield Visit(context, start(Hostile(folder), folder))
    context.close()


def test_hostile_text_stays_text(visit):
    page = visit.page
    visit.ask(" ".join(" ".join(TEMPLATES).split()))
    assert page.locator("#na-live .answer > .statement").count() == len(PAYLOADS)
    for number in (*range(0, len(PAYLOADS), 29), len(PAYLOADS) - 1):
        page.locator(f"#na-live .answer > .statement .mark[data-number='{number}']").click()
        page.wait_for_function(
            "n => document.querySelector('#na-source-place').textContent.startsWith(n + ' ')", arg=f"{number + 1}"
        )
    assert page.locator("#na-source-body mark").text_content() == PAYLOADS[-1].replace("\u200b", "\\u200b")
    visit.clean()
    visit.ask("refuse")
    visit.clean()
    visit.ask("fail")
    visit.clean()
    page.get_by_role("tab", name="Articles").click()
    page.wait_for_selector("#na-articles tbody tr")
    page.click("#na-problems summary")
    assert page.locator("#na-problems li").count() == len(PAYLOADS)
    visit.clean()


def test_hostile_reports_and_opinions_do_nothing(visit):
    page = visit.page
    page.get_by_role("tab", name="Quality").click()
    page.wait_for_selector("#na-failures .case")
    page.wait_for_selector("#na-feedback li")
    assert page.locator("#na-failures .case").count() == 40
    for case in page.locator("#na-failures .case > summary").all()[::13]:
        case.click()
    page.get_by_label("Compare with").click()
    page.get_by_role("option").nth(1).click()
    page.wait_for_selector("#na-comparison section")
    visit.clean()

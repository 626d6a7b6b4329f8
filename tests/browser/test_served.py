"""Pages that are served in another way: with a model, read only."""

from __future__ import annotations

import time

from assistant import Assistant
from assistant.testing import FakeModel
from assistant.ui.options import Options
from tests.browser import visits
from tests.browser.visits import Visit
from tests.ui_samples import QUESTION, few

pytestmark = visits.needed


def test_read_only_offers_nothing_that_writes(context, start, sample_index):
    with Assistant.open(sample_index, few(sample_index), models=()) as assistant:
        visit = Visit(context, start(assistant, sample_index, options=Options(read_only=True)))
        page = visit.page
        page.get_by_role("tab", name="Articles").click()
        page.wait_for_selector("#na-articles tbody tr")
        acts = page.locator("#na-library [data-act]").evaluate_all("all => all.map(one => one.dataset.act)")
        assert set(acts) <= {"filter"}
        assert page.locator("#na-add").count() == 0
        visit.end()


def test_a_page_finds_its_server_again_and_loses_no_draft(context, start, sample_index):
    with Assistant.open(sample_index, few(sample_index), models=()) as assistant:
        visit = Visit(context, start(assistant, sample_index))
        visit.page.fill("#na-question textarea", QUESTION)
        visit.page.evaluate("window.before = true")
        start(assistant, sample_index)
        visit.page.route("**/gradio_api/run/**", lambda route: route.abort(), times=1)
        visit.page.press("#na-question textarea", "Enter")
        found = "q => !window.before && document.querySelector('#na-question textarea')?.value === q"
        visit.page.wait_for_function(found, arg=QUESTION)
        visit.end()


def test_a_connection_that_is_lost_is_told_and_loses_no_question(context, start, sample_index):
    proxy = iter([True] * 3)  # in front of a server that is gone, which answers by itself

    def gone(route):
        if "app_id" in route.request.url and next(proxy, False):
            route.fulfill(status=502, json={"message": "Bad Gateway"})
        else:
            route.abort()

    with Assistant.open(sample_index, few(sample_index), models=()) as assistant:
        visit = Visit(context, start(assistant, sample_index))
        page = visit.page
        for path in ("queue/**", "app_id"):
            page.route(f"**/gradio_api/{path}", gone)
        page.set_default_timeout(15000)  # the page looks every five seconds
        page.evaluate("window.stays = true")
        visit.ask(QUESTION, wait="#na-live .refusal")
        assert "was lost" in page.inner_text("#na-live .refusal")
        assert page.evaluate("window.stays")
        page.fill("#na-question textarea", "Another")
        page.click("#na-send")
        page.wait_for_selector("#na-ask[data-says*='cannot be reached']")
        page.unroute_all()
        page.wait_for_selector("#na-live .answer[data-state=stopped]")  # loaded anew
        assert page.locator(".question").all_inner_texts() == [QUESTION]
        assert "cut off" in page.inner_text("#na-live .answer")
        assert page.input_value("#na-question textarea") == "Another"
        page.click("#na-live [data-act=retry]")
        page.wait_for_selector("#na-live .mark")
        visit.end()


def test_a_server_that_is_started_anew_during_an_answer_is_noticed(context, start, sample_index):
    with Assistant.open(sample_index, few(sample_index), models=()) as assistant:
        visit = Visit(context, start(assistant, sample_index))
        visit.page.route("**/gradio_api/queue/data**", lambda route: route.fulfill(body=""))  # it ends in order
        visit.ask(QUESTION, wait="#na-live .working")
        start(assistant, sample_index)
        visit.page.wait_for_selector("#na-live .answer[data-state=stopped]", timeout=15000)
        assert visit.page.locator(".question").all_inner_texts() == [QUESTION]
        visit.end()


def test_stop_ends_the_model(context, start, sample_index):
    """Stop, and closing the tab, end the call upstream within two seconds."""
    ended: list[float] = []

    class Slow(FakeModel):
        async def stream(self, messages, limits):
            try:
                async for word in super().stream(messages, limits):
                    yield word
            finally:
                ended.append(time.monotonic())

    model = Slow()
    with Assistant.open(sample_index, few(sample_index), models=[model]) as assistant:
        address = start(assistant, sample_index)
        visit = Visit(context, address)
        for stop in (True, False):
            model.enqueue("word " * 100, pause=0.2)
            before, deadline = len(ended), time.monotonic() + 8
            visit.ask(QUESTION if stop else f"{QUESTION} Again", wait="#na-live .passages[open] .card")
            while len(model.history) == before and time.monotonic() < deadline:
                time.sleep(0.05)
            began = time.monotonic()
            if stop:
                visit.page.fill("#na-question textarea", "Another")
                visit.page.keyboard.press("Enter")
                visit.page.wait_for_selector("#na-ask[data-says*='under way']")
                visit.page.wait_for_timeout(650)  # before that it would be the second half of a double click on Ask
                visit.page.click("#na-stop")
                visit.page.wait_for_selector("#na-live .tools")
                assert "Stopped" in visit.page.inner_text("#na-live .answer")
                assert visit.page.locator("#na-ask[data-says]").count() == 0
                assert visit.page.input_value("#na-question textarea") == "Another"
            else:
                visit.end()
            while len(ended) == before and time.monotonic() < deadline:
                time.sleep(0.02)
            assert len(ended) == before + 1
            assert ended[-1] - began < 2

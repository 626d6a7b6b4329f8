"""The tab “Ask” over the sample articles: answers, sources, filters, what a reader takes away, stopping."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from assistant import Assistant
from tests.browser import visits
from tests.browser.visits import Visit
from tests.ui_samples import QUESTION, few

if TYPE_CHECKING:
    from playwright import sync_api

pytestmark = visits.needed


@pytest.fixture(scope="module")
def sample(start: Callable[..., str], sample_index: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    folder = tmp_path_factory.mktemp("page") / "index"
    shutil.copytree(sample_index, folder)
    with Assistant.open(folder, few(folder), models=()) as assistant:
        yield start(assistant, folder)


@pytest.fixture(scope="module")
def opened(context: sync_api.BrowserContext, sample: str) -> Iterator[Visit]:
    visit = Visit(context, sample)
    yield visit
    visit.end()


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
    with page.expect_response("**/gradio_api/run/**"):  # the next question must not come before it
        page.click("[data-act=new]")
    page.wait_for_selector(".welcome")


def test_a_citation_opens_its_quote(visit):
    page = visit.page
    visit.watch()
    visit.ask(QUESTION)
    places = page.evaluate("Object.values(window.places).map(found => found.size)")
    assert places == [1, 1]  # neither the question nor the first statement moved
    answer = json.loads(page.locator("#na-live .as-json").text_content())["answer"]
    for cited in answer["citations"]:
        page.locator(f"#na-live .answer .mark[data-number='{cited['number']}']").first.click()
        page.wait_for_function(
            "q => document.querySelector('#na-source-body mark')?.textContent === q", arg=cited["quote"]
        )
        assert page.locator("#na-source-body mark").first.is_visible()
        assert cited["title"] in page.inner_text(".source-head")
        box, text = page.locator("#na-source-body mark").bounding_box(), page.locator(".article-text").bounding_box()
        assert text["y"] <= box["y"] < text["y"] + text["height"]


def test_the_keyboard_alone_suffices(visit):
    page = visit.page
    page.focus("#na-question textarea")
    page.keyboard.type(QUESTION)
    page.keyboard.press("Enter")
    page.wait_for_selector("#na-live .tools")
    assert page.inner_text("#na-told").startswith("Answered: ")
    page.focus("#na-live [data-act=retry]")
    page.keyboard.press("Enter")
    page.wait_for_function("document.activeElement.id === 'na-scroll'")
    page.wait_for_selector("#na-live .tools")
    page.locator("#na-live .answer .mark").first.focus()
    page.keyboard.press("Enter")
    page.wait_for_selector("#na-source-body mark")
    assert page.evaluate("document.activeElement.id") == "na-source-name"
    page.keyboard.press("ArrowRight")
    page.wait_for_function("document.querySelector('#na-source-place').textContent.startsWith('2 of')")
    page.keyboard.press("Escape")
    assert page.evaluate("document.activeElement.className") == "mark"
    assert page.locator("#na-source-body mark").count() == 0


def test_an_open_source_stays_with_its_answer_and_goes_with_it(visit):
    page = visit.page
    visit.ask(QUESTION)
    page.locator("#na-live .answer .mark").first.click()
    page.wait_for_selector("#na-source-body mark")
    visit.ask("When did the Ardel reach its highest level?")
    page.click("#na-next")
    page.wait_for_function("document.querySelector('#na-source-place').textContent.startsWith('2 of')")
    assert page.locator("#na-past .mark[aria-current]").count() >= 1
    page.click(".take summary")
    page.click("[data-act=new]")
    page.wait_for_function("!document.querySelector('#na-source.open')")


def test_back_leaves_a_source_that_covers_the_page(visit):
    page = visit.page
    page.set_viewport_size({"width": 390, "height": 800})
    visit.ask(QUESTION)
    for leave in (page.go_back, lambda: page.click("#na-close"), page.go_back):
        page.locator("#na-live .answer .mark").first.click()
        page.wait_for_selector("#na-source-body mark")
        leave()
        page.wait_for_selector("#na-source:not(.open)", state="hidden")
        page.wait_for_function("!history.state?.source")
        assert page.locator("#na-live .question").inner_text() == QUESTION
    page.set_viewport_size({"width": 1280, "height": 900})


def test_follow_up_reload_edit_and_new(visit):
    page = visit.page
    visit.ask("When did the Ardel reach its highest level?")
    visit.ask("How high was it?")
    assert "Understood as:" in page.inner_text("#na-live .asked")
    page.click("#na-filters button")
    page.get_by_label("Until").fill("2024")
    page.get_by_label("Publishers").click()
    page.get_by_role("option", name="Cedar Report").click()
    page.wait_for_selector("#na-hint :text('Cedar Report; until 2024-12-31')")
    page.keyboard.press("Escape")
    page.reload()
    page.wait_for_selector("#na-past .exchange")
    assert page.locator(".exchange").count() == 2
    page.wait_for_function(
        "Math.abs(document.querySelector('#na-live .question').getBoundingClientRect().top - 100) < 100"
    )
    page.wait_for_selector("#na-hint :text('Cedar Report; until 2024-12-31')")
    page.click("#na-filters button")
    page.click("#na-clear-filters")
    page.wait_for_selector("#na-hint .hint", state="detached")
    page.fill("#na-question textarea", "a draft")
    page.locator("#na-past [data-act=retry]").dblclick()
    page.locator("#na-past [data-act=edit]").click()
    page.wait_for_function("document.querySelector('#na-question textarea').value.startsWith('When did')")
    assert page.locator(".exchange").count() == 2
    page.keyboard.press("Escape")  # the box has the focus
    page.wait_for_selector("#na-hint .hint", state="detached")
    assert page.input_value("#na-question textarea") == "a draft"
    page.locator("#na-past [data-act=edit]").click()
    page.wait_for_selector("#na-hint [data-act=cancel]")
    page.fill("#na-question textarea", QUESTION)
    page.keyboard.press("Enter")
    page.wait_for_function(
        "document.querySelectorAll('.exchange').length === 1 && document.querySelector('#na-live .tools')"
    )
    assert page.inner_text("#na-live .question") == QUESTION
    assert page.input_value("#na-question textarea") == "a draft"
    page.click("#na-live [data-act=edit]")
    page.wait_for_function("q => document.querySelector('#na-question textarea').value === q", arg=QUESTION)
    page.keyboard.press("Enter")  # unchanged
    page.wait_for_function("document.querySelector('#na-question textarea').value === 'a draft'")
    page.click(".take summary")
    page.click("[data-act=new]")
    page.wait_for_selector(".welcome")


def test_what_is_typed_while_a_new_conversation_begins_stays(visit):
    page, held = visit.page, []

    def hold(route):
        held.append(route)

    page.fill("#na-question textarea", "a question that is given up")
    page.route("**/gradio_api/run/**", hold)
    page.click(".take summary")
    page.click("[data-act=new]")
    assert page.input_value("#na-question textarea") == ""
    page.fill("#na-question textarea", "Who ")
    with page.expect_response("**/gradio_api/run/**"):
        held.pop(0).continue_()
    page.unroute("**/gradio_api/run/**")
    page.wait_for_timeout(100)
    assert page.input_value("#na-question textarea") == "Who "


def test_what_is_typed_just_after_a_question_stays(visit):
    page = visit.page
    page.fill("#na-question textarea", QUESTION)
    page.keyboard.press("Enter")
    page.keyboard.type("When")
    page.wait_for_selector("#na-live .tools")
    assert page.input_value("#na-question textarea") == "When"
    page.fill("#na-question textarea", "")


def hold(page, path):
    """Keep the next request to a path back; return the list that it comes to."""
    held = []

    def keep(route):
        held.append(route)

    page.route(path, keep, times=1)
    return held


def test_a_slow_line_is_told(visit):
    page = visit.page
    held = hold(page, "**/gradio_api/run/**")
    page.fill("#na-question textarea", QUESTION)
    page.keyboard.press("Enter")
    page.wait_for_selector("#na-ask[data-says^=Sending]")
    assert page.input_value("#na-question textarea") == QUESTION
    held.pop().continue_()
    page.wait_for_selector("#na-live .tools")
    assert page.locator("#na-ask[data-says]").count() == 0
    held = hold(page, "**/page/source*")
    page.locator("#na-live .answer .mark").first.click()
    page.wait_for_selector("#na-source.open :text('Loading the source')")
    held.pop().continue_()
    page.wait_for_selector("#na-source-body mark")


def test_a_source_that_comes_late_disturbs_nothing(visit):
    page = visit.page
    visit.ask(QUESTION)
    mark = page.locator("#na-live .answer .mark").first
    for meanwhile, shown in ((lambda: page.keyboard.press("Escape"), 0), (mark.click, 1)):
        held = hold(page, "**/page/source*")
        mark.click()
        meanwhile()
        page.wait_for_timeout(500)  # it would be told after 300 ms
        assert page.locator("#na-source.open #na-source-body mark").count() == shown
        assert page.locator("#na-source.open").count() == shown
        held.pop().continue_()
    held = hold(page, "**/page/source*")
    mark.click()
    mark.evaluate("one => one.replaceWith(one.cloneNode(true))")  # as when an answer grows
    page.wait_for_selector("#na-source.open :text('Loading the source')")
    held.pop().continue_()
    page.wait_for_selector("#na-source-body mark")


def test_a_refusal_looks_like_one(visit):
    visit.ask("How many moons does Jupiter have?")
    assert "No answer." in visit.page.inner_text("#na-live .refusal")
    assert "not an answer" in visit.page.inner_text("#na-live .nearest h3")
    assert visit.page.locator("#na-live .statement").count() == 0


def test_filters_apply_and_show(visit):
    page = visit.page
    page.click("#na-filters button")
    page.get_by_label("Until").fill("1990")
    visit.ask(QUESTION)
    assert "Only: until 1990-12-31" in page.inner_text("#na-live .asked")
    assert "No article passes the filters" in page.inner_text("#na-live .refusal")


def test_add_ask_remove(visit, tmp_path):
    page = visit.page
    file = tmp_path / "lighthouse.txt"
    file.write_text(
        "Keeper of Tolva lighthouse retires\n\nThe keeper of the Tolva lighthouse, Ines Marr, retired on Friday after "
        "41 years of service. She said she would miss the storms more than the quiet nights.\n",
        encoding="utf-8",
    )
    page.get_by_role("tab", name="Articles").click()
    page.wait_for_selector("#na-articles table")
    page.locator(".bar-line", has_text="Cedar Report").locator(".bar-count").click()
    page.wait_for_function("document.querySelector('#na-status').textContent.includes('kept to Cedar Report')")
    page.get_by_role("tab", name="Ask").click()
    page.click("#na-filters button")
    page.click("#na-clear-filters")
    page.wait_for_selector("#na-hint .hint", state="detached")
    page.get_by_role("tab", name="Articles").click()
    page.click("#na-add button.label-wrap")
    page.set_input_files("#na-add input[type=file]", str(file))
    page.wait_for_function("document.querySelector('#na-status').textContent.includes('1 added')", timeout=15000)
    page.get_by_role("tab", name="Ask").click()
    visit.ask("Who is the keeper of the Tolva lighthouse?")
    assert "Ines Marr" in page.inner_text("#na-live .answer")
    page.get_by_role("tab", name="Articles").click()
    page.get_by_label("Search the list").fill("tolva")
    page.wait_for_function("document.querySelectorAll('#na-articles tbody tr').length === 1")
    page.locator("#na-articles [data-act=remove]").dblclick()
    page.get_by_role("button", name="Really remove?").wait_for()
    page.wait_for_timeout(650)
    page.click("#na-articles [data-act=remove]")
    page.wait_for_function("document.querySelector('#na-status').textContent.includes('Removed')")
    page.get_by_role("tab", name="Ask").click()
    visit.ask("Who was the keeper of the Tolva lighthouse?")
    assert "Ines Marr" not in page.inner_text("#na-live")


def test_another_session_and_the_policy_as_second_fence(visit, browser, sample):
    """Another browser sees nothing; markup that got through would neither run nor reach another host."""
    visit.ask(QUESTION)
    context = browser.new_context()
    other = Visit(context, sample)
    refused: list[str] = []
    other.page.on("requestfailed", lambda request: refused.append(request.url) if "csp" in request.failure else None)
    assert other.page.locator(".exchange").count() == 0
    other.page.evaluate(
        "() => document.body.insertAdjacentHTML('beforeend', `<img src=x onerror='window.pwned=1'>"
        "<img src=http://evil.test/1><div style='background:url(http://evil.test/2)'>x</div>"
        "<iframe src=http://evil.test/3></iframe><svg onload='window.pwned=1'></svg>`)"
    )
    inline = "() => document.body.append(Object.assign(document.createElement('script'), {text: 'window.pwned=1'}))"
    other.page.evaluate(inline)
    other.page.evaluate("() => fetch('http://evil.test/4').catch(() => 0)")
    other.page.wait_for_timeout(200)
    assert other.page.evaluate("window.pwned") is None
    assert other.outside == refused
    context.close()


def test_each_tab_keeps_its_own_conversation_and_filters(visit, context, sample):
    page, other = visit.page, Visit(context, sample)
    other.page.click("#na-filters button")
    other.page.get_by_label("Until").fill("2024")
    other.ask(QUESTION)
    visit.ask("When did the Ardel reach its highest level?")
    for tab, question in ((page, "When did the Ardel reach its highest level?"), (other.page, QUESTION)):
        tab.reload()
        tab.wait_for_selector("#na-live .tools")
        assert tab.locator(".question").all_inner_texts() == [question]
        assert tab.locator("#na-hint .hint").count() == (tab is other.page)
    last = Visit(context, sample)
    assert last.page.locator(".question").all_inner_texts() == [QUESTION]  # a new tab goes on with what was kept last
    last.page.close()
    other.page.click("#na-filters button")
    other.page.click("#na-clear-filters")
    other.page.wait_for_selector("#na-hint .hint", state="detached")
    other.page.close()


def test_a_tab_without_room_for_its_own_conversation_shows_the_one_kept_last(context, sample):
    fill = """() => {
      for (let size = 5000000; size >= 1; size = Math.floor(size / 2))
        try { for (;;) sessionStorage.setItem(Math.random(), 'x'.repeat(size)); } catch { /* full */ }
    }"""
    visit = Visit(context, sample)
    visit.page.evaluate(fill)
    visit.ask(QUESTION)
    for room in ("", "sessionStorage.clear()"):
        visit.page.evaluate(room)
        visit.page.evaluate(fill)
        visit.page.reload()
        visit.page.wait_for_selector("#na-live .tools")
        assert visit.page.locator(".question").all_inner_texts()[-1] == QUESTION
    visit.page.close()


def test_copy_download_and_vote(visit, sample):
    page = visit.page
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    visit.ask(QUESTION)
    page.click("#na-live [data-act=copy]")
    page.get_by_role("button", name="Copied").wait_for()
    markdown = page.evaluate("navigator.clipboard.readText()")
    assert markdown.startswith("## Who is excluded")
    assert "[^1]: Cedar Report" in markdown
    page.click("#na-live [data-act=copy-html]")
    page.wait_for_function("document.querySelectorAll('#na-live .tools [data-label]').length > 1")
    kinds = page.evaluate("async () => (await navigator.clipboard.read())[0].types")
    assert set(kinds) == {"text/html", "text/plain"}
    page.wait_for_selector("#na-live [data-act=copy]:text-is('Copy')")
    page.evaluate("Object.defineProperty(navigator, 'clipboard', {value: undefined, configurable: true})")
    page.click("#na-live [data-act=copy]")  # as over plain HTTP from another machine
    page.get_by_role("button", name="Copied").wait_for()
    page.evaluate("document.execCommand = () => false")
    page.click("#na-live [data-act=copy]")
    page.get_by_role("button", name="Not allowed").wait_for()
    page.evaluate("delete navigator.clipboard; delete document.execCommand")
    assert page.evaluate("navigator.clipboard.readText()") == markdown
    page.evaluate("getSelection().selectAllChildren(document.querySelector('#na-live .question'))")
    page.keyboard.press("Control+c")  # what was not allowed then does not come along now
    assert page.evaluate("navigator.clipboard.readText()").strip() == QUESTION
    for kind in ("markdown", "json"):
        page.click(".take summary")
        with page.expect_download() as downloading:
            page.click(f"[data-act=download][data-kind={kind}]")
        content = Path(downloading.value.path()).read_text("utf-8")
        assert "place in the truce" in content
        page.keyboard.press("Escape")
        page.click(".take summary")
    exchange = json.loads(content)[0]
    assert all(one["end"] > one["start"] for one in exchange["answer"]["citations"])
    page.click("#na-live [data-vote=down]")
    page.click("#na-live [data-act=comment]")  # nothing to say
    page.wait_for_function("document.querySelector('#na-live .comment').hidden")
    page.locator("#na-live .answer .mark").first.click()
    page.wait_for_selector("#na-source-body mark")
    page.click("#na-live [data-vote=up]")
    page.fill("#na-live .comment input", "precize")
    page.keyboard.press("Escape")
    assert page.locator("#na-source.open").count() == 1  # it folds the comment
    page.click("#na-live [data-vote=up]")
    page.fill("#na-live .comment input", "precise")
    page.keyboard.press("Enter")
    page.get_by_role("button", name="This answer is good", pressed=True).wait_for()
    page.wait_for_function("document.querySelector('#na-live .comment').hidden")
    kept = [json.loads(line) for line in page.request.get(f"{sample}page/feedback.jsonl").text().splitlines()]
    assert [(row["vote"], row["comment"]) for row in kept] == [
        *[("down", ""), ("up", ""), ("up", ""), ("up", "precise")],
    ]


def test_the_line_for_a_comment_comes_into_view(visit):
    page = visit.page
    page.set_viewport_size({"width": 390, "height": 700})
    visit.ask(QUESTION)
    page.locator("#na-live [data-vote=down]").evaluate("one => one.scrollIntoView({block: 'end'})")
    page.click("#na-live [data-vote=down]")
    page.wait_for_selector("#na-live .comment:not([hidden])")
    line, view = page.locator("#na-live .comment").bounding_box(), page.locator("#na-scroll").bounding_box()
    assert line["y"] + line["height"] <= view["y"] + view["height"] + 1
    page.set_viewport_size({"width": 1280, "height": 900})

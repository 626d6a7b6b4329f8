"""The page in a real browser: Debian's chromium, driven by Playwright; skipped where one of them is missing."""

from __future__ import annotations

import json
import shutil
import time
from collections.abc import AsyncGenerator, Callable, Iterator, Sequence
from contextlib import ExitStack
from pathlib import Path

import pytest

from assistant import (
    Answer,
    Article,
    ArticleInfo,
    Assistant,
    AssistantError,
    Citation,
    Disagreement,
    Statement,
    load_settings,
)
from assistant.events import Event, Found, Stated
from assistant.retrieval.store import Counts, LedgerRow
from assistant.testing import FakeModel
from assistant.types import Block, Hit, Passage

pytest.importorskip("gradio", reason="gradio is not installed")
sync_api = pytest.importorskip("playwright.sync_api", reason="playwright is not installed")
CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")
pytestmark = pytest.mark.skipif(CHROMIUM is None, reason="chromium is not installed")

QUESTION = "Who is excluded from the north Homs truce?"

ALONE = ["--no-sandbox", "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1"]
"""No other host can be reached; what is asked of one is seen all the same."""

TEMPLATES = (
    "<script>window.pwned=1</script>",
    "<img src=http://evil.test/1 onerror=alert(1)>",
    "<img srcset='http://evil.test/2 1x'>",
    "<svg onload=alert(3)><image href=http://evil.test/3></svg>",
    "<iframe src=http://evil.test/4></iframe>",
    "<object data=http://evil.test/5></object><embed src=http://evil.test/5>",
    "<form action=http://evil.test/6><input name=p><button>Log in</button></form>",
    "<meta http-equiv=refresh content='0;url=http://evil.test/7'>",
    "<link rel=stylesheet href=http://evil.test/8>",
    "<style>@import url(http://evil.test/9)</style>",
    "<div style='background:url(http://evil.test/10)'>x</div>",
    "<table background=http://evil.test/11><tr><td>x</table>",
    "<video src=http://evil.test/12 poster=http://evil.test/12b autoplay></video>",
    "<audio src=http://evil.test/13 autoplay></audio>",
    "<input type=image src=http://evil.test/14>",
    "<a href='javascript:alert(15)' id=bait>click</a>",
    "<details open ontoggle=alert(16)>x</details>",
    "<base href=http://evil.test/17/>",
    "![x](http://evil.test/18)",
    "![x][r]\n\n[r]: http://evil.test/19",
    "[click](javascript:alert(20)) <http://evil.test/20>",
    "```mermaid\ngraph TD; A[<img src=http://evil.test/21>]\n```",
    '"><script src=http://evil.test/22></script>',
    "' onmouseover='alert(23)' autofocus onfocus='alert(23)' x='",
    "${alert(24)} {{constructor.constructor('alert(24)')()}} {{#each value}}{{/each}}",
    "</pre></textarea></template><script>alert(25)</script>",
    "$$\\href{javascript:alert(26)}{x}$$ \\(\\includegraphics{http://evil.test/26}\\)",
    "javascript:alert(27)",
    "data:text/html,<script>alert(28)</script>",
    "http://user@evil.test/29",
)
CONTEXTS = ("{}", "\"'>{}", "</p></button></span>{}", "Aa [1] {}\u200b\n{}")
PAYLOADS = tuple(context.replace("{}", payload) for payload in TEMPLATES for context in CONTEXTS)


class HostileState:
    """The state of an index whose sources and problems are all payloads."""

    def embedded(self, article_ids: Sequence[str]) -> dict[str, tuple[int, int]]:
        return dict.fromkeys(article_ids, (1, 2))

    def refreshed(self) -> tuple[int, int]:
        return 1, 2

    def skipped(self, limit: int) -> list[LedgerRow]:
        return [LedgerRow(one, None, "", 0, 0, "skipped", f"cannot read {one}") for one in PAYLOADS[:limit]]


class Hostile:
    """An assistant whose articles, answers, problems and errors are all payloads."""

    def __init__(self, folder: Path) -> None:
        self.settings = load_settings(environ={}, index=folder)
        self.embedder = None
        self.models = ()
        self.state = HostileState()

    def articles(self) -> list[ArticleInfo]:
        return [_info(number) for number in range(len(PAYLOADS))]

    def article(self, article_id: str) -> Article | None:
        number = int(article_id, 16)
        text = f"{PAYLOADS[number]}\n\nBefore {PAYLOADS[number]} after."
        blocks = (Block(0, len(PAYLOADS[number]), "heading"), Block(len(PAYLOADS[number]) + 2, len(text), "body"))
        about = {name: getattr(_info(number), name) for name in ArticleInfo.__slots__}
        found = dict.fromkeys(("publisher", "published", "author"), PAYLOADS[number])
        return Article(**about, found=found, text=text, blocks=blocks, notices=(PAYLOADS[number],))

    def counts(self) -> Counts:
        return Counts(len(PAYLOADS), 0, {"body": len(PAYLOADS)}, len(PAYLOADS), len(PAYLOADS))

    def ask(self, question: str) -> Answer:
        raise AssistantError(question)

    async def astream(self, question: str, history: object, filters: object) -> AsyncGenerator[Event, None]:
        citations = tuple(_citation(number) for number in range(len(PAYLOADS)))
        statements = tuple(Statement(payload, (number,)) for number, payload in enumerate(PAYLOADS))
        if question == "refuse":
            yield Found(PAYLOADS[1], ())
            yield Answer(question, PAYLOADS[1], "refused", "not_in_articles", PAYLOADS[1], nearest=citations)
            return
        if question == "fail":
            raise AssistantError(" ".join(PAYLOADS))
        passages = (Passage(f"{number:012x}", 0, 0, 9, "body", ()) for number in range(8))
        yield Found(PAYLOADS[0], tuple(Hit(one, PAYLOADS[n], _info(n), 1.0) for n, one in enumerate(passages)))
        yield Stated(statements[0], citations[:1])
        yield Answer(
            question,
            " ".join(PAYLOADS),
            "answered",
            None,
            " ".join(PAYLOADS),
            statements=statements,
            citations=citations,
            disagreements=(Disagreement(PAYLOADS[2], statements[:2]),),
            notices=PAYLOADS,
        )


def _info(number: int) -> ArticleInfo:
    payload = PAYLOADS[number]
    return ArticleInfo(f"{number:012x}", payload, payload, payload, payload, payload[:30], None, payload)


def _citation(number: int) -> Citation:
    info, payload = _info(number), PAYLOADS[number]
    start = len(payload) + 9
    return Citation(
        number, info.id, payload, payload, info.published, payload, "body", payload, start, start + len(payload)
    )


@pytest.fixture(scope="module")
def start() -> Iterator[Callable[..., str]]:
    """Return a function that serves an assistant until the tests of this file have ended."""
    from tests.test_ui_programs import serving

    with ExitStack() as servers:
        yield lambda *given: servers.enter_context(serving(*given))


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


def test_hostile_text_stays_text(browser, start, tmp_path_factory):
    """Escaping alone holds: the browser is told to pass over the Content-Security-Policy."""
    folder = tmp_path_factory.mktemp("hostile")
    context = browser.new_context(viewport={"width": 1280, "height": 900}, bypass_csp=True)
    visit = Visit(context, start(Hostile(folder), folder))
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
    context.close()


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
    page.locator("#na-live .answer .mark").first.focus()
    page.keyboard.press("Enter")
    page.wait_for_selector("#na-source-body mark")
    assert page.evaluate("document.activeElement.id") == "na-source-name"
    page.keyboard.press("ArrowRight")
    page.wait_for_function("document.querySelector('#na-source-place').textContent.startsWith('2 of')")
    page.keyboard.press("Escape")
    assert page.evaluate("document.activeElement.className") == "mark"
    assert page.locator("#na-source-body mark").count() == 0


def test_follow_up_reload_edit_and_new(visit):
    page = visit.page
    visit.ask("When did the Ardel reach its highest level?")
    visit.ask("How high was it?")
    assert "Understood as:" in page.inner_text("#na-live .asked")
    page.reload()
    page.wait_for_selector("#na-past .exchange")
    assert page.locator(".exchange").count() == 2
    page.locator("#na-past [data-act=edit]").click()
    page.wait_for_function("document.querySelector('#na-question textarea').value.startsWith('When did')")
    page.fill("#na-question textarea", QUESTION)
    page.keyboard.press("Enter")
    page.wait_for_function(
        "document.querySelectorAll('.exchange').length === 1 && document.querySelector('#na-live .tools')"
    )
    assert page.inner_text("#na-live .question") == QUESTION
    page.click(".take summary")
    page.click("[data-act=new]")
    page.wait_for_selector(".welcome")


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
    page.click("#na-add button.label-wrap")
    page.set_input_files("#na-add input[type=file]", str(file))
    page.wait_for_function("document.querySelector('#na-status').textContent.includes('1 added')", timeout=15000)
    page.get_by_role("tab", name="Ask").click()
    visit.ask("Who is the keeper of the Tolva lighthouse?")
    assert "Ines Marr" in page.inner_text("#na-live .answer")
    page.get_by_role("tab", name="Articles").click()
    page.get_by_label("Search the list").fill("tolva")
    page.wait_for_function("document.querySelectorAll('#na-articles tbody tr').length === 1")
    page.click("#na-articles [data-act=remove]")
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
    page.click("#na-live [data-vote=up]")
    page.fill("#na-live .comment input", "precise")
    page.click("#na-live [data-act=comment]")
    page.get_by_role("button", name="This answer is good", pressed=True).wait_for()
    page.wait_for_function("document.querySelector('#na-live .comment').hidden")
    kept = [json.loads(line) for line in page.request.get(f"{sample}page/feedback.jsonl").text().splitlines()]
    assert [(row["vote"], row["comment"]) for row in kept] == [("up", ""), ("up", "precise")]


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
    settings = load_settings(environ={}, index=sample_index)
    with Assistant.open(sample_index, settings, models=[model]) as assistant:
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
                visit.page.click("#na-stop")
                visit.page.wait_for_selector("#na-live .tools")
                assert "Stopped" in visit.page.inner_text("#na-live .answer")
            else:
                visit.end()
            while len(ended) == before and time.monotonic() < deadline:
                time.sleep(0.02)
            assert len(ended) == before + 1
            assert ended[-1] - began < 2

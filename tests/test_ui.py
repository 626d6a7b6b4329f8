"""The page's server without a browser: its parts, what it refuses, and the endpoints for programs."""

from __future__ import annotations

import asyncio
import json
import re
import shutil
from collections.abc import AsyncIterator, Iterator
from dataclasses import asdict
from pathlib import Path

import pytest

from assistant import Assistant, Filters, SourceReport, load_settings
from assistant.errors import QuestionError, SettingsError
from assistant.events import Found
from assistant.types import Citation, Statement

pytest.importorskip("gradio", reason="gradio is not installed")

from fastapi.testclient import TestClient

from assistant.ui.asking import Conversations
from assistant.ui.coverage import periods
from assistant.ui.desk import Desk
from assistant.ui.exchange import KEPT, Exchange, public_source, restore
from assistant.ui.export import as_html, as_markdown
from assistant.ui.feedback import Feedback, Opinion
from assistant.ui.filters import parse_day, read_filters
from assistant.ui.gate import Busy, Gate, Limits
from assistant.ui.guard import MAX_BODY
from assistant.ui.library import Library
from assistant.ui.library_view import choose
from assistant.ui.markup import el, outside_link, text, web_address
from assistant.ui.options import Options
from assistant.ui.server import create_app
from evals.dataset import load_cases

QUESTION = "Who is excluded from the north Homs truce?"


@pytest.fixture(scope="module")
def folder(sample_index: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    copied = tmp_path_factory.mktemp("ui") / "index"
    shutil.copytree(sample_index, copied)
    return copied


@pytest.fixture(scope="module")
def assistant(folder: Path) -> Iterator[Assistant]:
    with Assistant.open(folder, load_settings(environ={}, index=folder), models=()) as opened:
        yield opened


def client_of(assistant: Assistant, folder: Path, **options: object) -> TestClient:
    return TestClient(create_app(assistant, Options(**options), folder), base_url="http://127.0.0.1:7860")


@pytest.fixture(scope="module")
def client(assistant: Assistant, folder: Path) -> Iterator[TestClient]:
    with client_of(assistant, folder) as opened:
        yield opened


def citation(**changed: object) -> Citation:
    given = {"number": 1, "article_id": "a1", "title": "A *title*", "publisher": "Paper", "published": "2024-02-03"}
    given |= {"source": "/home/me/a.txt", "zone": "body", "quote": "It <b>rained</b>.", "start": 3, "end": 20}
    return Citation(**(given | changed))


# markup


def test_text_and_attributes_are_escaped():
    assert el("p", "<b>", class_='"x"', hidden=True, id=None) == '<p class="&quot;x&quot;" hidden>&lt;b&gt;</p>'
    assert text("a\x1b[31m\u202eb\nc") == "a\\x1b[31m\\u202eb\nc"


@pytest.mark.parametrize(
    "address",
    [
        *["javascript:alert(1)", "data:text/html,x", "//evil.test", "http://", "http://u@evil.test/", "file:///etc/x"],
        *["http://a b/", "https:\\\\evil.test", "ftp://a/", "HTTP:", "http://[::1", None, ""],
    ],
)
def test_only_web_addresses_become_links(address):
    assert web_address(address) is None
    assert outside_link(address) is None


def test_a_link_shows_its_host_and_gives_nothing_away():
    link = outside_link('https://news.example/a?b=1&c="')
    assert 'href="https://news.example/a?b=1&amp;c=&quot;"' in link
    assert 'rel="noopener noreferrer nofollow"' in link
    assert ">Original at news.example<" in link


# conversations


def test_an_exchange_comes_back_as_it_was(assistant):
    exchange = Exchange(QUESTION, filters=Filters(since="2017-01-01")).with_answer(assistant.ask(QUESTION))
    assert restore(json.loads(json.dumps([exchange.to_dict()]))) == [exchange]
    assert all("/" not in one.source for one in exchange.citations)


@pytest.mark.parametrize(
    "kept",
    [
        *[None, "x", 7, {}, [None], [7], [{}], [{"question": 1}], [{"question": "q", "answer": {"status": "x"}}]],
        *[[{"question": "q", "citations": [{"number": "x"}]}], [["q"]], [{"question": "q", "filters": {"since": 1}}]],
    ],
)
def test_what_a_browser_kept_in_another_form_is_passed_over(kept):
    assert restore(kept) == []


def test_a_long_conversation_keeps_its_end():
    kept = [{"question": str(number), "state": "failed"} for number in range(100)]
    assert [one.question for one in restore(kept)] == [str(number) for number in range(100 - KEPT, 100)]


def test_folders_of_this_machine_are_not_shown():
    assert public_source("/home/me/news/a.txt#3") == "a.txt#3"
    assert public_source("C:\\news\\a.txt") == "a.txt"
    assert public_source("https://news.example/a") == "https://news.example/a"


def test_markdown_and_html_carry_footnotes_and_no_markup_of_the_source():
    exchange = Exchange(
        "Did it ![x](http://evil.test)?", statements=(Statement("It <b>rained</b>.", (1,)),), citations=(citation(),)
    )
    markdown = as_markdown(exchange)
    assert "It \\<b\\>rained\\</b\\>\\.[^1]" in markdown
    assert "[^1]: Paper, “A \\*title\\*”, 2024\\-02\\-03: “It \\<b\\>rained" in markdown.replace("\\,", ",")
    assert "![x](" not in markdown
    assert "<sup>[1]</sup>" in as_html(exchange)
    assert "<b>" not in as_html(exchange)


# filters, coverage, list


def test_days():
    assert parse_day("2017-08", end=False) == "2017-08-01"
    assert parse_day("2024-02", end=True) == "2024-02-29"
    assert parse_day(" 2017 ", end=True) == "2017-12-31"
    assert parse_day("", end=True) is None
    with pytest.raises(ValueError, match="is not a date"):
        parse_day("2017-13", end=False)
    assert read_filters("2018", "2017", [])[0] is None
    assert read_filters(None, None, "x")[0] == Filters()


def test_periods_are_as_fine_as_they_fit():
    assert periods(["2024-01-01", "2024-01-02", "2024-01-02"]) == [("2024-01-01", 1), ("2024-01-02", 2)]
    assert periods([f"2024-{month:02}-{day:02}" for month in (1, 2) for day in range(1, 28)]) == [
        ("2024-01", 27),
        ("2024-02", 27),
    ]


def test_the_list_can_be_searched_and_sorted(assistant):
    articles = assistant.articles()
    assert {one.publisher for one in choose(articles, "cedar REPORT", "Title")} == {"Cedar Report"}
    titles = [(one.title or "\uffff").casefold() for one in choose(articles, "", "Title")]
    assert titles == sorted(titles)
    assert choose(articles, "no such article", "Title") == []


# limits


async def test_the_gate_is_bounded_and_fair():
    gate = Gate(Limits(at_once=1, waiting=1, client_at_once=2, client_a_minute=3))
    async with gate.enter("a"):
        waiting = asyncio.create_task(_through(gate, "b"))
        await asyncio.sleep(0)
        with pytest.raises(Busy, match="busy") as full:
            await _through(gate, "c")
        assert full.value.status == 503
    await waiting
    await _through(gate, "a")
    await _through(gate, "a")
    with pytest.raises(Busy, match="in a minute") as often:
        await _through(gate, "a")
    assert often.value.status == 429
    assert 0 < often.value.retry_after <= 61


async def _through(gate: Gate, client: str) -> None:
    async with gate.enter(client):
        pass


# the guard


def test_every_response_carries_the_headers(client):
    for path in (
        "/",
        "/config",
        "/page/page.css",
        "/assets/none.js",
        "/nowhere",
        "/gradio_api/upload",
        "/api/articles",
    ):
        headers = client.get(path).headers
        policy = headers["content-security-policy"]
        assert "unsafe-inline" not in policy.split("style-src")[0], path
        assert ("unsafe-eval" in policy) == (path == "/")
        assert "default-src 'none'" in policy
        assert headers["x-content-type-options"] == "nosniff"
        assert headers["x-frame-options"] == "DENY"


def test_the_pages_own_scripts_carry_a_nonce(client):
    first, second = client.get("/"), client.get("/", headers={"accept-encoding": "br"})
    nonces = [re.search("'nonce-([0-9a-f]{32})'", one.headers["content-security-policy"])[1] for one in (first, second)]
    assert nonces[0] != nonces[1]
    for response, nonce in zip((first, second), nonces, strict=True):
        assert response.text.count("<script") == response.text.count(f"<script nonce={nonce}") > 3


def test_the_page_names_no_other_host_to_load_from(client):
    page = client.get("/").text
    assert "fonts.googleapis" not in page
    assert str(Path.cwd()) not in page


@pytest.mark.parametrize(
    "path",
    [
        *[
            "/gradio_api/file=/etc/passwd",
            "/gradio_api/proxy=http://evil.test",
            "/monitoring",
            "/gradio_api/vibe-edit/",
        ],
        *[
            "/gradio_api/run-history/records",
            "/login",
            "/gradio_api/stream/x",
            "/gradio_api/deep_link",
            "/redoc",
            "/monitoring",
        ],
    ],
)
def test_gradios_other_paths_are_closed(client, path):
    assert client.get(path).status_code == 404
    assert client.post(path, json={}).status_code == 404


def test_other_hosts_and_sites_are_refused(client):
    assert client.get("/", headers={"host": "evil.test"}).status_code == 421
    assert client.post("/api/ask", json={"question": "x"}, headers={"origin": "http://evil.test"}).status_code == 403
    assert client.post("/api/ask", json={}, headers={"sec-fetch-site": "cross-site"}).status_code == 403
    assert client.post("/api/ask", json={}, headers={"origin": "null"}).status_code == 403


@pytest.mark.parametrize("number", [9999, -1])
def test_a_function_that_the_page_does_not_have_is_not_found(client, number):
    asked = {"data": [], "fn_index": number, "session_hash": "x"}
    told = client.post("/gradio_api/queue/join", json=asked)
    assert told.status_code == 404
    assert told.text == "the page has no such function; load it again\n"
    assert client.get("/health").status_code == 200


def test_large_bodies_are_refused(client):
    assert client.post("/api/ask", content=b"x" * (MAX_BODY + 1)).status_code == 413

    def drip() -> Iterator[bytes]:
        for _ in range(40):
            yield b"x" * 100_000

    assert client.post("/api/ask", content=drip()).status_code == 413


def test_a_password_is_asked_of_everybody(assistant, folder):
    client = client_of(assistant, folder, host="0.0.0.0", password="sésame")
    for path in ("/", "/config", "/api/articles", "/page/page.js", "/gradio_api/mcp/"):
        refused = client.get(path)
        assert refused.status_code == 401
        assert "sésame" not in refused.text
    assert client.get("/api/articles", auth=("", "sesame")).status_code == 401
    assert client.get("/api/articles", auth=(b"anybody", "sésame".encode())).status_code == 200
    bearer = {"authorization": "Bearer sésame".encode()}
    assert client.get("/api/articles", headers=bearer).status_code == 200
    assert client.get("/page/feedback.jsonl", headers=bearer).status_code == 404  # holds others' questions


def test_read_only_takes_no_uploads(assistant, folder):
    client = client_of(assistant, folder, read_only=True)
    assert client.post("/gradio_api/upload", files={"files": b"x"}).status_code == 404


def test_other_machines_need_a_password_or_a_flag():
    with pytest.raises(SettingsError, match="--password"):
        Options(host="0.0.0.0").check()
    Options(host="0.0.0.0", unprotected=True).check()
    Options(host="::1").check()


def test_a_port_in_use_is_said():
    with Options(port=0).listen() as listening, pytest.raises(SettingsError, match="is in use"):
        Options(port=listening.getsockname()[1]).listen()


# for programs


def test_rest_gives_the_answer_of_the_command_line(client, assistant):
    given = client.post("/api/ask", json={"question": QUESTION}).json()
    expected = json.loads(json.dumps(assistant.ask(QUESTION).to_dict()))
    for answer in (given, expected):
        answer.pop("timings_ms")
    for one in expected["citations"]:
        one["source"] = Path(one["source"]).name
    assert given == expected
    for one in given["citations"]:
        article = client.get(f"/api/articles/{one['article_id']}").json()
        assert article["text"][one["start"] : one["end"]] == one["quote"]


def test_rest_streams_events(client):
    with client.stream("POST", "/api/ask", json={"question": QUESTION, "stream": True}) as response:
        lines = [line for line in response.iter_lines() if line]
    names = [line.removeprefix("event: ") for line in lines[::2]]
    assert names[0] == "found"
    assert names[-1] == "answer"
    assert set(names[1:-1]) == {"stated"}
    assert json.loads(lines[1].removeprefix("data: "))["passages"]


@pytest.mark.parametrize(
    ("body", "status"),
    [
        ({"question": "x" * 5000}, 400),
        ({"question": 7}, 422),
        ({}, 422),
        ({"question": "x", "history": ["x"] * 1000}, 422),
        ({"question": "x", "history": [{"role": "system", "content": "x"}]}, 422),
        ({"question": "x", "filters": {"since": "soon"}}, 400),
        ({"question": ""}, 200),
    ],
)
def test_rest_refuses_what_it_cannot_use(client, body, status):
    response = client.post("/api/ask", json=body)
    assert response.status_code == status
    assert "Traceback" not in response.text


@pytest.mark.parametrize("value", ["NaN", '"\\ud800"', '["\\ud800"]', "[NaN]", "{}"])
def test_rest_answers_what_json_can_say_and_text_cannot(client, value):
    body = f'{{"question": {value}, "history": [{value}], "filters": {{"since": {value}}}}}'
    response = client.post("/api/ask", content=body, headers={"content-type": "application/json"})
    assert response.status_code in (400, 422)
    question = f'{{"question": {value}}}'
    response = client.post("/api/ask", content=question, headers={"content-type": "application/json"})
    assert response.status_code in (200, 422)


def test_rest_filters(client):
    body = {"question": QUESTION, "filters": {"until": "1990", "publishers": ["Cedar Report"]}}
    assert client.post("/api/ask", json=body).json()["reason"] == "no_match_for_filters"


def test_the_manual_lists_the_endpoints(client):
    manual = client.get("/docs").text
    for path in client.get("/openapi.json").json()["paths"]:
        assert path in manual
    assert "http" not in manual.replace("http://127.0.0.1:7860/", "")


def test_source_panel(client, assistant):
    cited = assistant.ask(QUESTION).citations[0]
    panel = client.get("/page/source", params={"article": cited.article_id, "start": cited.start, "end": cited.end})
    assert f"<mark>{text(cited.quote)}</mark>" in panel.text
    assert client.get("/page/source", params={"article": "none", "start": 0, "end": 0}).status_code == 404
    assert client.get("/page/source", params={"article": "x", "start": -1, "end": 0}).status_code == 422


# feedback, library


def test_feedback_makes_evaluation_cases(assistant, tmp_path):
    feedback = Feedback(tmp_path)
    for question, vote in ((QUESTION, "up"), ("How many moons does Jupiter have?", "up"), ("Who is Sawsan?", "down")):
        exchange = Exchange(question).with_answer(assistant.ask(question))
        feedback.keep(Opinion(vote=vote, comment="¿?", exchange=asdict(exchange)))
    with pytest.raises(QuestionError):
        feedback.keep(Opinion(vote="up", exchange={"question": "x"}))
    assert len(feedback.text().splitlines()) == 3
    cases = tmp_path / "cases.jsonl"
    cases.write_text(feedback.cases(), encoding="utf-8")
    assert [case.answerable for case in load_cases(cases)] == [True, False]


async def test_added_files_are_kept_apart_and_removed(tmp_path):
    index = tmp_path / "index"
    with Assistant.open(index, load_settings(environ={}, index=index, embedder="none"), models=()) as assistant:
        library = Library(assistant, index)
        first = library.keep_text("The ferry to Orm sank on Monday.", {"title": "Ferry", "publisher": "Orm Gazette"})
        given = tmp_path / "up.txt"
        given.write_text("The mayor of Orm, Lise Holt, resigned on Tuesday.", encoding="utf-8")
        second = library.keep(given, "../../../etc/pass wd.txt")
        assert index in second.parents
        assert second.name == "pass wd.txt"
        steps = [step async for step in library.add([first, second])]
        assert steps[-1].phase == "done"
        assert [report.outcome for report in steps[-1].reports] == ["added", "added"]
        assert [report.source for report in steps[-1].reports] == [first.name, "pass wd.txt"]
        removed = next(one for one in assistant.articles() if one.publisher == "Orm Gazette")
        assert library.remove(removed.id)
        assert not first.exists()
        assert second.exists()
        assert not library.remove(removed.id)
        broken = library.keep(_written(tmp_path / "x.pdf", "%PDF-1.4 broken"), "x.pdf")
        steps = [step async for step in library.add([broken])]
        report = steps[-1].reports[0]
        assert isinstance(report, SourceReport)
        assert report.outcome == "skipped"
        assert str(tmp_path) not in (report.reason or "")
        assert library.problems()[0].report == report


def _written(path: Path, content: str) -> Path:
    path.write_text(content, encoding="utf-8")
    return path


# one page, several questions


class Slow:
    """An assistant that finds at once and answers later."""

    settings = load_settings(environ={})
    models = ()

    def __init__(self) -> None:
        self.ended: list[str] = []

    async def astream(self, question: str, history: object, filters: object) -> AsyncIterator[object]:
        try:
            yield Found(question, ())
            await asyncio.sleep(30)
        finally:
            self.ended.append(question)


async def test_a_new_question_supersedes_the_former_and_stop_ends_it():
    assistant = Slow()
    conversations = Conversations(Desk(assistant))
    drawn: dict[str, list[str]] = {}

    async def ask(question: str, session: str) -> None:
        async for exchange in conversations.ask(question, [], Filters(), session, "c"):
            drawn.setdefault(question, []).append(exchange.state)

    tasks = [asyncio.create_task(ask("a", "one")), asyncio.create_task(ask("x", "two"))]
    await asyncio.sleep(0.05)
    tasks.append(asyncio.create_task(ask("b", "one")))
    await asyncio.sleep(0.05)
    assert assistant.ended == ["a"]
    conversations.running.stop("one")
    await asyncio.sleep(0.05)
    assert assistant.ended == ["a", "b"]
    conversations.running.stop("two", superseded=True)
    await asyncio.gather(*tasks)
    assert drawn == {
        "a": ["searching", "reading"],
        "b": ["searching", "reading", "stopped"],
        "x": ["searching", "reading"],
    }


async def test_closing_a_stream_frees_its_place():
    desk = Desk(Slow(), Gate(Limits(client_at_once=1)))
    events = desk.events("a", [], None, "c")
    await anext(events)
    with pytest.raises(Busy):
        await anext(desk.events("b", [], None, "c"))
    await events.aclose()
    await anext(desk.events("b", [], None, "c"))
    assert desk.assistant.ended == ["a"]


async def test_errors_become_one_sentence(caplog):
    class Broken(Slow):
        async def astream(self, question: str, history: object, filters: object) -> AsyncIterator[object]:
            raise RuntimeError("secret")
            yield

    shown = [one async for one in Conversations(Desk(Broken())).ask("a", [], Filters(), "s", "c")]
    assert [one.state for one in shown] == ["searching", "failed"]
    assert shown[-1].trouble == "Something went wrong on the server; its log says what."
    assert "secret" in caplog.text


@pytest.mark.parametrize(
    "file",
    [
        {"path": "/etc/passwd"},
        {"path": "../../etc/passwd", "orig_name": "a.txt"},
        {"path": "http://127.0.0.1:1/x", "url": "http://127.0.0.1:1/x"},
        {"path": "x", "url": "file:///etc/passwd"},
    ],
)
def test_only_uploaded_files_can_be_added(client, file):
    """A path or address that a client makes up is neither read nor fetched."""
    config = client.get("/config").json()
    uploads = next(one["id"] for one in config["components"] if one["type"] == "file")
    event = next(one["id"] for one in config["dependencies"] if one["inputs"] == [uploads])
    given = [[{**file, "meta": {"_type": "gradio.FileData"}}]]
    asked = {"data": given, "fn_index": event, "session_hash": "s", "trigger_id": None}
    before = client.get("/api/articles").json()
    assert client.post("/gradio_api/queue/join", json=asked).status_code == 200
    told = client.get("/gradio_api/queue/data", params={"session_hash": "s"}).text
    assert '"success":false' in told
    assert "root:" not in told
    assert client.get("/api/articles").json() == before

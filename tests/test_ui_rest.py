"""The page's endpoints for programs, without a browser; clients of other projects are in test_ui_programs.py."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from assistant.ui.gate import Limits
from assistant.ui.markup import text
from tests import ui_samples as samples
from tests.ui_samples import QUESTION

folder, assistant, client = samples.folder, samples.assistant, samples.client


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
    passages = json.loads(lines[1].removeprefix("data: "))["passages"]
    assert passages
    for one in passages:
        article = client.get(f"/api/articles/{one['article_id']}").json()
        assert article["text"][one["start"] : one["end"]] == one["quote"]


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


@pytest.mark.parametrize("unknown", [{"filter": {}}, {"filters": {"publisher": ["Cedar Report"]}}])
def test_rest_refuses_unknown_fields_by_name(client, unknown):
    response = client.post("/api/ask", json={"question": QUESTION, **unknown})
    assert response.status_code == 422
    assert response.json()["detail"][0]["loc"][-1] in ("filter", "publisher")


@pytest.mark.parametrize(
    ("body", "said"), [({}, "body.messages: "), ({"messages": [{"role": "x"}]}, "body.messages.0.role: ")]
)
def test_openais_clients_are_told_what_is_wrong_with_a_body(client, body, said):
    response = client.post("/v1/chat/completions", json=body)
    assert response.status_code == 422
    assert response.json()["error"]["message"].startswith(said)


@pytest.mark.parametrize("path", ["/api/ask", "/v1/chat/completions"])
def test_who_asks_too_much_is_told_when_to_ask_again(assistant, folder, path):
    body = {"question": QUESTION} if "api" in path else {"messages": [{"role": "user", "content": QUESTION}]}
    with samples.client_of(assistant, folder, limits=Limits(client_at_once=0)) as client:
        told = client.post(path, json=body)
    assert (told.status_code, told.headers["retry-after"]) == (429, "5")


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

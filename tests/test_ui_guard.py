"""What the page's server refuses, and what it says to the browser in every response; without a browser."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from assistant.errors import SettingsError
from assistant.ui.guard import MAX_BODY
from assistant.ui.options import Options
from tests import ui_samples as samples
from tests.ui_samples import client_of

folder, assistant, client = samples.folder, samples.assistant, samples.client


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


def test_a_page_can_see_that_its_server_is_back(client):
    assert client.get("/gradio_api/app_id").json().keys() == {"app_id"}


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
    assert client.get("/health").status_code == client.head("/health").status_code == 200


def test_large_bodies_are_refused(client):
    assert client.post("/api/ask", content=b"x" * (MAX_BODY + 1)).status_code == 413

    def drip() -> Iterator[bytes]:
        for _ in range(40):
            yield b"x" * 100_000

    assert client.post("/api/ask", content=drip()).status_code == 413


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

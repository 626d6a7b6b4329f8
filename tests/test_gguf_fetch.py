"""Fetching a model file from a hub, against a stand-in for the hub on loopback."""

import hashlib
import subprocess
import sys
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

pytest.importorskip("huggingface_hub")

CONTENT = b"GGUF" + bytes(range(256)) * 40
PROGRAM = """
import sys
from assistant.answering.gguf import model_file
from assistant.errors import ModelError
try:
    print(model_file(sys.argv[1]).read_bytes() == bytes.fromhex(sys.argv[2]))
except ModelError as error:
    print(error)
"""


class Hub:
    """Serves one file; ``requests`` holds method and path of each request."""

    def __init__(self, content, digest):
        hub, self.requests = self, []

        class Handler(BaseHTTPRequestHandler):
            def do_HEAD(self):
                hub.requests.append((self.command, self.path))
                known = self.path == "/owner/repository/resolve/main/model.gguf"
                self.send_response(200 if known else 404)
                self.send_header("ETag", f'"{digest}"')
                self.send_header("X-Linked-Etag", f'"{digest}"')
                self.send_header("X-Linked-Size", str(len(content)))
                self.send_header("X-Repo-Commit", "0" * 40)
                self.send_header("Content-Length", str(len(content) if known else 0))
                self.end_headers()
                return known

            def do_GET(self):
                if self.do_HEAD():
                    self.wfile.write(content)

            def log_message(self, *_):
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        threading.Thread(target=self.server.serve_forever, daemon=True).start()


@pytest.fixture
def fetch(tmp_path, monkeypatch):
    """Fetch in a process of its own, since the library reads its settings when it is imported."""
    monkeypatch.setenv("HF_HOME", str(tmp_path / "hub"))
    monkeypatch.setenv("HF_HUB_DISABLE_XET", "1")

    def fetch(name, content=CONTENT, digest=None):
        hub = Hub(content, digest or hashlib.sha256(content).hexdigest())
        monkeypatch.setenv("HF_ENDPOINT", f"http://127.0.0.1:{hub.server.server_port}")
        done = subprocess.run(
            [sys.executable, "-c", PROGRAM, name, CONTENT.hex()], capture_output=True, text=True, check=True, timeout=60
        )
        hub.server.shutdown()
        hub.server.server_close()
        return done.stdout.strip(), [method for method, _ in hub.requests]

    return fetch


def test_a_file_is_fetched_once(fetch):
    assert fetch("hf:owner/repository/model.gguf") == ("True", ["HEAD", "GET"])
    said, requests = fetch("hf:owner/repository/model.gguf")
    assert said == "True"
    assert "GET" not in requests


def test_a_file_that_arrives_damaged_is_not_kept(fetch):
    damaged = CONTENT[:-1] + b"x"
    said, _ = fetch("hf:owner/repository/model.gguf", damaged, hashlib.sha256(CONTENT).hexdigest())
    assert "arrived damaged and was deleted" in said
    assert fetch("hf:owner/repository/model.gguf")[0] == "True"


def test_a_file_that_is_not_there_is_named(fetch):
    said, _ = fetch("hf:owner/repository/other.gguf")
    assert said.startswith("cannot fetch 'other.gguf' of owner/repository from the hub")

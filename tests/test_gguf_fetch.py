"""Fetching a model file from a hub, against a stand-in for the hub on loopback."""

import hashlib
import os
import shutil
import subprocess
import sys
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

pytest.importorskip("huggingface_hub")

CONTENT = b"GGUF" + bytes(range(256)) * 40
DIGEST = hashlib.sha256(CONTENT).hexdigest()
PROGRAM = """
import sys
from assistant.answering.gguf import model_file
from assistant.errors import ModelError
for name in sys.stdin:
    try:
        print(model_file(name.strip()).read_bytes() == bytes.fromhex(sys.argv[1]), flush=True)
    except ModelError as error:
        print(error, flush=True)
"""


class Hub:
    """Serves ``content`` as one file; ``requests`` holds the method of each request since the last question."""

    def __init__(self):
        hub, self.requests, self.content = self, [], CONTENT

        class Handler(BaseHTTPRequestHandler):
            def do_HEAD(self):
                hub.requests.append(self.command)
                known = self.path == "/owner/repository/resolve/main/model.gguf"
                self.send_response(200 if known else 404)
                self.send_header("ETag", f'"{DIGEST}"')
                self.send_header("X-Linked-Etag", f'"{DIGEST}"')
                self.send_header("X-Linked-Size", str(len(hub.content)))
                self.send_header("X-Repo-Commit", "0" * 40)
                self.send_header("Content-Length", str(len(hub.content) if known else 0))
                self.end_headers()
                return known

            def do_GET(self):
                if self.do_HEAD():
                    self.wfile.write(hub.content)

            def log_message(self, *_):
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        threading.Thread(target=self.server.serve_forever, daemon=True).start()


@pytest.fixture(scope="module")
def fetched(tmp_path_factory):
    """A hub, and a process that fetches from it: the library reads its settings when it is imported."""
    hub, home = Hub(), tmp_path_factory.mktemp("hub")
    settings = {
        "HF_HOME": str(home),
        "HF_HUB_DISABLE_XET": "1",
        "HF_ENDPOINT": f"http://127.0.0.1:{hub.server.server_port}",
    }
    with subprocess.Popen(
        [sys.executable, "-c", PROGRAM, CONTENT.hex()],
        **{"env": os.environ | settings, "stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "text": True},
    ) as process:
        yield hub, process, home
        process.stdin.close()
    hub.server.shutdown()
    hub.server.server_close()


@pytest.fixture
def fetch(fetched):
    """Fetch a file of this content; return what is said and the methods of the requests."""
    hub, process, home = fetched

    def fetch(name, content=CONTENT):
        hub.content, hub.requests = content, []
        process.stdin.write(f"{name}\n")
        process.stdin.flush()
        return process.stdout.readline().strip(), hub.requests

    shutil.rmtree(home, ignore_errors=True)  # nothing is in its cache
    return fetch


def test_a_file_is_fetched_once(fetch):
    assert fetch("hf:owner/repository/model.gguf") == ("True", ["HEAD", "GET"])
    said, requests = fetch("hf:owner/repository/model.gguf")
    assert said == "True"
    assert "GET" not in requests


def test_a_file_that_arrives_damaged_is_not_kept(fetch):
    damaged = CONTENT[:-1] + b"x"
    said, _ = fetch("hf:owner/repository/model.gguf", damaged)
    assert "arrived damaged and was deleted" in said
    assert fetch("hf:owner/repository/model.gguf")[0] == "True"


def test_a_file_that_is_not_there_is_named(fetch):
    said, _ = fetch("hf:owner/repository/other.gguf")
    assert said.startswith("cannot fetch 'other.gguf' of owner/repository from the hub")

"""Programs that are started with something wrong, and what they call when nothing is."""

from __future__ import annotations

import os
import re
import socket
import subprocess
import sys
import time
from pathlib import Path

import httpx

from scripts.faults_page import not_here
from scripts.faults_result import Result
from scripts.served import SAMPLE, served

PROGRAM = [sys.executable, "-m", "assistant"]
QUESTION = "Who is excluded from the north Homs truce?"
SECRET = "sk-canary-0123456789"

WATCHED = """
import sys
log = sys.argv.pop(1)
def hear(name, given):
    if name == "socket.getaddrinfo" or (name == "socket.connect" and isinstance(given[1], tuple)):
        host = str(given[0] if name == "socket.getaddrinfo" else given[1][0])
        if host not in ("127.0.0.1", "::1", "localhost", "None"):
            print(host, file=open(log, "a"))
sys.addaudithook(hear)
from assistant.cli import main
main()
"""
"""Runs the command line and notes each host that is looked up or connected to, but for this machine itself."""


def bad_starts(scratch: Path) -> Result:
    """Start with wrong settings, a taken port, an open door: one sentence and the exit code; then see who is called."""
    result, index = Result(), scratch / "index"
    subprocess.run([*PROGRAM, "--index", str(index), "add", str(SAMPLE)], capture_output=True, check=True)
    (scratch / "file").write_text("no folder")
    (scratch / "config").mkdir()
    broken = scratch / "config" / "news-assistant"
    broken.mkdir()
    (broken / "config.toml").write_text("passages = = 3")
    ask = ["--index", str(index), "ask", QUESTION]
    result.add(*_said(["--index", str(scratch / "none"), "ask", QUESTION], {}, "no index"))
    result.add(*_said(["--index", str(scratch / "file"), "ask", QUESTION], {}, "is a file", codes=(2,)))
    result.add(*_said(ask, {"ASSISTANT_THRESHOLD": "hot"}, "threshold.*hot"))
    result.add(*_said(ask, {"ASSISTANT_PASSAGES": "-1"}, "passages"))
    result.add(*_said(ask, {"XDG_CONFIG_HOME": str(scratch / "config")}, "config.toml"))
    result.add(*_said(ask, {"ASSISTANT_EMBEDDER": "nobody:nothing"}, "embed", codes=(0, 1)))
    result.add(*_said(ask, {"ASSISTANT_MODEL": "gguf:/none.gguf"}, "none.gguf", codes=(0, 1)))
    result.add(*_said(ask, {"ASSISTANT_MODEL": "openai/m", "OPENAI_API_KEY": ""}, "key", codes=(0, 1)))
    nobody = {"ASSISTANT_MODEL": "openai/m", "ASSISTANT_API_BASE": "http://127.0.0.1:9/v1", "ASSISTANT_API_KEY": SECRET}
    result.add(*_said(ask, nobody, "127.0.0.1:9", codes=(0, 1)))
    result.add(*_said(["ask", "--nonsense"], {}, "nonsense", codes=(2,)))
    if not not_here(result):
        serve = ["--index", str(index), "serve"]
        result.add(*_said([*serve, "--host", "0.0.0.0"], {}, "password"))
        result.add(*_said([*serve, "--unprotected", "--host", "not an address"], {}, "cannot listen"))
        with socket.create_server(("127.0.0.1", 0)) as taken:
            result.add(*_said([*serve, "--port", str(taken.getsockname()[1])], {}, "in use"))
        result.add(*_calls_nobody(index, scratch / "served.log", serving=True))
    result.add(*_calls_nobody(index, scratch / "asked.log", serving=False))
    return result


def _said(
    arguments: list[str], environment: dict[str, str], wanted: str, codes: tuple[int, ...] = (1,)
) -> tuple[str, float]:
    began = time.monotonic()
    try:
        done = subprocess.run(
            [*PROGRAM, *arguments],
            env={**os.environ, **environment},
            capture_output=True,
            text=True,
            timeout=120,
            check=False,
        )
    except subprocess.TimeoutExpired:
        return f"{arguments[-2:]} {environment}: it runs on", time.monotonic() - began
    seconds, said = time.monotonic() - began, done.stdout + done.stderr
    wrong = "a traceback" if "Traceback" in said else "the key is shown" if SECRET in said else ""
    wrong = wrong or ("" if done.returncode in codes else f"exit code {done.returncode}")
    wrong = wrong or ("" if re.search(f"(?is){wanted}", said) else "it does not say what is wrong")
    return f"{arguments[-2:]} {environment}: {wrong}: {said[-200:]}" if wrong else "", seconds


def _calls_nobody(index: Path, log: Path, *, serving: bool) -> tuple[str, float]:
    """Ask or serve; return which other machines were called, and how long it took."""
    began = time.monotonic()
    command = [sys.executable, "-c", WATCHED, str(log), "--index", str(index)]
    if serving:
        with served([*command, "serve", "--port", "0"]) as (_, address):
            httpx.post(f"{address}api/ask", json={"question": QUESTION}, timeout=60, trust_env=False).raise_for_status()
            httpx.get(address, timeout=60, trust_env=False).raise_for_status()
    else:
        subprocess.run([*command, "ask", QUESTION], capture_output=True, check=True)
    called = log.read_text("utf-8").split() if log.exists() else []
    return f"it called {sorted(set(called))}" if called else "", time.monotonic() - began

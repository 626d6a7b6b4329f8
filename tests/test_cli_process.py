"""What only a real process shows: speed, imports, streams, signals."""

import json
import os
import random
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from assistant import Assistant

PROGRAM = [sys.executable, "-m", "assistant"]
posix = pytest.mark.skipif(os.name != "posix", reason="signals and pipes as POSIX has them")


def start(*arguments: object, **options: object) -> subprocess.Popen:
    def hear_ctrl_c() -> None:  # a shell may have told its background children to ignore it
        signal.signal(signal.SIGINT, signal.SIG_DFL)

    streams = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "stderr": subprocess.PIPE, "text": True}
    return subprocess.Popen([*PROGRAM, *map(str, arguments)], preexec_fn=hear_ctrl_c, **(streams | options))  # noqa: PLW1509


def test_help_answers_at_once_without_heavy_imports():
    began = time.perf_counter()
    done = subprocess.run([*PROGRAM, "--help"], capture_output=True, text=True, check=True)
    best = time.perf_counter() - began
    for _ in range(2):  # on a busy machine one run says little
        began = time.perf_counter()
        subprocess.run([*PROGRAM, "--help"], capture_output=True, check=True)
        best = min(best, time.perf_counter() - began)
    assert best < 0.5
    assert "Exit codes:" in done.stdout
    code = (
        "import sys; from assistant.cli import cli; cli(['--help'], standalone_mode=False); print(sorted(sys.modules))"
    )
    loaded = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout
    for heavy in ("numpy", "langchain_core", "chromadb", "onnxruntime", "rich", "sqlite3", "platformdirs"):
        assert f"'{heavy}'" not in loaded


def test_a_line_is_answered_before_the_next_is_asked(sample_index):
    with start("ask", "--json", "-", "--index", sample_index) as process:
        for question in ("How many settlements are in the zone north of Homs?", "Who?", "{"):
            process.stdin.write(question + "\n")
            process.stdin.flush()
            reply = json.loads(process.stdout.readline())
            assert reply.get("question", "{") == question
        process.stdin.close()
        assert process.wait(20) == 1
        assert process.stderr.read() == ""


@posix
def test_a_reader_who_goes_away_ends_it_quietly(sample_index):
    with start("articles", "--index", sample_index) as process:
        process.stdout.close()
        assert process.wait(20) == 1
        assert process.stderr.read() == ""


@posix
def test_ctrl_c_while_embedding_keeps_what_is_done(tmp_path: Path):
    words = [f"{a}{b}{c}" for a in ("ba", "ne", "li", "to") for b in ("dan", "kel", "mor") for c in ("a", "o", "um")]
    made = random.Random(1)
    short, long = ([f"The {' '.join(made.choices(words, k=k))} on Monday." for _ in range(64)] for k in (8, 75))
    texts = [*short, *("\n\n".join(long[n::8]) for n in range(8))]  # the short ones are a batch, and done first
    lines = [json.dumps({"title": f"Report {n}", "text": text}) for n, text in enumerate(texts)]
    (tmp_path / "news.jsonl").write_text("\n".join(lines))
    with start("add", tmp_path / "news.jsonl", "--index", tmp_path / "index") as process:
        assert process.stdout.readline() == "72 added\n"
        _wait_for_vectors(tmp_path / "index")
        process.send_signal(signal.SIGINT)
        assert process.wait(10) == 130
        assert process.stderr.read() == (
            "Interrupted: what is done stays in the index; the same command goes on from there.\n"
        )
    with Assistant.open(tmp_path / "index", create=False) as assistant:
        counts = assistant.counts()
    assert counts.articles == 72
    assert 0 < counts.embedded < counts.embeddable


@posix
def test_sigterm_ends_it_with_one_sentence(sample_index: Path):
    with start("chat", "--index", sample_index) as process:
        process.stdin.write("/sources\n")
        process.stdin.flush()
        assert process.stdout.readline() == "Nothing was cited yet.\n"
        process.terminate()
        assert process.wait(10) == 143
        assert process.stderr.read() == "Interrupted.\n"


def _wait_for_vectors(index: Path) -> None:
    with Assistant.open(index, create=False) as assistant:
        for _ in range(1200):
            if assistant.counts().embedded:
                return
            time.sleep(0.05)
    raise AssertionError("nothing was embedded in 60 s")

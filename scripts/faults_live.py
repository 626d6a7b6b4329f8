"""The command line under signals, and hostile questions: what only a running program shows."""

from __future__ import annotations

import random
import signal
import subprocess
import sys
import time
from pathlib import Path

from assistant import Assistant, AssistantError, Settings
from assistant.retrieval.store import Store
from scripts.faults_result import Result
from scripts.faults_samples import state, write_story

PROGRAM = [sys.executable, "-m", "assistant"]
ENDS_WITHIN_S = 5.0
QUESTION_S = 1.0
ENDS = {signal.SIGINT: {130, -2}, signal.SIGTERM: {143, -15}}
"""Exit codes after a signal: the documented one, or the system's own while Python is still starting."""

HOSTILE = (
    "", " \n\t", "?!...", "who's", "who said hello?", "covid-19", '"', '""', "'", "*", "^", "-", "(", "(" * 300,
    ")" * 300, "NEAR(a b)", "title:truce", "{truce}", "a AND", "NOT", "OR OR", "truce*", "\0", "truce\0truce",
    "\x1b[31mred", "\ud800", "truce \udfff", "\u202etruce", "t\u0440uce", "\u0301" * 3000, "😀" * 500, "\u200b" * 3000,
    "\U000e0041" * 900, "; DROP TABLE articles", "' OR 1=1 --", "../../etc/passwd", "%s%n%x", "${jndi:ldap://x}",
    "{{7*7}}", "<script>", "x" * 4000, "x" * 4001, "x " * 2000, "a" * 1_000_000, "word " * 100_000, "😀" * 1_000_000,
    "\r\n" * 3000,
)  # fmt: skip


def signals(scratch: Path, *, trials: int) -> Result:
    """Interrupt adding again and again at a random moment; then let it end: all is as if nothing had happened."""
    result, chance = Result(), random.Random(1)
    for number in range(40):
        write_story(scratch / "news", f"hall{number}", number)
    index, whole = scratch / "interrupted", scratch / "whole"
    _add(scratch, whole).communicate()
    for trial in range(trials):
        which = (signal.SIGINT, signal.SIGTERM)[trial % 2]
        process = _add(scratch, index)
        time.sleep(chance.uniform(0.6, 3.0))
        began = time.monotonic()
        process.send_signal(which)
        try:
            said = process.communicate(timeout=30)[0]
        except subprocess.TimeoutExpired:
            process.kill()
            said = "it did not end in 30 s"
        seconds = time.monotonic() - began
        wrong = "" if process.returncode in ENDS[which] | {0} else f"exit code {process.returncode}: {said[-200:]}"
        if "Traceback" in said or seconds > ENDS_WITHIN_S:
            wrong = f"{which.name}, {seconds:.1f} s: {said[-300:]}"
        result.add(wrong, seconds)
    _add(scratch, index).communicate()
    if state(index) != state(whole):
        result.failed.append("interrupted, it does not come to the same end")
    with Store.open(index) as store:
        store.verify()
    result.note = "from 0.6 s after the start"
    return result


def _add(scratch: Path, index: Path) -> subprocess.Popen[str]:
    def hear_ctrl_c() -> None:  # a shell may have told its background children to ignore it
        signal.signal(signal.SIGINT, signal.SIG_DFL)

    command = [*PROGRAM, "add", str(scratch / "news"), "--index", str(index)]
    return subprocess.Popen(
        command,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        preexec_fn=hear_ctrl_c,  # noqa: PLW1509
    )


def questions(scratch: Path) -> Result:
    """Ask what breaks query languages, terminals and memory: an answer or one sentence, at once."""
    result, index = Result(), scratch / "questions"
    with Assistant.open(index, Settings(index=index, embedder="none"), models=()) as assistant:
        assistant.add(["index/articles"])
        assistant.ask("Who is excluded from the truce?")
        for question in HOSTILE:
            began, wrong = time.monotonic(), ""
            try:
                assistant.ask(question)
                slowest = 10 * QUESTION_S
            except AssistantError:
                slowest = QUESTION_S
            except Exception as error:  # noqa: BLE001 - that is what is looked for
                wrong = f"{question[:30]!a}: {type(error).__name__} {error}"[:300]
            seconds = time.monotonic() - began
            if not wrong and seconds > slowest:
                wrong = f"{question[:30]!a}: {seconds:.1f} s"
            result.add(wrong, seconds)
    return result

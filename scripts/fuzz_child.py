"""Run one fuzz target in a process of its own and print what came of it as one JSON object.

python -m scripts.fuzz_child TARGET COUNT SEED [GUIDED_SECONDS]
"""

from __future__ import annotations

import faulthandler
import json
import os
import resource
import shutil
import signal
import sys
import tempfile
import time
import traceback
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from scripts.fuzz_target import SECRET, Check, Target, harmless

SHOWN = 600
"""Characters of a failing input that are shown; all of it is written to a file when a folder is given."""


class Hung(BaseException):
    """An input took longer than it may; not an Exception, so that nothing on the way swallows it."""


@dataclass
class Outcome:
    """What came of a target: inputs tried, the slowest one, the first failure ("" for none)."""

    target: str
    fixed: int = 0
    made: int = 0
    slowest: float = 0.0
    slowest_input: str = ""
    failure: str = ""
    memory: int = field(default=0)


class Trial:
    """Tries inputs one by one, within their time, and keeps count.

    Args:
        target: which one.
        check: as it was opened.
    """

    def __init__(self, target: Target, check: Check) -> None:
        self.target = target
        self.outcome = Outcome(target.name)
        self.tried = 0
        self._check = check

    def __call__(self, value: Any) -> None:  # noqa: ANN401 - of any target
        """Try one input; raises what it raises."""
        self.tried += 1
        began = time.monotonic()
        try:
            with _within(self.target.seconds):
                for said in self._check(value):
                    harmless(said)
        except BaseException as error:
            self.outcome.failure = _told(value, error)
            raise
        seconds = time.monotonic() - began
        if seconds > self.outcome.slowest:
            self.outcome.slowest, self.outcome.slowest_input = seconds, repr(value)[:120]


@contextmanager
def _within(seconds: float) -> Iterator[None]:
    def end(*_: object) -> None:
        raise Hung(f"it takes over {seconds:g} s")

    signal.signal(signal.SIGPROF, end)
    signal.setitimer(signal.ITIMER_PROF, seconds)  # of processor time: other programs are not the input's fault
    faulthandler.dump_traceback_later(max(60, 3 * seconds), exit=True)  # it waits, or in C code hears no signal
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)
        faulthandler.cancel_dump_traceback_later()


def _told(value: object, error: BaseException) -> str:
    last = "".join(traceback.format_exception(error)[-6:])
    return f"{repr(value)[:SHOWN]} ({len(repr(value))} characters)\n{last[-2000:]}"


def run(trial: Trial, count: int, seed: int, guided: float) -> None:
    """Try the fixed inputs, then ``count`` that hypothesis makes, or those of atheris for so many seconds."""
    try:
        for value in trial.target.fixed():
            trial(value)
        trial.outcome.fixed = trial.tried
        if guided:
            follow_coverage(trial, guided, seed)
        elif count:
            make(trial, count, seed)
    except (Exception, Hung):  # noqa: BLE001 - whatever it was, it has been noted with its input
        pass


def tell(trial: Trial) -> None:
    """Print what came of it."""
    trial.outcome.made = trial.tried - trial.outcome.fixed
    used = (resource.getrusage(who).ru_maxrss for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    trial.outcome.memory = max(used) * (1 if sys.platform == "darwin" else 1024)
    print(json.dumps(asdict(trial.outcome)), flush=True)


def make(trial: Trial, count: int, seed: int | None) -> None:
    """Try ``count`` inputs of the target's strategy; the same ones each time when ``seed`` is None."""
    import hypothesis
    from hypothesis import HealthCheck, Phase

    @hypothesis.settings(
        max_examples=count,
        deadline=None,
        database=None,
        derandomize=seed is None,
        suppress_health_check=list(HealthCheck),
        phases=(Phase.generate, Phase.shrink),
    )
    @hypothesis.given(trial.target.inputs())
    def tried(value: Any) -> None:  # noqa: ANN401 - of any target
        trial(value)

    (tried if seed is None else hypothesis.seed(seed)(tried))()


def follow_coverage(trial: Trial, seconds: float, seed: int) -> None:
    """Let atheris change inputs for some seconds, keeping those that reach new code; never returns."""
    import atheris
    import hypothesis
    from hypothesis import HealthCheck

    if (raw := trial.target.raw) is not None:

        def once(data: bytes) -> None:
            trial(raw(data))
    else:
        quiet = hypothesis.settings(deadline=None, database=None, suppress_health_check=list(HealthCheck))
        made = quiet(hypothesis.given(trial.target.inputs())(trial.__call__))
        once = made.hypothesis.fuzz_one_input

    ends, corpus = time.monotonic() + seconds, tempfile.mkdtemp(prefix="fuzz-")
    for number, value in enumerate(trial.target.fixed()):
        if isinstance(value, bytes):
            Path(corpus, str(number)).write_bytes(value)

    def step(data: bytes) -> None:
        with suppress(Exception, Hung):
            once(data)
        if trial.outcome.failure or time.monotonic() > ends:
            tell(trial)
            shutil.rmtree(corpus)
            os._exit(0)  # atheris itself would end without a word

    atheris.Setup([sys.argv[0], f"-seed={seed}", "-max_len=20000", "-verbosity=0", "-timeout=600", corpus], step)
    atheris.Fuzz()


def main() -> None:
    """Run what the arguments name."""
    name, count, seed, guided = sys.argv[1], int(sys.argv[2]), int(sys.argv[3]), float(sys.argv[4])
    for variable in ("ASSISTANT_API_KEY", "OPENAI_API_KEY", "ANTHROPIC_API_KEY"):
        os.environ[variable] = SECRET
    if guided:
        import atheris

        with atheris.instrument_imports(include=["assistant"]):
            from scripts.fuzz_targets import TARGETS
    else:
        from scripts.fuzz_targets import TARGETS
    with tempfile.TemporaryDirectory(prefix="fuzz-") as folder, TARGETS[name].opened(Path(folder)) as check:
        trial = Trial(TARGETS[name], check)
        run(trial, count, seed, guided)
    tell(trial)


if __name__ == "__main__":
    main()

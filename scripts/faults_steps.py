"""The every-step loop: an operation dies, or finds the disk full, at each call that changes a file, one by one.

Run as ``python -m scripts.faults_steps MOST OPERATION:FAULT ...`` in a process that has ``faults_shim.c`` preloaded
(``shimmed`` says how); prints one JSON object for each. The operation runs in a child of its own, which is killed
before its n-th step. Then another child opens what is left, compares it with the legal states (those that an
undisturbed run goes through, from the last one acknowledged on), checks it deeply, and lets the operation run to its
end, which must be that of an undisturbed run.
"""

from __future__ import annotations

import ctypes
import json
import mmap
import os
import shutil
import subprocess
import sys
import tempfile
import time
import traceback
from collections.abc import Callable
from pathlib import Path
from typing import Any

from assistant.errors import AssistantError
from scripts.faults_operations import OPERATIONS, Operation, examined, recorded, seen

ROOT = Path(__file__).parents[1]
FAULTS = {"kill": 1, "torn": 2, "full": 3}
_COUNT = 4


def shimmed(folder: Path) -> dict[str, str]:
    """Build the shim into ``folder`` and return the environment that preloads it, {} where that cannot be done."""
    compiler, library = shutil.which("cc"), folder / "shim.so"
    if compiler is None or sys.platform != "linux":
        return {}
    command = [compiler, "-shared", "-fPIC", "-O1", "-o", str(library), str(ROOT / "scripts/faults_shim.c"), "-ldl"]
    built = subprocess.run(command, capture_output=True, check=False).returncode == 0
    return {**os.environ, "LD_PRELOAD": str(library)} if built else {}


def loop(name: str, fault: str, most: int) -> dict[str, Any]:
    """Run the operation with the fault at each step, or at ``most`` of them spread evenly; 0 for all.

    Returns:
        ``steps`` of an undisturbed run, ``tried``, ``failed`` (what was wrong, by step), ``worst`` seconds to recover.
    """
    operation = OPERATIONS[name]
    with tempfile.TemporaryDirectory(prefix="faults-") as scratch:
        base, here = Path(scratch, "base"), Path(scratch, "here")  # always run in the latter: sources have full paths
        in_child(lambda: operation.prepare(here), 600)
        shutil.copytree(here, base)
        legal, steps = in_child(lambda: _undisturbed(operation, here), 600)
        every = max(1, -(-steps // most)) if most else 1
        failed, worst, tried = {}, 0.0, 0
        for step in range(1, steps + 1, every):
            shutil.rmtree(here)
            shutil.copytree(base, here)
            wrong, seconds = _one(name, here, FAULTS[fault], step, legal)
            tried, worst = tried + 1, max(worst, seconds)
            if wrong:
                failed[step] = wrong
    return {"steps": steps, "tried": tried, "failed": failed, "worst": worst}


def in_child(work: Callable[[], Any], seconds: float) -> Any:  # noqa: ANN401 - whatever the work returns
    """Run ``work`` in a forked child and return its result, which must be JSON.

    Raises:
        RuntimeError: it died, or raised; TimeoutError: it took longer than ``seconds``.
    """
    reader, writer = os.pipe()
    if not (child := os.fork()):
        code = 1
        try:
            os.write(writer, json.dumps(work()).encode() + b"\n")
            code = 0
        except BaseException:  # noqa: BLE001 - told to the parent
            os.write(writer, traceback.format_exc()[-900:].encode())
        finally:
            os._exit(code)
    os.close(writer)
    status = _wait(child, seconds)
    with open(reader, "rb") as pipe:
        said = pipe.read()
    if status:
        raise RuntimeError(f"status {status}: {said.decode(errors='replace')}")
    return json.loads(said)


def _wait(child: int, seconds: float) -> int:
    deadline = time.monotonic() + seconds
    while not (ended := os.waitpid(child, os.WNOHANG))[0]:
        if time.monotonic() > deadline:
            os.kill(child, 9)
            os.waitpid(child, 0)
            raise TimeoutError(f"it took longer than {seconds:.0f} s")
        time.sleep(0.002)
    return ended[1]


def _undisturbed(operation: Operation, folder: Path) -> tuple[list[str], int]:
    """Run to the end; return the states it went through and how many steps it took."""
    shim = ctypes.CDLL(None)
    states = [seen(folder)]
    with recorded(lambda: states.append(seen(folder))):
        shim.faults_arm(_COUNT, 0)
        operation.run(folder)
        steps = int(shim.faults_seen())
        shim.faults_arm(0, 0)
    return [*states, seen(folder)], steps


def _one(name: str, folder: Path, fault: int, step: int, legal: list[str]) -> tuple[str, float]:
    """Fail once at ``step``; return what was wrong afterwards, "" for nothing, and the seconds to recover."""
    done = mmap.mmap(-1, 1)  # shared with the child: how many transactions it was told are done

    def failing() -> str:
        said = ""
        with recorded(lambda: done.__setitem__(0, done[0] + 1)):
            ctypes.CDLL(None).faults_arm(fault, ctypes.c_long(step))
            try:
                OPERATIONS[name].run(folder)
            except AssistantError as error:
                said = str(error)
            ctypes.CDLL(None).faults_arm(0, ctypes.c_long(0))
        return said

    said = ""
    try:
        said = in_child(failing, 60)
    except RuntimeError as error:
        if not str(error).startswith("status 9:"):
            return f"ended otherwise: {error}", 0.0
    except TimeoutError as error:
        return str(error), 0.0
    began = time.monotonic()
    try:
        wrong = in_child(lambda: examined(name, folder, legal[done[0] :]), 300)
    except (RuntimeError, TimeoutError) as error:
        wrong = f"could not be examined: {error}"
    if said and not any(word in said for word in (" full", "space", "disk")):
        wrong = wrong or f"the message does not speak of the disk: {said[:200]}"
    return wrong, time.monotonic() - began


if __name__ == "__main__":
    for wanted in sys.argv[2:]:
        operation, _, kind = wanted.partition(":")
        print(
            json.dumps({"operation": operation, "fault": kind, **loop(operation, kind, int(sys.argv[1]))}), flush=True
        )

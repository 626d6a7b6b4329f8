"""Other versions, other clocks, other embedders."""

from __future__ import annotations

import json
import sqlite3
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from assistant.embedding import check_embedder, embed_missing
from assistant.errors import AssistantError, StoreVersion
from assistant.retrieval import schema
from assistant.retrieval.store import Store
from scripts.faults_result import Result
from scripts.faults_samples import Vectors, grown, state
from scripts.faults_steps import in_child

PROGRAM = [sys.executable, "-m", "assistant"]
_COMMANDS = (
    ["add", "index/articles"],
    ["articles"],
    ["ask", "--json", "Who is excluded from the truce?"],
    ["doctor"],
)


class _Turned(Vectors):
    """Makes other vectors under the same name, as another revision of a model does."""

    def encode(self, texts: Sequence[str]) -> NDArray[np.float32]:
        return np.roll(super().encode(texts), 1, axis=1)


def other_versions(scratch: Path) -> Result:
    """Open an index of a newer format: refused, not a byte changed."""
    result, folder = Result(), scratch / "newer"
    in_child(lambda: grown(folder, 2), 60)
    for version in (schema.VERSION + 1, 99, 2**31 - 1):
        connection = sqlite3.connect(folder / schema.FILE_NAME)
        connection.execute(f"PRAGMA user_version = {version}")
        connection.close()
        before = (folder / schema.FILE_NAME).read_bytes()
        wrong = "it was opened"
        try:
            Store.open(folder, create=True).close()
        except StoreVersion:
            wrong = "" if (folder / schema.FILE_NAME).read_bytes() == before else "it was changed"
        result.add(wrong)
    return result


def clocks(scratch: Path, shim: Mapping[str, str]) -> Result:
    """Add, ask and list with the clock at 1970, a day back and ten years ahead; all must be as it is without.

    But in 1970 all dates lie in the future, which ``doctor`` must say then and only then.
    """
    result = Result()
    if not shim:
        result.note = "skipped: no C compiler, or not Linux"
        return result
    base = {**shim, "ASSISTANT_EMBEDDER": "none"}
    answers: list[tuple[list[str], object]] = []
    for name, shift in (("now", 0), ("1970", 60 - int(time.time())), ("a day back", -86400), ("+10 years", 315360000)):
        folder = scratch / f"clock{len(answers)}"
        began = time.monotonic()
        said = []
        for arguments in _COMMANDS:
            command = [*PROGRAM, *arguments, "--index", str(folder)]
            environment = {**base, "FAULTS_CLOCK": str(shift)}
            done = subprocess.run(command, env=environment, capture_output=True, text=True, timeout=120, check=False)
            said.append(f"{done.returncode} {done.stdout}")
        answer = json.loads(said[2].split(" ", 1)[1])
        timings = answer.pop("timings_ms")
        answers.append((said[:2], answer))
        wrong = "" if answers[-1] == answers[0] else "other results"
        if ("dated in the future, such as" in said[3]) != (name == "1970"):
            wrong += "what doctor says of dates"
        if min(timings.values()) < 0 or max(timings.values()) > 60_000:
            wrong += f"timings {timings}"
        result.add(f"{name}: {wrong}" if wrong else "", time.monotonic() - began)
    return result


def other_embedders(scratch: Path) -> Result:
    """Use a store with another embedder: of the same dimension, of another, of the same name with other vectors."""
    result, folder = Result(), scratch / "embedders"
    in_child(lambda: grown(folder, 2), 60)
    with Store.open(folder) as store:
        with store.writing():
            store.drop_embeddings()
        embed_missing(store, Vectors("first"))
        before = state(folder)
        for other in (Vectors("second"), Vectors("third", 32), _Turned("first"), Vectors("first", 32)):
            wrong = "it was accepted"
            for use in (check_embedder, embed_missing):
                try:
                    use(store, other)
                except AssistantError as error:
                    wrong = "" if "--re-embed" in str(error) and "first" in str(error) else str(error)
            result.add(wrong if wrong or state(folder) == before else "the store was changed")
    return result

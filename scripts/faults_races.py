"""Two writers at once, readers killed, locks whose owner is gone."""

from __future__ import annotations

import json
import os
import random
import shutil
import time
from collections.abc import Callable, Sequence
from pathlib import Path

from assistant.errors import StoreLocked
from assistant.retrieval.lock import LOCK_NAME, OWNER_NAME, WriterLock
from assistant.retrieval.store import Store
from assistant.retrieval.vector import VectorIndex
from scripts.faults_kills import AT_ONCE, deeply, killed
from scripts.faults_result import Result
from scripts.faults_samples import PER_ARTICLE, grown, pieces, put
from scripts.faults_steps import in_child


def killed_readers(scratch: Path, *, trials: int) -> Result:
    """Kill a process that builds Chroma's collection and asks it, at a random moment; then search for every vector."""
    result, folder, chance = Result(), scratch / "readers", random.Random(2)
    in_child(lambda: grown(folder, 60), 60)
    for _ in range(trials):
        killed(lambda: _ask_along(folder), chance.uniform(0.2, 5.0))
        began = time.monotonic()
        result.add(deeply(folder, "chroma"), time.monotonic() - began)
    return result


def doubled_writers(scratch: Path, *, trials: int, articles: int) -> Result:
    """Let two processes add at once and a third build and ask Chroma; then search for every vector."""
    result = Result()
    for trial in range(trials):
        folder = scratch / f"double{trial}"
        in_child(lambda f=folder: grown(f, 20), 60)  # type: ignore[misc]
        runs = [range(start, start + articles) for start in (1000, 5000)]
        writers = [_spawned(lambda f=folder, r=run: _insist(f, r)) for run in runs]  # type: ignore[misc]
        writers.append(_spawned(lambda f=folder: _ask_along(f)))  # type: ignore[misc]
        said = [_joined(one) for one in writers]
        wrong = deeply(folder, "chroma")
        with Store.open(folder) as store:
            count = store.counts().articles
        if count != 20 + 2 * articles:
            wrong = f"{count} articles instead of {20 + 2 * articles}; {wrong}"
        slowest = max(refused for _, refused in said)
        if any(code for code, _ in said) or slowest > 5:
            wrong = f"exit codes {[code for code, _ in said]}, slowest refusal {slowest:.1f} s; {wrong}"
        result.add(wrong, slowest)
        shutil.rmtree(folder)
    result.note = (
        f"2 writers of {articles * PER_ARTICLE:,} vectors and a reader that builds Chroma, all vectors searched for"
    )
    return result


def _spawned(work: Callable[[], float]) -> tuple[int, int]:
    reader, writer = os.pipe()
    if not (child := os.fork()):
        code = 1
        try:
            os.write(writer, json.dumps(work()).encode())
            code = 0
        finally:
            os._exit(code)
    os.close(writer)
    return child, reader


def _joined(spawned: tuple[int, int]) -> tuple[int, float]:
    child, reader = spawned
    status = os.waitpid(child, 0)[1]
    with open(reader, "rb") as pipe:
        said = pipe.read()
    return status, float(json.loads(said)) if said else 0.0


def _insist(folder: Path, numbers: Sequence[int]) -> float:
    """Add in pieces, again and again when another one writes; return the longest wait for a refusal, in seconds."""
    slowest = 0.0
    with Store.open(folder) as store:
        for piece in pieces(numbers, AT_ONCE):
            while True:
                began = time.monotonic()
                try:
                    with store.writing():
                        put(store, piece)
                    break
                except StoreLocked:
                    slowest = max(slowest, time.monotonic() - began)
    return slowest


def _ask_along(folder: Path) -> float:
    with Store.open(folder) as store:
        index = VectorIndex(store, kind="chroma")
        for _ in range(3):
            ids, vectors = store.embedding_matrix()
            for row in range(0, len(ids), 97):
                index.search(vectors[row], 3)
            time.sleep(0.3)
    return 0.0


def stale_locks(scratch: Path, *, trials: int) -> Result:
    """Kill the owner of the lock while the note of its pid names a process that lives; the next one must get it."""
    result, folder = Result(), scratch / "stale"
    in_child(lambda: grown(folder, 2), 60)
    for trial in range(trials):
        killed(lambda: _hold(folder), 0.05)
        (folder / OWNER_NAME).write_text(("garbage", str(os.getpid()), str(os.getppid()), "1")[trial % 4])
        if trial % 5 == 4:
            (folder / LOCK_NAME).write_bytes(b"whatever a former owner has left")
        began = time.monotonic()
        try:
            in_child(lambda n=trial: put_one(folder, 100 + n), 30)  # type: ignore[misc]
            result.add("", time.monotonic() - began)
        except (RuntimeError, TimeoutError) as error:
            result.add(str(error)[-300:], time.monotonic() - began)
    return result


def _hold(folder: Path) -> None:
    with WriterLock(folder).hold():
        time.sleep(60)


def put_one(folder: Path, number: int) -> None:
    """Add one invented article."""
    with Store.open(folder) as store, store.writing():
        put(store, [number])

"""Writers killed at random, and what must be left of their work."""

from __future__ import annotations

import json
import os
import random
import shutil
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from assistant.deep import examine_deeply
from assistant.retrieval.store import Store
from assistant.retrieval.vector import VectorIndex
from assistant.settings import Settings
from scripts.faults_result import Result
from scripts.faults_samples import PER_ARTICLE, grown, invented, put, vector_of, wrong_vectors
from scripts.faults_steps import in_child

AT_ONCE = 20
"""Articles that one transaction adds."""


@dataclass
class _Known:
    """What a store must hold: articles whose adding, or vectors whose saving, was acknowledged."""

    present: set[int]
    next: int
    removed: set[int] = field(default_factory=set)
    begun: tuple[str, list[int]] = ("", [])


def random_kills(scratch: Path, *, stores: int, kills: int, articles: int, builds: int) -> Result:
    """Kill a writer ``kills`` times in each of several stores, ``builds`` times of these in a Chroma build.

    After each kill the store is opened (timed), checked with ``verify``, every acknowledged article looked for and
    every vector compared with the one it must be; after the last one all vectors are searched for through Chroma.
    """
    result, base = Result(), scratch / "base"
    if not base.exists():
        in_child(lambda: grown(base, articles), 900)
    for number in range(stores):
        folder = scratch / f"store{number}"
        shutil.copytree(base, folder)
        known = _Known(set(range(articles)), articles)
        chance = random.Random(number)
        at = set(chance.sample(range(kills), builds))
        for turn in range(kills):
            if turn in at:
                killed(lambda f=folder: _build(f), chance.uniform(0.5, articles / 60))  # type: ignore[misc]
            else:
                _kill_writer(folder, known, chance)
            result.add(*_checked(folder, known))
        if wrong := deeply(folder, "chroma"):
            result.failed.append(wrong)
        shutil.rmtree(folder)
    ordered = sorted(result.seconds)
    p95 = ordered[int(0.95 * (len(ordered) - 1))] if ordered else 0.0
    result.note = (
        f"{kills * stores} random kills in {stores} stores of {articles * PER_ARTICLE:,} vectors, {builds * stores} of "
        f"them in a build of Chroma's, all vectors searched for at the end; "
        f"bound of these alone {300 / max(1, kills * stores):.1f} %; recovery p95 {p95:.2f} s"
    )
    return result


def _kill_writer(folder: Path, known: _Known, chance: random.Random) -> None:
    reader, writer = os.pipe()
    seed = chance.random()
    killed(lambda: _work(folder, known, seed, writer), chance.uniform(0.0, 0.6), close=writer, wait=reader)
    with open(reader, "rb") as pipe:
        for line in pipe.read().splitlines():
            word, what, numbers = json.loads(line)
            if word == "begin":
                known.begun = (what, numbers)
                continue
            known.begun = ("", [])
            if what == "add":
                known.present |= set(numbers)
            if what == "remove":
                known.present -= set(numbers)
                known.removed |= set(numbers)
    known.next = max([known.next, *(number + 1 for number in known.begun[1]), *(n + 1 for n in known.present)])


def killed(work: Callable[[], object], seconds: float, *, close: int = -1, wait: int = -1) -> None:
    """Run ``work`` in a child and kill it after so many seconds, counted from its first word if there is a pipe."""
    if not (child := os.fork()):
        try:
            work()
        finally:
            os._exit(0)
    if close >= 0:
        os.close(close)
        os.set_blocking(wait, True)
    time.sleep(seconds + 0.05)
    os.kill(child, 9)
    os.waitpid(child, 0)


def _work(folder: Path, known: _Known, seed: float, told: int) -> None:
    """Add, embed and remove until the end comes; say what begins and what is done."""
    chance, number = random.Random(seed), known.next
    present = sorted(known.present)

    def do(what: str, numbers: list[int], step: Callable[[], object]) -> None:
        os.write(told, json.dumps(["begin", what, numbers]).encode() + b"\n")
        step()
        os.write(told, json.dumps(["done", what, numbers]).encode() + b"\n")

    with Store.open(folder) as store, store.writing():
        while True:
            what = chance.choice(("add", "add", "bare", "embed", "remove"))
            if what == "remove" and len(present) > 2 * AT_ONCE:
                gone = [present.pop(chance.randrange(len(present))) for _ in range(5)]
                ids = [invented(one)[0].id for one in gone]
                do("remove", gone, lambda ids=ids: store.remove(ids))  # type: ignore[misc]
            elif what == "embed":
                do("embed", [], lambda: _embed(store))
            else:
                new = list(range(number, number + AT_ONCE))
                do("add", new, lambda new=new, what=what: put(store, new, embed=what == "add"))  # type: ignore[misc]
                number += AT_ONCE
                present += new


def _embed(store: Store) -> None:
    missing = store.passage_texts_missing_embedding(200)
    store.save_embeddings((key, vector_of(key)) for key, _, _ in missing)


def _build(folder: Path) -> None:
    shutil.rmtree(folder / "chroma", ignore_errors=True)
    with Store.open(folder) as store:
        len(VectorIndex(store, kind="chroma"))


def _checked(folder: Path, known: _Known) -> tuple[str, float]:
    """Open the store in another child and compare it with what is known; learn what became of the step begun last."""
    try:
        wrong, seconds, stored = in_child(lambda: _examine(folder, known), 300)
    except (RuntimeError, TimeoutError) as error:
        return f"beyond repair: {error}", 0.0
    what, numbers = known.begun
    if what == "add" and set(numbers) <= set(stored):
        known.present |= set(numbers)
    if what == "remove" and not set(numbers) & set(stored):
        known.present -= set(numbers)
        known.removed |= set(numbers)
    known.begun = ("", [])
    return wrong, seconds


def _examine(folder: Path, known: _Known) -> tuple[str, float, list[int]]:
    began = time.monotonic()
    with Store.open(folder) as store:
        with store.writing():
            store.set_meta("faults", "writable")
        seconds = time.monotonic() - began
        store.verify()
        stored = {int(info.source.split("/")[1][:-4]) for info in store.articles()}
        what, numbers = known.begun
        wrong = []
        if lost := known.present - stored - (set(numbers) if what == "remove" else set()):
            wrong.append(f"{len(lost)} acknowledged articles lost")
        if back := known.removed & stored:
            wrong.append(f"{len(back)} removed articles are back")
        if what and len(set(numbers) & stored) not in (0, len(numbers)):
            wrong.append(f"half a transaction: {what}")
        if store.query("SELECT count(*) FROM passages") != [(PER_ARTICLE * len(stored),)]:
            wrong.append("passages are missing")
        for one in random.sample(sorted(stored), 20):
            sql = "SELECT count(*) FROM passages_fts WHERE passages_fts MATCH ?"
            if store.query(sql, (f"word{one}x3",)) != [(1,)]:
                wrong.append(f"article {one} is not found by its words")
        if bad := wrong_vectors(store):
            wrong.append(f"{bad} wrong vectors")
    return "; ".join(wrong), seconds, sorted(stored)


def deeply(folder: Path, kind: str) -> str:
    """Check a store deeply in a child, through Chroma or exactly; return what is not well, "" for nothing."""

    def check() -> str:
        settings = Settings(embedder="none", vector_index=kind)  # type: ignore[arg-type]
        with Store.open(folder) as store:
            return "; ".join(said for _, ok, said in examine_deeply(store, settings, None) if not ok)

    try:
        return str(in_child(check, 900))
    except (RuntimeError, TimeoutError) as error:
        return f"beyond repair: {error}"

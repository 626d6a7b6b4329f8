"""Put the page under load on this machine, with a scripted model, beside a chat with Gradio's default settings.

python -m scripts.load [times|rush|soak] [--readers 200] [--patience 60] [--minutes 10]

times: how soon the page is ready and how soon passages come, without a model, on the sample corpus. rush: so many
readers ask at once. soak: eight readers ask again and again for --minutes, both pages at once, for the memory.
Without a name: times and rush.
"""

from __future__ import annotations

import argparse
import asyncio
import math
import os
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Coroutine
from concurrent.futures import ThreadPoolExecutor
from contextlib import AsyncExitStack
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any

from evals.report import table
from scripts.load_pages import MOST_READERS, SECONDS, build_index, keeper, place, question
from scripts.load_readers import Event, Heard, event_of, reading
from scripts.load_times import measure_times
from scripts.served import served

PAGES = {"page": "this page", "plain": "Gradio's defaults"}
SOAKING, OF_A_CONVERSATION, PAUSE = 8, 5, 1.0
"""Readers of the soak, questions before each opens the page anew, seconds between its questions."""


@dataclass(slots=True)
class Run:
    """What was measured of one page; memory in MB: at the beginning, the most, in the end."""

    heard: list[Heard] = field(default_factory=list)
    mixed: int = 0
    memory: list[float] = field(default_factory=list)


def mixed(heard: Heard, number: int) -> bool:
    """Say whether an answer holds anything of another reader's question, or lacks something of its own."""
    others = {keeper(other) for other in range(MOST_READERS)} - {keeper(number)}
    listed = heard.passages is None or place(number) in heard.passages
    own = all(question(number) in text for text in heard.shown) and keeper(number) in heard.answer and listed
    return not own or any(other in heard.answer for other in others)


async def rush(address: str, event: Event, readers: int, patience: float) -> Run:
    """Open a page for each reader, then let all of them ask at once."""
    run = Run()
    async with AsyncExitStack() as pages:
        opened = [await pages.enter_async_context(reading(address, event, number)) for number in range(readers)]
        for number in range(3):
            await opened[number].ask(question(number), patience)  # what is loaded at the first question
        run.heard = await asyncio.gather(*(one.ask(question(n), patience) for n, one in enumerate(opened)))
    run.mixed = sum(mixed(heard, number) for number, heard in enumerate(run.heard) if not heard.trouble)
    return run


async def soak(address: str, event: Event, readers: int, seconds: float) -> Run:
    """Let a few readers ask again and again, each opening the page anew now and then."""
    run, until = Run(), time.monotonic() + seconds

    async def sit(reader: int) -> None:
        number = reader
        while time.monotonic() < until:
            async with reading(address, event, reader) as page:
                for _ in range(OF_A_CONVERSATION):
                    if time.monotonic() > until:
                        return
                    number = (number + SOAKING) % readers
                    heard = await page.ask(question(number), 60)
                    run.mixed += not heard.trouble and mixed(heard, number)
                    run.heard.append(Heard(heard.first, heard.end, trouble=heard.trouble))  # without its texts
                    await asyncio.sleep(PAUSE)

    await asyncio.gather(*(sit(reader) for reader in range(SOAKING)))
    return run


async def watched(work: Coroutine[Any, Any, Run], process: int, every: float) -> Run:
    """Do the work and note the memory of a process meanwhile."""
    memory = [_memory(process)]

    async def watch() -> None:
        while True:
            await asyncio.sleep(every)
            memory.append(_memory(process))

    watching = asyncio.create_task(watch())
    try:
        run = await work
    finally:
        watching.cancel()
    run.memory = [*memory, _memory(process)]
    return run


def _memory(process: int) -> float:
    """Return the resident memory of a process in MB, as Linux says it."""
    pages = int(Path(f"/proc/{process}/statm").read_text().split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE") / 1e6


def measure(kind: str, index: Path, chosen: argparse.Namespace) -> Run:
    """Serve one of the two pages and put it under load."""
    command = [sys.executable, "-m", "scripts.load_pages", kind, "--index", str(index)]

    async def work(address: str, process: int) -> Run:
        event = await event_of(address)
        if chosen.what == "soak":
            return await watched(soak(address, event, chosen.readers, 60 * chosen.minutes), process, 5)
        return await watched(rush(address, event, chosen.readers, chosen.patience), process, 0.5)

    with served(command) as (process, address):
        return asyncio.run(work(address, process))


def report(runs: dict[str, Run], *, soaked: bool) -> str:
    """Return the table."""
    rows: list[tuple[str, Callable[[Run], str]]] = [
        ("questions", lambda run: f"{len(run.heard)}"),
        ("answered", lambda run: f"{sum(not one.trouble for one in run.heard)}"),
        ("mixed answers", lambda run: f"{run.mixed}"),
    ]
    for what, name in (("first passage", "first"), ("whole answer", "end")):
        rows += [(f"{what} p{share}, s", partial(_seconds, name=name, share=share)) for share in (50, 95, 99)]
    if soaked:
        rows.append(("memory after a quarter, MB", lambda run: f"{run.memory[len(run.memory) // 4]:.0f}"))
        rows.append(("memory after a half, MB", lambda run: f"{run.memory[len(run.memory) // 2]:.0f}"))
    else:
        rows.append(("memory before, MB", lambda run: f"{run.memory[0]:.0f}"))
        rows.append(("memory at most, MB", lambda run: f"{max(run.memory):.0f}"))
    rows.append(("memory in the end, MB", lambda run: f"{run.memory[-1]:.0f}"))
    cells = [(name, *(value(run) for run in runs.values())) for name, value in rows]
    return table(("", *(PAGES[kind] for kind in runs)), cells)


def _seconds(run: Run, name: str, share: float) -> str:
    """Return a percentile of all questions; "never" where it lies among those that got none."""
    took = [math.inf if (one := getattr(heard, name)) is None else one for heard in run.heard]
    least = sorted(took)[math.ceil(share / 100 * len(took)) - 1]
    return f"{least:.2f}" if math.isfinite(least) else "never"


def main() -> None:
    """Measure what the arguments ask for."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("what", nargs="?", choices=("times", "rush", "soak"))
    parser.add_argument("--readers", type=int, default=200, help=f"who ask at once, {SOAKING} to {MOST_READERS}")
    parser.add_argument("--patience", type=float, default=60, help="seconds after which a reader of the rush gives up")
    parser.add_argument("--minutes", type=float, default=10, help="of the soak")
    chosen = parser.parse_args()
    if not SOAKING <= chosen.readers <= MOST_READERS:
        parser.error(f"--readers is {chosen.readers}; give {SOAKING} to {MOST_READERS}")
    with tempfile.TemporaryDirectory(prefix="load-") as name:
        if chosen.what in (None, "times"):
            print(f"load average {_load()}", *measure_times(Path(name) / "sample"), sep="\n", flush=True)
        if chosen.what != "times":
            index = Path(name) / "index"
            build_index(index, chosen.readers)
            _compare(index, chosen)


def _compare(index: Path, chosen: argparse.Namespace) -> None:
    soaked = chosen.what == "soak"
    if soaked:
        print(f"{SOAKING} readers ask each page again and again for {chosen.minutes:g} minutes;", end=" ")
    else:
        print(f"{chosen.readers} readers ask at once, each waits at most {chosen.patience:g} s;", end=" ")
    print(f"the model takes {SECONDS:g} s; load average before {_load()}\n", flush=True)
    with ThreadPoolExecutor(len(PAGES) if soaked else 1) as at_once:  # memory does not mind the other page, times do
        done = at_once.map(lambda kind: measure(kind, index, chosen), PAGES)
        runs = dict(zip(PAGES, done, strict=True))
    print(report(runs, soaked=soaked))
    for kind, run in runs.items():
        for trouble, count in Counter(one.trouble for one in run.heard if one.trouble).most_common(5):
            print(f"{PAGES[kind]}: {count} x {trouble}")


def _load() -> str:
    now = os.getloadavg()[0]
    busy = " (the machine is busy with other work: times are high)" if now > 1 else ""
    return f"{now:.1f} on {os.cpu_count()} processors{busy}"


if __name__ == "__main__":
    main()

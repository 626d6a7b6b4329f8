"""What is installed and shipped: hashes, licences, and that nothing in the package runs data as code."""

from __future__ import annotations

import ast
import re
from functools import cache
from pathlib import Path

import pytest

from scripts import licences

ROOT = Path(__file__).parents[1]
DOCUMENT = (ROOT / "docs" / "licences.md").read_text("utf-8")
LISTED = dict(
    re.findall(r"^\| ([a-z0-9][a-z0-9-]*) \| [^|]+ \| ([^|]+) \|", DOCUMENT.split(licences.BEGIN)[1], re.MULTILINE)
)
RUNS_DATA = frozenset("cloudpickle code dill joblib marshal pickle pickletools shelve torch".split())
"""Modules that make objects, and so may run code, of what they read."""


@pytest.mark.parametrize("name", licences.locked())
def test_every_locked_package_is_listed_with_a_licence_that_goes_with_ours(name):
    assert name in LISTED, "make the list anew: python -m scripts.licences --write"
    assert licences.accepted(LISTED[name].strip().removesuffix(" *"))


def test_installed_packages_declare_what_is_listed():
    known = {one.name: one.licence for one in licences.packages() if one.licence != "?"}  # "?": not installed here
    assert len(known) > 50
    assert [name for name, licence in known.items() if LISTED[name].strip().removesuffix(" *") != licence] == []


def test_what_asks_more_than_a_notice_is_named():
    prose = DOCUMENT.split(licences.BEGIN)[0]
    starred = [name for name, licence in LISTED.items() if licence.strip().endswith("*")]
    assert "certifi" in starred
    assert [name for name in starred if f"`{name}`" not in prose] == []


@pytest.mark.parametrize(
    "licence", ["AGPL-3.0-only", "GPL-3.0-or-later", "MIT AND GPL-2.0-only", "?", "", "Proprietary"]
)
def test_other_licences_are_not_accepted(licence):
    assert not licences.accepted(licence)


def test_of_a_choice_of_licences_one_is_enough():
    assert licences.accepted("GPL-2.0-only OR MIT")
    assert licences.accepted("MPL-2.0 AND (Apache-2.0 OR MIT)")


def test_every_file_of_data_is_listed():
    names = {path.name for path in (ROOT / "assistant" / "data").iterdir()} - {"README.md"}
    assert [name for name in sorted(names) if f"`{name}`" not in DOCUMENT] == []


@cache
def _code():
    return [(path, ast.parse(path.read_text("utf-8"))) for path in sorted((ROOT / "assistant").rglob("*.py"))]


def test_nothing_in_the_package_runs_what_it_reads():
    wrong = []
    for path, tree in _code():
        for node in ast.walk(tree):
            names: list[str] = []
            if isinstance(node, ast.Import):
                names = [one.name for one in node.names]
            elif isinstance(node, ast.ImportFrom):
                names = [node.module or ""]
            elif isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
                names = [node.func.id] if node.func.id in ("eval", "exec", "compile", "__import__") else []
                wrong += [(path.name, name) for name in names]
            wrong += [(path.name, name) for name in names if name.partition(".")[0] in RUNS_DATA]
    assert wrong == []


def test_arrays_are_read_without_pickles():
    calls = [
        (path.name, {key.arg: getattr(key.value, "value", None) for key in node.keywords})
        for path, tree in _code()
        for node in ast.walk(tree)
        if isinstance(node, ast.Call) and ast.unparse(node.func) in ("np.load", "numpy.load", "np.memmap")
    ]
    assert calls
    assert [name for name, given in calls if given.get("allow_pickle") is not False] == []

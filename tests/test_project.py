"""What the files around the code promise: lock, documents, scripts, package."""

import json
import os
import re
import tomllib
from dataclasses import fields
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from assistant import Answer, Citation, Settings
from assistant.retrieval.schema import TABLES

ROOT = Path(__file__).parents[1]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
README = (ROOT / "README.md").read_text("utf-8")
DOCUMENTS = ["README.md", "CONTRIBUTING.md", "CHANGELOG.md", "docs/architecture.md", "index/README.md"]
PIN = re.compile(r"([A-Za-z0-9._-]+)==([A-Za-z0-9.+!-]+)(?: ; [a-z_A-Z0-9'.<>=!() ]+)? \\")
HASH = re.compile(r"    --hash=sha256:[0-9a-f]{64}(?: \\)?")


@pytest.fixture(scope="module")
def lock():
    return (ROOT / "requirements.lock").read_text("utf-8").splitlines()


def test_the_lock_holds_pins_and_hashes_and_nothing_that_could_name_a_host(lock):
    assert [line for line in lock if not (PIN.fullmatch(line) or HASH.fullmatch(line))] == []


def test_every_pin_of_the_lock_has_a_hash(lock):
    followers = [lock[place + 1 : place + 2] for place, line in enumerate(lock) if PIN.fullmatch(line)]
    assert followers
    assert all(after and HASH.fullmatch(after[0]) for after in followers)


@pytest.mark.parametrize("wanted", PROJECT["dependencies"] + PROJECT["optional-dependencies"]["dev"])
def test_every_dependency_is_locked_at_a_version_that_pyproject_allows(lock, wanted):
    requirement = Requirement(wanted)
    pins = [found.groups() for line in lock if (found := PIN.fullmatch(line))]
    versions = [version for name, version in pins if canonicalize_name(name) == canonicalize_name(requirement.name)]
    assert versions
    assert all(requirement.specifier.contains(version) for version in versions)


@pytest.mark.skipif(os.name == "nt", reason="Windows knows no executable bit")
@pytest.mark.parametrize("document", ["README.md", "CONTRIBUTING.md"])
def test_scripts_that_the_documents_name_can_be_run(document):
    named = set(re.findall(r"(?<![\w/])(?:scripts|\.ci)/\w+(?![\w.])", (ROOT / document).read_text("utf-8")))
    assert {"scripts/test"} <= named
    assert [name for name in sorted(named) if not os.access(ROOT / name, os.X_OK)] == []


def test_commands_that_the_readme_names_exist():
    cli = pytest.importorskip("assistant.cli").cli
    named = set(
        re.findall(r"news-assistant (?:--index \S+ )?([a-z]+)\b", "\n".join(_blocks("sh") + _blocks("console")))
    )
    assert {"add", "ask", "chat"} <= named <= set(cli.commands)


def test_the_readme_lists_every_setting_with_its_default():
    rows = dict(re.findall(r"^\| `(\w+)` \| ([^|]+) \|", README.split("## Settings")[1], re.MULTILINE))
    assert list(rows) == [field.name for field in fields(Settings)]
    plain = {name: value.strip().strip("`") for name, value in rows.items()}
    for field in fields(Settings):
        if field.name not in ("index", "threshold"):  # one depends on the machine, the other is fitted
            assert plain[field.name] == ("none" if field.default is None else str(field.default))


def test_the_answer_in_the_readme_has_the_fields_of_an_answer():
    shown = json.loads(_blocks("json")[0])
    assert list(shown) == [field.name for field in fields(Answer)]
    assert list(shown["citations"][0]) == [field.name for field in fields(Citation)]
    explained = README.split("| Field |")[1].split("\n## ")[0]
    assert [name for name in shown if f"`{name}`" not in explained] == []


def test_the_python_in_the_readme_compiles():
    assert all(compile(block, "README.md", "exec") for block in _blocks("python"))


@pytest.mark.parametrize("document", DOCUMENTS)
def test_links_between_documents_lead_somewhere(document):
    path = ROOT / document
    links = re.findall(r"\]\((?!https?:|#)([^)#]+)", path.read_text("utf-8"))
    assert [link for link in links if not (path.parent / link).exists()] == []


def test_the_index_readme_names_every_table():
    described = (ROOT / "index" / "README.md").read_text("utf-8")
    assert [table for table in TABLES if f"| `{table}` |" not in described] == []


def test_the_changelog_begins_with_the_version_of_the_package():
    newest = re.search(r"^## \[([^\]]+)\]", (ROOT / "CHANGELOG.md").read_text("utf-8"), re.MULTILINE)
    assert newest
    assert newest.group(1) == PROJECT["version"]


def _blocks(language):
    return re.findall(rf"^```{language}\n(.*?)^```", README, re.MULTILINE | re.DOTALL)

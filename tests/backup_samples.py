"""Fixtures for the tests of backups and of the deep check: an index of a few articles, its backup, the command line.

A file of tests assigns the fixtures that it takes from here: imported ones would look unused to ruff.
"""

from __future__ import annotations

import sqlite3
from pathlib import Path

import pytest
from click.testing import CliRunner

from assistant.backup import back_up
from assistant.cli import cli
from assistant.retrieval import lock, schema
from scripts.faults_samples import grown


@pytest.fixture(autouse=True)
def quick(monkeypatch, tmp_path):
    monkeypatch.setattr(lock, "PATIENCE_S", 0.1)
    monkeypatch.setenv("ASSISTANT_EMBEDDER", "none")
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path))


@pytest.fixture
def index(tmp_path):
    grown(tmp_path / "index", 12)
    return tmp_path / "index"


@pytest.fixture
def backup(index, tmp_path):
    back_up(index, tmp_path / "backup")
    return tmp_path / "backup"


@pytest.fixture
def run(index):
    return lambda *arguments: CliRunner().invoke(cli, [*map(str, arguments), "--index", str(index)])


def sql(folder: Path, *statements: str) -> None:
    connection = sqlite3.connect(folder / schema.FILE_NAME)
    for statement in statements:
        connection.execute(statement)
    connection.commit()
    connection.close()

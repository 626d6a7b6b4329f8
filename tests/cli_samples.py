"""Fixtures for the tests of the command line in this process: settings of its own, a way to run it, questions.

A file of tests assigns the fixtures that it takes from here: imported ones would look unused to ruff.
"""

import pytest
from click.testing import CliRunner

from assistant.cli import cli

QUESTION = "How many settlements are in the zone north of Homs?"
NOWHERE = "What is the capital of Peru?"


@pytest.fixture(autouse=True)
def plain_settings(monkeypatch, tmp_path):
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    monkeypatch.setenv("ASSISTANT_EMBEDDER", "minilm")


@pytest.fixture
def run(tmp_path):
    def run(*arguments, index=tmp_path / "index", stdin=None):
        return CliRunner().invoke(cli, [*map(str, arguments), "--index", str(index)], input=stdin)

    return run

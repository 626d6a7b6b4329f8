"""The fault programme itself: it names every row and the tests that it leans on, it sees faults, its table is whole."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from assistant.errors import StoreError
from assistant.retrieval.store import Store
from scripts import faults_kills, faults_run
from scripts.faults_probes import PROBES
from scripts.faults_result import Result
from scripts.faults_rows import ROWS
from scripts.faults_samples import grown

ROOT = Path(__file__).resolve().parent.parent


def test_every_row_is_there_with_something_that_holds_it():
    assert [row.number for row in ROWS] == list(range(1, 39))
    assert [row.number for row in ROWS if not (row.probe or row.tests)] == []
    assert {row.probe for row in ROWS} - {""} == set(PROBES)


def test_every_test_that_is_named_exists():
    for row in ROWS:
        for test in row.tests:
            file, name = test.split("::")
            assert re.search(rf"(def|class) {name}", (ROOT / file).read_text("utf-8")), test


def test_the_document_has_a_line_for_every_row():
    table = (ROOT / "docs" / "reliability.md").read_text("utf-8")
    assert [number for number in range(1, 39) if f"\n| {number} | " not in table] == []


def test_the_promises_in_security_name_tests_that_exist():
    text = (ROOT / "SECURITY.md").read_text("utf-8")
    named = re.findall(r"`(tests/[\w/]+\.py)(?:::(\w+))?`", text)
    assert named
    for file, name in named:
        assert (ROOT / file).exists(), file
        assert f"def {name}" in (ROOT / file).read_text("utf-8"), f"{file}::{name}"


def test_a_loss_is_seen(tmp_path):
    grown(tmp_path / "store", 30)
    with Store.open(tmp_path / "store") as store, store.writing():
        store.remove([store.articles()[4].id])
    wrong, _, _ = faults_kills._examine(tmp_path / "store", faults_kills._Known(set(range(30)), 30))
    assert wrong == "1 acknowledged articles lost"


def test_the_line_of_a_row_gives_the_bound_only_without_failures():
    row = ROWS[0]
    good, bad = Result(300, [], [0.5]), Result(300, ["lost"], [0.5])
    assert "| 300 | 300 | 1.0 % | 0.5 s |" in faults_run._line(row, good, [])
    assert "| 300 | 299 | - | 0.5 s |" in faults_run._line(row, bad, [])
    assert "**not tried here**" in faults_run._line(row, Result(), ["3 cases skipped here"])


def test_a_folder_that_cannot_be_entered_is_said_in_one_sentence(tmp_path, monkeypatch):
    def forbidden(path):
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(Path, "is_file", forbidden)
    with pytest.raises(StoreError, match="Permission denied; check its permissions"):
        Store.open(tmp_path)

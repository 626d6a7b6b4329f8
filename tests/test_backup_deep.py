"""The deep check: what it finds, what it mends, and what it leaves alone."""

from __future__ import annotations

from pathlib import Path

import pytest

from assistant.deep import examine_deeply
from assistant.retrieval import chroma
from assistant.retrieval.store import Store
from assistant.settings import Settings
from scripts.faults_samples import Vectors, state
from tests import backup_samples as samples
from tests.backup_samples import sql

quick, index, backup, run = samples.quick, samples.index, samples.backup, samples.run


def findings(folder: Path, kind: str = "exact", embedder: Vectors | None = None) -> dict[str, tuple[bool, str]]:
    with Store.open(folder) as store:
        settings = Settings(embedder="none", vector_index=kind)
        return {name: (ok, said) for name, ok, said in examine_deeply(store, settings, embedder)}


def test_deeply_all_is_well(index):
    found = findings(index)
    assert all(ok for ok, _ in found.values()), found
    assert "all 120 vectors" in found["self-queries"][1]


@pytest.mark.parametrize(
    ("fault", "what"),
    [
        ("INSERT INTO passages_fts (passages_fts) VALUES ('delete-all')", "keywords"),
        ("INSERT INTO embeddings VALUES ('nobody', zeroblob(256))", "vectors"),
    ],
)
def test_what_is_derived_is_mended(index, fault, what):
    before = state(index)
    sql(index, fault)
    assert findings(index)[what][0]
    assert findings(index)[what][1].startswith(("the keyword index agrees", "120 passages have"))
    assert state(index) == before


def test_a_keyword_index_that_bars_opening_is_made_again(index, run):
    before = state(index)
    sql(index, "DELETE FROM passages_fts_data WHERE id > 10")
    assert "damaged" in run("articles").stderr
    assert "mended: the keyword index could not be read" in run("doctor", "--deep").stdout
    assert state(index) == before
    assert run("articles").exit_code == 0


def test_bad_vectors_are_dropped_and_made_again(index):
    sql(index, "UPDATE embeddings SET vector = zeroblob(256) WHERE rowid < 4")
    ok, said = findings(index)["vectors"]
    assert ok
    assert "3 wrong" in said
    assert "3 passages are found by words alone" in said
    sql(index, "DELETE FROM embeddings")
    assert findings(index, embedder=Vectors())["vectors"][1].startswith(
        "mended: 0 wrong and 0 unused vectors dropped, 120"
    )


@pytest.mark.parametrize(
    ("fault", "what"),
    [
        ("UPDATE articles SET text = replace(text, 'says', 'sung') WHERE rowid = 3", "texts"),
        ('UPDATE passages SET "end" = "end" + 99999 WHERE id = 4', "texts"),
        ("DELETE FROM sentences WHERE passage_id = 7", "texts"),
        ("DELETE FROM passages WHERE article_id = (SELECT id FROM articles LIMIT 1)", "pages"),
    ],
)
def test_what_is_wrong_with_the_record_is_said_and_left(index, fault, what):
    sql(index, fault)
    before = state(index)
    ok, said = findings(index)[what]
    assert not ok
    assert "news-assistant restore" in said
    assert state(index) == before


def test_a_damaged_collection_is_built_again(index, monkeypatch):
    monkeypatch.setattr(chroma, "_SAMPLE", 20)
    monkeypatch.setattr(chroma, "_sound_elsewhere", lambda _: True)  # that it is asked elsewhere, test_chroma shows
    assert "through Chroma" in findings(index, "chroma")["self-queries"][1]
    for path in (index / "chroma").rglob("ids.json"):
        path.write_text("[1, 2")
    assert findings(index, "chroma")["self-queries"][1].startswith("mended: the Chroma collection was stale or damaged")


def test_the_deep_check_changes_nothing_while_somebody_writes(index):
    sql(index, "INSERT INTO passages_fts (passages_fts) VALUES ('delete-all')")
    with Store.open(index) as other, other.writing():
        assert "not now" in findings(index)["mending"][1]
    assert "mended" in findings(index)["keywords"][1]


def test_doctor_deep(run):
    done = run("doctor", "--deep")
    assert "ok       self-queries: all 120 vectors" in done.stdout

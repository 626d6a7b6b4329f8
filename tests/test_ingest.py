"""Adding: nothing is read twice, nothing is lost, one bad source does not stop the others."""

import json
import os
import shutil

import pytest

from assistant import ingest
from assistant.ingest import add_sources
from tests.ingest_samples import STORY, outcomes, write


@pytest.fixture
def folder(tmp_path):
    folder = tmp_path / "news"
    folder.mkdir()
    for what in ("bridge", "library", "museum"):
        write(folder, what)
    return folder


def forbid_reading(monkeypatch):
    monkeypatch.setattr(ingest, "read_documents", lambda *_: pytest.fail("read again"))
    monkeypatch.setattr("pathlib.Path.read_bytes", lambda self: pytest.fail(f"opened {self}"))


def test_what_is_unchanged_is_not_opened(store, folder, monkeypatch):
    first = add_sources(store, [folder])
    assert [(report.outcome, report.reason) for report in first] == [("added", None)] * 3
    forbid_reading(monkeypatch)
    again = add_sources(store, [folder])
    assert [report.outcome for report in again] == ["unchanged"] * 3
    assert [report.article_id for report in again] == [report.article_id for report in first]


def test_a_new_time_stamp_costs_a_hash_once(store, folder, monkeypatch):
    add_sources(store, [folder])
    os.utime(folder / "bridge.txt", ns=(1, 1))
    with monkeypatch.context() as patch:
        patch.setattr(ingest, "read_documents", lambda *_: pytest.fail("read again"))
        assert outcomes(add_sources(store, [folder]))["bridge.txt"] == "unchanged"
    forbid_reading(monkeypatch)
    add_sources(store, [folder])


def test_a_changed_file_replaces_its_article_and_the_old_wording_stays_for_old_citations(store, folder):
    before = {report.source: report.article_id for report in add_sources(store, [folder])}
    path = write(folder, "bridge", number=99)
    reports = add_sources(store, [folder])
    assert outcomes(reports) == {"bridge.txt": "updated", "library.txt": "unchanged", "museum.txt": "unchanged"}
    old, new = before[str(path)], next(r.article_id for r in reports if r.outcome == "updated")
    assert old != new
    assert "12 volunteers" in store.article(old).text
    assert {info.id for info in store.articles()} == set(before.values()) - {old} | {new}
    assert store.query("SELECT 1 FROM passages WHERE article_id = ?", (old,)) == []


def test_the_index_is_no_article_of_the_folder_that_holds_it(store, folder):
    (store.folder / "added").mkdir()
    write(store.folder / "added", "pier")
    assert set(outcomes(add_sources(store, [folder.parent]))) == {"bridge.txt", "library.txt", "museum.txt"}
    assert outcomes(add_sources(store, [store.folder / "added"])) == {"pier.txt": "added"}
    assert set(outcomes(add_sources(store, [folder.parent])).values()) == {"unchanged"}


def test_the_same_text_under_another_name_is_a_duplicate(store, folder):
    add_sources(store, [folder])
    shutil.copy(folder / "bridge.txt", folder / "zz.txt")
    report = next(r for r in add_sources(store, [folder]) if r.source.endswith("zz.txt"))
    assert report.outcome == "duplicate"
    assert report.reason == f"the same article as '{folder / 'bridge.txt'}'"
    assert len(store.articles()) == 3


def test_a_file_that_is_gone_is_reported_once_and_welcomed_back(store, folder):
    add_sources(store, [folder])
    away = folder.parent / "away.txt"
    (folder / "museum.txt").rename(away)
    gone = [r for r in add_sources(store, [folder]) if r.outcome == "vanished"]
    assert [(os.path.basename(r.source), r.reason) for r in gone] == [("museum.txt", "the file is no longer there")]
    assert len(store.articles()) == 3
    assert set(outcomes(add_sources(store, [folder])).values()) == {"unchanged"}
    away.rename(folder / "museum.txt")
    assert outcomes(add_sources(store, [folder]))["museum.txt"] == "unchanged"
    assert store.ledger(str(folder / "museum.txt")).outcome == "unchanged"


def test_a_folder_that_cannot_be_read_is_skipped_and_its_files_are_not_gone(store, folder, monkeypatch):
    (folder / "locked").mkdir()
    (folder / "museum.txt").rename(folder / "locked" / "museum.txt")
    add_sources(store, [folder])

    def refuse(call):
        def called(path, *args, **kwargs):
            if "locked" in os.fspath(path) and (call is not os.lstat or os.fspath(path).endswith(".txt")):
                raise PermissionError(13, "Permission denied", path)
            return call(path, *args, **kwargs)

        return called

    for name in ("scandir", "lstat"):
        monkeypatch.setattr(os, name, refuse(getattr(os, name)))
    reports = add_sources(store, [folder])
    assert outcomes(reports)["locked"] == "skipped"
    assert "vanished" not in outcomes(reports).values()
    assert len(store.articles()) == 3


def test_one_bad_file_among_good_ones(store, folder):
    (folder / "empty.txt").write_bytes(b"")
    (folder / "picture.txt").write_bytes(b"\x89PNG\r\n\x1a\n" + bytes(200))
    (folder / "broken.json").write_text("{")
    (folder / "locked.txt").symlink_to(folder.parent / "elsewhere.txt")
    seen = []
    reports = add_sources(store, [folder, folder / "missing.txt"], lambda done, all_: seen.append((done, all_)))
    skipped = {os.path.basename(r.source): r.reason for r in reports if r.outcome == "skipped"}
    assert skipped.keys() == {"empty.txt", "picture.txt", "broken.json", "locked.txt", "missing.txt"}
    assert all(name in reason for name, reason in skipped.items())
    assert len(store.articles()) == 3
    assert seen[-1] == (8, 8)
    again = add_sources(store, [folder])
    assert {r.reason for r in again if r.outcome == "skipped"} == set(skipped.values()) - {skipped["missing.txt"]}


def test_a_bad_file_that_is_mended_is_added(store, folder):
    (folder / "bridge.txt").write_bytes(b"")
    assert outcomes(add_sources(store, [folder]))["bridge.txt"] == "skipped"
    write(folder, "bridge")
    assert outcomes(add_sources(store, [folder]))["bridge.txt"] == "added"


def write_lines(folder, *whats):
    lines = [{"title": f"New {w} opens", "text": STORY.format(title="", what=w, number=3)} for w in whats]
    path = folder / "all.jsonl"
    path.write_text("\n".join(json.dumps(line) for line in lines), "utf-8")
    return path


def test_a_file_of_many_articles_that_loses_one(store, tmp_path, monkeypatch):
    news = tmp_path / "many"
    news.mkdir()
    path = write_lines(news, "pier", "school", "tower")
    assert outcomes(add_sources(store, [path])) == dict.fromkeys(("all.jsonl#1", "all.jsonl#2", "all.jsonl#3"), "added")
    write_lines(news, "pier", "school")
    reports = add_sources(store, [news])
    assert outcomes(reports) == {"all.jsonl#1": "unchanged", "all.jsonl#2": "unchanged", "all.jsonl#3": "vanished"}
    assert reports[-1].reason == "no longer in the file"
    forbid_reading(monkeypatch)
    assert outcomes(add_sources(store, [news])) == {"all.jsonl#1": "unchanged", "all.jsonl#2": "unchanged"}


def test_a_file_of_many_articles_that_cannot_be_read_now_keeps_them(store, tmp_path):
    news = tmp_path / "many"
    news.mkdir()
    path = write_lines(news, "pier", "school")
    add_sources(store, [news])
    path.write_bytes(b"\x89PNG\r\n\x1a\n" + bytes(200))
    reports = add_sources(store, [news])
    assert [report.outcome for report in reports] == ["skipped"]
    write_lines(news, "pier", "school")
    assert outcomes(add_sources(store, [news])) == {"all.jsonl#1": "unchanged", "all.jsonl#2": "unchanged"}


def test_a_number_sign_in_a_file_name_is_part_of_it(store, folder):
    write(folder, "pool", name="bridge.txt#old.txt")
    add_sources(store, [folder])
    write(folder, "bridge", number=99)
    assert outcomes(add_sources(store, [folder]))["bridge.txt#old.txt"] == "unchanged"

"""The record: what goes in comes out, whatever happens to its source."""

from __future__ import annotations

import threading
from dataclasses import replace
from pathlib import Path

import pytest

from assistant.errors import DocumentError, StoreError, StoreMissing
from assistant.retrieval.store import Store
from tests.store_samples import add, embed_all, file_bytes, numbered, sample, search, vector

OLD = "The bridge opens in May.\nIt cost 4 million.\n\nA second paragraph about the zeppelin."
NEW = "The bridge opens in June.\nIt cost 5 million.\n\nA second paragraph about the zeppelin."


def test_gives_back_what_was_put_in(store):
    made = sample(OLD, zones=("body", "boilerplate"), url="https://example.org/a", updated="2017-08-04")
    assert add(store, made) == "added"
    assert store.article(made[0].id) == made[0]
    assert store.article("000000000000") is None
    assert [info.id for info in store.articles()] == [made[0].id]
    found = store.passages([2, 99, 1])
    assert list(found) == [2, 1]
    passage, text, info = found[1]
    assert passage == made[1][0]
    assert text == "The bridge opens in May.\nIt cost 4 million."
    assert (info.title, info.url) == ("A title", "https://example.org/a")
    counts = store.counts()
    assert (counts.articles, counts.replaced, counts.embeddable, counts.embedded) == (1, 0, 1, 0)
    assert counts.passages == {"body": 1, "boilerplate": 1}


def test_a_relative_folder_stays_what_it_was_when_opened(store, tmp_path, monkeypatch):
    add(store, sample(OLD))
    monkeypatch.chdir(store.folder.parent)
    with Store.open(Path(store.folder.name)) as other, other.reading():
        monkeypatch.chdir("/")
        assert len(other.articles()) == 1  # through a second connection


def test_offsets_count_characters_as_python_does(store):
    made = sample("Emoji 😀😀 and e\u0301 first.\n\nDann 👩‍👩‍👧 größer.\n\n日本語の文章。")
    add(store, made)
    for passage, text, _ in store.passages([1, 2, 3]).values():
        assert text == made[0].text[passage.start : passage.end]


@pytest.mark.parametrize("bad", ["with \0 inside", "half \ud83d pair"])
def test_refuses_text_that_sqlite_would_cut(store, bad):
    article, passages, hashes = sample("fine text")
    with pytest.raises(DocumentError, match=r"a\.txt"):
        add(store, (replace(article, text=bad), passages, hashes))
    assert store.ledger("a.txt") is None
    assert store.generation() == 0


def test_undecodable_file_names_are_kept_readable(store):
    add(store, numbered(1), source="n/caf\udce9.txt")
    assert store.ledger("n/caf\udce9.txt").source == r"n/caf\udce9.txt"


def test_unchanged_duplicate_updated(store):
    old, new = sample(OLD), sample(NEW)
    assert add(store, old) == "added"
    generation = store.generation()
    assert add(store, old) == "unchanged"
    assert add(store, old, source="copy.txt") == "duplicate"
    assert store.generation() == generation
    assert store.ledger("copy.txt").reason == "the same article as 'a.txt'"
    assert store.ledger("copy.txt").article_id == old[0].id
    # the copy still gives the old wording: it stays searchable, now cited from there
    assert add(store, new) == "updated"
    assert [(info.id, info.source) for info in store.articles()] == [(old[0].id, "copy.txt"), (new[0].id, "a.txt")]
    assert len(search(store, "zeppelin")) == 2
    # now nothing gives it any more
    assert add(store, sample(NEW, source="copy.txt"), source="copy.txt") == "duplicate"
    assert [info.id for info in store.articles()] == [new[0].id]
    assert [info.id for info in store.articles("replaced")] == [old[0].id]
    assert store.article(old[0].id).text == OLD
    assert search(store, "May") == []
    assert len(search(store, "zeppelin")) == 1
    assert store.counts().replaced == 1
    store.verify()
    # and the old wording comes back
    assert add(store, old) == "updated"
    assert len(search(store, "May")) == 1
    assert store.counts().replaced == 0
    store.verify()


def test_same_article_cut_or_titled_differently_is_replaced_in_place(store):
    article, passages, hashes = sample(OLD)
    add(store, (article, passages, hashes))
    embed_all(store)
    whole = replace(passages[1], number=0)
    renamed = replace(article, title="Quite another headline")
    assert add(store, (renamed, [whole], hashes[1:])) == "updated"
    assert store.article(article.id).title == "Quite another headline"
    assert search(store, "headline") == search(store, "zeppelin") == [3]
    assert search(store, "title") == search(store, "May") == []
    assert store.counts().embedded == 1
    assert len(store.embedding_matrix()[0]) == 1
    store.verify()


def test_moved_file_is_one_article_cited_from_its_new_place(store):
    made = numbered(1)
    add(store, made)
    assert add(store, made, source="n/moved.txt") == "duplicate"
    with store.writing():
        store.record_vanished("n/1.txt")
    assert store.articles()[0].source == "n/moved.txt"
    assert add(store, numbered(2), source="n/moved.txt") == "updated"
    assert [info.id for info in store.articles()] == [numbered(2)[0].id]


def test_remove_leaves_no_trace(store):
    made = [
        sample(f"Common words here.\nThe secret is quetzalcoatlus{n}.", source=f"s{n}", author=f"Byline{n}")
        for n in range(30)
    ]
    for each in made:
        add(store, each)
    embed_all(store)
    add(store, sample("A later wording.", source="s7"))
    erased = store.ledger("s7").article_id
    assert b"quetzalcoatlus7" in file_bytes(store.folder)
    kept = vector(made[8][2][0]).tobytes()
    gone = vector(made[9][2][0]).tobytes()
    with store.writing():
        assert store.remove([erased, made[9][0].id, "000000000000"]) == 2
    content = file_bytes(store.folder)
    assert store.article(made[7][0].id) is None  # the earlier wording of the same source
    for trace in (b"quetzalcoatlus7", b"quetzalcoatlus9", b"Byline7", b"later wording", gone):
        assert trace not in content
    assert b"quetzalcoatlus8" in content
    assert kept in content
    assert store.query("SELECT term FROM passages_vocab WHERE term IN ('quetzalcoatlus7', 'later')") == []
    assert store.ledger("s7") is None
    assert store.counts().embedded == 28
    store.verify()


def test_changes_need_the_lock(store):
    with pytest.raises(RuntimeError, match="writing"):
        store.set_meta("a", "b")


def test_a_failed_batch_leaves_nothing_and_a_failed_article_only_itself(store):
    with store.writing():
        with pytest.raises(KeyError), store.transaction():  # noqa: PT012 - the error ends the batch
            add(store, numbered(1))
            raise KeyError
        assert store.counts().articles == 0
        with store.transaction():
            add(store, numbered(1))
            article, passages, hashes = numbered(2)
            with pytest.raises(StoreError):  # two passages with one number
                add(store, (article, [passages[0], passages[0]], hashes[:2]))
            add(store, numbered(3))
    assert [info.source for info in store.articles()] == ["n/1.txt", "n/3.txt"]
    assert store.query("SELECT count(*) FROM passages") == [(6,)]
    store.verify()


def test_readers_in_other_threads_see_whole_batches_without_waiting(store):
    seen: list[int] = []
    with store.writing():
        add(store, numbered(0))
        with store.transaction():
            add(store, numbered(1))
            readers = [threading.Thread(target=lambda: seen.append(store.counts().articles)) for _ in range(8)]
            for reader in readers:
                reader.start()
            for reader in readers:
                reader.join(timeout=10)
            assert store.counts().articles == 2
    assert seen == [1] * 8
    assert store.counts().articles == 2


def test_missing_and_closed(tmp_path: Path, store):
    with pytest.raises(StoreMissing, match=r"news-assistant add --index '.*/no thing' <files>"):
        Store.open(tmp_path / "no thing")
    assert not (tmp_path / "no thing").exists()
    store.close()
    with pytest.raises(StoreError, match="closed"):
        store.counts()


@pytest.mark.parametrize("name", ["a b#1?mode=ro&x=%41", "Zeitung größer 日本"])
def test_any_folder_name(tmp_path, name):
    with Store.open(tmp_path / name, create=True) as opened:
        add(opened, numbered(1))
    assert (tmp_path / name / "articles.sqlite3").exists()
    with Store.open(tmp_path / name) as opened:
        assert opened.counts().articles == 1
        opened.verify()

"""Embedding what was added: resumable, once a wording, never two models in one index."""

import json

import numpy as np
import pytest

from assistant import embedding
from assistant.embedding import check_embedder, embed_missing, forget_embeddings
from assistant.errors import EmbedderError, EmbedderMismatch
from assistant.ingest import add_sources
from tests.ingest_samples import STORY, Numbers, write


@pytest.fixture
def folder(tmp_path):
    folder = tmp_path / "news"
    folder.mkdir()
    for what in ("bridge", "library", "museum"):
        write(folder, what)
    return folder


def test_comments_and_boilerplate_get_no_vector(store, tmp_path):
    page = tmp_path / "page.txt"
    page.write_text(
        STORY.format(title="New pier opens", what="pier", number=3)
        + "\nSign up for our newsletter\n\nComments\n\nfan42: This pier is a waste of money, I say.\n",
        "utf-8",
    )
    add_sources(store, [page])
    rows = store.query("SELECT zone, embed_hash IS NOT NULL FROM passages")
    assert ("comment", 0) in rows
    assert all(hashed == (zone in ("body", "caption")) for zone, hashed in rows)
    embedder = Numbers()
    assert embed_missing(store, embedder) == store.counts().embedded == len(embedder.seen)
    assert not any("waste of money" in text or "newsletter" in text for text in embedder.seen)
    assert all(text.startswith("New pier opens\n") for text in embedder.seen)


@pytest.fixture
def full(store, folder, monkeypatch):
    """A store of 24 articles, embedded four passages at a time."""
    monkeypatch.setattr(embedding, "_EMBED_AT_ONCE", 4)
    for number in range(21):
        write(folder, f"hall{number}", number=number)
    add_sources(store, [folder])
    return store


def test_embedding_goes_on_where_it_stopped(full):
    todo = full.counts().embeddable
    stopped = Numbers(stop_after=8)
    with pytest.raises(EmbedderError, match="went away"):
        embed_missing(full, stopped)
    assert full.counts().embedded == len(stopped.seen) == 8
    rest, steps = Numbers(), []
    assert embed_missing(full, rest, lambda done, all_: steps.append((done, all_))) == todo - 8
    assert len(rest.seen) == todo - 8
    assert not set(rest.seen) & set(stopped.seen)
    assert steps[-1] == (todo - 8, todo - 8)
    assert embed_missing(full, Numbers()) == 0


def test_articles_that_move_down_their_file_keep_their_vectors(store, folder):
    def lines(*whats):
        texts = [json.dumps({"title": what, "text": STORY.format(title="", what=what, number=3)}) for what in whats]
        (folder / "all.jsonl").write_text("\n".join(texts), "utf-8")
        return {report.outcome for report in add_sources(store, [folder / "all.jsonl"])}

    first, second = Numbers(), Numbers()
    assert lines("pier", "school", "tower") == {"added"}
    made = embed_missing(store, first)
    lines("new pool", "pier", "school", "tower")
    assert store.counts().embedded == made
    embed_missing(store, second)
    assert second.seen
    assert all("new pool" in text for text in second.seen)
    assert store.query("SELECT count(*) FROM embeddings") == [(made + len(second.seen),)]
    lines("tower", "pier")
    assert store.counts().embedded == store.counts().embeddable


def test_equal_wording_is_embedded_once(store, folder):
    add_sources(store, [folder])
    embed_missing(store, Numbers())
    embedder = Numbers()
    write(folder, "bridge", number=99)
    add_sources(store, [folder])
    embed_missing(store, embedder)
    assert all("99 volunteers" in text for text in embedder.seen)


def test_another_embedder_is_refused_by_name_and_by_its_vectors(full):
    embed_missing(full, Numbers())
    check_embedder(full, Numbers())
    with pytest.raises(
        EmbedderMismatch, match=r"embedded with numbers, but letters is set.*news-assistant add --re-embed"
    ):
        embed_missing(full, Numbers("letters"))
    with pytest.raises(EmbedderMismatch, match="embedded with another revision of numbers, but numbers is set"):
        check_embedder(full, Numbers(shift=1))


def test_re_embedding_takes_another_embedder(full):
    made = embed_missing(full, Numbers())
    before = full.embedding_matrix()[1]
    forget_embeddings(full)
    assert full.counts().embedded == 0
    assert embed_missing(full, Numbers("letters", shift=1)) == made
    assert not np.allclose(before, full.embedding_matrix()[1])
    check_embedder(full, Numbers("letters", shift=1))


def test_re_embedding_keeps_the_vectors_when_the_new_embedder_fails(full):
    made = embed_missing(full, Numbers())
    with pytest.raises(EmbedderError):
        forget_embeddings(full, Numbers("dead", stop_after=0))
    assert full.counts().embedded == made
    check_embedder(full, Numbers())


def test_an_embedder_that_never_gave_a_vector_does_not_bind_the_index(full):
    with pytest.raises(EmbedderError):
        embed_missing(full, Numbers("dead", stop_after=0))
    assert embed_missing(full, Numbers("alive")) > 0
    check_embedder(full, Numbers("alive"))


def test_another_process_that_re_embeds_meanwhile_is_not_mixed_with(full):
    class Overtaken(Numbers):
        def encode(self, texts):
            if len(self.seen) == 8:
                forget_embeddings(full)
                embed_missing(full, Numbers("winner", shift=1))
            return super().encode(texts)

    with pytest.raises(EmbedderMismatch, match="embedded with winner, but loser is set"):
        embed_missing(full, Overtaken("loser"))
    check_embedder(full, Numbers("winner", shift=1))
    assert full.counts().embedded == full.counts().embeddable

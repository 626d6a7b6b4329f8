"""Words and meaning together: fusion, copies, the share of one article, filters, what is left out."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.aliases import Aliases
from assistant.embedding import embed_missing
from assistant.errors import QuestionError
from assistant.retrieval.hybrid import HybridSearch, at_most, crowding, fold_copies, fuse, share_out
from assistant.retrieval.store import Store
from assistant.settings import Settings
from assistant.types import ArticleInfo, Filters, Hit, Passage, Sentence
from tests.store_samples import add, sample

WIRE = "The vaccine trial enrolled thirty thousand people in five countries and ended in March as planned."
LISTS = st.lists(st.tuples(st.integers(1, 20), st.floats(-50, 50)), unique_by=lambda hit: hit[0], max_size=20)


class Topics:
    """An embedder that knows two topics by some of their words."""

    name = "topics"

    def encode(self, texts):
        rows = [
            [0.1, *(any(w in text.lower() for w in words) for words in (("storm", "gale"), ("trial", "dose")))]
            for text in texts
        ]
        vectors = np.array(rows, np.float32)
        return vectors / np.linalg.norm(vectors, axis=1, keepdims=True)


@pytest.fixture(scope="module")
def store(tmp_path_factory):
    with Store.open(tmp_path_factory.mktemp("hybrid"), create=True) as store:
        add(store, sample("A gale closed the harbour.", source="gale", publisher="Quay", published="2020-01-05"))
        add(store, sample("A storm closed the schools.", source="storm", publisher="Hill", published="2020-02-05"))
        add(store, sample(WIRE, source="wire", publisher="Wire", published="2020-03-01"))
        add(store, sample(f"{WIRE} It cost much.", source="copy", publisher="Daily", published=None))
        many = "\n\n".join(f"Sheep number{k} ate {k} apples in the yard of farmer{k}." for k in range(8))
        add(store, sample(many, source="sheep", publisher="Farm"))
        zones = ("body", "caption", "comment", "boilerplate")
        mixed = "Bees swarmed.\n\nBees in a hat.\n\nBees are a hoax, wrote fan.\n\nBees newsletter: subscribe."
        article, passages, hashes = sample(mixed, zones=zones, source="bees", publisher="Hive")
        add(store, (article, passages, [hashes[0], hashes[1], None, None]))
        embed_missing(store, Topics())
        yield store


@pytest.fixture(scope="module")
def search(store):
    return HybridSearch(store, Settings(), Aliases([]), Topics())


def sources(hits):
    return [hit.article.source for hit in hits]


def test_fuse_is_a_convex_sum_of_min_max_scores():
    words = [(1, 10.0), (2, 6.0), (3, 2.0)]
    meaning = [(3, 0.9), (4, 0.5), (2, 0.1)]
    fused = dict(fuse(words, meaning, 0.3))
    assert fused == pytest.approx({1: 0.7, 2: 0.35, 3: 0.3, 4: 0.15})
    assert [number for number, _ in fuse(words, meaning, 0.3)] == [1, 2, 3, 4]


@pytest.mark.parametrize("weight", [0, 0.3, 1])
def test_where_one_list_is_empty_the_other_decides(weight):
    found = [(7, 3.0), (8, 1.0)]
    assert fuse(found, [], weight) == fuse([], found, weight) == [(7, 1.0), (8, 0.0)]
    assert fuse([], [], weight) == []


@given(LISTS, LISTS, st.floats(0, 1))
def test_fused_scores_are_in_order_and_between_0_and_1(words, meaning, weight):
    fused = fuse(words, meaning, weight)
    assert {number for number, _ in fused} == {number for number, _ in words + meaning}
    assert fused == sorted(fused, key=lambda hit: (-hit[1], hit[0]))
    assert all(0 <= score <= 1 + 1e-9 for _, score in fused)


def test_words_and_meaning_both_find(search):
    storm, gale = search.search("storm")[:2]
    assert sources([storm, gale]) == ["storm", "gale"]
    assert (storm.lexical is None, gale.lexical is None) == (False, True)
    assert gale.vector == storm.vector == pytest.approx(1)


def test_without_embedder_or_weight_words_alone_decide(store):
    for settings, embedder in ((Settings(), None), (Settings(vector_weight=0), Topics())):
        hits = HybridSearch(store, settings, Aliases([]), embedder).search("storm")
        assert sources(hits) == ["storm"]
        assert hits[0].vector is None


def test_copies_are_folded_and_listed(search):
    hit = search.search("What did the vaccine trial cost?")[0]
    assert hit.article.source == "copy"
    assert [(article.source, passage.article_id) for article, passage in hit.copies] == [
        ("wire", hit.copies[0][0].id),
    ]
    assert "wire" not in sources(search.search("What did the vaccine trial cost?"))


def hit(article, text, number=0):
    about = ArticleInfo(article, f"{article}.txt", None, None, None, None, None, None)
    return Hit(Passage(article, number, 0, len(text), "body", ()), text, about, 1.0)


def test_all_copies_are_listed_in_order_and_an_articles_own_repetition_is_none():
    hits = [hit("a", WIRE), hit("b", WIRE), hit("a", WIRE, 1), hit("c", WIRE.upper()), hit("d", "Something else.")]
    folded = fold_copies(hits)
    assert [(h.article.id, h.passage.number) for h in folded] == [("a", 0), ("a", 1), ("d", 0)]
    assert [article.id for article, _ in folded[0].copies] == ["b", "c"]
    assert folded[1].copies == folded[2].copies == ()


@pytest.mark.parametrize(
    ("said", "otherwise"),
    [
        ("A jury found Gordon Pell guilty of fraud.", "A jury found Gordon Pell not guilty of fraud."),
        ("Seventeen people died, police said, or 17.", "Seventeen people died, police said, or 29."),
        ("The line admitted that it had overloaded the ferry.", "The line denied that it had overloaded the ferry."),
    ],
)
def test_a_report_that_says_otherwise_is_no_copy(said, otherwise):
    sheep = "The court sat in the old town hall for most of the week, in front of a full gallery. "

    def told(article, text):
        one = hit(article, sheep + text)
        ends = len(sheep) - 1, len(one.text)
        sentences = (Sentence(0, 0, ends[0]), Sentence(1, ends[0] + 1, ends[1]))
        return replace(one, passage=replace(one.passage, sentences=sentences))

    assert len(fold_copies([told("a", said), told("b", otherwise)])) == 2
    assert len(fold_copies([told("a", said), told("b", said.replace("The", "A", 1))])) == 1


def test_half_a_copy_is_none():
    other = "The vaccine trial enrolled thirty thousand people but then the company stopped it for lack of money."
    assert len(fold_copies([hit("a", WIRE), hit("b", other)])) == 2
    assert len(fold_copies([hit("a", "Yes."), hit("b", "Yes.")])) == 2


def test_no_article_takes_all_places(store, search):
    assert sources(search.search("sheep apples")).count("sheep") == 4
    assert len(HybridSearch(store, Settings(passages_per_article=8), Aliases([]), None).search("sheep")) == 8
    assert [h.passage.number for h in at_most(1, [hit("a", "x", 1), hit("b", "x", 2), hit("a", "x", 3)])] == [1, 2]


def test_further_passages_of_an_article_are_those_not_yet_found(store, search):
    found = search.search("sheep apples")
    (article,) = {hit.article.id for hit in found if hit.article.source == "sheep"}
    more = search.further("sheep apples", found, [article])
    assert {hit.article.id for hit in more} == {article}
    assert sorted(hit.passage.number for hit in [*found, *more] if hit.article.id == article) == list(range(8))
    assert search.further("sheep apples", found, [article], Filters(publishers=("Hive",))) == []
    assert search.further("sheep apples", found, []) == []


def test_a_copy_of_what_was_found_is_nothing_further(search):
    (wire,) = [hit for hit in search.search("vaccine trial") if hit.article.source == "wire"]
    copy = wire.copies[0][0].id
    assert search.further("vaccine trial", [wire], [copy]) == []


def test_a_search_can_keep_to_some_articles(search):
    found = search.search("bees sheep storm")
    one = next(hit.article.id for hit in found if hit.article.source == "bees")
    assert {hit.article.id for hit in search.search("bees sheep storm", Filters(articles=(one,)))} == {one}
    assert search.search("bees sheep storm", Filters(articles=())) == []


def test_limit(search):
    assert len(search.search("sheep apples", limit=2)) == 2
    for limit in (0, -1):
        with pytest.raises(QuestionError, match=f"limit is {limit}; ask for at least 1"):
            search.search("sheep apples", limit=limit)
    assert search.search("") == [] or all(h.lexical is None for h in search.search(""))


@pytest.mark.parametrize(
    ("filters", "expected"),
    [
        (Filters(since="2020-01-06"), ["storm"]),
        (Filters(until="2020-01-05"), ["gale"]),
        (Filters(since="2020-01-05", until="2020-02-05"), ["storm", "gale"]),
        (Filters(publishers=("quay",)), ["gale"]),
        (Filters(publishers=("Hill", "QUAY")), ["storm", "gale"]),
        (Filters(publishers=("nobody",)), []),
        (Filters(zones=("comment",)), []),
    ],
)
def test_filters_hold_for_words_and_meaning(search, filters, expected):
    assert [source for source in sources(search.search("storm", filters)) if source in ("storm", "gale")] == expected


@pytest.mark.parametrize(
    ("zones", "inside", "outside"),
    [
        (("body", "caption"), {"body", "caption"}, {"hoax", "newsletter"}),
        (("body", "comment"), {"body", "comment"}, {"newsletter"}),
        (("comment", "boilerplate"), {"comment", "boilerplate"}, set()),
        (("caption",), {"caption"}, {"hoax", "newsletter"}),
    ],
)
def test_zones_searched_and_zones_left_out(search, zones, inside, outside):
    filters = Filters(zones=zones)
    assert {h.passage.zone for h in search.search("bees", filters) if h.lexical} == inside
    left = search.left_out("bees", filters)
    assert {word for word in ("hoax", "newsletter", "swarmed", "hat") if any(word in text for text in left)} == outside
    assert len(left) == len(outside)


def test_left_out_keeps_to_the_other_filters(search):
    assert search.left_out("bees", Filters(publishers=("Quay",))) == []
    assert search.left_out("of the") == []


def flood(folder, publisher, *, copies, alike):
    """A store with one report of the Wire and ``copies`` of another publisher that says otherwise."""
    with Store.open(folder, create=True) as store:
        with store.writing(), store.transaction():
            add(store, sample("At the Lindholm ferry fire two people died.", source="wire", publisher="Wire"))
            for n in range(copies):
                text = f"In the Lindholm ferry fire nobody died, not one of {n} died in the Lindholm ferry fire."
                if not alike:
                    text = f"Report {n} of {n * 7}: Lindholm ferry fire, word{n} word{n * 3}, nobody died, day {n}."
                add(store, sample(text, source=f"copy{n}", publisher=publisher))
        return HybridSearch(store, Settings(), Aliases([]), None).search("How many died in the Lindholm ferry fire?")


@pytest.mark.parametrize("alike", [True, False])
def test_five_hundred_articles_of_one_publisher_do_not_push_out_what_another_reports(tmp_path, alike):
    hits = flood(tmp_path, "Mill", copies=500, alike=alike)
    assert "wire" in sources(hits)
    assert {h.article.publisher for h in hits} == {"Mill", "Wire"}


def test_a_publisher_gets_more_than_half_where_others_say_nothing_of_it(tmp_path):
    hits = flood(tmp_path, "Mill", copies=60, alike=False)
    assert (len(hits), sources(hits).count("wire")) == (12, 1)


def by(publisher, score, number=0):
    one = hit(f"{publisher}{number}", "x", number)
    return replace(one, article=replace(one.article, publisher=publisher), score=score, lexical=score)


def test_at_most_half_of_one_publisher_as_far_as_others_match_too():
    many = [by("Mill", 1 - n / 100, n) for n in range(10)]
    others = [by("Wire", 0.8), by("Hill", 0.5), by("Quay", 0.3)]
    shown = share_out(6, [*many, *others])
    assert [h.article.publisher for h in shown] == ["Mill"] * 4 + ["Wire", "Hill"]
    assert share_out(6, many) == many[:6]
    assert share_out(20, [*many, *others]) == [*many, *others]
    assert [h.article.publisher for h in share_out(1, [*many, *others])] == ["Mill"]


def test_publishers_that_are_not_known_are_not_one():
    unknown = [by(None, 1 - n / 100, n) for n in range(10)]
    assert share_out(6, [*unknown, by("Wire", 0.9)]) == unknown[:6]
    assert crowding(unknown) is None
    assert crowding([by("MILL", 1), by("Mill ", 1), by("Wire", 1)]) == "mill"
    hosts = [by("mill.example", 1 - n / 100, n) for n in range(10)]
    hosts = [replace(h, article=replace(h.article, url=f"https://www.Mill.example/{h.score}")) for h in hosts]
    assert share_out(6, [*hosts, by("Wire", 0.9)]) == hosts[:6]
    assert crowding(hosts) is None

"""Cutting: passages of one zone within limits, sentences numbered, offsets that always slice the exact words."""

import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assistant.corpus import chunk, clean
from assistant.corpus.chunk import MAX_CHARS
from assistant.corpus.sentences import split_sentences
from assistant.errors import DocumentError
from assistant.types import Article, Block, RawDocument


def count_tokens(text):
    return len(text.split())


def article(*blocks):
    """Return an article of (zone, text) blocks."""
    text, placed = "", []
    for zone, words in blocks:
        text += "\n\n" if text else ""
        placed.append(Block(len(text), len(text) + len(words), zone))
        text += words
    return Article("0" * 12, "a.txt", None, None, None, None, None, None, {}, text, tuple(placed))


def words(made):
    return [made.text[p.start : p.end] for p in chunk(made, count_tokens)]


def sentences(text):
    return [text[start:end] for start, end in split_sentences(text)]


BODY = "The old bridge reopened on Thursday. The mayor was glad to see so many people walk over it in the sun."


class TestPassages:
    def test_at_most_four_paragraphs(self):
        assert len(words(article(*[("body", BODY)] * 9))) == 3

    def test_lines_of_a_list_do_not_count(self):
        assert len(words(article(*[("body", "84 beams")] * 9))) == 1

    def test_a_line_with_a_colon_stands_before_what_it_leads_to(self):
        made = article(*[("body", BODY)] * 3, ("body", f"{BODY[:-1]}:"), ("body", BODY))
        assert [part.endswith(":") for part in words(made)] == [False, False]
        made = article(*[("body", BODY)] * 3, ("body", f"{BODY[:-1]}:"), ("body", " ".join([BODY] * 12)))
        assert words(made)[0].endswith(":")

    def test_zones_do_not_mix(self):
        made = article(
            ("heading", "T"), ("body", BODY), ("caption", "C."), ("body", BODY), ("boilerplate", "B"), ("comment", "R.")
        )
        assert [p.zone for p in chunk(made, count_tokens)] == [
            "body",
            "caption",
            "body",
            "boilerplate",
            "comment",
        ]

    def test_a_passage_may_start_at_a_subhead_that_is_none_of_its_sentences(self):
        made = article(("heading", "Title"), ("body", BODY), ("heading", "Long repair"), ("body", BODY))
        first, second = chunk(made, count_tokens)
        assert made.text[first.start : first.end] == BODY
        assert made.text[second.start : second.end] == f"Long repair\n\n{BODY}"
        assert made.text[second.sentences[0].start : second.sentences[0].end] == "The old bridge reopened on Thursday."

    def test_a_long_paragraph_is_cut_at_sentence_ends_into_even_parts(self):
        made = article(("body", " ".join([BODY] * 12)))
        parts = words(made)
        assert all(len(part) <= MAX_CHARS and part.endswith(".") for part in parts)
        assert max(map(len, parts)) - min(map(len, parts)) < 300

    def test_the_token_limit_holds_and_a_long_sentence_stands_alone(self):
        long = " ".join(["word"] * 60) + "."
        made = article(("body", f"{BODY} {long} {BODY}"))
        passages = chunk(made, count_tokens, limit=30)
        over = [p for p in passages if count_tokens(made.text[p.start : p.end]) > 30]
        assert [made.text[p.start : p.end] for p in over] == ["W" + long[1:]] or len(over[0].sentences) == 1

    def test_numbers_run_on(self):
        made = article(*[("body", BODY)] * 9, ("comment", "One. Two."))
        passages = chunk(made, count_tokens)
        assert [p.number for p in passages] == list(range(len(passages)))
        numbers = [s.number for p in passages for s in p.sentences]
        assert numbers == list(range(20))


class TestSentences:
    def test_offsets_are_characters_with_emoji_and_accents(self):
        assert sentences("😀 Café Élysée öffnete. 🎉🎉 Next one came.") == [
            "😀 Café Élysée öffnete.",
            "🎉🎉 Next one came.",
        ]

    @pytest.mark.parametrize(
        "text",
        [
            "The pause began at noon on Friday. in the area south of the river.",
            "Gen. Marn met Dr. Ek.",
            "It opened at 5 p.m. CET on Friday.",
            "2. Walk over the bridge.",
            "“We are glad.”",
        ],
    )
    def test_stays_whole(self, text):
        assert sentences(text) == [text]

    def test_a_closing_quotation_mark_belongs_to_the_sentence_before(self):
        assert sentences("“We won,” she said. “It is over.” He left.") == [
            "“We won,” she said.",
            "“It is over.”",
            "He left.",
        ]

    def test_a_very_long_quotation_is_cut_inside(self):
        found = sentences("“" + " ".join(["The flood took the road and the house with it."] * 12) + "”")
        assert len(found) == 12

    def test_long_input_does_not_hang(self):
        start = time.monotonic()
        for text in ("a" * 100_000, "word " * 20_000, "“" * 30_000, ". " * 50_000, "Go. " * 30_000):
            split_sentences(text)
        assert time.monotonic() - start < 7


NOISE = st.sampled_from(
    ["\n", "\n\n", "  1. ", "    • ", "Share this article", "Leave a Reply", "(AFP)", "3 March 2021", "By Ann Lee",
     "[…]", "“", "”", "\u200b", "\ud800", "😀", "é", ". ", "? ", "The bridge opened on Friday after a long repair. ",
     "\u2028", "\t", "\r\n", "a.m. "]
)  # fmt: skip


@settings(max_examples=60, deadline=None)
@given(st.lists(NOISE | st.text(max_size=30), max_size=40).map("".join), st.integers(1, 40))
def test_offsets_always_slice_verbatim(content, limit):
    try:
        made = clean(RawDocument("a.txt", "text", content))
    except DocumentError:
        return
    made.text.encode("utf-8")
    edges = [edge for block in made.blocks for edge in (block.start, block.end)]
    assert edges == sorted(edges)
    assert "\n\n".join(made.text[b.start : b.end] for b in made.blocks) == made.text
    passages = chunk(made, count_tokens, limit)
    numbers = [s.number for p in passages for s in p.sentences]
    assert numbers == list(range(len(numbers)))
    end = 0
    for passage in passages:
        assert end <= passage.start < passage.end <= len(made.text)
        zones = {b.zone for b in made.blocks if passage.start < b.end and b.start < passage.end} - {"heading"}
        assert zones == {passage.zone}
        inner = passage.start
        for sentence in passage.sentences:
            assert inner <= sentence.start < sentence.end <= passage.end
            quote = made.text[sentence.start : sentence.end]
            assert quote == quote.strip()
            assert made.text[inner : sentence.start].strip() == "" or inner == passage.start
            inner = sentence.end
        end = passage.end
    told = sum(len("".join(made.text[b.start : b.end].split())) for b in made.blocks if b.zone != "heading")
    assert told == sum(len("".join(made.text[s.start : s.end].split())) for p in passages for s in p.sentences)


def test_words_without_sentences_are_cut_between_words():
    text = "abcdefg " * 2000
    assert {word for a, b in split_sentences(text) for word in text[a:b].split()} == {"abcdefg"}


def test_what_goes_on_without_end_is_cut_at_clauses_or_spaces():
    text = "word " * 1000 + "and then, " * 300 + "x" * 3000
    spans = split_sentences(text)
    assert all(end - start <= 800 for start, end in spans)
    assert "".join(text[a:b] for a, b in spans).replace(" ", "") == text.replace(" ", "")

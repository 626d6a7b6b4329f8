"""What must hold of every article that was read and cut, whatever it was made of."""

from __future__ import annotations

import re
from collections.abc import Sequence

from assistant.corpus.paragraphs import scrub
from assistant.types import Article, Passage

_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")


def check_article(article: Article) -> None:
    """Check that blocks tile the text, and that nothing in it is invisible or half a character."""
    at = 0
    for block in article.blocks:
        assert block.start == at, "blocks leave a gap or overlap"
        assert block.end > block.start
        assert "\n" not in article.text[block.start : block.end]
        at = block.end + 2
    assert at == len(article.text) + 2, "blocks do not reach the end"
    assert scrub(article.text) == (article.text, 0), "invisible characters are left"
    assert any(block.zone == "body" for block in article.blocks)
    for name in ("title", "publisher", "author", "url"):
        value = getattr(article, name)
        assert value is None or (value.strip() and scrub(value)[1] == 0 and "\n" not in value), f"{name} {value!a}"
        assert value is None or len(value) <= 500, f"{name} of {len(value)} characters"
    for day in (article.published, article.updated):
        assert day is None or _DAY.fullmatch(day), f"the date {day!a}"
    assert article.url is None or article.url.startswith(("http://", "https://"))


def check_passages(article: Article, passages: Sequence[Passage]) -> None:
    """Check that passages and sentences stand in order within one zone and leave no word out."""
    number, at = 0, 0
    held = bytearray(len(article.text))
    for place, passage in enumerate(passages):
        assert (passage.number, passage.article_id) == (place, article.id)
        assert at <= passage.start < passage.end <= len(article.text), "passages overlap"
        at = passage.start
        for one in passage.sentences:
            assert one.number == number, "sentences are not numbered through"
            assert at <= one.start < one.end <= passage.end, "sentences overlap or leave their passage"
            quote = article.text[one.start : one.end]
            assert quote == quote.strip(), "a sentence begins or ends with white space"
            held[one.start : one.end] = b"\1" * (one.end - one.start)
            number, at = number + 1, one.end
        zones = {b.zone for b in article.blocks if any(b.start <= s.start < b.end for s in passage.sentences)}
        assert zones <= {passage.zone}, f"sentences of {zones} in a passage of {passage.zone}"
    for block in article.blocks:
        if block.zone != "heading":
            words = enumerate(article.text[block.start : block.end], block.start)
            assert all(held[n] or c.isspace() for n, c in words), "a sentence is left out"

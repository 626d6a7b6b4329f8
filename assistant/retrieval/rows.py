"""Between rows of the record and the project's nouns."""

from __future__ import annotations

import json
import unicodedata
from collections.abc import Sequence
from typing import Any, Final

from assistant.errors import DocumentError
from assistant.retrieval.ledger import readable
from assistant.types import Article, ArticleInfo, Block, Passage, Sentence

INFO: Final = "a.id, a.source, a.title, a.publisher, a.author, a.published, a.updated, a.url"
ARTICLE: Final = INFO + ", a.found, a.text, a.blocks, a.notices"


def publisher_key(name: str | None) -> str | None:
    """Return ``name`` for comparison: without case, compatibility forms or doubled spaces.

    Kept in a column because SQLite's own lower() and NOCASE know ASCII only.
    """
    return None if name is None else " ".join(unicodedata.normalize("NFKC", name).casefold().split())


def article_row(article: Article) -> tuple[Any, ...]:
    """Return the values of ``ARTICLE`` in its order.

    Raises:
        DocumentError: a text holds a NUL character, at which SQLite ends a text, or half a surrogate pair.
    """
    values = (
        *(article.id, readable(article.source), article.title, article.publisher, article.author),
        *(article.published, article.updated, article.url, json.dumps(dict(article.found), ensure_ascii=False)),
        article.text,
        json.dumps([[block.start, block.end, block.zone] for block in article.blocks], separators=(",", ":")),
        json.dumps(article.notices, ensure_ascii=False),
    )
    for value in values:
        if value is not None and ("\0" in value or readable(value) != value):
            raise DocumentError(
                f"cannot store '{readable(article.source)}': it holds a NUL character or half a surrogate pair "
                "that cleaning should have taken out; save it as UTF-8 and add it again"
            )
    return values


def to_article(row: Sequence[Any]) -> Article:
    """Return the article of a row of ``ARTICLE``."""
    identity, source, title, publisher, author, published, updated, url, found, text, blocks, notices = row
    return Article(
        id=identity,
        source=source,
        title=title,
        publisher=publisher,
        author=author,
        published=published,
        updated=updated,
        url=url,
        found=json.loads(found),
        text=text,
        blocks=tuple(Block(*block) for block in json.loads(blocks)),
        notices=tuple(json.loads(notices)),
    )


def to_info(row: Sequence[Any]) -> ArticleInfo:
    """Return the article of a row of ``INFO``."""
    return ArticleInfo(*row)


def to_passage(row: Sequence[Any], sentences: Sequence[Sequence[int]]) -> Passage:
    """Return a passage from (article_id, number, start, end, zone) and its (number, start, end) rows."""
    article_id, number, start, end, zone = row
    return Passage(article_id, number, start, end, zone, tuple(Sentence(*sentence) for sentence in sentences))

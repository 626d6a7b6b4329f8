"""The source panel: an article with the quoted words marked in their place."""

from __future__ import annotations

from collections.abc import Iterator

from assistant.types import Article, Block
from assistant.ui.exchange import public_source
from assistant.ui.markup import Html, button, el, join, outside_link, text

SHOWN_BEFORE, SHOWN_AFTER = 20_000, 20_000
"""Characters of a long article around the quote; the rest is left out and said to be."""

_TAGS = {"heading": "h4", "body": "p", "caption": "p", "comment": "p", "boilerplate": "p"}
_ZONES = {"caption": "Caption", "comment": "Reader’s comment", "boilerplate": "From the page around the article"}


def source_html(article: Article, start: int, end: int) -> Html:
    """Return the panel for ``article.text[start:end]``.

    Args:
        article: with its text.
        start: first character of the quote.
        end: behind its last one.
    """
    title = article.title or "Untitled"
    how = article.found.get("published")
    date = f"{article.published} ({how})" if article.published and how else article.published or "no date stated"
    return join(
        el(
            "div",
            el("h3", title, class_="source-title", dir="auto"),
            el("p", f"{article.publisher or 'unknown publisher'} · {date}", class_="small", dir="auto"),
            outside_link(article.url) or outside_link(article.source),
            class_="source-head",
        ),
        el(
            "div",
            *_blocks(article, start, end),
            el("h4", "About this article"),
            el("dl", *_facts(article), class_="facts"),
            class_="article-text",
            tabindex="0",
            role="region",
            aria_label="Text of the article",
        ),
    )


def panel_html() -> Html:
    """Return the empty source panel; page.js fills it."""
    return el(
        "aside",
        el(
            "div",
            el("h2", "Source", id="na-source-name", tabindex="-1"),
            el("span", "", id="na-source-place", class_="small", aria_live="polite"),
            button("Previous", "previous", id="na-previous", aria_label="Previous citation", disabled=True),
            button("Next", "next", id="na-next", aria_label="Next citation", disabled=True),
            button("Close", "close", id="na-close", aria_label="Close the source"),
            class_="panel-head",
        ),
        el(
            "div",
            el("p", "Press a number in an answer to read its source here.", class_="small"),
            id="na-source-body",
        ),
        id="na-panel",
        aria_label="Source of a statement",
    )


def gone_html() -> Html:
    """Return what the panel says of an article that is no longer in the index."""
    return el("p", "This article was removed from the index; its text can no longer be shown.", class_="small")


def _facts(article: Article) -> Iterator[Html]:
    known = article.found
    rows = (
        ("Publisher", article.publisher or "unknown", known.get("publisher")),
        ("Published", article.published or "not stated", known.get("published")),
        ("Updated", article.updated, known.get("updated")),
        ("Author", article.author, known.get("author")),
        ("File", public_source(article.source), None),
    )
    for name, value, how in rows:
        if value:
            yield el("dt", name)
            yield el("dd", value, el("span", f" (from: {how})", class_="small") if how else None, dir="auto")
    for notice in article.notices:
        yield el("dt", "Note")
        yield el("dd", notice)


def _blocks(article: Article, start: int, end: int) -> Iterator[Html]:
    shown = [
        one
        for one in article.blocks
        if one.end > start - SHOWN_BEFORE
        and one.start < end + SHOWN_AFTER
        and article.text[one.start : one.end].strip()
    ]
    if shown and article.blocks and shown[0].start > article.blocks[0].end:
        yield el("p", "… the beginning of this long article is left out …", class_="small")
    for block in shown:
        label = _ZONES.get(block.zone)
        inside = _marked(article.text, block, start, end)
        tag = _TAGS[block.zone]
        named = el("bdi", f"{label}: ", class_="small") if label else None
        yield el(tag, named, inside, class_=f"zone-{block.zone}", dir="auto")
    if shown and shown[-1].end < article.blocks[-1].start:
        yield el("p", "… the rest of this long article is left out …", class_="small")


def _marked(whole: str, block: Block, start: int, end: int) -> Html:
    first, last = max(block.start, start), min(block.end, end)
    if first >= last:
        return text(whole[block.start : block.end])
    return join(whole[block.start : first], el("mark", whole[first:last]), whole[last : block.end])

"""A web page to paragraphs with zones, by trafilatura, and what its markup says of the article."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date
from itertools import chain, islice, pairwise
from typing import Any, Final

from lxml import etree, html  # type: ignore[import-untyped]

from assistant.corpus.dates import parse_date, parse_declared
from assistant.corpus.interview import part_questions
from assistant.corpus.metadata import read_metadata
from assistant.corpus.paragraphs import Page, Paragraph, scrub, squeeze
from assistant.errors import DocumentError
from assistant.types import Zone

_HIDDEN_STYLE: Final = re.compile(
    r"display\s*:\s*none|visibility\s*:\s*(?:hidden|collapse)|opacity\s*:\s*0*(?:\.0+)?\s*(?:;|!|$)|"
    r"font-size\s*:\s*(?=[\d.])(?:0*[01]?(?:\.\d*)?\s*p[xt]|0*(?:\.[01]\d*)?\s*r?em|\d(?:\.\d*)?\s*%|0*(?:\.0*)?\s*[a-z]*)"
    r"\s*(?:;|!|$)|"
    r"(?:^|;)\s*(?:(?:left|top|text-indent)\s*:\s*-\d{3}|margin-(?:left|top)\s*:\s*-\d{4})|clip\s*:\s*rect\(\s*[01]|"
    r"(?:^|[;\s])color\s*:\s*(?:#fff(?:fff)?\b|white\b|transparent\b)",
    re.IGNORECASE,
)
_HIDDEN_CLASS: Final = re.compile(
    r"(?:^|[\s_-])(?:sr-only|visually-?hidden|screen-reader(?:-text)?|assistive-text)(?:$|\s)|"
    r"(?:^|\s)(?:(?:is|u)-)?hidden(?:$|\s)",
    re.IGNORECASE,
)
_CAPTION: Final = (
    "//figcaption | //*[contains(@class, 'caption')][not(ancestor::figcaption)][not(.//*[contains(@class, 'caption')])]"
)
_BLOCKS: Final = {
    "p",
    "head",
    "item",
    "quote",
    "code",
    "row",
    "ab",
    "h1",
    "h2",
    "h3",
    "h4",
    "h5",
    "h6",
    "li",
    "blockquote",
}
_PLAIN: Final = "//h1 | //h2 | //h3 | //h4 | //p | //li | //blockquote | //td"
_BREAK: Final = "\u2028"
"""Stands for ``<br>``: Unicode's line separator is white space that can be told from line ends of the source."""
_CLOCK: Final = re.compile(
    r"(?P<day>(?:[a-z]{3,9}\.? \d{1,2}|\d{1,2} [a-z]{3,9}\.?)(?:,? \d{4})?(?:,| at)? )?"
    r"\d{1,2}(?:[:.h]\d{2}|(?= ?[ap]))(?: ?[ap]\.?m\.?)?(?: [A-Z]{2,4})?",
    re.IGNORECASE,
)
_POSTS: Final = 3
"""Times of day that make a page a live blog; a single one is the article's own."""
_EMPTY_LINE: Final = re.compile(rf"{_BREAK}\s*{_BREAK}")
_LONG_TAG: Final = re.compile(r"<[A-Za-z][^<>]{20000,}")
_MAX_ATTRIBUTES: Final = 1000
"""libxml2 compares every attribute of a tag with every other: 100,000 of them take minutes."""
_SENTENCE_CHARS: Final = 80
_CELL_PARAGRAPHS: Final = 3
_CAPTION_CHARS: Final = 1000


def read_page(source_code: str) -> Page:
    """Return the article of a web page, given as decoded HTML; a hostile one is for ``parse.parse_page``.

    Raises:
        DocumentError: it cannot be parsed or holds no text.
    """
    tree = _parse(source_code)
    struck = _tidy(tree)
    known = read_metadata(tree)
    hidden = _remove_hidden(tree)
    _keep_times(tree, parse_declared(known["published"][0]) if "published" in known else None)
    part_questions(tree)
    captions = [text for text in map(_text, tree.xpath(_CAPTION)[:200]) if 3 < len(text) <= _CAPTION_CHARS]
    body, comments = _extract(tree, known)
    wanted = {*captions}
    main = [p for p in body if p.text not in wanted] or _plain(tree, wanted)
    seen = {p.text for p in main}
    readers = [Paragraph(p.text, zone="comment") for p in comments if p.text not in seen]
    pictures = [Paragraph(text, zone="caption") for text in dict.fromkeys(captions)]
    paragraphs, invisible = [], 0
    for paragraph in [*main, *pictures, *readers]:
        text, count = scrub(paragraph.text)  # entities such as &#8203; show only after parsing
        invisible += count
        if text := squeeze(text):
            paragraphs.append(Paragraph(text, zone=paragraph.zone))
    left_out = (("hidden element", hidden), ("struck-out passage", struck))
    notices = (f"{count} {what}{'s' * (count != 1)} of the page left out" for what, count in left_out if count)
    return Page(paragraphs, known, invisible, tuple(notices))


def _parse(source_code: str) -> html.HtmlElement:
    # lxml refuses a str with an encoding declaration, and its own limit on depth ends hostile pages.
    code = re.sub(r"^\s*<\?xml[^>]*\?>", "", source_code)
    code = _LONG_TAG.sub(lambda tag: tag[0].split(None, 1)[0] if tag[0].count("=") > _MAX_ATTRIBUTES else tag[0], code)
    try:
        # trafilatura loses the words behind a comment
        tree = html.document_fromstring(code, parser=html.HTMLParser(remove_comments=True))
    except (etree.ParserError, etree.XMLSyntaxError, ValueError) as error:
        raise DocumentError("the page cannot be parsed or holds no text; add the article as plain text") from error
    return tree


def _remove_hidden(tree: html.HtmlElement) -> int:
    """Drop what a reader of the page does not see; return how many elements with words in them."""
    count = 0
    for element in tree.xpath(
        "//*[@style or @hidden or @class][not(self::body or self::html or self::main or self::article)]"
    ):
        hidden = element.get("hidden") is not None or _HIDDEN_STYLE.search(element.get("style", ""))
        if (hidden or _HIDDEN_CLASS.search(element.get("class", ""))) and element.getparent() is not None:
            count += bool(element.text_content().strip()) and element.tag not in ("script", "style", "noscript")
            element.drop_tree()
    return count


def _tidy(tree: html.HtmlElement) -> int:
    """Drop what the page strikes out, put line breaks and quotation marks into characters; return how many struck."""
    struck = tree.xpath("//del | //s | //strike")
    for element in struck:
        element.clear(keep_tail=True)
    for element in tree.iter("q"):
        element.text, element.tail = f"“{element.text or ''}", f"”{element.tail or ''}"
    for element in tree.iter("br"):
        element.tail = _BREAK + (element.tail or "")
    return len(struck)


def _keep_times(tree: html.HtmlElement, published: str | None) -> None:
    """Turn ``<time>`` into words that trafilatura keeps: in sentences, and with the headings of a live blog's posts.

    A post of another day than ``published`` gets its day too: the citation has the article's.
    """
    for paragraph in tree.xpath("//p[time]"):
        if len(_text(paragraph)) > _SENTENCE_CHARS:
            for time in paragraph.iterchildren("time"):
                time.tag = "span"
    times = tree.xpath("//time[not(ancestor::time or ancestor::h2 or ancestor::h3 or ancestor::h4)]")
    told = {time for time, behind in pairwise(tree.iter("p", "time")) if behind.tag == "p"}  # others' are of teasers
    clocks = [(t, clock) for t in times if (clock := _CLOCK.fullmatch(_text(t))) and (t in told or not clock["day"])]
    for time, clock in clocks if len(clocks) >= _POSTS else ():
        day = None if clock["day"] else parse_date(time.get("datetime", ""))
        shown = f"{int(day[-2:])} {date.fromisoformat(day):%B %Y}, {clock[0]}" if day and day != published else clock[0]
        places = [time, *([time.getparent()] if time.getnext() is None else [])]
        near = [one for place in places for one in (place.getnext(), place.getprevious()) if one is not None]
        headings = [one for one in near if one.tag in ("h2", "h3", "h4")]
        if headings:
            text = f"{shown}: {_text(headings[0])}"
            headings[0].clear(keep_tail=True)
            headings[0].tag, headings[0].text = "p", text
            time.clear(keep_tail=True)
        elif any(one.tag == "p" for one in near):
            time.tag, time.text = "p", shown.removesuffix(clock[0]) + (time.text or "")


def _extract(tree: html.HtmlElement, known: dict[str, tuple[str, str]]) -> tuple[list[Paragraph], list[Paragraph]]:
    """Return trafilatura's body and comments, and add what it tells of fields that are not known."""
    from trafilatura import bare_extraction

    found: Any = bare_extraction(
        tree,
        include_comments=True,
        include_tables=True,
        with_metadata=True,
        date_extraction_params={"extensive_search": False, "original_date": True, "max_date": "2100-01-01"},
    )
    if found is None:
        return [], []
    site = found.sitename or ""
    if site in (found.url or ""):  # where the page names no site, trafilatura takes the host
        site = ""
    for name, value in (("title", found.title), ("author", found.author), ("publisher", site)):
        if value and name not in known:
            known[name] = (str(value), "page markup")
    if found.date and "published" not in known:
        known["published"] = (str(found.date), "date in the page's markup")
    return list(_walk(found.body)), list(_walk(found.commentsbody))


def _walk(root: Any) -> Iterator[Paragraph]:  # noqa: ANN401
    """Yield the paragraphs of trafilatura's tree; what stands before, between and behind inner blocks is one too."""
    if root is None:
        return
    held = ""  # text since the last edge of a block
    walker = etree.iterwalk(root, events=("start", "end"))
    for event, element in walker:
        inline = element.tag in ("quote", "code") and element.getparent().tag == "p"
        if element.tag in _BLOCKS and not inline:
            within = element if event == "end" else element.getparent()
            yield from _paragraphs(held, "heading" if within is not None and within.tag == "head" else None)
            held = ""
        if event == "end":
            held += (element.tail or "").replace(_BREAK, " ") if element is not root else ""
        elif element.tag == "row":
            yield from _row(element)
            walker.skip_subtree()
        else:
            held += (_BREAK if element.tag == "lb" else "") + (element.text or "")
    yield from _paragraphs(held)


def _row(row: Any) -> Iterator[Paragraph]:  # noqa: ANN401
    """Yield a row of a table as one line, each cell behind its column's heading, as in "Item: Roof | Cost: £3m".

    The cells of a table that only lays out the page are read one by one.
    """
    cells = [list(_walk(cell)) for cell in row]
    tops = islice(row.getparent().iterchildren("row"), 2)  # the table's caption may stand first
    alike = (top for top in tops if len(top) == len(row) and all(cell.get("role") == "head" for cell in top))
    names = next(alike, row)
    if row not in (names, names.getprevious()):
        for heading, paragraphs in zip(names, cells, strict=True):
            if paragraphs and (column := " ".join(p.text for p in _walk(heading))):
                paragraphs[0] = Paragraph(f"{column}: {paragraphs[0].text}")
    if any(len(cell) > _CELL_PARAGRAPHS for cell in cells):
        yield from chain.from_iterable(cells)
    else:
        yield from _paragraphs(" | ".join(" ".join(p.text for p in cell) for cell in cells if cell))


def _paragraphs(text: str, zone: Zone | None = None) -> Iterator[Paragraph]:
    """Yield what stands between empty lines."""
    return (Paragraph(line, zone=zone) for part in _EMPTY_LINE.split(text) if (line := squeeze(part)))


def _plain(tree: html.HtmlElement, unwanted: set[str]) -> list[Paragraph]:
    """Return the paragraphs of a page too plain for trafilatura, such as a fragment of a feed."""
    found: list[Paragraph] = []
    for element in tree.xpath(_PLAIN):
        if element.xpath(".//p | .//li | .//td | ./ancestor::nav | ./ancestor::footer | ./ancestor::form"):
            continue
        if _text(element) not in unwanted:
            found += _paragraphs(element.text_content(), "heading" if element.tag in ("h1", "h2", "h3", "h4") else None)
    return found or [Paragraph(text) for line in tree.text_content().split("\n") if (text := squeeze(line))]


def _text(element: Any) -> str:  # noqa: ANN401
    return squeeze(element.text_content())

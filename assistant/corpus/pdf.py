"""PDF files to text, in a child process (see ``child.py``): lines by their place and size on the page."""

from __future__ import annotations

import io
import math
import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import groupby, pairwise, zip_longest
from typing import TYPE_CHECKING, Final

from assistant.corpus.pages import table_rows
from assistant.corpus.paragraphs import join, known_words

if TYPE_CHECKING:
    from pypdf import PageObject

_NUMBER: Final = re.compile(r"(?:page\s*)?\d{1,4}(?:\s*(?:/|of)\s*\d+)?", re.IGNORECASE)
_BULLET: Final = re.compile(r"\d{1,2}[.)]|[^\w\s]")
_SOFT: Final = re.compile("[\xad\u2010]$")
"""Other hyphens at the end of a line."""
_LISTED: Final = re.compile(r"(?:\d{1,3}[.)]|[-*•◦▪‣·–])\s")
_ENDS: Final = (".", "!", "?", '"', "”", ":")
_AROUND: Final = 5
"""Lines before and behind one among which the longest of the same column shows how wide that is."""
_NARROWEST: Final = 30
"""Characters in a line of a column at least; shorter lines are those of a list."""
_FULL: Final = 0.85
"""Share of the width that a line and the next word fill where a paragraph goes on, as letters differ in width."""
_ENDED: Final = 0.8
"""Share of the width that a line fills which ends in a full stop, and whose paragraph goes on."""
_PROSE_CHARS: Final = 25
"""Characters of a cell on average from which a table is two columns of text."""
_WORD_CHARS: Final = 12
"""Characters of a piece on average up to which a line may be drawn word by word."""
_SPACE: Final = 0.4
"""Sizes of the type between words on average at most, a letter being half of one wide."""
_EDGE: Final = 2
"""Lines from the top and the bottom of a page that may be running heads and feet."""
_FARTHEST: Final = 1e6
"""Points; a place further away is none: it may be no number at all."""
_LARGER: Final = 1.25
"""Size of a headline's type at least, and of a gap between paragraphs, relative to what is usual."""


@dataclass(frozen=True, slots=True)
class Line:
    """What stands in one line of a page, or in a cell or a row of a table.

    Attributes:
        text: without white space around it.
        x, y: where it begins, in points from the left and from the bottom of the page.
        size: of the type, in points.
        row: whether it is a row of a table.
    """

    text: str
    x: float
    y: float
    size: float
    row: bool = False

    @property
    def edge(self) -> int:
        """Where it begins, roughly; lines of one column and of one type have this in common."""
        return round(self.x / 4) * 1000 + round(self.size)

    def below(self, other: Line) -> float:
        """Return how far it stands below ``other``, in sizes of its type; under nought it is above."""
        return (other.y - self.y) / self.size

    def beside(self, other: Line) -> bool:
        """Whether it stands as high as ``other`` and to the right of it."""
        return abs(self.y - other.y) < self.size / 3 and self.x > other.x

    def indented(self, other: Line) -> bool:
        """Whether it stands below ``other`` and further to the right."""
        return self.below(other) > 0 and self.x > other.x + self.size / 2

    def like(self, other: Line) -> bool:
        """Whether the type is as large."""
        return abs(self.size - other.size) < other.size / 12


def read_pdf(data: bytes, max_chars: int) -> dict[str, object]:
    """Return ``text`` and ``declared`` of a PDF, or ``error``."""
    import pypdf
    from pypdf.errors import DependencyError, FileNotDecryptedError

    reader = pypdf.PdfReader(io.BytesIO(data))
    try:
        if reader.is_encrypted and not reader.decrypt(""):
            return {"error": "it is encrypted; remove the password and add it again"}
        pages: list[list[Line]] = []
        size = 0
        for page in reader.pages:
            pages.append(_with_rows(_lines(page)))
            size += sum(len(line.text) for line in pages[-1])
            if size > max_chars:
                return {"error": f"it has over {max_chars:,} characters; split it and add the parts"}
    except (DependencyError, FileNotDecryptedError):
        return {"error": "it is encrypted; remove the password and add it again"}
    text = "\n\n".join(_paragraphs(_without_running_lines(pages)))
    if not text.strip():
        return {"error": "it holds no text, only pictures of pages; run text recognition on it and add it again"}
    info = reader.metadata
    declared = {"title": info.title or "", "author": info.author or ""} if info else {}
    return {"text": text, "declared": {key: str(value) for key, value in declared.items()}}


def _lines(page: PageObject) -> list[Line]:
    """Return the lines of a page in the order in which they are drawn."""
    found: list[Line] = []
    held: list[Line] = []

    def visit(text: str, cm: Sequence[float], tm: Sequence[float], _font: object, size: float) -> None:
        if not text:
            return
        (a, b), (c, d), (x, y) = (
            (one * cm[0] + two * cm[2], one * cm[1] + two * cm[3]) for one, two in (tm[:2], tm[2:4], tm[4:6])
        )
        x, y, along = x + cm[4], y + cm[5], math.hypot(a, b) or 1.0
        x, y = (a * x + b * y) / along, (a * y - b * x) / along  # a page on its side is read upright
        x, y, high = (one if abs(one) < _FARTHEST else 0.0 for one in (x, y, size * math.hypot(c, d)))
        for number, part in enumerate(text.split("\n")):
            if number:
                end()
            held.append(Line(part, x, y, abs(high) or 1.0))

    def end() -> None:
        pieces = [piece for piece in held if piece.text.strip()]
        if pieces:
            longest = max(pieces, key=lambda piece: len(piece.text))  # not the initial
            text = _SOFT.sub("-", _closed("".join(piece.text for piece in held).strip()))
            found.append(Line(text, pieces[0].x, longest.y, longest.size))
        held.clear()

    page.extract_text(visitor_text=visit)
    end()
    return found


def _closed(text: str) -> str:
    """Return a line without spaces between the letters of a word, if it has them: two or more part its words then."""
    letters = [len(one) == 1 and one.isalpha() for one in text.split()]
    words = text.split("  ") if 2 * sum(letters) > len(letters) else []
    return " ".join("".join(word.split()) for word in words if word.strip()) if len(words) > 1 else text


def _with_rows(lines: Sequence[Line]) -> list[Line]:
    """Return lines with the rows of tables in one each; columns of text that are drawn across are read down."""
    rows: list[list[Line]] = []
    for line in lines:
        if rows and line.beside(rows[-1][-1]):
            rows[-1].append(line)
        else:
            rows.append([line])
    found: list[Line] = []
    for several, run in groupby(rows, key=lambda row: len(row) > 1):
        table = list(run)
        cells = [line for row in table for line in row]
        if several and all(len(row) == 2 and _BULLET.fullmatch(row[0].text) for row in table):
            for mark, item in table:
                sign = mark.text if re.search(r"\d", mark.text) else "•"
                found.append(replace(item, text=f"{sign} {item.text}"))
        elif several and _worded(table):
            found += [replace(row[0], text=" ".join(line.text for line in row)) for row in table]
        elif not several or len(table) < 2:
            found += cells
        elif sum(len(line.text) for line in cells) > _PROSE_CHARS * len(cells):
            found += [line for column in zip_longest(*table) for line in column if line]
        else:
            texts = table_rows([[line.text for line in row] for row in table])
            found += [replace(row[0], text=text, row=True) for row, text in zip(table, texts, strict=True)]
    return found


def _worded(rows: Sequence[Sequence[Line]]) -> bool:
    """Return whether rows are lines that were drawn word by word: short pieces, no further apart than words are."""
    cells = [line for row in rows for line in row]
    sizes = [(right.x - left.x) / left.size - len(left.text) / 2 for row in rows for left, right in pairwise(row)]
    return sum(len(line.text) for line in cells) < _WORD_CHARS * len(cells) and sum(sizes) < _SPACE * len(sizes)


def _without_running_lines(pages: Sequence[Sequence[Line]]) -> list[Line]:
    """Return the lines of all pages without page numbers and without heads and feet that most pages share."""

    def shape(line: Line) -> str:
        return re.sub(r"\d+", "0", line.text)

    edges = [_edges(page) for page in pages]
    counts = Counter(one for page in edges for one in {shape(line) for line in page})
    running = {one for one, count in counts.items() if count >= 2 and count > len(pages) / 2}
    return [
        line
        for page, edge in zip(pages, edges, strict=True)
        for line in page
        if line not in edge or not (shape(line) in running or _NUMBER.fullmatch(line.text))
    ]


def _edges(page: Sequence[Line]) -> set[Line]:
    """Return the lines that stand highest and lowest on a page, with those beside them."""
    heights = sorted({round(line.y) for line in page})
    outer = {*heights[:_EDGE], *heights[-_EDGE:]}
    return {line for line in page if round(line.y) in outer}


def _paragraphs(lines: Sequence[Line]) -> list[str]:
    """Return lines joined, where one goes on in the next."""
    sizes: Counter[float] = Counter()
    for line in lines:
        sizes[round(line.size, 1)] += len(line.text)
    usual = max(sizes, key=lambda size: sizes[size], default=1.0)
    gaps = Counter(round(line.below(above), 1) for above, line in pairwise(lines))
    pitch = max((gap for gap in gaps if gap > 0), key=lambda gap: gaps[gap], default=1.0)
    words = known_words("\n".join(line.text for line in lines))
    found: list[list[str]] = []  # pieces of each paragraph
    first = 0
    for number, line in enumerate(lines):
        above = lines[max(number - 1, 0)]
        near = line.like(above) and line.below(above) <= _LARGER * pitch and not (line.row or above.row)
        headline = line.size > _LARGER * usual and line.below(above) > 0
        if number and near and not line.beside(above) and (headline or _goes_on(lines, first, number)):
            both = join(found[-1][-1], line.text, words)
            found[-1][-1:] = both[: -len(line.text)], line.text
        else:
            found.append([line.text])
            first = number
    return ["".join(pieces) for pieces in found]


def _goes_on(lines: Sequence[Line], first: int, number: int) -> bool:
    """Return whether the paragraph of line ``first`` goes on in line ``number``: the one above has no room for more."""
    above, line = lines[number - 1], lines[number]
    text = above.text
    if _LISTED.match(line.text):
        return False
    further = first < number - 1 or _LISTED.match(text)  # in a paragraph only the first line, or those at an initial
    if further and line.below(above) > 0 and line.x < above.x - line.size / 2 and not line.text[:1].islower():
        return False  # where a list ends
    around = lines[max(number - 1 - _AROUND, 0) : number + _AROUND]
    width = max(len(other.text) for other in around if other.edge == above.edge)
    if text.endswith(_ENDS) and (len(text) < _ENDED * width or line.indented(above)):
        return False
    full = len(text) + 1 + len(line.text.split()[0]) > _FULL * width
    return text.endswith("-") or (full and width >= _NARROWEST)

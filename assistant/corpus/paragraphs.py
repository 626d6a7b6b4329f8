"""Plain text to paragraphs: invisible characters out, hard-wrapped lines joined, indentation remembered."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Final

from assistant.types import Zone

_BREAKS: Final = re.compile("\r\n?|[\f\v\x1c-\x1e\x85\u2028\u2029]")
_INVISIBLE: Final = re.compile(
    "[\x00-\x08\x0e-\x1b\x1f\x7f-\x84\x86-\x9f\xad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180e\u200b-\u200f"
    "\u202a-\u202e\u2060-\u206f\u3164\ufeff\uffa0\ufff9-\ufffb\U000e0000-\U000e0fff]"
)
"""Zero-width, bidirectional control, Unicode Tag and selector characters, soft hyphens and control characters."""
_SURROGATE: Final = re.compile("[\ud800-\udfff]")
_ENDS: Final = tuple('.!?…:;"”’»)')
_MARKER: Final = re.compile(r"(?:[-*•◦▪‣·–]|\d{1,3}[.)])\s+\S")
_WORD: Final = re.compile(r"[^\W\d_]+(?:-[^\W\d_]+)*")
_CUT_WORD: Final = re.compile(r"(?<![^\W\d_])[^\W\d_]+-[^\S\n]*\n[^\S\n]*[^\W\d_]+")
_HYPHEN: Final = re.compile(r"(?:([^\W\d_]+)|\w)-$")
WRAP_WIDTHS: Final = (40, 130)
"""Characters a line; text whose lines are longer on the whole is not hard-wrapped."""


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A line of the cleaned text.

    Attributes:
        text: one line, white space collapsed, never empty.
        indent: characters of white space before it in the source.
        group: number of the run of lines without a blank line between them that it belongs to.
        zone: what the source's markup says it is, None for plain text.
    """

    text: str
    indent: int = 0
    group: int = 0
    zone: Zone | None = None

    @property
    def listed(self) -> bool:
        """Whether a number or a bullet stands before it."""
        return bool(_MARKER.match(self.text))


@dataclass(frozen=True, slots=True)
class Page:
    """What a web page holds.

    Attributes:
        paragraphs: headings, text, captions and comments, with the zone that the markup gives them.
        known: field -> (value, how it is known).
        invisible: characters that were removed because nobody sees them.
        notices: what a reader should know.
    """

    paragraphs: list[Paragraph]
    known: dict[str, tuple[str, str]]
    invisible: int
    notices: tuple[str, ...]


def scrub(text: str) -> tuple[str, int]:
    """Return ``text`` with line feeds as line ends and without characters that nobody sees, and how many those were."""
    text = _BREAKS.sub("\n", text)
    text, count = _INVISIBLE.subn("", text)
    return _SURROGATE.sub("\ufffd", text), count


def squeeze(text: str) -> str:
    """Return ``text`` on one line with single spaces."""
    return " ".join(text.split())


def split_paragraphs(text: str) -> list[Paragraph]:
    """Return the paragraphs of plain text: its lines, or where lines are hard-wrapped, what they add up to.

    Args:
        text: as ``scrub`` returns it.
    """
    groups: list[list[str]] = [[]]
    for line in text.split("\n"):
        if line.strip():
            groups[-1].append(line)
        elif groups[-1]:
            groups.append([])
    if width := _wrap_width(groups):
        words = known_words(text)
        groups = [_unwrap(group, width, words) for group in groups]
    return [
        Paragraph(squeeze(line), len(line.expandtabs(4)) - len(line.expandtabs(4).lstrip()), number)
        for number, group in enumerate(groups)
        for line in group
    ]


def known_words(text: str) -> frozenset[str]:
    """Return the words of a text in lower case, but for those that a line's end cuts: what ``join`` asks for."""
    return frozenset(_WORD.findall(_CUT_WORD.sub(" ", text).casefold()))


def _wrap_width(groups: Sequence[Sequence[str]]) -> int | None:
    """Return how many characters wide the text is hard-wrapped, None when its lines are paragraphs."""
    inner = [line.rstrip() for group in groups for line in group[:-1]]
    lengths = sorted(len(line) for group in groups for line in group)
    if len(inner) < 4:
        return None
    width = lengths[len(lengths) * 9 // 10]
    if not WRAP_WIDTHS[0] <= width <= WRAP_WIDTHS[1] or lengths[-1] > 2 * WRAP_WIDTHS[1]:
        return None
    full = [line for line in inner if len(line) > 0.6 * width]
    running = sum(not line.endswith(_ENDS) for line in full)
    return width if len(full) > 0.5 * len(inner) and running > 0.5 * len(full) else None


def _unwrap(group: Sequence[str], width: int, words: frozenset[str]) -> list[str]:
    joined: list[list[str]] = []  # pieces of each paragraph
    last = ""
    for line in group:
        ended = len(last) < (0.8 if last.endswith((".", "!", "?", '"', "”")) else 0.6) * width
        starts = not joined or ended or bool(_MARKER.match(line.strip()))
        if starts:
            joined.append([line.rstrip()])
        else:
            both = join(joined[-1][-1], line.strip(), words)
            joined[-1][-1:] = both[: -len(line.strip())], line.strip()
        last = line.rstrip()
    return ["".join(pieces) for pieces in joined]


def join(before: str, after: str, words: frozenset[str]) -> str:
    """Return two lines as one; of a hyphen at the break it is told by the words around it whether it was there before.

    Args:
        before: the upper line.
        after: the lower line.
        words: of the text, in lower case, with those that are written with a hyphen.
    """
    hyphen, behind = _HYPHEN.search(before[-60:]), _WORD.match(after)
    if not hyphen or re.match(r"(?:and|or|to)\b(?!-)", after):  # two- or three-storey
        return f"{before} {after}"
    first, second = hyphen[1] or "", behind[0].split("-")[0] if behind else ""
    if len(first) < 2 or not second[:1].islower() or f"{first}-{second}".casefold() in words:
        return before + after
    one, other, whole = (
        word.casefold() in words or word.casefold() in _vocabulary() for word in (first, second, first + second)
    )
    parts = whole or not other or not (one or first[0].isupper())
    return before[:-1] + after if parts else before + after


@cache
def _vocabulary() -> frozenset[str]:
    """Everyday English words in lower case, and pieces of others: BERT's vocabulary."""
    return frozenset((files("assistant") / "data" / "bert-uncased-vocab.txt").read_text("utf-8").split())

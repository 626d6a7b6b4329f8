"""What stands at a number: "more than", "at most", "about"; "minus"; "between"."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal

Side = Literal["", "up", "down", "about"]
Ranged = Literal["", "perhaps", "surely"]

_SIDES: tuple[tuple[Side, re.Pattern[str]], ...] = (
    ("down", re.compile(r"\b(?:no (?:more|longer|later|higher) than|not more than|at most|up to|as many as|as much as|"
                        r"a maximum of|less than|fewer than|under|below|almost|nearly|barely|close to|"
                        r"just short of) ?$", re.I)),
    ("up", re.compile(r"\b(?:no (?:fewer|less|earlier) than|not less than|at least|a minimum of|more than|over|above|"
                      r"upwards of|exceeding|well over|greater than) ?$", re.I)),
    ("about", re.compile(r"\b(?:about|around|roughly|some|approximately|an estimated|circa|or so) ?$", re.I)),
)  # fmt: skip
_BEHIND = re.compile(r"\s(?:\w+\s)?or (?P<more>more|less|fewer|longer)\b")
_FIRM = re.compile(r"\b(?:than|at least|at most|minimum of|maximum of) ?$", re.I)
_MINUS = re.compile(r"(?:[\s(][-−–]|\bminus\s)$", re.I)
_BELOW = re.compile(
    r"(?:\s?°?[CF]\b|[\s-]degrees?(?:\s(?:Celsius|Fahrenheit|[CF]))?)?\sbelow (?:zero|freezing)\b", re.I
)
_TO = re.compile(r"\s?[-–]\s?|\sto\s")
_AND = re.compile(r"(?:\s?%|\s(?:per\s)?[a-z]+)?\sand\s", re.I)
_LONGEST = 20
"""Characters of such words."""


@dataclass(frozen=True, slots=True)
class Bound:
    """Which numbers are meant besides the one that is said.

    Attributes:
        side: ``up`` for "more than", ``down`` for "less than", ``about``, or "".
        firm: the words mean nothing else; "over" may belong to a verb, as in "handed over 1,300 names".
        loose: they may be read another way ("over four years" is "within four years" as well).
    """

    side: Side = ""
    firm: bool = False
    loose: bool = False

    def agrees(self, source: Bound) -> bool:
        """Whether what is said keeps to the source: no bound is made up or turned round, and no firm one dropped."""
        if self.loose:
            return source.side != "down"
        if {self.side, source.side} == {"up", "down"}:
            return False
        if self.side in ("up", "down"):
            return source.side == self.side or source.loose
        return not source.firm

    def reaches(self, said: float, source: float) -> bool:
        """Whether a rounded number lies on the side of the source's that its bound says: "almost" 75 for 73.4."""
        return self.side == "about" or (self.side == "down" and source < said) or (self.side == "up" and source > said)


def bound_of(text: str, start: int, end: int, unit: str) -> Bound:
    """Return the bound of the number at ``text[start:end]``, which is of a ``unit``."""
    before = text[max(0, start - _LONGEST) : start]
    if behind := _BEHIND.match(text, end):
        return Bound("up" if behind["more"] in ("more", "longer") else "down", firm=True)
    side: Side = next((name for name, pattern in _SIDES if pattern.search(before)), "")
    loose = unit in ("time", "months") and bool(re.search(r"\bover $", before, re.I))
    return Bound(side, bool(side and _FIRM.search(before)), loose)


def is_negative(text: str, start: int, end: int) -> bool:
    """Whether the number at ``text[start:end]`` is one below zero."""
    return bool(_MINUS.search(text[max(0, start - _LONGEST) : start]) or _BELOW.match(text, end))


def range_of(text: str, start: int, end: int, upper: int) -> Ranged:
    """Whether a number at ``text[start:end]`` and a larger one at ``upper`` are the ends of a range.

    "Between 20 and 30" and "20 to 30" are; "from 20 to 30" and "by 20 to 30" may tell of a change.
    """
    before, gap = text[max(0, start - _LONGEST) : start], text[end:upper]
    if re.search(r"\bbetween $", before, re.I):
        return "surely" if _AND.fullmatch(gap) else ""
    if not _TO.fullmatch(gap):
        return ""
    return "perhaps" if re.search(r"\b(?:from|by) $", before, re.I) else "surely"

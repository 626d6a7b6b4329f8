"""Numbers of a text with their units and bounds: ``14`` is ``fourteen``, ``£412m`` is ``412 million pounds``."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from assistant.answering.checks.bounds import Bound, Ranged, bound_of, is_negative, range_of
from assistant.answering.checks.scales import LETTERS, is_scale
from assistant.answering.checks.units import UNITS

_SMALL = {
    word: number
    for number, word in enumerate(
        "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen "
        "seventeen eighteen nineteen".split()
    )
}
_TENS = {w: n * 10 for n, w in enumerate("twenty thirty forty fifty sixty seventy eighty ninety".split(), 2)}
_SCALES = {"hundred": 1e2, "thousand": 1e3, "million": 1e6, "billion": 1e9, "trillion": 1e12, "bn": 1e9, "tn": 1e12}
_ORDINALS = {
    word: number
    for number, word in enumerate(
        "second third fourth fifth sixth seventh eighth ninth tenth eleventh twelfth thirteenth fourteenth fifteenth "
        "sixteenth seventeenth eighteenth nineteenth twentieth".split(), 2
    )
}  # fmt: skip
_PARTS = {"half": 1 / 2, "halves": 1 / 2, "third": 1 / 3, "thirds": 1 / 3, "quarter": 1 / 4, "quarters": 1 / 4,
          "fifth": 1 / 5, "fifths": 1 / 5}  # fmt: skip
_TENS |= {f"{word[:-1]}ies": number for word, number in _TENS.items()}
_WORD = "|".join(sorted([*_SMALL, *_TENS], key=len, reverse=True))
_SCALE = "|".join(_SCALES)
_PART = "|".join(_PARTS)
_NUMBER = re.compile(
    rf"\b(?P<whole>\d{{1,3}}|{_WORD})\sand\s(?:a|one)\s(?P<more>half|quarter|third)\b(?:\s(?P<mscale>{_SCALE})\b)?|"
    rf"(?P<sign>[$€£¥])?\s?(?P<digits>\d{{1,3}}(?:,\d{{3}})+(?:\.\d+)?|\d+(?:\.\d+)?)(?:st|nd|rd|th|(?P<tens>(?<=0)s\b))?"
    rf"(?:[\s-]?(?P<scale>{_SCALE}|m|k)\b)?|"
    rf"\b(?P<two>two|three|one|a)[\s-](?P<part>{_PART})\b|"
    rf"\bhalf (?:a |an )?(?P<halfof>million|billion|thousand|dozen)\b|\b(?P<partalone>half|halves)\b|"
    rf"\b(?P<dozen>a dozen|two dozen|three dozen|half a dozen)\b|"
    rf"\b(?P<words>(?:(?:{_WORD})[-\s]?|(?:{_SCALE})(?:-|\s(?:and\s)?)?)*(?:{_WORD}))\b(?:\s(?P<wscale>{_SCALE})\b)?|"
    rf"\b(?P<ascale>an?|one|several)\s(?P<bare>hundred|thousand|million|billion)\b|"
    rf"\b(?P<wordordinal>{'|'.join(_ORDINALS)})\b|\b(?P<twice>twice)\b|\b(?P<both>both|pair|couple|neither|either)\b",
    re.I,
)
EXACT = 1e-12
"""Share by which equal numbers may differ after scaling."""
ROUNDED = 0.04
"""How far a rounded number may lie from the one of the source, as a share of it: 75 per cent for 73.4."""
_AFTER = re.compile(
    r"(?:\s?|\s(?:of\s)?an?\s)(?P<percent>%|per\s?cents?\b|percent\b)|"
    r"[\s-](?:of\san?\s)?(?:percentage\s)?(?P<one>[A-Za-z]+)(?:[\s-](?:percentage\s)?(?P<two>[A-Za-z]+))?"
)
_TENS_OF = re.compile(r"(?:\b(?:the|his|her|their|early|late)\s['‘’]?|\bmid-)$", re.I)
"""What stands before the thirties, which "30s" alone may not be."""
_LAND = re.compile(r"[A-Za-z]+$")
_ONE_IN = re.compile(r"\bone (?:in|of|out of) (?:every )?$", re.I)


@dataclass(frozen=True, slots=True)
class Quantity:
    """A number of a text.

    Attributes:
        start, end: characters, the scale word included and the unit not.
        values: what it may stand for: a share of a whole stands for its percentage too.
        unit: dimension of the measure behind it (``time``, ``eur``), "" where none is known; ``tens`` of the 1990s.
        size: the value in the base unit of its dimension (minutes, metres, months), or the value itself.
        bound: "more than", "at most", "about".
        ranged: whether it is one end of "between 20 and 30".
    """

    start: int
    end: int
    text: str
    values: tuple[float, ...]
    unit: str
    size: float
    bound: Bound
    ranged: Ranged = ""


def find_quantities(text: str, taken: Sequence[tuple[int, int]] = ()) -> list[Quantity]:
    """Return the numbers of ``text`` in order, outside the spans ``taken`` by dates and times."""
    found = []
    for match in _NUMBER.finditer(text):
        if any(start < match.end() and match.start() < end for start, end in taken):
            continue
        if text[match.end() : match.end() + 5] == "-time":
            continue  # half-time, part-time
        if match["words"] and match["words"].lower() == "one" and not match["wscale"]:
            continue  # mostly a pronoun
        if match["digits"] and text[match.start("digits") - 1 : match.start("digits")].isalpha():
            continue  # part of a name: N4, DV-7 keeps its 7
        if quantity := _quantity(text, match):
            found.append(quantity)
    for at, (one, other) in enumerate(pairwise(found)):
        if one.values[0] < other.values[0] and (sure := range_of(text, one.start, one.end, other.start)):
            found[at : at + 2] = replace(one, ranged=sure), replace(other, ranged=sure)
    return found


def with_sums(found: Sequence[Quantity]) -> list[Quantity]:
    """Return the numbers of a source and what two durations make together: three hours and fifty minutes."""
    sums = [
        Quantity(one.start, other.end, one.text, (one.size + other.size,), "time", one.size + other.size, one.bound)
        for one, other in pairwise(found)
        if one.unit == other.unit == "time" and one.size >= 60 > other.size and other.start - one.end < 12
    ]
    return [*found, *sums]


def matches(said: Quantity, source: Quantity) -> bool:
    """Whether the number ``said`` is the one of the source: same size, no unit or bound that contradicts.

    The end of a range is no number of its own.
    """
    units = {said.unit, source.unit}
    if (source.ranged == "surely" and not said.ranged) or (len(units) == 2 and "tens" in units):
        return False
    if len(units - {""}) == 2 and units != {"share", "part"}:
        return False
    if said.unit == source.unit and said.unit not in ("", "part"):
        pairs = [(said.size, source.size)]
    else:
        pairs = [(a, b) for a in said.values for b in source.values]
    if any(_close(a, b, EXACT) for a, b in pairs):
        return said.bound.agrees(source.bound) or (said.bound.loose and said.unit == "months")
    # "almost three quarters" for 73.4 per cent: only a rounder number, on the right side
    rounder = said.unit == "part" or _digits(said) < _digits(source)
    return rounder and any(_close(a, b, ROUNDED) and said.bound.reaches(a, b) for a, b in pairs)


def _digits(quantity: Quantity) -> int:
    """Significant digits."""
    return len(f"{abs(quantity.values[0]):.6g}".replace(".", "").strip("0"))


def _close(one: float, other: float, share: float) -> bool:
    return abs(one - other) <= share * max(abs(one), abs(other))


def _quantity(text: str, match: re.Match[str]) -> Quantity | None:
    value, part = _value(text, match)
    if value is None:
        return None
    unit, factor = _unit(text, match)
    start = match.start() + (len(match[0]) - len(match[0].lstrip()))
    value = -value if is_negative(text, start, match.end()) else value
    unit = "part" if part and not unit else unit
    values: tuple[float, ...] = (value,)
    if unit in ("share", "part"):
        values = (value, value * 100 if unit == "part" else value / 100)
    elif value and _ONE_IN.search(text[max(0, match.start() - 20) : match.start()]):
        values = (value, 1 / value, 100 / value)
    bound = bound_of(text, start, match.end(), unit)
    return Quantity(start, match.end(), match[0].strip(), values, unit, value * factor, bound)


def _value(text: str, match: re.Match[str]) -> tuple[float | None, bool]:
    """The value, and whether it is a part of a whole."""
    if match["digits"]:
        return _digital(text, match), False
    if match["whole"]:
        whole = _spelled(match["whole"]) + _PARTS[match["more"].lower()]
        return whole * _SCALES.get((match["mscale"] or "").lower(), 1.0), False
    if match["part"]:
        return {"two": 2, "three": 3}.get(match["two"].lower(), 1) * _PARTS[match["part"].lower()], True
    if match["partalone"]:
        return 0.5, True
    return _worded(match), False


def _digital(text: str, match: re.Match[str]) -> float:
    scale = match["scale"] or ""
    factor = _SCALES.get(scale.lower(), 1.0)
    if scale.lower() in LETTERS:
        factor = LETTERS[scale.lower()] if _scaled(text, match) else 1.0
    return float(match["digits"].replace(",", "")) * factor


def _scaled(text: str, match: re.Match[str]) -> bool:
    """Whether the letter behind a number is a scale; without a sign it is mostly metres."""
    return bool(match["sign"]) or is_scale(match["scale"], text[match.end() : match.end() + 60])


def _worded(match: re.Match[str]) -> float | None:
    value: float | None = None
    if match["halfof"]:
        what = match["halfof"].lower()
        value = 6.0 if what == "dozen" else 0.5 * _SCALES.get(what, 1.0)
    elif match["dozen"]:
        value = {"a": 12.0, "two": 24.0, "three": 36.0, "half": 6.0}[match["dozen"].lower().split()[0]]
    elif match["bare"]:
        value = _SCALES[match["bare"].lower()] if match["ascale"].lower() != "several" else None
    elif match["wordordinal"]:
        value = float(_ORDINALS[match["wordordinal"].lower()])
    elif match["words"]:
        value = _spelled(match["words"]) * _SCALES.get((match["wscale"] or "").lower(), 1.0)
    elif match["twice"] or match["both"]:
        value = 2.0
    return value


def _spelled(words: str) -> float:
    total, current = 0.0, 0.0
    for word in re.findall(r"[a-z]+|\d+", words.lower()):
        if word in _SCALES:
            current = max(current, 1) * _SCALES[word]
            if word != "hundred":
                total, current = total + current, 0.0
        else:
            current += float(word) if word.isdecimal() else _SMALL.get(word, _TENS.get(word, 0))
    return total + current


def _unit(text: str, match: re.Match[str]) -> tuple[str, float]:
    if match["sign"]:
        unit, factor = UNITS[match["sign"]]
        land = _LAND.search(text[max(0, match.start() - 3) : match.start()])
        return (unit if land is None or land[0] == "US" else f"{land[0]} {unit}"), factor
    if _are_tens(text, match):
        return "tens", 1.0
    if match["scale"] == "m" and not _scaled(text, match):
        return UNITS["m"]
    return _unit_behind(text, match)


def _are_tens(text: str, match: re.Match[str]) -> bool:
    """Whether it is the 1990s, the nineties or somebody's 90s."""
    if not match["tens"]:
        return (match["words"] or "").lower().endswith("ties")
    start = match.start("digits")
    return len(match["digits"]) == 4 or _TENS_OF.search(text[max(0, start - 8) : start]) is not None


def _unit_behind(text: str, match: re.Match[str]) -> tuple[str, float]:
    after = _AFTER.match(text, match.end())
    if not after:
        return "", 1.0
    if after["percent"]:
        return "share", 1.0
    one, two = (after["one"] or "").lower(), (after["two"] or "").lower()
    if two in ("dollars", "pounds") and after["one"].istitle() and one not in ("american", "british"):
        return f"{one} {two}", 1.0
    if one in ("of", "and", "to", "in", "on") and not (match["halfof"] or match["part"]):
        two = ""
    return UNITS.get(one) or UNITS.get(two if one in ("nautical", "us", "of", "an", "a") else "") or ("", 1.0)

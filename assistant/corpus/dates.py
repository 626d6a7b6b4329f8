"""Full dates with a year to ISO dates. Never a relative date, never today's, never a guess at day or month."""

from __future__ import annotations

import datetime as dt
import re
from email.utils import parsedate_to_datetime
from typing import Final

from assistant.terms import MONTHS

_ORDINAL: Final = r"(\d{1,2})(?:st|nd|rd|th)?"
_TIME: Final = r"(?:\d{1,2}[:.h]\d{2}(?:[:.]\d{2})?\s*(?:[ap]\.?m\.?)?|\d{1,2}\s*[ap]\.?m\.?)"
_CLOCK: Final = rf"(?:,?\s*(?:at|-|–|\|)?\s*{_TIME})?"
_ZONE: Final = r"(?:\s*\(?(?:[A-Z]{1,5}|[+-]\d{2}:?\d{2}|(?:UTC|GMT)[+-]\d{1,2})\)?)?"
_LEAD: Final = rf"(?:{_TIME}{_ZONE}(?:\s*[,|–-]\s*|\s+)(?:on\s+)?)?"
_WEEKDAY: Final = _LEAD + r"(?:(?:mon|tues?|wed(?:nes)?|thu(?:rs)?|fri|sat(?:ur)?|sun)(?:day)?,?\s+)?"
_TAIL: Final = _CLOCK + _ZONE + r"\.?"

_DAY_FIRST: Final = re.compile(rf"{_WEEKDAY}{_ORDINAL}\.?\s+(?:of\s+)?([^\W\d_]{{3,12}})\.?,?\s+(\d{{4}}){_TAIL}", re.I)
_MONTH_FIRST: Final = re.compile(rf"{_WEEKDAY}([^\W\d_]{{3,12}})\.?\s+{_ORDINAL},?\s+(\d{{4}}){_TAIL}", re.I)
_ISO: Final = re.compile(
    rf"{_LEAD}(\d{{4}})[-/.](\d{{1,2}})[-/.](\d{{1,2}})(?:[T\s]+\d{{1,2}}:\d{{2}}\S*(?:\s*\S{{1,6}})?|[T\s]*)", re.I
)
_NUMERIC: Final = re.compile(rf"{_WEEKDAY}(\d{{1,2}})[-/.](\d{{1,2}})[-/.](\d{{4}}){_TAIL}", re.I)
_COMPACT: Final = re.compile(r"(\d{4})(\d{2})(\d{2})(?:T\d{4,6}Z?)?")
_FOREIGN: Final = re.compile(r"(?:[^\W\d_]+,?\s+)?\d{1,2}\.?º?\s+(?:de\s+)?[^\W\d_]{3,12}\.?\s+(?:de\s+)?\d{4}")
_STAMP: Final = re.compile(r"((?:19|20)\d{2})(\d{2})(\d{2})(?:\d{2}){1,3}")
_EPOCH: Final = re.compile(r"\d{10}(?:\d{3})?(?:\.\d+)?")
_TIME_OF_DAY: Final = re.compile(_TIME + _ZONE, re.I)
_LANGUAGES: Final = (
    "ar bg bn ca cs da de el en es et fa fi fr he hi hr hu id it ja "
    "ko lt lv ms nb nl pl pt ro ru sk sl sr sv th tr uk vi zh"
).split()
"""Those of most newspapers: dateparser's two hundred take two seconds to get ready where none of them fits."""


def parse_date(text: str) -> str | None:
    """Return the ISO date that ``text`` is, as a whole; a time of day and time zone before or behind it are allowed.

    Args:
        text: a date field or a line of an article.

    Returns:
        ``"2017-08-03"``; None when it is no full date or its day and month cannot be told apart (``03/08/2017``).
    """
    text = " ".join(text.split())
    if not 6 <= len(text) <= 60 or not re.search(r"\d{4}", text):
        return None
    if match := _ISO.fullmatch(text) or _COMPACT.fullmatch(text):
        return _iso(int(match[1]), int(match[2]), int(match[3]))
    if match := _DAY_FIRST.fullmatch(text):
        english = match[2].lower() in MONTHS
        return _named(int(match[3]), match[2], int(match[1])) if english else _foreign(text)
    if match := _MONTH_FIRST.fullmatch(text):
        return _named(int(match[3]), match[1], int(match[2]))
    if match := _NUMERIC.fullmatch(text):
        return _numeric(int(match[3]), int(match[1]), int(match[2]))
    return _foreign(text)


def is_time_of_day(text: str) -> bool:
    """Return whether ``text`` is a time of day, perhaps with its time zone, and nothing else."""
    return bool(_TIME_OF_DAY.fullmatch(text))


def parse_declared(text: str) -> str | None:
    """Return the ISO date of a field that is meant to be a date: as ``parse_date``, e-mail dates and Unix times too."""
    if found := parse_date(text):
        return found
    text = text.strip()
    if (match := _STAMP.fullmatch(text)) and (found := _iso(int(match[1]), int(match[2]), int(match[3]))):
        return found  # 2017080312 is no Unix time, which would be in 2033
    if _EPOCH.fullmatch(text):
        seconds = float(text) / (1000 if len(text.split(".")[0]) == 13 else 1)
        return dt.datetime.fromtimestamp(seconds, dt.UTC).date().isoformat()
    if len(text) > 60 or not re.search(r"[A-Za-z]{3} \d{4}", text):
        return None
    try:
        return parsedate_to_datetime(text).date().isoformat()
    except (ValueError, TypeError, IndexError, OverflowError):
        return None


def _iso(year: int, month: int, day: int) -> str | None:
    try:
        return dt.date(year, month, day).isoformat() if year >= 1600 else None
    except ValueError:
        return None


def _named(year: int, month: str, day: int) -> str | None:
    number = MONTHS.get(month.lower())
    return _iso(year, number, day) if number else None


def _numeric(year: int, first: int, second: int) -> str | None:
    if first == second or second > 12:
        return _iso(year, first, second)
    return _iso(year, second, first) if first > 12 else None


def _foreign(text: str) -> str | None:
    """Return a date written out in another language (``3 août 2017``)."""
    if not _FOREIGN.fullmatch(text):
        return None
    import dateparser  # type: ignore[import-untyped]

    whole = {"STRICT_PARSING": True, "REQUIRE_PARTS": ["day", "month", "year"]}
    found = dateparser.parse(text, languages=_LANGUAGES, settings=whole)
    return found.date().isoformat() if found and str(found.year) in text else None

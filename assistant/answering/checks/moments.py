"""Dates, weekdays and times of day of a text, and whether two of them can be the same moment."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Sequence
from dataclasses import dataclass

from assistant.terms import MONTHS

_DAYS = {name: n for n, name in enumerate("Monday Tuesday Wednesday Thursday Friday Saturday Sunday".split())}
_MONTH = "|".join(sorted(map(str.title, MONTHS), key=len, reverse=True))
_COUNT = {w: n for n, w in enumerate("one two three four five six seven eight nine ten eleven twelve".split(), 1)}
_HOUR = "|".join(_COUNT)
_PART = (
    r"(?:\s(?:in the (?P<{0}>morning|afternoon|evening)|at (?P<{0}night>night)|"
    r"on \w+day (?P<{0}of>morning|afternoon|evening|night)))?"
)
_DAY_WORDS = {
    word: number
    for number, word in enumerate(
        "first second third fourth fifth sixth seventh eighth ninth tenth eleventh twelfth thirteenth fourteenth "
        "fifteenth sixteenth seventeenth eighteenth nineteenth twentieth".split(), 1)
}  # fmt: skip
_MOMENT = re.compile(
    rf"\b(?P<iso>\d{{4}}-\d{{2}}-\d{{2}})\b|"
    rf"\b(?P<day1>\d{{1,2}})(?:st|nd|rd|th)?\s(?:of\s)?(?P<month1>{_MONTH})\b\.?(?:,?\s(?P<year1>\d{{4}})\b)?|"
    rf"\b(?P<day4>{'|'.join(_DAY_WORDS)})\sof\s(?P<month4>{_MONTH})\b|"
    rf"\b(?P<month2>{_MONTH})\b\.?\s(?P<day2>\d{{1,2}})(?:st|nd|rd|th)?\b(?!\d)(?:,?\s(?P<year2>\d{{4}})\b)?|"
    rf"\b(?P<month3>{_MONTH})\b\.?(?:,?\s(?P<year3>\d{{4}})\b)?|"
    rf"\b(?P<weekday>{'|'.join(_DAYS)})s?\b|"
    r"\b(?P<hour1>\d{1,2})(?:[.:](?P<minute1>\d\d))?\s?(?P<half1>[ap]\.?m\b\.?)|"
    rf"\b(?P<hour2>\d{{1,2}})[:.](?P<minute2>\d\d)(?=[,.;]?\s|[,.;]?$)"
    rf"(?!\s?(?:per|million|billion|metres|km|degrees|%)){_PART.format('p2')}|"
    rf"\b(?P<past>ten|twenty|five|twenty-five|a? ?quarter|half) (?P<side>past|to) (?P<hour3>{_HOUR})\b"
    rf"{_PART.format('p3')}|"
    rf"\b(?P<clock>{_HOUR}|\d{{1,2}}) o['’]clock\b{_PART.format('p4')}|"
    rf"\b(?P<bare>{_HOUR}|\d{{1,2}})(?= (?:in the (?:morning|afternoon|evening)|at night)){_PART.format('p5')}|"
    r"\b(?P<four>(?:[01]\d|2[0-3])[0-5]\d)(?:(?= (?:GMT|UTC|BST|CEST|CET|EEST|EET|EDT|EST|PDT|PST)\b)|"
    r"(?<=\bat \d{4}) hours\b)|"
    r"\b(?:12 )?(?P<named>noon|midday|midnight)\b|"
    r"\b(?P<relative>(?:(?=[a-z])|(?<!\w\s))(?i:(?:last|this|next) (?:week|month|year|weekend)|"
    r"yesterday|today|tomorrow|tonight))\b|"
    r"(?<![\d,.$€£-])(?P<year>(?:1[89]|20)\d\d)(?![\d,.]\d|\d| (?:\w+ )?(?:people|men|women|"
    r"soldiers|residents|fighters|pounds|euros|dollars|houses|households|workers|hours|days))\b"
)  # fmt: skip
_PUBLISHED = re.compile(r"^(?:.*, )?published (\d{4}-\d{2}-\d{2})$", re.M)
_ISSUED = range(1600, 3000)
"""Years in which news appears: a day more or a year less is a date as well."""
_NEAR = dt.timedelta(31)
"""How far from publication a date without a year may lie in another year."""
_Date = tuple[int, int | None, int | None]
"""Year, month and day; None for what is not said."""


@dataclass(frozen=True, slots=True)
class Moment:
    """A date, weekday, time of day or relative expression.

    Attributes:
        start, end: characters.
        year, month, day: of a date, as far as they are given.
        weekday: 0 for Monday.
        minute: minutes after midnight; after midnight or noon where ``half`` is False.
        relative: "last week", in lower case.
    """

    start: int
    end: int
    text: str
    year: int | None = None
    month: int | None = None
    day: int | None = None
    weekday: int | None = None
    minute: int | None = None
    half: bool = True
    relative: str = ""


def find_moments(text: str) -> list[Moment]:
    """Return the dates and times of ``text`` in order; "four o'clock on Friday morning" is two."""
    found = []
    for match in _MOMENT.finditer(text):
        moment = _moment(match)
        found += [moment] if moment else []
        if match["p4of"] and (day := re.search(rf"\b({'|'.join(_DAYS)})\b", match[0])):
            start = match.start() + day.start()
            found.append(Moment(start, match.start() + day.end(), day[0], weekday=_DAYS[day[0]]))
    return found


def published(context: str) -> dt.date | None:
    """Return the date of the line "published 2017-08-03", or "Lake Post, published 2017-08-03", of ``context``."""
    found = _PUBLISHED.search(context)
    return issue_date(found[1]) if found else None


def issue_date(iso: str) -> dt.date | None:
    """Return an ISO date, if it is one on which news may have appeared."""
    try:
        date = dt.date.fromisoformat(iso)
    except ValueError:
        return None
    return date if date.year in _ISSUED else None


def stated(said: Moment, sources: Sequence[tuple[Moment, dt.date | None]]) -> bool:
    """Whether one of ``sources`` is the moment ``said``.

    Args:
        said: from the statement.
        sources: from the cited sentences, each with the day on which its article was published: what "Friday" and a
            date without a year are counted from.
    """
    if said.minute is not None:
        return any(_same_time(said, other) for other, _ in sources if other.minute is not None)
    if same := [other for other, issued in sources if _same_day(said, other, issued)]:
        explicit = said.day is not None and any(other.month == said.month and other.day for other, _ in sources)
        return not explicit or any(other.day for other in same)
    if said.relative:
        return any(said.relative == other.relative for other, _ in sources)
    return False


def _same_day(said: Moment, source: Moment, issued: dt.date | None) -> bool:
    if source.minute is not None or said.relative:
        return False
    if said.weekday is not None:
        return said.weekday == source.weekday or said.weekday in map(_weekday, _dates(source, issued))
    parts = [(said.year, source.year), (said.month, source.month), (said.day, source.day)]
    if all(a is None or a == b for a, b in parts):
        return source.weekday is None and not source.relative
    return any(
        all(a is None or a == b for a, b in zip((said.year, said.month, said.day), date, strict=True))
        for date in _dates(source, issued)
        if source.month is None or said.month is not None or said.day is None
    )


def _dates(source: Moment, issued: dt.date | None) -> list[_Date]:
    """The dates that ``source`` can be, counted from the day of publication."""
    year = source.year or _nearest_year(source, issued)
    if source.month is not None and year is not None:
        return [(year, source.month, source.day)]
    if issued is None or source.month is not None:
        return []
    around = [issued + dt.timedelta(n) for n in range(-7, 8)]
    if source.weekday is not None:
        return [(day.year, day.month, day.day) for day in around if day.weekday() == source.weekday]
    shift = {"yesterday": -1, "today": 0, "tonight": 0, "tomorrow": 1}.get(source.relative)
    if shift is not None:
        day = issued + dt.timedelta(shift)
        return [(day.year, day.month, day.day)]
    years_on = {"last year": -1, "this year": 0, "next year": 1}.get(source.relative)
    return [(issued.year + years_on, None, None)] if years_on is not None else []


def _nearest_year(source: Moment, issued: dt.date | None) -> int | None:
    """The year that brings a date nearest to publication; None where another one may be meant.

    "In May", said in December, may be the last or the next.
    """
    if issued is None or source.month is None:
        return None
    iso = f"-{source.month:02}-{source.day or 15:02}"
    found = [date for shift in (-1, 0, 1) if (date := issue_date(f"{issued.year + shift}{iso}"))]
    nearest = min(found, key=lambda date: abs(date - issued), default=None)
    return nearest.year if nearest and (nearest.year == issued.year or abs(nearest - issued) <= _NEAR) else None


def _weekday(date: _Date) -> int | None:
    """The weekday of a date, if its day is known and exists."""
    year, month, day = date
    try:
        return dt.date(year, month, day).weekday() if month and day else None
    except ValueError:
        return None


def _same_time(said: Moment, source: Moment) -> bool:
    one, other = said.minute or 0, source.minute or 0
    return one == other if said.half and source.half else one % 720 == other % 720


def _moment(match: re.Match[str]) -> Moment | None:
    start, end, text = match.start(), match.end(), match[0]
    if match["iso"]:
        iso = [int(part) for part in match["iso"].split("-")]
        return Moment(start, end, text, iso[0], iso[1], iso[2])
    parts = match.groupdict()
    for n in "1234":
        if match[f"month{n}"]:
            number = parts.get(f"day{n}")
            day = (_DAY_WORDS.get(number.lower()) or int(number)) if number else None
            year = int(parts[f"year{n}"]) if parts.get(f"year{n}") else None
            return Moment(start, end, text, year, MONTHS[match[f"month{n}"].lower()], day)
    if match["weekday"]:
        return Moment(start, end, text, weekday=_DAYS[match["weekday"]])
    if match["relative"]:
        return Moment(start, end, text, relative=match["relative"].lower())
    if match["year"]:
        return Moment(start, end, text, year=int(match["year"]))
    return _clock(match)


def _clock(match: re.Match[str]) -> Moment | None:
    start, end, text = match.start(), match.end(), match[0]
    if match["named"] or match["four"]:
        named = 0 if match["named"] == "midnight" else 720
        minute = 60 * int(match["four"][:2]) + int(match["four"][2:]) if match["four"] else named
        return Moment(start, end, text, minute=minute)
    if match["hour1"]:
        hour = int(match["hour1"]) % 12 + (12 if match["half1"].lower().startswith("p") else 0)
        return Moment(start, end, text, minute=hour * 60 + int(match["minute1"] or 0))
    if match["hour2"]:
        hour, minute, part = int(match["hour2"]), int(match["minute2"]), _half(match, "p2")
        if hour > 23 or minute > 59 or (text[len(match["hour2"])] == "." and not part):
            return None  # 6.42 is a number
        return _put(
            match, hour, minute, part, sure=hour > 12 or (len(match["hour2"]) == 2 and ":" in text and hour == 0)
        )
    if match["past"]:
        minute = {"ten": 10, "twenty": 20, "five": 5, "twenty-five": 25, "half": 30}.get(match["past"].lower(), 15)
        hour = _COUNT[match["hour3"].lower()]
        both = hour * 60 + (minute if match["side"].lower() == "past" else -minute)
        return _put(match, both // 60, both % 60, _half(match, "p3"))
    word = (match["clock"] or match["bare"]).lower()
    hour = _COUNT.get(word) or int(word)
    return _put(match, hour, 0, _half(match, "p4") or _half(match, "p5")) if hour <= 24 else None


def _half(match: re.Match[str], name: str) -> str:
    return (match[name] or match[f"{name}night"] or match[f"{name}of"] or "").lower()


def _put(match: re.Match[str], hour: int, minute: int, part: str, sure: bool = False) -> Moment:
    """A time of day whose half is told by a part of the day, if at all."""
    if part:
        late = part in ("afternoon", "evening", "night") and hour % 12 + 12 * (part == "night") not in range(12, 16)
        hour = hour % 12 + (12 if late else 0)
    return Moment(match.start(), match.end(), match[0], minute=(hour % 24) * 60 + minute, half=bool(part) or sure)

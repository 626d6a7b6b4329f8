"""A question in the words of what it is put to.

A report says "on Thursday", not in which year: that is what it is dated for. Who asks later says "in August 2017". And
it says Hizbollah where the question says Hezbollah. Searching takes all that into account; a reader of plain words
does not. So what a question says of the time counts as said by a report of that time, and names are written as the
passage writes them.
"""

from __future__ import annotations

import calendar
import datetime as dt
import re
from collections.abc import Sequence
from dataclasses import dataclass

from rapidfuzz import fuzz

from assistant.answering.checks.moments import Moment, find_moments, issue_date
from assistant.terms import Token, fold, is_short_form, tokens
from assistant.types import ArticleInfo, Hit, Term

LATE = dt.timedelta(days=31)
"""How long after a month or a year reports on it may still appear."""

WEEK = dt.timedelta(days=7)
"""How long after a day reports may name it by its weekday."""

NEAR = 85
"""Least rapidfuzz ratio (0..100) of two spellings of one name: a letter exchanged in seven."""

_KEPT = re.compile(
    r"\b(?:since|until|till|before|after|by|between|and|to|than|through|from|early|late|mid|year|spring|summer|autumn|"
    r"fall|winter|season|(?:end|start|beginning|middle|half|quarter|spring|summer|autumn|fall|winter|rest) of)[ -]$",
    re.IGNORECASE,
)
"""What stands before a year that is more than the time of an event."""

_LAST_YEAR = re.compile(r"\blast year\b", re.IGNORECASE)

_LEADS = re.compile(r"\b(?:in|of|on|during|for)\s+$", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Asked:
    """A question to put to passages.

    Attributes:
        question: standing alone.
        terms: its words with their other ways of writing; none: it is written as it is.
    """

    question: str
    terms: Sequence[Term] = ()

    def of(self, hit: Hit) -> str:
        """Return the question as it is put to a passage."""
        question, issued = self._written(hit), issue_date(hit.article.published or "")
        if issued is None:
            return question
        for moment in reversed(_unsaid(question, hit)):
            if not _KEPT.search(question[: moment.start]):
                told = moment.month is None and moment.year == issued.year - 1 and _LAST_YEAR.search(hit.text)
                question = _without(question, moment, dt.date(issued.year - 1, 12, 31) if told else issued)
        return question

    def untimely(self, hit: Hit) -> bool:
        """Whether the question says a year that neither the passage nor the date of its article has."""
        return bool(_unsaid(self.of(hit), hit))

    def _written(self, hit: Hit) -> str:
        """Return the question with the names that the passage writes in another way written so."""
        question, text = self.question, f"{hit.article.title or ''}\n{hit.text}"
        named = [term for term in self.terms if term.ways[1:] and question[term.start].isupper()]
        words = tokens(text) if named else []
        for term in sorted(named, key=lambda term: -term.start):
            own = term.ways[0]
            found = [span for way in term.ways[1:] if _same_name(own, way) and (span := _place(way, words))]
            if found and not _place(own, words):
                start, end = found[0]
                question = f"{question[: term.start]}{text[start:end]}{question[term.end :]}"
        return question


def _place(way: str, words: Sequence[Token]) -> tuple[int, int] | None:
    """Return where a name stands among the words of a text: with a capital, and short forms in capitals only."""
    keys = [token.key for token in tokens(way)]
    for at in range(len(words) - len(keys) + 1 if keys else 0):
        some = words[at : at + len(keys)]
        if (
            [token.key for token in some] == keys
            and some[0].is_name
            and (not is_short_form(way) or some[0].text.isupper())
        ):
            return some[0].start, some[-1].end
    return None


def _same_name(own: str, way: str) -> bool:
    """Whether a way is an alias, or a spelling near enough for the same name: Hizbollah, not Connor for Connery."""
    if " " in own or " " in way or own.isupper() or way.isupper():
        return True
    one, other = fold(own), fold(way)
    return fuzz.ratio(one, other) >= NEAR and not one.startswith(other) and not other.startswith(one)


def _unsaid(question: str, hit: Hit) -> list[Moment]:
    """Return the dates of a question with a year that the passage does not hold."""
    said = f"{hit.article.title or ''} {hit.text}"
    return [moment for moment in find_moments(question) if moment.year and str(moment.year) not in said]


def _without(question: str, moment: Moment, issued: dt.date) -> str:
    """Return a question without a date, as far as something that appeared when it did is about that time."""
    period = _period(moment)
    if period is None or not period[0] <= issued <= (last := period[1]) + (WEEK if moment.day else LATE):
        return question
    before, after = question[: moment.start], question[moment.end :]
    if moment.month and issued > last and not moment.day:  # the month before: still called by its name
        left = re.sub(rf",?\s*{moment.year}", "", moment.text)
        return f"{before}{left}{after}"
    return re.sub(r"\s+([?,.:;]|$)", r"\1", f"{_LEADS.sub('', before)}{after.lstrip()}")


def _period(moment: Moment) -> tuple[dt.date, dt.date] | None:
    """Return the first and the last day of a date with a year; None where there is no such day, or no news of it."""
    month, day = (1 if part is None else part for part in (moment.month, moment.day))
    first = issue_date(f"{moment.year or 0:04}-{month:02}-{day:02}")
    if first is None or moment.day is not None:
        return (first, first) if first else None
    last = moment.month or 12
    return first, dt.date(first.year, last, calendar.monthrange(first.year, last)[1])


def headed(article: ArticleInfo) -> str:
    """Return what stands over an article: headline, month and year."""
    issued = issue_date(article.published or "")
    date = f"{calendar.month_name[issued.month]} {issued.year}" if issued else ""
    return f"{article.title or ''} {date}".strip()

"""What is asked, checked and cleaned before anything is done with it."""

from __future__ import annotations

import re
import reprlib
from calendar import monthrange
from collections.abc import Mapping, Sequence, Set
from datetime import date
from typing import cast, get_args

from assistant.errors import QuestionError
from assistant.terms import content_tokens
from assistant.types import Filters, Turn, Zone

History = Sequence[str | Turn | Mapping[str, str]]

_COURTESIES = frozenset(
    "hello hi hey howdy greetings good morning afternoon evening day night bye goodbye thank thanks cheers please "
    "help ok okay great nice cool lot".split()
)

REMEMBERED = 20
"""Questions of a conversation that the next one may refer to."""

_DAY = re.compile(r"([0-9]{4})(?:-([0-9]{1,2})(?:-([0-9]{1,2}))?)?")


def check_question(question: str, longest: int) -> str:
    """Return the question in one line without control characters.

    Raises:
        QuestionError: it is not text, or has more than ``longest`` characters.
    """
    if not isinstance(question, str):
        raise QuestionError(f"the question is {type(question).__name__}, not text; pass a string")
    if len(question) > longest:
        raise QuestionError(f"the question has {len(question):,} characters; ask it in at most {longest:,}")
    return plain_question(question)


def check_filters(filters: Filters | None) -> Filters:
    """Return the filters with whole dates, and with tuples of names; a name alone counts as a list of one.

    Raises:
        QuestionError: a date is none or later than the other, a name is no text, or a zone is not known.
    """
    if filters is None:
        return Filters()
    if not isinstance(filters, Filters):
        raise QuestionError(f"the filters are {type(filters).__name__}; give assistant.Filters(...)")
    since = None if filters.since is None else parse_day(filters.since, end=False)
    until = None if filters.until is None else parse_day(filters.until, end=True)
    if since and until and since > until:
        raise QuestionError(f"the filters begin on {since} and end on {until}; turn the dates round")
    zones = _names("zones", filters.zones)
    if not zones or not set(zones) <= set(get_args(Zone)):
        raise QuestionError(f"zones is {reprlib.repr(filters.zones)}; choose of {', '.join(get_args(Zone))}")
    articles = None if filters.articles is None else _names("articles", filters.articles)
    return Filters(since, until, _names("publishers", filters.publishers), cast(tuple[Zone, ...], zones), articles)


def parse_day(value: str, *, end: bool) -> str:
    """Return an ISO date for ``2017-08-03``, ``2017-08`` or ``2017``.

    Args:
        value: as typed.
        end: whether a month or year stands for its last day; else for its first.

    Raises:
        QuestionError: it is no date.
    """
    try:
        if not (isinstance(value, str) and (parts := _DAY.fullmatch(value.strip()))):
            raise ValueError
        year, month = int(parts[1]), int(parts[2] or (12 if end else 1))
        return date(year, month, int(parts[3] or (monthrange(year, month)[1] if end else 1))).isoformat()
    except ValueError:
        shown = reprlib.repr(value)
        raise QuestionError(f"{shown} is not a date; write it as 2017-08-03, 2017-08 or 2017") from None


def earlier_questions(history: History, longest: int) -> list[str]:
    """Return what the reader asked before, oldest first; what an assistant is said to have said is passed over.

    Args:
        history: questions as strings, or turns.
        longest: characters; longer questions are passed over.

    Raises:
        QuestionError: the history has another form.
    """
    if isinstance(history, str | bytes) or not isinstance(history, Sequence):
        raise QuestionError(f"the history is {type(history).__name__}; give a list of earlier questions or turns")
    asked = []
    for turn in history:
        role, content = _turn(turn)
        if not isinstance(content, str):
            shown = reprlib.repr(turn)
            raise QuestionError(f"the history holds {shown}; give earlier questions as strings or as role and content")
        if role == "user" and len(content) <= longest and plain_question(content):
            asked.append(plain_question(content))
    return asked[-REMEMBERED:]


def is_courtesy(question: str) -> bool:
    """Whether a question asks nothing: "hello", "thanks a lot", "can you help me?"."""
    said = content_tokens(question)
    return bool(said) and all(token.text.casefold() in _COURTESIES for token in said)


def punctuated(question: str) -> str:
    """Return a question with the mark at its end that people who type fast leave out."""
    return f"{question}?" if question and question[-1].isalnum() else question


def _names(what: str, given: object) -> tuple[str, ...]:
    names = (given,) if isinstance(given, str) else given
    if not isinstance(names, Sequence | Set) or not all(isinstance(name, str) for name in names):
        raise QuestionError(f"{what} is {reprlib.repr(given)}; give a list of names")
    return tuple(names)


def _turn(turn: object) -> tuple[object, object]:
    if isinstance(turn, Turn):
        return turn.role, turn.content
    if isinstance(turn, Mapping):
        return turn.get("role", "user"), turn.get("content")
    return "user", turn


def plain_question(text: str) -> str:
    """Return text in one line without control characters."""
    words = "".join(c if c.isprintable() else " " for c in text).split()
    return " ".join(words).encode("utf-8", "ignore").decode()

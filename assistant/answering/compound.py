"""What a question asks for, taken apart: "Who won and by how much?", "How many fled from Brenholt and from Tamsin?".

One search for both halves finds what is about both, and one reader looks for one sentence. So each half is asked by
itself, completed with the other as a follow-up is with the question before it.
"""

from __future__ import annotations

import re

from assistant.answering.rewrite import rewrite
from assistant.terms import content_tokens

MOST = 4
"""Questions that one is taken apart into."""

FEW = 1
"""Content words, besides names, up to which a later question is taken to leave out what the first says: "how many in
Koper?"."""

_BEFORE = "of|in|at|on|for|from|by|to|with|against|during|after|before|until|since|about|as"
_ASKS = rf"(?:(?:{_BEFORE}) )?(?:who(?:m|se)?|what|which|when|where|why|how)\b"
_ALONE = re.compile(rf"{_ASKS}(?: (?:many|much|far|long|old|often))?", re.IGNORECASE)
_BETWEEN = re.compile(rf"\?\s+(?:(?:and|but|or)\s+)?|[,;]?\s+(?:and|but|or)\s+(?={_ASKS})", re.IGNORECASE)

_NAME = r"(?!^)(?:(?:al|el|a|ad|as|ash|ez)-)?(?:[A-Z][\w’'-]*|\d[\d,.:]*\w*)"
_SMALL = rf"(?:{_BEFORE}|the|a|an)"
_NAMED = rf"(?:{_SMALL} )*{_NAME}(?: (?:{_SMALL} )*{_NAME})*"
_PAIR = re.compile(rf"(?:\b(?:both|either) )?\b({_NAMED}(?:, {_NAMED})*)((?: [a-z][\w-]*){{0,2}}?),? (?:and|or|than|versus) ({_NAMED})")
_LEADS = re.compile(rf"(?:{_BEFORE})\b")
_ASIDE = re.compile(rf"(?: (?:{_BEFORE}) {_NAMED})?")


def questions(text: str) -> list[str]:
    """Return the questions that stand in one, each so that it stands alone; the text itself where there is one.

    Args:
        text: in one line.
    """
    pieces = [piece.strip(" ?,;") for piece in _BETWEEN.split(text)]
    pieces = [piece for piece in pieces if piece]
    if not 1 < len(pieces) <= MOST:
        return [text]
    if not content_tokens(pieces[0]):  # "When and where was it found?"
        shared = _ALONE.sub("", pieces[1], count=1)
        return [f"{pieces[0]}{shared}?", *(f"{piece}?" for piece in pieces[1:])]
    first = f"{pieces[0]}?"
    return [first, *(_completed(f"{piece}?", first) for piece in pieces[1:])]


def _completed(later: str, first: str) -> str:
    """Return a later question with the first one behind it, where it leans on that or holds hardly more than names."""
    plain = [word for word in content_tokens(later) if not word.is_name]
    return f"{later} ({first})" if len(plain) <= FEW else rewrite(later, [first]).question


def sides(question: str) -> list[tuple[str, str]]:
    """Return the names that a question joins by "and" or "or", each with the question about it alone.

    Args:
        question: in one line.
    """
    pair = _PAIR.search(question)
    if not pair or re.search(r"\bbetween\s*$", question[: pair.start()]):
        return []
    firsts, nouns = pair.group(1).split(", "), pair.group(2)
    first, last = _parallel(firsts[0], pair.group(3))
    begin, end = pair.start(1) + len(firsts[0]) - len(first), pair.start(3) + len(last)
    firsts[0] = first
    if nouns:  # "the Homs truce and the pause in Idlib"
        own = re.compile(rf"(?: [a-z][\w-]*){{{nouns.count(' ')}}}{_ASIDE.pattern}").match(question, end)
        if not own:
            return []
        firsts[-1] += nouns
        last, end = last + own.group(), own.end()
    before = re.sub(r"\b(?:both|either) $", "", question[:begin])
    return [(name, f"{before}{name}{question[end:]}") for name in [*firsts, last]][:MOST]


def _parallel(first: str, last: str) -> tuple[str, str]:
    """Return what answers to each other of two sides: of "in Homs" and "Idlib before May" the bare names."""
    lead = _LEADS.match(last)
    starts = [*re.finditer(rf"\b(?:{lead.group() if lead else _BEFORE}) ", first)]
    if starts:
        first = first[starts[-1].start() if lead else starts[-1].end() :]
    beyond = [*re.finditer(rf" (?:{_BEFORE}) ", f" {last}")][len(re.findall(rf" (?:{_BEFORE}) ", f" {first}")) :]
    return first, last[: beyond[0].start() - 1] if beyond else last

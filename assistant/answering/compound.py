"""What a question asks for, taken apart: "Who won and by how much?", "How many fled from Brenholt and from Tamsin?".

One search for both halves finds what is about both, and one reader looks for one sentence. So each half is asked by
itself, completed with the other as a follow-up is with the question before it.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from assistant.answering.rewrite import LONGEST, rewrite
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

_SHORT = re.compile(rf"(?i:{_ASKS}(?: \w+)?) ({_BEFORE}) ((?:the )?[A-Z][^?]*)\?")

_NAME = re.compile(r"(?:(?:al|el|a|ad|as|ash|ez)-)?(?:[A-Z]|\d)")
_JOINS = frozenset({"and", "or", "than", "versus"})
_PREPOSITIONS = frozenset(_BEFORE.split("|"))
_SMALL = _PREPOSITIONS | {"the", "a", "an"}
_NOUN = re.compile(r"[a-z][\w-]*")
_ENDS = ":;?.)"

NOUNS = 2
"""Words after a name that may belong to it: "the Homs truce and the Idlib truce"."""

Word = re.Match[str]
Words = Sequence[Word]
Run = tuple[int, int]


def questions(text: str) -> list[str]:
    """Return the questions that stand in one, each so that it stands alone; the text itself where there is one.

    Args:
        text: in one line; a long one is left as it is, and a follow-up with what was asked before in brackets.
    """
    if text.endswith(")") or len(text) > LONGEST:
        return [text]
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
    """Return a later question that stands alone.

    "How many in Koper?" is the first question asked of Koper. What leans on the first or holds hardly more than names
    has it behind it.
    """
    if short := _SHORT.fullmatch(later):
        lead, name = short.groups()
        other = rf"\b{lead} (?:the )?[A-Z][\w’'-]*(?: [A-Z][\w’'-]*)*"
        if len(re.findall(other, first)) == 1:
            return re.sub(other, f"{lead} {name}", first)
    plain = [word for word in content_tokens(later) if not word.is_name]
    return f"{later} ({first})" if len(plain) <= FEW else rewrite(later, [first]).question


def sides(question: str) -> list[tuple[str, str]]:
    """Return the names that a question joins by "and" or "or", each with the question about it alone.

    Args:
        question: in one line; of a long one nothing is taken apart.
    """
    words = [*re.finditer(r"\S+", question)] if len(question) <= LONGEST else []
    runs = next(
        (found for at, word in enumerate(words) if word.group() in _JOINS and (found := _joined(words, at))), []
    )
    if not runs:
        return []
    spans = [(words[first].start(), words[last - 1].start() + len(_bare(words[last - 1]))) for first, last in runs]
    before, after = question[: spans[0][0]], question[spans[-1][1] :]
    if before.endswith("between "):
        return []
    before = re.sub(r"\b(?:both|either) $", "", before)
    return [(question[start:end], f"{before}{question[start:end]}{after}") for start, end in spans[:MOST]]


def _joined(words: Words, at: int) -> list[Run]:
    """Return the runs of words joined at a place, "in Homs" and "in Idlib"; none where they name nothing."""
    nouns = _nouns(words, at)
    first, last = at - nouns, _run_to(words, at + 1)
    while first > 1 and _belongs(words[first - 1]) and words[first - 1].group()[-1] not in _ENDS:
        first -= 1
    if not _names(words[first : at - nouns]) or not _names(words[at + 1 : last]):
        return []
    commas = [place for place in range(first + 1, at) if words[place - 1].group().endswith(",")]
    begin, last = _parallel(words, (first, [*commas, at][0]), (at + 1, last))
    if nouns:
        own = words[last : last + nouns]
        if commas or len(own) < nouns or not all(_NOUN.fullmatch(_bare(word)) for word in own):
            return []
        last = _run_to(words, last + nouns) if _bare(own[-1]) == own[-1].group() else last + nouns
    return [*zip([begin, *commas, at + 1], [*commas, at, last], strict=True)]


def _nouns(words: Words, at: int) -> int:
    """Return how many plain words stand before a place, at most ``NOUNS``."""
    count = 0
    while count < NOUNS and at - count > 1 and _NOUN.fullmatch(words[at - count - 1].group()):
        count += 1
    return count


def _run_to(words: Words, start: int) -> int:
    """Return where a run of names, with the small words before and between them, ends."""
    end = place = start
    while place < len(words) and _belongs(words[place]):
        place += 1
        if _NAME.match(words[place - 1].group()):
            end = place
        if _bare(words[place - 1]) != words[place - 1].group():
            break
    return end


def _parallel(words: Words, first: Run, last: Run) -> tuple[int, int]:
    """Return where the first side begins and the last one ends, so that they answer to each other.

    Of "in Homs" and "Idlib before May" these are the bare names.
    """
    lead = words[last[0]].group()
    leads = {lead} if lead in _PREPOSITIONS else _PREPOSITIONS
    start = next((place for place in range(first[1] - 1, first[0] - 1, -1) if words[place].group() in leads), None)
    begin = first[0] if start is None else start if lead in _PREPOSITIONS else start + 1
    inner = sum(words[place].group() in _PREPOSITIONS for place in range(begin, first[1]))
    marks = [place for place in range(*last) if words[place].group() in _PREPOSITIONS]
    return begin, marks[inner] if len(marks) > inner else last[1]


def _belongs(word: Word) -> bool:
    return word.group() in _SMALL or bool(_NAME.match(word.group()))


def _names(words: Words) -> bool:
    return any(_NAME.match(word.group()) for word in words)


def _bare(word: Word) -> str:
    return word.group().rstrip(f",{_ENDS}")

"""What kind of thing a question asks for, and which expressions of a sentence are of that kind.

Rules over words, in the manner of answer-type taxonomies (Li and Roth 2002), for English.
"""

from __future__ import annotations

import re
from collections.abc import Collection
from typing import Literal

from assistant.terms import Token, fold, is_content, key, tokens

Kind = Literal["time", "date", "money", "number", "place", "name", "reason", "other"]

_PLACES = "city|town|country|place|village|province|area|region|capital|state|location|street|suburb|district|port"
_BODIES = (
    "person|people|group|faction|minister|official|company|companies|firm|organi[sz]ation|spokes\\w+|army|force|agency|"
    "monitor|outlet|media|newspaper|channel|party|team|side|club|court|judge|union|author|country|countries|nation"
)
_WHICH = r"\b(?:what|which) (?:\w+ )?"
_ASKS: dict[Kind, str] = {
    "time": r"\b(?:what|which) (?:times?|hours?|o'clock)\b|\bhow (?:early|late) in the (?:day|night)\b",
    "money": r"\bhow much (?:money|did|does|do|is|was|were|will|would|has|have)\b|\b(?:what|which) (?:price|cost|sum)"
    r"\b|\bhow (?:costly|expensive)\b|\bworth of\b",
    "number": r"\bhow (?:many|much|far|long|old|big|large|tall|high|few|wide|deep|fast|heavy|often|strong)\b|"
    rf"{_WHICH}(?:number|share|percentage|proportion|score|toll|size|figures?|age|majority)\b|\bpopulation of\b",
    "date": r"\bwhen\b|\b(?:what|which) (?:dates?|days?|months?|years?|weeks?|weekday|season)\b|\bsince when\b|"
    r"\bhow (?:soon|recently|long ago)\b|\bdeadline\b",
    "place": rf"\bwhere\b|\b(?:what|which) (?:\w+ ){{0,2}}(?:{_PLACES})s?\b",
    "name": rf"\bwho(?:m|se|'s|’s)?\b|\b(?:what|which) (?:\w+ ){{0,2}}(?:{_BODIES})s?\b|\bby which\b",
    "reason": r"\bwhy\b|\bwhat (?:was |is |were )?(?:the )?(?:reason|cause|aim|purpose|motive)|"
    r"\bhow come\b|\bwhat for\b",
}
"""How questions of each kind are put, in the order in which they are tried."""

_MONTH = (
    "January|February|March|April|May|June|July|August|September|October|November|December|Jan|Feb|Aug|Sept|Oct|Nov|Dec"
)
_DAY = "(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day"
_WORD_NUMBER = (
    "one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|thirteen|fourteen|fifteen|sixteen|seventeen|"
    "eighteen|nineteen|twenty|thirty|forty|fifty|sixty|seventy|eighty|ninety|dozens?|hundreds?|thousands?|millions?|"
    "billions?|half|twice|third|quarter|several|couple|single|no"
)
_FIND: dict[Kind, re.Pattern[str]] = {
    "time": re.compile(
        r"\b\d{1,2}(?:[:.]\d\d)?\s?(?:am|pm|a\.m\.?|p\.m\.?)|\b(?:noon|midday|midnight|dawn|dusk|sunrise|sunset)\b|"
        r"\b\d{1,2}:\d\d\b|\b\d{4} (?:GMT|hours)\b|\b\w+ o['’]clock\b",
        re.I,
    ),
    "date": re.compile(
        rf"\b\d{{1,2}} (?:{_MONTH})\b(?: \d{{4}})?|\b(?:{_MONTH})\b\.? ?\d{{0,2}}(?:, \d{{4}})?|"
        rf"\b(?:19|20)\d\d\b|\b{_DAY}\b|"
        r"\b(?i:today|yesterday|tomorrow|tonight|overnight|(?:last|this|next) (?:week|month|year|night|weekend|spring|"
        r"summer|autumn|winter)|\w+ (?:hours|days|weeks|months|years) (?:ago|later|earlier|before|after))\b"
    ),
    "money": re.compile(
        r"[$€£¥]\s?\d[\d,.]*(?:\s?(?:thousand|million|billion|trillion|m|bn))?|"
        r"\b\d[\d,.]*(?:\s(?:thousand|million|billion|trillion))?\s(?:\w+ )?"
        r"(?:dollars|euros|pounds|crowns|francs|rupees|yen|yuan)",
        re.I,
    ),
    "number": re.compile(rf"\b\d[\d,.]*(?:\d|\b)%?|\b(?:{_WORD_NUMBER})\b", re.I),
    "reason": re.compile(
        r"\b(?:because|due to|owing to|in order to|amid|since|so that|after|following|aim(?:s|ed|ing)?|thanks to|"
        r"blam\w+|as a result|prompted|caus\w+|intended|to (?!the\b|a\b|an\b)\w+|over|for fear)\b",
        re.I,
    ),
}
_NAME = re.compile(
    r"[A-Z][\w’'-]*(?:(?: (?:al-|el-|a-|ez-|of the |of |for |and |de |bin |van |von |the )?|[- ]al-|-)[A-Z][\w’'-]*)*"
)
_BEFORE_PLACE = re.compile(
    r"\b(?:in|at|near|from|to|into|of|outside|inside|around|across|between|through|towards?|via|on|off|for|and|"
    r"north|south|east|west|northern|southern|eastern|western|central|downtown)(?: (?:the|a|an))?"
    r"(?: [a-z][\w-]+){0,3}\s?$"
)


def kind_of(question: str) -> Kind:
    """Return what kind of thing ``question`` asks for; ``other`` when no rule tells."""
    return next((kind for kind, pattern in _ASKS.items() if re.search(pattern, question, re.I)), "other")


def expressions(kind: Kind, sentence: str, asked: Collection[str] = ()) -> list[str]:
    """Return the expressions of ``sentence`` that could answer a question of ``kind``.

    Args:
        kind: as from :func:`kind_of`; ``other`` has none.
        sentence: the words to look in.
        asked: keys of the question's words; names and numbers made of them alone answer nothing.
    """
    if kind in ("name", "place"):
        return [name for name, before in _names(sentence) if _is_new(name, asked) and _fits(kind, before)]
    if kind == "date":
        found = [*_FIND["date"].findall(sentence), *_FIND["time"].findall(sentence)]
    elif kind == "money":
        found = _FIND["money"].findall(sentence) or _FIND["number"].findall(sentence)
    elif kind in _FIND:
        found = _FIND[kind].findall(sentence)
    else:
        return []
    return [one for one in found if kind == "reason" or _is_new(one, asked)]


def _names(sentence: str) -> list[tuple[str, str]]:
    """Runs of capitalised words with what stands before each; a lone everyday word that opens the sentence is none."""
    found = []
    for match in _NAME.finditer(sentence):
        words = [t for t in tokens(match.group()) if is_content(t)]
        opens = not sentence[: match.start()].strip("\"'“”‘’ ")
        if words and not (opens and len(words) == 1 and len(match.group().split()) == 1 and _common(words[0])):
            found.append((match.group(), sentence[: match.start()]))
    return found


def _common(word: Token) -> bool:
    """Whether a word that opens a sentence may be capitalised for that alone: it has an everyday ending."""
    return bool(re.search(r"(?:ing|ed|ly|ers|ors|ists|ents|ants|ies|ions?|als?|ments?)$", fold(word.text)))


def _fits(kind: Kind, before: str) -> bool:
    return kind == "name" or bool(_BEFORE_PLACE.search(before[-60:]))


def _is_new(expression: str, asked: Collection[str]) -> bool:
    return any(key(t.text) not in asked for t in tokens(expression) if is_content(t) or t.text.lower() in ("no", "one"))

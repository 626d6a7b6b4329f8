"""The name of a publisher: what newspapers are called, and whom the wording of an article names."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from typing import Final

from assistant.corpus.dates import parse_date
from assistant.corpus.foot import is_furniture

_MASTHEAD: Final = re.compile(
    r"(?i).*\b(?:times|post|herald|news|mail|ledger|star|courier|daily|weekly|tribune|gazette|chronicle|observer|"
    r"review|report|reporter|journal|press|bulletin|record|express|echo|citizen|standard|telegraph|globe|mirror|monitor|"
    r"dispatch|argus|clarion|guardian|advocate|[ei]nquirer|zeitung|anzeiger|bote|kurier|rundschau|tage?blatt|sentinel|examiner|advertiser|independent|register|today|wire|online|magazine)\b.*"
)
"""What newspapers are called; tried on a short line above the headline, and on what stands before a date."""
_COLUMN: Final = re.compile(
    r"(?:breaking|top|special|news|book|film|movie|music|theat(?:re|er)|tv|market|match|race|weather|traffic|crime|"
    r"court|business|press|(?:week|year) in) (?:news|reports?|reviews?|analysis|features?)|"
    r"the (?:latest|(?:long|big) (?:story|read|picture|interview))",
    re.IGNORECASE,
)
"""What newspapers call a kind of article or a column."""
_MASTHEAD_WORDS: Final = 5
CONNECTORS: Final = {
    "and", "de", "del", "da", "di", "van", "von", "der", "den", "bin", "ibn", "el", "la", "le", "of", "the", "in",
}  # fmt: skip
_DATELINE: Final = re.compile(
    r"(?:[A-Z][\w .,'’/-]{1,50}\s)?\((?P<who>[A-Z][\w&. -]{1,40})\)\s*(?:[—–-]+\s*)?(?=[A-Z“\"'‘])"
)
_DATED: Final = re.compile(
    r"(?P<place>[A-Z][\w .,'’-]{1,50}, )?(?P<date>[^\W\d_]{3,9}\.? \d{1,2},? \d{4}|\d{1,2} [^\W\d_]{3,9}\.?,? \d{4})"
    r",? ?(?P<agency>\([A-Z][^()]{1,40}\)|/[A-Z][^/]{1,40}/)? ?[—–-]"
)
_WHO: Final = r"(?:the )?([A-Z][\w’'-]*(?: [A-Z][\w’'-]*){0,3})"
_TOLD: Final = re.compile(rf"\b(?:told|tell) {_WHO}")
_STAFF: Final = (r"\b{0} (?:spoke|has spoken|reached out|contacted|has learned|understands|interviewed)\b",
                 r"\b(?:spoke|speaking|provided|spoken) (?:to|with) {0}\b")  # fmt: skip
_DAYS: Final = re.compile(
    r" (?:(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day|January|February|March|April|May|June|July|August|September|"
    r"October|November|December)\b.*"
)
JOB: Final = r"(?i:reporter|correspondent|editor|writer|columnist|journalist|producer)s?"
POSITION: Final = re.compile(rf"(?!The ).*\b{JOB}")
"""What the author is: "Senior Reporter"; "The Hollywood Reporter" is a paper."""
_ABOUT: Final = re.compile(
    r"(?:The )?([A-Z][\w&’'-]*(?: (?:of |the )?[A-Z][\w&’'-]*){1,4}) "
    r"(?:(?:delivers|provides|brings you|publishes|offers)\b|"
    r"is an? (?:(?!(?:who|for|at|with|of|on|in)\b)[\w’',-]+ ){0,8}?(?:magazine|publication|website|"
    r"news(?:paper|room| (?:agency|(?:web)?site|service|organi[sz]ation|outlet|channel)))\b"
    rf"(?![\w ]{{0,40}}\b{JOB}\b))"
)
_EMPLOYED: Final = re.compile(
    rf"(?:[A-Z][\w'’.-]* ){{1,4}}(?:is\b[^.]{{0,80}}?\b{JOB}\b|covers\b|reports\b|writes\b)"
    r"[^.]{0,120}? (?:for|at|with) (?:the )?(?P<paper>[A-Z][\w&-]*(?: (?:of |the )?[A-Z][\w&-]*){0,4})"
)
"""A note on who wrote the article, and for whom."""


def is_paper(text: str, *, between: bool = False) -> bool:
    """Return whether ``text`` reads as the name of a newspaper, and not of one of its sections.

    Args:
        text: a line, or a piece of one.
        between: whether it stands where such names do, so that "The" tells one that is called by no usual word.
    """
    words = text.split()
    named = (
        len(words) <= _MASTHEAD_WORDS
        and "," not in text
        and all(word[:1].isupper() or word in CONNECTORS for word in words)
    )
    known = _MASTHEAD.fullmatch(text) or (between and len(words) > 1 and words[0] == "The")
    return named and bool(known) and not _COLUMN.fullmatch(text) and not is_furniture(text)


def dateline_date(text: str) -> str | None:
    """Return the ISO date of the dateline that a paragraph begins with: "OSLO, March 3, 2021 (NNA) - ...".

    Agencies put the place in capitals or their name behind it. What does neither may open with a day long past.
    """
    match = _DATED.match(text[:160])
    wired = match and (match["agency"] or (match["place"] or "").partition(",")[0].isupper())
    return parse_date(match["date"]) if match and wired else None


def find_publisher(texts: Sequence[str], about: Sequence[str]) -> tuple[str, str] | None:
    """Return a publisher that the wording itself names, and how it is known.

    Args:
        texts: the paragraphs of reporting.
        about: furniture below the article, where publishers describe themselves.
    """
    if texts and (match := _DATELINE.match(texts[0][:120])):
        return match["who"], "dateline"
    for text in about:
        if (match := _ABOUT.match(text)) and len(text) > 60:
            return match[1], "publisher's note below the article"
        if (match := _EMPLOYED.match(text)) and is_paper(match["paper"]):
            return match["paper"], "note on the author below the article"
    whole = " ".join(text[:5000] for text in texts)[:200_000]
    told = Counter(_DAYS.sub("", name) for name in _TOLD.findall(whole))
    for name, count in told.most_common(3):
        staff = any(re.search(pattern.format(re.escape(name)), whole) for pattern in _STAFF)
        if count > 1 and staff and (" " in name or name.isupper()):
            return name, f"'told {name}' in the text"
    return None

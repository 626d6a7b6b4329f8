"""Follow-up questions made complete: what the reader asked before stands behind them in brackets.

"And in Idlib?" after "Who is excluded from the truce?" becomes "And in Idlib? (Who is excluded from the truce?)". A
search finds both in it, a reader of sentences takes the first part for the question and the second for its matter, and
people see what was understood. Rules of grammar that exchange the parts of the earlier question were written and
measured as well: over twenty times the code, and fewer right answers (docs/figures.md).
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from assistant.terms import content_tokens

LONGEST = 400
"""Characters of a completed question; what was asked longest ago is left out first."""

READ = 1000
"""Characters of a question that are looked at; a longer one says for itself what it is about."""

FEW = 3
"""Content words up to which a question without a name leans on the one before: "How many were killed?"."""

_CONTINUES = re.compile(r"(?:and|but|or|so|also|what about|how about)\b", re.IGNORECASE)
_POINTS = re.compile(r"\b(?:there|then|this|these|those|that|it|ones?)\b", re.IGNORECASE)
_PERSON = re.compile(r"\b(?:he|she|they|him|her|them|his|hers|their|theirs|its)\b", re.IGNORECASE)
_FORWARD = re.compile(
    r"(?:after|when|before|while|as|since|once|if|although|in (?:his|her|their|its))\b", re.IGNORECASE
)
"""Openings after which a pronoun may point at a name that is still to come: "When he returned, what did Quill say?"."""


@dataclass(frozen=True, slots=True)
class Rewrite:
    """A question that stands alone.

    Attributes:
        question: as asked where it did so already.
        because: what it leans on, in plain words; "" when unchanged.
    """

    question: str
    because: str = ""


def rewrite(question: str, earlier: Sequence[str]) -> Rewrite:
    """Complete a question with what was asked before, where it leans on that.

    Args:
        question: in one line.
        earlier: the reader's own earlier questions, oldest first; what was answered is never used.
    """
    matter: list[str] = []
    for asked in earlier:
        matter = [*matter, asked] if matter and leans(asked) else [asked]
    if not matter or not leans(question):
        return Rewrite(question)
    behind: list[str] = []
    for asked in (matter[0], *reversed(matter[1:])):
        if len(question) + sum(map(len, behind)) + len(asked) + 2 * len(behind) + 3 <= LONGEST:
            behind.append(asked)
    if not behind:
        return Rewrite(question)
    return Rewrite(f"{question} ({' '.join(behind)})", f"it leans on “{behind[0]}”")


def leans(question: str) -> bool:
    """Whether a question cannot be understood without the one before it."""
    if len(question) > READ:
        return False
    if _CONTINUES.match(question):
        return True
    words = content_tokens(question)
    names = [word.start for word in words if word.start and question[word.start].isupper()]
    person = _PERSON.search(question)
    if person and not any(name < person.start() for name in names):
        return not (names and _FORWARD.match(question))
    return not names and (len(words) <= FEW or bool(_POINTS.search(question)))

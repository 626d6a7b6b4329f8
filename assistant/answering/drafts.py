"""What a model writes, cut into statements with the sentence numbers that they end in, while it is still coming."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from sentencex import segment  # type: ignore[import-untyped]

from assistant.questions import plain_question

REFUSAL = "NOT IN THE ARTICLES"
"""What a model is told to write when the sentences do not answer."""

MOST_IDS = 12
"""Sentence numbers read of one statement."""

_OPEN, _CLOSE = r"[\[【［〔]", r"[\]】］〕]"
_MARK = rf"{_OPEN}\s*(?:[Ss]entences?\s*|[Ss]|#|\^)?[-+]?\d[\d\s,;&.S–—-]*{_CLOSE}(?:\([^()\s]*\))?"
_STATEMENT = re.compile(rf"(.*?)((?:(?<!\s)\s*{_MARK})+)[ \t]*[.;,]?", re.DOTALL)
_FOLLOWED = re.compile(rf"(?!{_OPEN})[^\s.;,(]|\s+(?!{_OPEN})[^\s.;,]")
_IDS = re.compile(r"(?<![\d-])(\d{1,18})(?!\d)(?:\s*[–—-]\s*(\d{1,18})(?!\d))?")
_BULLET = re.compile(r"^\s*(?:[-*•]\s+|\d{1,2}[.)]\s+|#+\s+|(?:Answer|Statement)s?(?:\s*\d+)?\s*:\s*)", re.IGNORECASE)
_EMPHASIS = re.compile(r"\*\*|__|(?<!\S)\*(?=\S)|(?<=\S)\*(?!\w)")
_CHAT = re.compile(
    r"(?:(?:sure|certainly|of course|absolutely|okay)(?: thing)?[!,.:]\s*)?(?:(?:yes|no),\s+)?", re.IGNORECASE
)
"""How a model begins to talk; "yes" and "no" are words of no article, and what follows them has to be said there."""
_DECLINES = re.compile(
    rf"\W*(?:{REFUSAL}\s*(?:\W*$|[:;(–—-])|"
    r"(?:(?:unfortunately|(?:i['’]m |i am )?sorry(?:,? but)?|(?:based on|according to|from|in) [^,]{1,60}),?\s)?"
    r"(?:(?:there (?:is|are|was|were)\s)?no (?:mention|information|answer|details?)\b|"
    r"(?:(?:the|these|those|any|none|neither|of|all|given|provided|numbered|available|supplied|cited|shown|news)\s)*"
    r"(?:articles?|sentences?|passages?|texts?|sources?|information|context|reports?)\b(?:(?!\b(?:and|but)\b)[^,;]){0,60}?"
    r"\b(?:do(?:es)?\s+not|don't|doesn't|did\s+not|cannot|no|not)\b.{0,20}?"
    r"\b(?:say|mention|answer|provide|contain|state|specify|give|include|tell|information|available|mentioned|stated)\b))",
    re.IGNORECASE | re.DOTALL,
)
"""How a sentence begins that says nothing but that the articles do not answer."""
_THOUGHT = re.compile(
    r"(?:<|\[(?=/?think\]))(/?)(?:think(?:ing)?|thoughts?|reasoning|reflection|analysis|scratchpad)[>\]]", re.I
)
_TAG_BEGUN = re.compile(r"[<\[]/?[a-z]{0,10}\Z", re.I)
_TAG = re.compile(r"</?[a-z]\w*(?:\s[^<>=]*=[^<>]*)?\s?/?>", re.I)


@dataclass(frozen=True, slots=True)
class Draft:
    """A statement as a model wrote it, without its marks.

    Attributes:
        text: in one line.
        ids: the sentence numbers that it ends in, in order, without repetition; perhaps of no sentence that was shown.
    """

    text: str
    ids: tuple[int, ...]

    @property
    def declines(self) -> bool:
        """Whether it says that the articles do not answer, and nothing else."""
        sentences = [one.strip() for one in segment("en", self.text)]
        alone = not self.ids or REFUSAL.casefold() in self.text.casefold()
        return alone and all(map(_DECLINES.match, filter(None, sentences)))


class DraftReader:
    """Cuts a stream into drafts: each ends with its marks or its line.

    What a model thinks between tags is no draft: providers put it in a field of its own, and LiteLLM hands that on, but
    plain servers and model files leave it in the text.
    """

    def __init__(self) -> None:
        self._rest = self._held = ""
        self._thinks = False

    def feed(self, piece: str) -> Iterator[Draft]:
        """Yield the drafts that are complete now."""
        text = self._held + piece
        begun = _TAG_BEGUN.search(text, max(0, len(text) - 12))
        self._held = text[begun.start() :] if begun else ""
        said, *others = _THOUGHT.split(text.removesuffix(self._held))
        yield from self._cut("" if self._thinks else said)
        for closes, more in zip(others[::2], others[1::2], strict=True):
            if closes and not self._thinks:
                self._rest = ""  # some begin to think without a tag
            self._thinks = not closes
            yield from self._cut("" if self._thinks else more)

    def _cut(self, piece: str) -> Iterator[Draft]:
        *lines, self._rest = (self._rest + piece).replace("\r", "\n").split("\n")
        for line in lines:
            yield from _line(line)
        # Marks are complete when something else follows: another mark may still belong to them.
        while (found := _STATEMENT.match(self._rest)) and _FOLLOWED.match(self._rest, found.end()):
            yield from _draft(found[1], found[2])
            self._rest = self._rest[found.end() :]

    def close(self) -> Iterator[Draft]:
        """Yield what is left when the text has ended."""
        line, self._rest = self._rest + ("" if self._thinks else self._held), ""
        yield from _line(line)


def _line(line: str) -> Iterator[Draft]:
    while found := _STATEMENT.match(line):
        yield from _draft(found[1], found[2])
        line = line[found.end() :]
    yield from _draft(line, "")


def _draft(text: str, marks: str) -> Iterator[Draft]:
    plain = plain_question(_BULLET.sub("", _EMPHASIS.sub("", _TAG.sub("", text))))
    plain = plain.strip("*|` ")
    if not marks and (text.lstrip().startswith("#") or plain.endswith((":", "!"))):
        return  # a heading, what leads to the next line, a courtesy: "Let me know if ...!"
    if said := _CHAT.sub("", plain, count=1):
        plain = said if said == plain else said[0].upper() + said[1:]
    if not re.search(r"\w", plain):
        return
    ids: dict[int, None] = {}
    for first, last in _IDS.findall(marks):
        low, high = int(first), int(last or first)
        ids |= dict.fromkeys(range(low, min(high, low + MOST_IDS) + 1))
    yield Draft(plain, tuple(ids)[:MOST_IDS])

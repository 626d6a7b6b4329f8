"""Words of questions and articles: tokens, stop words, stems, spellings of transliterated names."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from functools import lru_cache

import Stemmer

_WORD = r"\w[\w\u0300-\u036f]*"  # an accent may be a character of its own, as in file names of macOS
_TOKEN = re.compile(rf"\d+(?:[.,:]\d+)*|{_WORD}(?:['’]{_WORD})*")
_STEMMER = Stemmer.Stemmer("english")

STOP_WORDS = frozenset(
    """
    a about after all also am an and any are arent as at be because been before being both but by can cant could
    couldnt did didnt do does doesnt doing done dont down during each few for from further had hadnt has hasnt have
    havent having he her here hers him his how i if im in into is isnt it its itself ive just let many me more most
    much must mustnt my no nor not now of off on once one only or other our out over own per said same say says she
    should shouldnt since so some such tell than that the their them then there these they theyre theyve this those
    through to too under until up upon us very was wasnt we were werent weve what when where whether which while who
    whom whose why will with within without wont would wouldnt yet you your youre youve
    """.split()
)
"""Function words of English and the verbs of reporting, as :func:`fold` leaves them ("don't": ``dont``): they say
nothing of what a question is about."""


MONTHS = {
    name: number
    for number, names in enumerate(
        ("jan january", "feb february", "mar march", "apr april", "may", "jun june", "jul july", "aug august",
         "sep sept september", "oct october", "nov november", "dec december"), 1)
    for name in names.split()
}  # fmt: skip
"""Months from 1 by their names in lower case."""

SHORT_FORM = 4
"""Most letters of a short form."""


@dataclass(frozen=True, slots=True)
class Token:
    """A word or number of a text with its place; ``key`` is folded and stemmed, for comparing."""

    text: str
    start: int
    end: int
    key: str

    @property
    def is_name(self) -> bool:
        """Whether it is written as a name: a capital first, or an acronym."""
        return self.text[0].isupper()

    @property
    def is_number(self) -> bool:
        """Whether it begins with a digit."""
        return self.text[0].isdigit()


def tokens(text: str) -> list[Token]:
    """Return the words and numbers of ``text`` in order; ``147,000`` and ``12.5`` are one token each."""
    return [Token(m.group(), m.start(), m.end(), key(m.group())) for m in _TOKEN.finditer(text)]


def words(text: str) -> list[str]:
    """Return the words and numbers of ``text`` as they are written, in order: its :func:`tokens` without places."""
    return _TOKEN.findall(text)


def content_tokens(text: str) -> list[Token]:
    """Return the tokens that carry meaning: no stop words, but an upper-case ``US`` or ``WHO`` stays."""
    return [t for t in tokens(text) if is_content(t)]


def is_content(token: Token) -> bool:
    """Whether a token says what a text is about."""
    acronym = len(token.text) > 1 and token.text.isupper()
    return acronym or fold(token.text) not in STOP_WORDS


def is_short_form(name: str) -> bool:
    """Whether a name is one like IS or U.S., which in small letters is an everyday word."""
    letters = re.sub(r"\W", "", name)
    return letters.isupper() and len(letters) <= SHORT_FORM


@lru_cache(maxsize=100_000)
def key(word: str) -> str:
    """Return what two spellings of one word share: folded, without possessive, stemmed (Snowball English)."""
    folded = fold(word)
    if folded[:1].isdigit():
        return folded.replace(",", "")
    return str(_STEMMER.stemWord(folded))


@lru_cache(maxsize=100_000)
def fold(word: str) -> str:
    """Return ``word`` in lower case, without accents, apostrophes and a possessive ``'s``."""
    plain = unicodedata.normalize("NFKD", word.replace("’", "'")).casefold()
    plain = "".join(c for c in plain if not unicodedata.combining(c))
    return plain.removesuffix("'s").replace("'", "")


_SPELLINGS = [(re.compile(pattern), by) for pattern, by in (
    (r"ck|q|kh|c(?![eiyh])|k+", "k"),
    (r"ph", "f"),
    (r"gh", "g"),
    (r"dh", "d"),
    (r"th", "t"),
    (r"sh|ch|sch|tch", "S"),
    (r"dj|j", "j"),
    (r"w|v", "v"),
    (r"z|c(?=[eiy])|s", "s"),
    (r"(?<=.)h", ""),
    (r"(?<=.)[aeiouy]+", ""),
    (r"^[aeiou]+", "a"),
    (r"(.)\1+", r"\1"),
)]  # fmt: skip


@lru_cache(maxsize=400_000)
def skeleton(word: str) -> str:
    """Return the consonant skeleton that transliterations of one name share (Hezbollah, Hizbullah: ``hsbl``).

    Rules of the kind of Soundex, but for names from other scripts: vowels go, letters that stand for one
    sound fall together, doubled letters count once.
    """
    plain = fold(word)
    for pattern, by in _SPELLINGS:
        plain = pattern.sub(by, plain)
    return plain

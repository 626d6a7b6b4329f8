"""Names of a statement: which words are names, and whether the cited words or what they point back to hold them."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache
from itertools import pairwise

from assistant.aliases import Aliases, load_aliases
from assistant.answering.checks.nations import NATIONS, Around, nation, same_name
from assistant.answering.checks.wording import known
from assistant.answering.checks.words import Parsed, Word
from assistant.terms import fold, words

_TITLES = frozenset(
    "mr mrs ms dr prof professor mayor judge colonel general captain inspector governor premier president minister "
    "chief director manager prosecutor king queen prince sir lady pope senator".split()
)
_PERSONAL = frozenset("he she him his her hers himself herself i my me".split())
_THING = frozenset(
    "it its they their them theirs itself themselves we our us there here this these those that such both neither "
    "either latter former another others".split()
)
_POINTS = re.compile(
    r"\b(?:the|this|that|these|those|both|neither|his|her|its|their|earlier|previous) (?:\w+ ){0,2}?"
    r"(?:group|faction|company|firm|"
    r"ministry|city|town|village|countr\w+|province|region|area|accord|deal|agreement|truce|ceasefire|zone|pocket|enclave|union|"
    r"club|team|side|court|museum|institute|government|authorit\w+|party|parties|alliance|coalition|system|software|assistant|"
    r"tunnel|ferry|ship|schools?|board|council|mayor|director|manager|captain|coach|minister|president|premier|prosecutor|"
    r"inspector|judges?|vaccine|candidate|hoard|river|island|bridge|diplomat|spokes\w+|leader|library|libraries|men|women|"
    r"suspects?|pieces?|army|police|troops|rebels|residents|members?|trial|study|record|winners|holders|opposition|"
    r"railway|thieves|guards|report|strike|station|movement|organi[sz]ation|port|harbour|parliament|state|election)\b",
    re.I,
)


WINDOW = 3
"""Words beside a name that tell whose place it takes."""


def name_words(said: Parsed, sources: Sequence[Parsed], surrounding: Around) -> list[Word]:
    """Return the words of a statement that are names or parts of names.

    A word that opens a sentence is capitalised anyway: it counts where a source has it as a name, or where it is
    no everyday word that the sources have in lower case.
    """
    capitals = {nation(w.text) for s in sources for w in s.words if w.capital and w.place} | surrounding.names
    small = {w.key for s in sources for w in s.words if not w.capital}
    found = []
    for word in said.words:
        if not word.capital or word.kind != "word" or not word.content:
            continue
        cited = nation(word.text) in capitals
        if word.key in small and not cited:
            continue
        opens = re.search(r"(?:^|[.!?:]\s)[\"“‘']?$", said.text[: word.start]) is not None
        after = said.words[word.place + 1] if word.place + 1 < len(said.words) else None
        everyday = word.key in small or known(word.key) or fold(word.text) in _OPENERS or fold(word.text) in _TITLES
        if (
            not opens
            or (cited and word.key not in small)
            or fold(word.text) in NATIONS
            or (
                not everyday
                and (
                    (after and after.capital and after.content)
                    or re.search(r"['’]s$", word.text)
                    or not _EVERYDAY.search(word.text)
                )
            )
        ):
            found.append(word)
    return found


_OPENERS = frozenset(
    "already yet still once never almost only just instead meanwhile however later soon today tonight yesterday "
    "overall "
    "altogether inside outside behind next nearly roughly some several many most few another each every no not without "
    "according besides despite following amid unlike like together thanks within throughout currently eventually "
    "finally".split()
)
_EVERYDAY = re.compile(
    r"(?:ing|ed|ly|[a-z]{3}s|ers|ors|ists?|ents?|ants?|ions?|ity|ness|ship|able|ible|[aeo]nce|age|al|ive|ous|er|gh)$"
)
"""Endings of words that open a sentence and are no names."""


class Names:
    """Looks up the names of one statement in the cited sentences and around them."""

    def __init__(self, said: Parsed, sources: Sequence[Parsed], surrounding: Around) -> None:
        self._said, self._sources, self._around = said, sources, surrounding
        self.words = name_words(said, sources, surrounding)
        self._places = {w.place for w in self.words}
        self._aliases = _alias_words(said, sources, surrounding)

    def places(self, word: Word) -> list[Word]:
        """Return the words of the sources that are the name ``word``."""
        found = [w for s in self._sources for w in s.words if w.kind == "word" and _is(word, w)]
        return found or self._aliases.get(word.place, [])

    def missing(self) -> tuple[Word, str] | None:
        """Return the first name that is not covered, with the reason, or None."""
        for run in self._runs():
            cited = [bool(self.places(w)) or w.place in self._aliases for w in run]
            if all(cited):
                if len(run) > 1 and not self._joined(run):
                    return run[-1], "the cited words have no such full name as"
                continue
            if not all(c or self._in_context(w) for c, w in zip(cited, run, strict=True)):
                wrong = next(w for c, w in zip(cited, run, strict=True) if not (c or self._in_context(w)))
                return wrong, "the cited words do not name"
            if any(cited) and len(run) > 1:
                if not self._joined(run):
                    return run[0], "the cited words have no such full name as"
            elif not self._pointed(run) or self._displaced(run):
                return run[0], "only the text around the cited words names"
        return None

    def _runs(self) -> list[list[Word]]:
        """Names as they stand together: ``Khalil Derbas``; a possessive ends one."""
        runs: list[list[Word]] = []
        for word in self.words:
            last = runs[-1][-1] if runs else None
            between = self._said.text[last.end : word.start] if last else "."
            if last and between in (" ", "-") and not re.search(r"['’]s?$", last.text):
                runs[-1].append(word)
            else:
                runs.append([word])
        return runs

    def _joined(self, run: Sequence[Word]) -> bool:
        """Whether the name stands somewhere as a whole, or each two neighbours of it do, in whatever order."""
        alias = [w for w in run if w.place in self._aliases]
        plain = [w for w in run if w not in alias and fold(w.text) not in _TITLES]
        whole = [*(s.words for s in self._sources)]
        for one, other in pairwise(plain):
            close = any(
                abs(a.place - b.place) <= 4 for words in whole for a in words for b in words
                if a is not b and _is(one, a) and _is(other, b)
            )  # fmt: skip
            if not close and f" {fold(one.text)} {fold(other.text)} " not in self._around.folded:
                return False
        return True

    def _in_context(self, word: Word) -> bool:
        names = self._around.names
        return nation(word.text) in names or f" {fold(word.text)} " in self._around.folded or any(
            same_name(word.text, name) for name in names
        )  # fmt: skip

    def _pointed(self, run: Sequence[Word]) -> bool:
        """Whether the cited words point back to a name that stands before them."""
        sources = [fold(w.text) for s in self._sources for w in s.words]
        if any(w in _THING for w in sources) or any(_POINTS.search(s.text) for s in self._sources):
            return True
        return bool(_PERSONAL & set(sources)) and any(nation(w.text) in self._around.last for w in run)

    def _displaced(self, run: Sequence[Word]) -> bool:
        """Whether the sources have another name where the statement has this one: beside the same word."""
        mine = {(p.sentence, p.place) for w in self.words for p in self.places(w)}
        keys = {w.key for w in self._said.words}
        for near in self._said.words[max(0, run[0].place - WINDOW) : run[-1].place + WINDOW + 1]:
            if not near.content or near.kind != "word" or near in run:
                continue
            before = near.place < run[0].place
            for source in self._sources:
                for at in (w for w in source.words if w.key == near.key):
                    if before:
                        beside = source.words[at.place + 1 : at.place + 1 + WINDOW]
                    else:
                        beside = source.words[max(0, at.place - WINDOW) : at.place]
                    if any((o.sentence, o.place) not in mine and _proper(o) for o in beside):
                        return True
                    last = beside[-1:] if not before and near.place == run[-1].place + 1 else ()
                    if any(o.content and o.kind == "word" and o.key not in keys for o in last):
                        return True
        return False


def _proper(word: Word) -> bool:
    return word.capital and word.content and word.kind == "word" and (word.place > 0 or fold(word.text) in NATIONS)


def _is(said: Word, source: Word) -> bool:
    if source.capital:
        return same_name(said.text, source.text) or said.key == source.key
    return said.key == source.key


def _alias_words(said: Parsed, sources: Sequence[Parsed], surrounding: Around) -> dict[int, list[Word]]:
    """The words of the statement that are another name for something in the sources, with what they stand for."""
    found: dict[int, list[Word]] = {}
    for mention in _aliases().mentions(said.text):
        places = [w.place for w in said.words if mention.start <= w.start < mention.end]
        for other in mention.others:
            wanted = [fold(word) for word in words(other)]
            for source in sources:
                folded = [fold(w.text) for w in source.words]
                for at in range(len(folded) - len(wanted) + 1):
                    if folded[at : at + len(wanted)] == wanted:
                        for place in places:
                            found.setdefault(place, []).extend(source.words[at : at + len(wanted)])
    for word in said.words:
        if word.text.isupper() and len(word.text) > 1 and word.kind == "word" and word.place not in found:
            initials = [w for s in sources for w in _initials(s, word.text)]
            if initials:
                found[word.place] = initials
    return found


def _initials(source: Parsed, acronym: str) -> list[Word]:
    capitals = [w for w in source.words if w.capital]
    letters = "".join(w.text[0] for w in capitals)
    at = letters.find(acronym)
    return capitals[at : at + len(acronym)] if at >= 0 and len(acronym) > 2 else []


@lru_cache(maxsize=1)
def _aliases() -> Aliases:
    return load_aliases()

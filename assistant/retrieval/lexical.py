"""Word search: BM25 over SQLite's FTS5, with names found in their other spellings.

BM25 is FTS5's own (Robertson and Zaragoza 2009, k1 = 1.2, b = 0.75), over stems, stop words left out.
"""

from __future__ import annotations

import json
import math
import re
from collections.abc import Callable, Iterable
from dataclasses import replace
from functools import cache, lru_cache
from importlib.resources import files

import numpy as np
import Stemmer
from numpy.typing import NDArray
from rapidfuzz import fuzz, process
from rapidfuzz.distance import OSA

from assistant.aliases import Aliases
from assistant.retrieval.capitals import capitalised, in_small_letters
from assistant.retrieval.store import Store
from assistant.terms import Token, fold, is_content, skeleton, tokens
from assistant.types import Term

MAX_TERMS = 64
"""Terms of one query; FTS5's parser overflows at some hundreds and slows down long before."""

MAX_CHARS = 20_000
"""Characters of a question that are looked at."""

SAMPLE = 50
"""Passages that are asked how the words of a question are written."""

TITLE_WEIGHT = 1.0
SAME_SKELETON = 70
TYPO = 82
"""Least rapidfuzz ratio (0..100) of a word that sounds alike, and of one that does not."""

_SHORTEST_VARIANT = 4
_SHORTEST_SPELLING = 5
"""Letters of a word that the index holds and that is looked for in other spellings too: Iran is not iron."""

_MOST_VARIANTS = 6
_SPARE = 4
_WORDS = re.compile(r"\w[\w'’\u0300-\u036f]*")
_UNIT = re.compile(r"[^\W\d_]+")
_PORTER = Stemmer.Stemmer("porter")
"""The stemmer of FTS5's ``porter`` tokenizer, for looking words up in the index's vocabulary."""


_THING = re.compile(r"\b(?:the|an?) $", re.IGNORECASE)
"""What stands before the name of a thing."""


class LexicalIndex:
    """BM25 search over the passages of a store."""

    def __init__(self, store: Store, aliases: Aliases) -> None:
        self._store = store
        self._aliases = aliases
        self._idf = lru_cache(maxsize=10_000)(self._inverse_frequency)
        self._capitalised = lru_cache(maxsize=1_000)(self._with_capitals)
        self._vocabulary: tuple[int, list[str], frozenset[str]] = (-1, [], frozenset())

    def search(self, question: str, limit: int, allowed: NDArray[np.int64] | None = None) -> list[tuple[int, float]]:
        """Return (passage id, BM25 score, higher is better), best first.

        Args:
            question: any text; a text without a word that says something finds nothing.
            limit: most passages to return.
            allowed: sorted ids that may be found; None for all.
        """
        terms = self.terms(question)
        if not terms:
            return []
        match = " OR ".join(expression(term) for term in terms)
        wanted = limit * _SPARE
        found = self._match(match, wanted)
        if allowed is None:
            return found[:limit]
        kept = [hit for hit, keep in zip(found, np.isin([n for n, _ in found], allowed), strict=True) if keep]
        if len(kept) < limit and len(found) == wanted:
            # Narrow filters: let SQLite apply them.
            kept = self._match(match, limit, json.dumps(allowed.tolist()))
        return kept[:limit]

    def _match(self, match: str, limit: int, allowed: str | None = None) -> list[tuple[int, float]]:
        # The plus keeps SQLite from asking FTS5 once for each allowed passage: 230 times as fast on 2,674 of 21,812.
        condition = "AND +rowid IN (SELECT value FROM json_each(?))" if allowed else ""
        return self._store.query(
            f"SELECT rowid, -bm25(passages_fts, {TITLE_WEIGHT}, 1.0) AS score FROM passages_fts "  # noqa: S608
            f"WHERE passages_fts MATCH ? {condition} ORDER BY score DESC, rowid LIMIT ?",
            (match, allowed, limit) if allowed else (match, limit),
        )

    def terms(self, question: str) -> list[Term]:
        """Return what is searched for, the first ``MAX_TERMS`` distinct terms in order."""
        question = question[:MAX_CHARS]
        mentions = {mention.start: mention for mention in self._aliases.mentions(question)}
        found: dict[str, Term] = {}
        done = 0
        for token in tokens(question):
            if len(found) == MAX_TERMS:
                break
            if token.start < done:
                continue
            if mention := mentions.get(token.start):
                done = mention.end
                written = question[token.start : done]
                found.setdefault(fold(written), Term(token.start, done, (written, *mention.others)))
            elif token.is_number:
                unit = _UNIT.match(question, token.end)
                done = unit.end() if unit else token.end
                written = question[token.start : done]
                found.setdefault(written, Term(token.start, done, _number_ways(token.text, unit[0] if unit else "")))
            elif is_content(token) and token.key not in found:
                found[token.key] = Term(token.start, token.end, (token.text, *self.variants(token)))
        return list(found.values())

    def weigh(self, terms: Iterable[Term]) -> list[Term]:
        """Return the terms with their BM25 inverse document frequency over the passages of the index."""
        return [replace(term, weight=self._idf(expression(term), self._store.generation())) for term in terms]

    def _inverse_frequency(self, match: str, generation: int) -> float:
        (held,), (total,) = (
            self._store.query("SELECT count(*) FROM passages_fts WHERE passages_fts MATCH ?", (match,))[0],
            self._store.query("SELECT count(*) FROM passages")[0],
        )
        return math.log(1 + (total - held + 0.5) / (held + 0.5))

    def capitalised(self, question: str, knows: Callable[[str], bool]) -> str:
        """Return a question typed in small letters with the capitals that its words have in the articles.

        A word that none of them holds has one where ``knows``, which tells whether a spelling is in use, says so.
        """
        if len(question) > MAX_CHARS or not in_small_letters(question):
            return question
        return self._capitalised(question, knows, self._store.generation())

    def _with_capitals(self, question: str, knows: Callable[[str], bool], generation: int) -> str:
        """Look for the words of a question; kept until the index changes (``generation`` is part of the key)."""
        found = self._store.passages([number for number, _ in self.search(question, SAMPLE)])
        written, held = capitalised(question, [text for _, text, _ in found.values()], knows), self._words()[1]
        for token in reversed(tokens(written)):
            if held.isdisjoint(self._forms(token)) and not knows(word := fold(token.text)) and knows(word.capitalize()):
                written = written[: token.start] + token.text.capitalize() + written[token.end :]
        return written

    def variants(self, token: Token) -> list[str]:
        """Return words of the index that spell the same name otherwise, or that a typing slip was meant for."""
        word = fold(token.text)
        if token.is_number or len(word) < _SHORTEST_VARIANT:
            return []
        vocabulary, held = self._words()
        stem, *_ = forms = self._forms(token)
        known = not held.isdisjoint(forms)
        if known and not (token.is_name and len(word) >= _SHORTEST_SPELLING):
            return []
        near = process.extract(stem, vocabulary, scorer=fuzz.ratio, score_cutoff=SAME_SKELETON, limit=40)
        sound = skeleton(stem)
        return [
            _unstemmed(other)
            for other, score, _ in near
            if other not in forms and (skeleton(other) == sound or (not known and score >= TYPO))
        ][:_MOST_VARIANTS]

    def spelled(self, question: str) -> str:
        """Return the question with typing slips mended, for what knows no other spellings: the reader.

        A slip is a word that neither the articles nor BERT's vocabulary hold, one letter (or two exchanged) from a
        word of the articles that begins alike; burglary is no slip for burglar.
        """
        mentions = [range(mention.start, mention.end) for mention in self._aliases.mentions(question)]
        words, held = self._words()
        pieces, done = [], 0
        for token in tokens(question[:MAX_CHARS]):
            word, forms = fold(token.text), self._forms(token)
            if token.is_number or len(word) < _SHORTEST_VARIANT or not held.isdisjoint(forms):
                continue
            everyday, stems = _everyday()
            if not stems.isdisjoint(forms) or any(token.start in span for span in mentions):
                continue
            near = (
                other
                for vocabulary in (words, everyday)
                for other, _, _ in process.extract(word, vocabulary, scorer=OSA.distance, score_cutoff=1, limit=None)
                if other[0] == word[0] and str(_PORTER.stemWord(other)) in held and not word.startswith(other)
            )
            if meant := next(near, None):
                pieces += [question[done : token.start], meant.capitalize() if token.is_name else meant]
                done = token.end
        return "".join([*pieces, question[done:]])

    def is_elsewhere(self, question: str) -> bool:
        """Whether it speaks of "the pope" where no article has that word, or another spelling of a rare one."""
        held, everyday = self._words()[1], _everyday()[1]
        things = (token for token in tokens(question[:MAX_CHARS]) if _THING.search(question[: token.start]))
        return any(
            held.isdisjoint(forms := self._forms(token)) and not (everyday.isdisjoint(forms) and self.variants(token))
            for token in things
            if is_content(token)
        )

    @staticmethod
    def _forms(token: Token) -> tuple[str, ...]:
        """The forms in which the index may hold a word, its stem first."""
        word = fold(token.text)
        return str(_PORTER.stemWord(word)), word, token.key

    def _words(self) -> tuple[list[str], frozenset[str]]:
        """The index's words (stems), read again when passages have changed."""
        generation = self._store.generation()
        if self._vocabulary[0] != generation:
            words = [str(term) for (term,) in self._store.query("SELECT term FROM passages_vocab")]
            self._vocabulary = (generation, words, frozenset(words))
        return self._vocabulary[1], self._vocabulary[2]


@cache
def _everyday() -> tuple[list[str], frozenset[str]]:
    """The longer whole words of BERT's vocabulary, the commonest first, and their stems."""
    listed = (files("assistant") / "data" / "bert-uncased-vocab.txt").read_text("utf-8").split()
    words = [word for word in listed if word.isalpha() and len(word) >= _SHORTEST_VARIANT]
    return words, frozenset(_PORTER.stemWords(words))


def expression(term: Term) -> str:
    """Return the term as an FTS5 expression: each way a quoted phrase of its words, so that none is an operator."""
    return " OR ".join('"' + " ".join(map(_plain, _WORDS.findall(way))) + '"' for way in term.ways)


def _plain(word: str) -> str:
    """Return ``word`` without a possessive, which FTS5 would take for a second word: it is not part of the name."""
    return word[:-2] if word[-2:].lower() in ("'s", "’s") else word


def _number_ways(digits: str, unit: str) -> tuple[str, ...]:
    """Return how articles write a number: 147,000 and 147000; 20km and 20 km."""
    bare = digits.replace(",", "")
    grouped = f"{int(bare):,}" if bare.isdecimal() and len(bare) in range(4, 16) else digits
    ways = [number + joint + unit for number in (digits, bare, grouped) for joint in ("", " ")]
    return tuple(dict.fromkeys(way.rstrip() for way in ways))


def _unstemmed(stem: str) -> str:
    """Return a word whose stem is ``stem``; FTS5 stems what it is asked for, and ``hous`` would become ``hou``."""
    return next((word for word in (stem, stem + "e", stem + "s") if _PORTER.stemWord(word) == stem), stem)

"""What is quoted for a question: of a simple one what answers it, of one that asks several things what answers each."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from itertools import zip_longest

from assistant.answering.claims import Claim
from assistant.answering.compound import questions, sides
from assistant.answering.evidence import covered
from assistant.answering.extractive import Extraction, Lookup, extract
from assistant.answering.facts import overlap
from assistant.answering.reader import Reader
from assistant.settings import Settings
from assistant.types import Hit

ABOUT = 0.5
"""Share of the weight of a name's words that a passage holds which is about it."""

FEW = 2
"""Questions up to which each is also asked of each name in it: every one takes a search and half a second."""


class Quoter:
    """Chooses what to quote.

    Args:
        lookup: the index, bound to the filters of the question.
        reader: judges question and passage together.
        settings: gives the most statements, and the confidence below which nothing is presented as an answer.
    """

    def __init__(self, lookup: Lookup, reader: Reader, settings: Settings) -> None:
        self._lookup = lookup
        self._reader = reader
        self._settings = settings

    def answer(self, question: str, hits: Sequence[Hit]) -> Extraction:
        """Choose the sentences that answer a question that stands alone.

        Args:
            question: may ask for several things.
            hits: the passages that a search found for it, best first.
        """
        whole = self._one(question, hits)
        parts: dict[str, Extraction] = {}
        asked = questions(question)
        for one in asked:
            found = whole if one == question else self._one(one)
            parts |= self._of_each(one, found) if len(asked) <= FEW else {one: found}
        return next(iter(parts.values())) if len(parts) == 1 else self._joined(whole, parts)

    def _one(self, question: str, hits: Sequence[Hit] | None = None) -> Extraction:
        hits = self._lookup.search(question) if hits is None else hits
        return extract(question, self._lookup, hits, self._lookup.left_out(question), self._reader, self._settings)

    def _of_each(self, question: str, found: Extraction) -> dict[str, Extraction]:
        """Return what answers a question about each of the names that it joins, unless what was found is about all."""
        named = sides(question)
        if named:
            found = replace(found, disagree=())  # what differs between two matters is no contradiction
        quotes = [claim.quotes[0] for claim in found.claims] or found.nearest[:1]
        texts = [f"{quote.hit.article.title or ''} {quote.hit.text}" for quote in quotes]
        if all((covered(self._lookup.terms(name), texts) >= ABOUT).any() for name, _ in named):
            return {question: found}
        each = {asked: self._one(asked) for _, asked in named}
        return each if any(part.claims for part in each.values()) else {question: found}

    def _joined(self, whole: Extraction, parts: Mapping[str, Extraction]) -> Extraction:
        """Return the best claim of each part, then those that several of the questions have in common.

        Where a part finds nothing, what the whole question found may hold it after all.
        """
        found = [whole, *parts.values()]
        best = [part.claims[0] for part in parts.values() if part.claims]
        every = [claim for one in found for claim in one.claims]
        common = [claim for claim in every if sum(_rank(claim, one) > 0 for one in found) > 1]
        common.sort(key=lambda claim: -sum(_rank(claim, one) for one in found))
        missing = [asked for asked, part in parts.items() if not part.claims]
        parted = _each_once([*best, *common])
        claims = _each_once([*parted, *whole.claims]) if missing else parted
        read = {hit.passage: hit for hits in zip_longest(*(one.read for one in found)) for hit in hits if hit}
        return replace(
            whole,
            claims=claims[: self._settings.max_statements],
            confidence=max(one.confidence for one in found),
            disagree=(),
            read=tuple(read.values()),
            unanswered=tuple(missing) if parted and claims == parted else (),
        )


def _rank(claim: Claim, found: Extraction) -> float:
    """Return one by the place of a claim in what was found, nought where it is not there."""
    return next((1 / place for place, other in enumerate(found.claims, 1) if _same(claim, other)), 0.0)


def _each_once(claims: Iterable[Claim]) -> tuple[Claim, ...]:
    """Return claims but for those that quote words of one before them."""
    kept: list[Claim] = []
    for claim in claims:
        if not any(_same(claim, other) for other in kept):
            kept.append(claim)
    return tuple(kept)


def _same(claim: Claim, other: Claim) -> bool:
    """Whether a claim is worded as another one quotes."""
    return any(overlap(claim.quotes[0], quote) for quote in other.quotes)

"""The search that answers stand on: words and meaning fused by score, copies folded, nobody crowding out others.

Fusion is a convex sum of min-max normalised scores (Bruch et al. 2023, "An Analysis of Fusion Functions for
Hybrid Retrieval"), who find it better than reciprocal rank fusion; docs/figures.md has how the weights were chosen.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from functools import lru_cache
from operator import itemgetter

import numpy as np
from numpy.typing import NDArray

from assistant.aliases import Aliases
from assistant.errors import EmbedderError, QuestionError
from assistant.retrieval.copies import fold_copies
from assistant.retrieval.embed import Embedder, FloatArray
from assistant.retrieval.lexical import LexicalIndex
from assistant.retrieval.rows import publisher_key
from assistant.retrieval.store import Store
from assistant.retrieval.vector import Found, VectorIndex
from assistant.settings import Settings
from assistant.types import NOT_REPORTING, ArticleInfo, Filters, Hit, Term, Zone

DEPTH = 100
"""How many passages each way of searching contributes."""

LOOKED_AT = 3
"""How many times the hits asked for are read, so that enough are left when copies are folded and articles capped."""

MATCHES = 1 / 3
"""Share of the best BM25 score that a hit needs to take the place of another publisher's: saying a word without end
makes it count 2.2 times as much as saying it once (k1 = 1.2)."""


class HybridSearch:
    """Searches a store by words and, as far as passages are embedded, by meaning."""

    def __init__(self, store: Store, settings: Settings, aliases: Aliases, embedder: Embedder | None) -> None:
        self._store = store
        self._settings = settings
        self._embedder = embedder
        self.lexical = LexicalIndex(store, aliases)
        self.vectors = VectorIndex(store, kind=settings.vector_index, exact_limit=settings.exact_limit)
        self._allowed = lru_cache(maxsize=32)(self._passage_ids)

    def search(self, question: str, filters: Filters | None = None, limit: int | None = None) -> list[Hit]:
        """Return the passages that match ``question`` best.

        Args:
            question: plain text of any kind.
            filters: by default body and captions of all articles.
            limit: most hits; by default ``Settings.passages``.

        Raises:
            QuestionError: the limit is under 1.
        """
        filters, limit = filters or Filters(), self._settings.passages if limit is None else limit
        if limit < 1:
            raise QuestionError(f"limit is {limit}; ask for at least 1 passage")
        asked, generation = self._vector(question), self._store.generation()
        allowed = self._allowed(filters, generation)
        found = self._candidates(question, asked, allowed)
        hits = self._hits(found, LOOKED_AT * limit)
        if crowd := crowding(hits):
            theirs = self._allowed(replace(filters, publishers=(crowd,)), generation)
            others = np.setdiff1d(allowed, theirs, assume_unique=True)
            found = _joined(found, self._candidates(question, asked, others))
            hits = self._hits(found, LOOKED_AT * limit, frozenset(others.tolist()))
        return share_out(limit, at_most(self._settings.passages_per_article, fold_copies(hits)))

    def further(
        self, question: str, hits: Sequence[Hit], articles: Collection[str], filters: Filters | None = None
    ) -> list[Hit]:
        """Return passages of some articles, by id, besides ``hits`` and copies of them, best first, scored alike."""
        filters, asked, generation = filters or Filters(), self._vector(question), self._store.generation()
        theirs = self._allowed(replace(filters, articles=tuple(articles)), generation)
        everywhere = self._candidates(question, asked, self._allowed(filters, generation))
        found = _joined(everywhere, self._candidates(question, asked, theirs))
        known, others = {hit.passage for hit in hits}, set(theirs.tolist())
        new = self._read(found, [hit for hit in self._fused(found) if hit[0] in others])
        return fold_copies([*hits, *(hit for hit in new if hit.passage not in known)])[len(hits) :]

    def _vector(self, question: str) -> FloatArray | None:
        """Return the question's vector; None where meaning is not searched, or the embedder fails: words do then."""
        if self._embedder is None or self._settings.vector_weight <= 0:
            return None
        with suppress(EmbedderError):
            vector: FloatArray = self._embedder.encode([question])[0]
            return vector
        return None

    def _candidates(self, question: str, asked: FloatArray | None, allowed: NDArray[np.int64]) -> tuple[Found, Found]:
        """Return what words and what meaning find among the ``allowed`` passages."""
        if not len(allowed):
            return [], []
        meaning = self.vectors.search(asked, DEPTH, allowed) if asked is not None else []
        return self.lexical.search(question, DEPTH, allowed), meaning

    def _hits(self, found: tuple[Found, Found], most: int, others: frozenset[int] = frozenset()) -> list[Hit]:
        """Return the best ``most`` candidates, and the best ``most`` of ``others`` among the rest."""
        fused = self._fused(found)
        return self._read(found, [*fused[:most], *[hit for hit in fused[most:] if hit[0] in others][:most]])

    def _fused(self, found: tuple[Found, Found]) -> Found:
        return fuse(*found, self._settings.vector_weight)

    def _read(self, found: tuple[Found, Found], fused: Found) -> list[Hit]:
        """Return the passages of some candidates, with what words and what meaning say of them."""
        rows = self._store.passages([number for number, _ in fused])
        lexical, cosine = map(dict, found)
        return [
            Hit(rows[number][0], rows[number][1], rows[number][2], score, lexical.get(number), cosine.get(number))
            for number, score in fused
            if number in rows
        ]

    def allows(self, filters: Filters | None = None) -> bool:
        """Whether ``filters`` leave anything to search."""
        return bool(len(self._allowed(filters or Filters(), self._store.generation())))

    def left_out(self, question: str, filters: Filters | None = None, limit: int = 10) -> list[str]:
        """Return the passages nearest by words in the zones that ``filters`` leave out: comments, boilerplate."""
        filters = filters or Filters()
        zones: tuple[Zone, ...] = tuple(zone for zone in NOT_REPORTING if zone not in filters.zones)
        others = self._allowed(replace(filters, zones=zones), self._store.generation())
        found = self._store.passages([number for number, _ in self.lexical.search(question, limit, others)])
        return [text for _, text, _ in found.values()]

    def _passage_ids(self, filters: Filters, generation: int) -> NDArray[np.int64]:
        """The passages that ``filters`` allow, kept until the index changes (``generation`` is part of the key)."""
        return self._store.passage_ids(filters)


@dataclass(frozen=True, slots=True)
class FilteredSearch:
    """The search as the answering part sees it: bound to the filters of one question."""

    index: HybridSearch
    filters: Filters | None

    def terms(self, text: str) -> list[Term]:
        """Return the words of ``text`` with their other ways of writing, weighed."""
        return self.index.lexical.weigh(self.index.lexical.terms(text))

    def spelled(self, text: str) -> str:
        """Return ``text`` with typing slips mended."""
        return self.index.lexical.spelled(text)

    def search(self, text: str) -> list[Hit]:
        """Return the passages that match ``text`` best."""
        return self.index.search(text, self.filters)

    def left_out(self, text: str) -> list[str]:
        """Return the passages nearest to ``text`` that a search leaves out."""
        return self.index.left_out(text, self.filters)

    def further(self, text: str, hits: Sequence[Hit], articles: Collection[str]) -> list[Hit]:
        """Return other passages of some articles than ``hits``, best first."""
        return self.index.further(text, hits, articles, self.filters)


def fuse(words: Found, meaning: Found, vector_weight: float) -> Found:
    """Return (id, score in 0..1), best first: ``vector_weight`` x meaning + the rest x words.

    Each list is min-max normalised on its own; a passage that one list lacks gets 0 from it. Where one list is
    empty the other decides alone.
    """
    if not words or not meaning:
        vector_weight = 1.0 if meaning else 0.0
    scores: defaultdict[int, float] = defaultdict(float)
    for found, weight in ((words, 1 - vector_weight), (meaning, vector_weight)):
        for number, score in _min_max(found):
            scores[number] += weight * score
    return sorted(scores.items(), key=lambda item: (-item[1], item[0]))


def at_most(per_article: int, hits: Iterable[Hit]) -> list[Hit]:
    """Keep the first ``per_article`` hits of each article."""
    seen: Counter[str] = Counter()
    kept = []
    for hit in hits:
        seen[hit.article.id] += 1
        if seen[hit.article.id] <= per_article:
            kept.append(hit)
    return kept


def crowding(hits: Sequence[Hit]) -> str | None:
    """Return the publisher (its key) of more than half of the hits; not known, it is no publisher."""
    names = Counter(key for hit in hits if (key := _paper(hit.article)))
    name, count = names.most_common(1)[0] if names else (None, 0)
    return name if 2 * count > len(hits) else None


def share_out(limit: int, hits: Sequence[Hit]) -> list[Hit]:
    """Return the first ``limit`` hits, at most half of them of one publisher where others match the question too.

    A hit gives way only to one that has ``MATCHES`` of the best score by words; a publisher that is not known is none.

    Args:
        limit: most hits.
        hits: best first.
    """
    floor = MATCHES * max((hit.lexical or 0.0 for hit in hits), default=0.0)
    others = [hit for hit in hits[limit:] if hit.lexical and hit.lexical >= floor]
    seen: Counter[str | None] = Counter()
    within: list[tuple[int, Hit]] = []
    beyond: list[tuple[int, Hit]] = []
    for place, hit in enumerate([*hits[:limit], *others]):
        name = _paper(hit.article)
        seen[name] += 1
        (beyond if name and seen[name] > max(1, limit // 2) else within).append((place, hit))
    return [hit for _, hit in sorted([*within, *beyond][:limit], key=itemgetter(0))]


def _paper(article: ArticleInfo) -> str | None:
    """Return the publisher (its key); None where it is not known, and only the host of the address stands for it."""
    name = publisher_key(article.publisher)
    return None if name and "." in name and name in (article.url or article.source).lower() else name


def _joined(one: tuple[Found, Found], other: tuple[Found, Found]) -> tuple[Found, Found]:
    """Return what two searches found by words, and what by meaning, each passage once."""
    words, meaning = (list({**dict(a), **dict(b)}.items()) for a, b in zip(one, other, strict=True))
    return words, meaning


def _min_max(found: Found) -> Found:
    if not found:
        return []
    low, high = min(score for _, score in found), max(score for _, score in found)
    return [(number, (score - low) / (high - low) if high > low else 1.0) for number, score in found]

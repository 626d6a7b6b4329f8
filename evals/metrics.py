"""Measures of one answer and one ranking as pure functions; of refusals, citations and runs in the modules beside."""

from __future__ import annotations

import math
import re
import unicodedata
from collections.abc import Collection, Iterable, Mapping, Sequence

import numpy as np


def normal(text: str) -> str:
    """Return text for comparing: no case, one kind of quotation mark and dash, single spaces."""
    plain = unicodedata.normalize("NFKC", text).translate(str.maketrans("‘’“”–—", "''\"\"--"))
    return re.sub(r"\s+", " ", plain).casefold()


def says(text: str, wording: str) -> bool:
    """Whether ``text`` holds ``wording`` on word boundaries."""
    return re.search(rf"(?<!\w){re.escape(normal(wording))}(?!\w)", normal(text)) is not None


def states_facts(texts: Iterable[str], facts: Sequence[Sequence[str]]) -> bool:
    """Whether every fact is said, by any of its wordings, somewhere in ``texts``."""
    whole = "\n".join(texts)
    return all(any(says(whole, wording) for wording in ways) for ways in facts)


def distinct(ranked: Iterable[str]) -> list[str]:
    """Return the names in order, each once."""
    return list(dict.fromkeys(ranked))


def hit_at(k: int, ranked: Sequence[str], relevant: Collection[str]) -> bool:
    """Hit@k: whether one of ``relevant`` is among the first k distinct of ``ranked`` (Voorhees 1999)."""
    return any(one in relevant for one in distinct(ranked)[:k])


def recall_at(k: int, ranked: Sequence[str], relevant: Collection[str]) -> float:
    """Recall@k: share of ``relevant`` among the first k distinct of ``ranked`` (Manning et al. 2008, 8.3)."""
    return len(set(distinct(ranked)[:k]) & set(relevant)) / len(set(relevant)) if relevant else math.nan


def reciprocal_rank(ranked: Sequence[str], relevant: Collection[str]) -> float:
    """1 / rank of the first relevant, 0 when there is none; its mean is MRR (Voorhees 1999)."""
    return next((1 / rank for rank, one in enumerate(distinct(ranked), 1) if one in relevant), 0.0)


def ndcg_at(k: int, ranked: Sequence[str], gains: Mapping[str, float]) -> float:
    """NDCG@k: discounted gain over that of the best order (Järvelin and Kekäläinen 2002), log2 discount, linear gain.

    Args:
        k: ranks looked at.
        ranked: names, best first.
        gains: of the relevant names; binary relevance is a gain of 1. Same as trec_eval's ``ndcg_cut``.
    """
    best = _discounted(sorted(gains.values(), reverse=True)[:k])
    return _discounted([gains.get(one, 0.0) for one in distinct(ranked)[:k]]) / best if best else math.nan


def _discounted(gains: Iterable[float]) -> float:
    return sum(gain / math.log2(rank + 1) for rank, gain in enumerate(gains, 1))


def auroc(positive: Sequence[float], negative: Sequence[float]) -> float:
    """Area under the ROC curve: chance of a positive above a negative, ties half (Hanley and McNeil 1982)."""
    if not len(positive) or not len(negative):
        return math.nan
    above = np.asarray(positive, np.float64)[:, None] - np.asarray(negative, np.float64)
    return float(((above > 0) + 0.5 * (above == 0)).mean())


def wilson(successes: int, n: int, z: float = 1.96) -> tuple[float, float]:
    """95 % interval of a share (Wilson 1927); (0, 1) without observations."""
    if not n:
        return 0.0, 1.0
    share, slack = successes / n, z * z / n
    middle = (share + slack / 2) / (1 + slack)
    half = z * ((share * (1 - share) / n + slack / (4 * n)) ** 0.5) / (1 + slack)
    return max(0.0, middle - half), min(1.0, middle + half)

"""Measures as pure functions."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection, Iterable, Sequence


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


def hit_at(k: int, ranked: Sequence[str], relevant: Collection[str]) -> bool:
    """Hit@k: whether one of ``relevant`` is among the first k distinct of ``ranked`` (Voorhees 1999)."""
    return any(one in relevant for one in list(dict.fromkeys(ranked))[:k])


def auroc(positive: Sequence[float], negative: Sequence[float]) -> float:
    """Area under the ROC curve: chance of a positive above a negative, ties half (Hanley and McNeil 1982)."""
    pairs = [(p > n) + 0.5 * (p == n) for p in positive for n in negative]
    return sum(pairs) / len(pairs) if pairs else float("nan")


def wilson(successes: int, n: int, z: float = 1.96) -> tuple[float, float]:
    """95 % interval of a share (Wilson 1927); (0, 1) without observations."""
    if not n:
        return 0.0, 1.0
    share, slack = successes / n, z * z / n
    middle = (share + slack / 2) / (1 + slack)
    half = z * ((share * (1 - share) / n + slack / (4 * n)) ** 0.5) / (1 + slack)
    return max(0.0, middle - half), min(1.0, middle + half)

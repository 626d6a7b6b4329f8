"""Whether the remaining words of a statement are said by the sources, in the same or similar words."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from assistant.answering.checks.align import Alignment
from assistant.answering.checks.polarity import is_cue
from assistant.answering.checks.words import Word
from assistant.terms import fold

MOST_UNSAID = 0.45
"""Share of a statement's content words that may be missing from the sources."""
LEAST_SAID = 0.4
"""Share of a statement's content words that the cited words themselves must have, whatever stands around them."""
LONGEST_UNSAID = 3
"""Content words in a row that the sources do not have: an addition."""
CLAUSE = 2
"""Content words that make a clause say something by itself."""
CLAUSE_SAID = 0.35
"""Share of a clause's content words that the sources must have; a similar word counts 0.6, one of the context 0.5."""


def unsupported(aligned: Alignment, context: frozenset[str]) -> str:
    """Return in plain words what the sources do not say; "" when they say enough.

    Args:
        aligned: statement and sources.
        context: lemmas of what stands in front of the cited sentences; its words count half.
    """
    words = [w for w in aligned.said.words if w.content and not is_cue(w) and not _is_unit(aligned.said.words, w)]
    if not words:
        return ""
    unsaid = [w for w in words if not _said(aligned, w)]
    weights = {w.place: _weight(aligned, w) for w in words}
    cited = [weights[w.place] for w in words if not (w.place in aligned.named and not aligned.same[w.place])]
    if sum(cited) < LEAST_SAID * len(words):
        return "the cited words are about something else"
    half = {w.place for w in unsaid if w.key in context}
    weights |= dict.fromkeys(half, 0.5)
    missing = sum(0.5 if w.place in half else 1.0 for w in unsaid)
    run = _longest_run(words, {w.place for w in unsaid} - half)
    if added := _added_clause(words, weights):
        return f"the cited words do not say '{aligned.said.text[added[0].start : added[-1].end]}'"
    if len(run) >= LONGEST_UNSAID or missing > MOST_UNSAID * len(words):
        shown = run or unsaid
        return f"the cited words do not say '{aligned.said.text[shown[0].start : shown[-1].end]}'"
    return ""


def _added_clause(words: Sequence[Word], weights: Mapping[int, float]) -> list[Word]:
    """A clause of which the sources have next to nothing."""
    for number in sorted({w.clause for w in words}):
        clause = [w for w in words if w.clause == number]
        if len(clause) >= CLAUSE and sum(weights[w.place] for w in clause) < CLAUSE_SAID * len(clause):
            return clause
    return []


def _is_unit(words: Sequence[Word], word: Word) -> bool:
    """Whether a word is the measure behind a number ("years old"), which is compared with the number."""
    before = words[max(0, word.place - 2) : word.place]
    return fold(word.text) in _MEASURES and any(w.kind == "number" for w in before)


_MEASURES = frozenset(
    "year years old minute minutes hour hours day days week weeks month months percent per cent km pounds aged".split()
)


def _weight(aligned: Alignment, word: Word) -> float:
    if word.kind != "word" or word.place in aligned.named or aligned.same.get(word.place):
        return 1.0
    return 0.6 if aligned.found(word) else 0.0


def _said(aligned: Alignment, word: Word) -> bool:
    return word.kind != "word" or word.place in aligned.named or bool(aligned.found(word))


def _longest_run(words: Sequence[Word], unsaid: set[int]) -> list[Word]:
    best: list[Word] = []
    run: list[Word] = []
    for word in words:
        run = [*run, word] if word.place in unsaid else []
        best = max(best, run, key=len)
    return best

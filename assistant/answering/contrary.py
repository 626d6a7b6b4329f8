"""Whether two reports of one matter deny each other."""

from __future__ import annotations

from assistant.answering.checks.align import Alignment
from assistant.answering.checks.exclusion import excluded
from assistant.answering.checks.names import Names
from assistant.answering.checks.nations import around
from assistant.answering.checks.polarity import cues, dropped
from assistant.answering.checks.words import parse
from assistant.terms import content_tokens

SAME_MATTER = 0.5
"""Share of the content words of the shorter one that two sentences have in common which speak of one matter."""


def contrary(one: str, other: str) -> bool:
    """Whether one sentence denies what the other says, or says its opposite: "not guilty" and "guilty"."""
    these, those = ({token.key for token in content_tokens(text)} for text in (one, other))
    if len(these & those) < SAME_MATTER * min(len(these), len(those)):
        return False
    return any(_against(*pair) for pair in ((one, other), (other, one)))


def _against(said: str, source: str) -> bool:
    """Whether a statement says what a source denies, or the opposite; one that denies something may deny the same."""
    statement, sources = parse(said), [parse(source)]
    aligned = Alignment(statement, sources, Names(statement, sources, around(())))
    return bool((not cues(statement) and dropped(aligned)) or excluded(aligned))

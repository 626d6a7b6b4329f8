"""Whether two reports of one matter deny each other."""

from __future__ import annotations

from assistant.answering.checks.align import Alignment
from assistant.answering.checks.names import Names
from assistant.answering.checks.nations import around
from assistant.answering.checks.polarity import dropped, excluded
from assistant.answering.checks.words import parse


def contrary(one: str, other: str) -> bool:
    """Whether one sentence denies what the other says, or says its opposite: "not guilty" and "guilty"."""
    return any(_against(*pair) for pair in ((one, other), (other, one)))


def _against(said: str, source: str) -> bool:
    statement, sources = parse(said), [parse(source)]
    aligned = Alignment(statement, sources, Names(statement, sources, around(())))
    return bool(dropped(aligned) or excluded(aligned))

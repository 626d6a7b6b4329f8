"""What :meth:`Assistant.stream` yields: passages found, statements as they pass the check, and the answer itself."""

from __future__ import annotations

from dataclasses import dataclass

from assistant.types import Answer, Citation, Hit, Statement


@dataclass(frozen=True, slots=True)
class Found:
    """The passages that a search found, before any word of the answer.

    Attributes:
        standalone_question: what was searched for; differs from the question asked for a follow-up.
        hits: best first.
    """

    standalone_question: str
    hits: tuple[Hit, ...]


@dataclass(frozen=True, slots=True)
class Stated:
    """A statement of the answer with all its citations; the numbers are those of the final answer."""

    statement: Statement
    citations: tuple[Citation, ...]


Event = Found | Stated | Answer
"""One answer ends a stream; nothing follows it."""

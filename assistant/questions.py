"""What is asked, checked and cleaned before anything is done with it."""

from __future__ import annotations

import reprlib
from collections.abc import Mapping, Sequence

from assistant.errors import QuestionError
from assistant.types import Turn

History = Sequence[str | Turn | Mapping[str, str]]

REMEMBERED = 20
"""Questions of a conversation that the next one may refer to."""


def check_question(question: str, longest: int) -> str:
    """Return the question in one line without control characters.

    Raises:
        QuestionError: it is not text, or has more than ``longest`` characters.
    """
    if not isinstance(question, str):
        raise QuestionError(f"the question is {type(question).__name__}, not text; pass a string")
    if len(question) > longest:
        raise QuestionError(f"the question has {len(question):,} characters; ask it in at most {longest:,}")
    return plain_question(question)


def earlier_questions(history: History, longest: int) -> list[str]:
    """Return what the reader asked before, oldest first; what an assistant is said to have said is passed over.

    Args:
        history: questions as strings, or turns.
        longest: characters; longer questions are passed over.

    Raises:
        QuestionError: the history has another form.
    """
    if isinstance(history, str | bytes) or not isinstance(history, Sequence):
        raise QuestionError(f"the history is {type(history).__name__}; give a list of earlier questions or turns")
    asked = []
    for turn in history:
        role, content = _turn(turn)
        if not isinstance(content, str):
            shown = reprlib.repr(turn)
            raise QuestionError(f"the history holds {shown}; give earlier questions as strings or as role and content")
        if role == "user" and len(content) <= longest and plain_question(content):
            asked.append(plain_question(content))
    return asked[-REMEMBERED:]


def punctuated(question: str) -> str:
    """Return a question with the mark at its end that people who type fast leave out."""
    return f"{question}?" if question and question[-1].isalnum() else question


def _turn(turn: object) -> tuple[object, object]:
    if isinstance(turn, Turn):
        return turn.role, turn.content
    if isinstance(turn, Mapping):
        return turn.get("role", "user"), turn.get("content")
    return "user", turn


def plain_question(text: str) -> str:
    """Return text in one line without control characters."""
    words = "".join(c if c.isprintable() else " " for c in text).split()
    return " ".join(words).encode("utf-8", "ignore").decode()

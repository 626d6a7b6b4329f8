"""What a fuzz target is, and what no output of any of them may hold; imports nothing that is to be watched."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from contextlib import AbstractContextManager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

SECRET = "sk-planted-5f0c2d9e7a"
"""Stands in the environment as a key while a target runs; nothing that anybody is shown may hold it."""

LONGEST_SENTENCE = 1_000
"""Characters of a message to a user, whatever it names."""

Check = Callable[[Any], Iterable[str]]
"""Tries one input, raises when an invariant does not hold, and yields all that a user is shown of it."""


class Inputs(Protocol):
    """A hypothesis strategy; hypothesis itself is loaded only where inputs are made."""

    def map(self, pack: Callable[[Any], Any]) -> Any:  # noqa: ANN401 - as hypothesis has it
        """Return inputs made of these."""


@dataclass(frozen=True)
class Target:
    """A part of the program that takes what it did not write itself.

    Attributes:
        name: as in the table and for ``--only``.
        about: what is fed with what, and what must hold.
        opened: given an empty folder, opens what the check needs and returns the check.
        inputs: returns a hypothesis strategy.
        fixed: returns the inputs that are tried every time.
        share: how many inputs of every hundred.
        seconds: that one input may take.
        raw: makes an input of bytes, for the fuzzer that follows coverage; None where inputs have a structure.
    """

    name: str
    about: str
    opened: Callable[[Path], AbstractContextManager[Check]]
    inputs: Callable[[], Inputs]
    fixed: Callable[[], Iterable[Any]]
    share: float
    seconds: float = 5.0
    raw: Callable[[bytes], Any] | None = None


def sentence(error: Exception | str) -> str:
    """Return a message as a user sees it; it must be one short line without Python's own words."""
    said = str(error)
    assert said.strip(), "an empty message"
    assert "\n" not in said, f"a message of several lines: {said!a}"
    assert len(said) <= LONGEST_SENTENCE, f"a message of {len(said)} characters: {said[:200]!a}"
    assert "Traceback" not in said, said
    return said


def harmless(said: str) -> None:
    """Refuse text for users that holds the planted secret or half of a surrogate pair."""
    assert SECRET not in said, f"the secret is shown: {said[:300]!a}"
    said.encode("utf-8")

"""Names that mean the same: the shipped list and the user's own, read from ``aliases.txt`` files."""

from __future__ import annotations

import re
import reprlib
from collections.abc import Sequence
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path

from assistant.errors import SettingsError
from assistant.terms import SHORT_FORM, fold, tokens, words


@dataclass(frozen=True, slots=True)
class Mention:
    """An alias found in a text, with the other names of its group."""

    start: int
    end: int
    others: tuple[str, ...]


class Aliases:
    """Groups of names, found in a text by their words.

    A name that stands in several groups means what all of them say.
    """

    def __init__(self, groups: Sequence[tuple[str, ...]]) -> None:
        self._groups: dict[tuple[str, ...], tuple[str, ...]] = {}
        for group in groups:
            for name in group:
                folded = tuple(fold(word) for word in words(name))
                self._groups[folded] = tuple(dict.fromkeys((*self._groups.get(folded, ()), *group)))
        self._longest = max((len(folded) for folded in self._groups), default=0)
        self._capitals = {_capitals_only(name) for group in groups for name in group} - {None}

    def mentions(self, text: str) -> list[Mention]:
        """Return the aliases that ``text`` uses, longest first at each place, without overlap."""
        found: list[Mention] = []
        placed = tokens(text)
        folded = [fold(t.text) for t in placed]
        at = 0
        while at < len(placed):
            for length in range(min(self._longest, len(placed) - at), 0, -1):
                span, name = placed[at : at + length], tuple(folded[at : at + length])
                shouted = all(t.text.isupper() for t in span)
                if name in self._groups and (shouted or name not in self._capitals):
                    written = text[span[0].start : span[-1].end]
                    others = tuple(n for n in self._groups[name] if fold(n) != fold(written))
                    found.append(Mention(span[0].start, span[-1].end, others))
                    at += length - 1
                    break
            at += 1
        return found


def load_aliases(folder: Path | None = None) -> Aliases:
    """Return the shipped aliases and, when ``folder`` holds an ``aliases.txt``, the user's own besides.

    Raises:
        SettingsError: the user's file cannot be read, or a line of it holds fewer than two names.
    """
    groups = _parse((files("assistant") / "data" / "aliases.txt").read_text("utf-8"), "the shipped aliases.txt")
    own = folder / "aliases.txt" if folder else None
    if own and own.is_file():
        try:
            groups += _parse(own.read_text("utf-8-sig"), str(own))  # editors on Windows put a mark first
        except (OSError, UnicodeDecodeError) as error:
            raise SettingsError(f"cannot read {own}: {error}; save it as UTF-8 text") from error
    return Aliases(groups)


def _parse(text: str, name: str) -> list[tuple[str, ...]]:
    groups = []
    for number, line in enumerate(text.splitlines(), 1):
        if not line.strip() or line.lstrip().startswith("#"):
            continue
        group = tuple(part.strip() for part in re.split(r"\s=\s", line.strip()))
        if len(group) < 2 or not all(group):
            shown = reprlib.repr(line.strip())
            raise SettingsError(f"{name}, line {number}: {shown} is no group; write 'name = other name'")
        groups.append(group)
    return groups


def _capitals_only(name: str) -> tuple[str, ...] | None:
    """The folded words of a short form that is an everyday word in lower case (US, IS, WHO)."""
    letters = name.replace(".", "")
    return (fold(letters),) if letters.isupper() and len(letters) <= SHORT_FORM else None

"""The letter behind a number: thousands and millions ("5m people"), or a unit ("5m high")."""

from __future__ import annotations

import re

from assistant.answering.checks.units import MONEY, UNITS

LETTERS = {"m": 1e6, "k": 1e3}
_BEHIND = re.compile(r"[\s-](?P<one>[A-Za-z]+)(?:[\s-](?P<two>[A-Za-z]+))?")
_PLURALS = frozenset("people men women children police feet".split())
_UNCOUNTED = frozenset(
    "long high wide deep tall thick broad across away apart above below under over underwater beneath behind beyond "
    "from off of in into on onto at to by for with within without near inside outside around between along past beside "
    "and or but as than before after until since while when where which who that this these those the a an its his "
    "her their our is are was were has have had will would can could per less perhaps always besides towards upwards "
    "downwards backwards forwards afterwards sometimes wave waves wall walls fence fences race run walk swim sprint "
    "hurdles".split()
)
"""What stands behind metres: nothing is counted in millions there."""


def is_scale(letter: str, behind: str) -> bool:
    """Return whether a letter without a currency sign is a scale.

    Args:
        letter: as written; a capital is no unit.
        behind: the text behind it. A currency or a plural there is counted, "people" as in "5m young people".
    """
    if letter.isupper():
        return True
    words = _BEHIND.match(behind)
    if not words:
        return False
    one, two = words["one"].lower(), (words["two"] or "").lower()
    return _counted(one) or (one not in _UNCOUNTED and _counted(two))


def _counted(word: str) -> bool:
    if UNITS.get(word, ("",))[0] in MONEY or word in _PLURALS:
        return True
    plural = len(word) > 3 and word.endswith("s") and not word.endswith(("ss", "us", "is"))
    return plural and word not in _UNCOUNTED

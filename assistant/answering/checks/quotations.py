"""Words in quotation marks, which are the source's or nobody's."""

from __future__ import annotations

import re
from collections.abc import Sequence

_STRAIGHT = str.maketrans("“”‘’", "\"\"''")
_OWNED = r"\s(?!(?:and|or|but|in|on|at|to|of|for|by|with|from|as|after|he|she|they|it|is|was|said|says)\b)\w"
_QUOTED = re.compile(
    r"\"([^\"]+)\"|"
    rf"(?<!\w)'(?!\d\ds|em\b|til\b|tis\b)((?:[^']|(?<=\w)'(?=\w)|(?<=s)'(?={_OWNED}))+)'(?!\w)"
)
"""The apostrophes of "can't", "the dockers' offer" and "the '80s" are no marks."""


def misquoted(statement: str, sources: Sequence[str]) -> str:
    """Return the first words in quotation marks that no single source has; "" if there are none."""
    plain = [_plain(one) for one in sources]
    for match in _QUOTED.finditer(statement.translate(_STRAIGHT)):
        words = _plain(match[1] or match[2]).strip(" .,!?;:")
        whole = re.compile(rf"(?<!\w){re.escape(words)}(?!\w)")
        if re.search(r"\w", words) and not any(whole.search(one) for one in plain):
            return statement[match.start() + 1 : match.end() - 1]
    return ""


def _plain(text: str) -> str:
    return re.sub(r"\s+", " ", text.translate(_STRAIGHT)).casefold()

"""Numbers that the sources have otherwise: as a list ("three branches" for three names), or without their measure."""

from __future__ import annotations

import re
from collections.abc import Sequence

from assistant.answering.checks.clauses import lengths
from assistant.answering.checks.quantities import Quantity
from assistant.answering.checks.units import MONEY, UNITS
from assistant.answering.checks.words import Parsed

_LIST = re.compile(r"(?:[A-Z][\w’'-]*(?: [A-Z][\w’'-]*)*, )+[A-Z][\w’'-]*(?: [A-Z][\w’'-]*)*,? and [A-Z]\w*")


def countable(quantity: Quantity, sources: Sequence[Parsed]) -> bool:
    """Whether a small number is the length of a list of the sources."""
    return 2 <= quantity.values[0] <= 9 and not quantity.unit and any(_lists(s, quantity.values[0]) for s in sources)


def miscounted(said: Parsed, found: Sequence[Quantity]) -> str:
    """Return why numbers that were counted, not found, may be wrong, in plain words; "" if nothing is against them.

    Whether what is listed is what is counted no rule can tell, unless the statement lists it too.
    """
    doubtful = [one.text for one in found if not _lists(said, one.values[0])]
    return f"the cited words list things, but do not say '{doubtful[0].strip()}'" if doubtful else ""


def _lists(parsed: Parsed, count: float) -> bool:
    if any(len(re.split(r",? and |, ", one)) == count for one in _LIST.findall(parsed.text)):
        return True
    return count > 2 and any(count == length for length in lengths(parsed))


def measured(said: Quantity, source: Quantity, texts: Sequence[Parsed]) -> bool:
    """Whether a number has a currency or measure that some text has, where its own source has none that is known.

    "Shares cost 5 euros in May and 7 in June" has euros for both; "7 kroner" may be of a currency not listed here.
    """
    if source.unit or said.unit not in MONEY | {"length", "weight"}:
        return True
    return any(
        said.unit
        in (*(one.unit for one in text.quantities), *(UNITS.get(w.text.lower(), ("",))[0] for w in text.words))
        for text in texts
    )

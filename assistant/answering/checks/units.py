"""Units of measure by the words for them: their dimension, and how many base units one of them is."""

from __future__ import annotations

UNITS: dict[str, tuple[str, float]] = {}
for _names, _kind, _factor in (
    ("percent %", "share", 1), ("euro euros €", "eur", 1), ("dollar dollars $", "usd", 1), ("pound pounds £", "gbp", 1),
    ("crown crowns", "crown", 1), ("franc francs", "franc", 1), ("florin florins", "florin", 1), ("yen ¥", "yen", 1),
    ("rupee rupees", "rupee", 1), ("krone kroner krona kronor", "krona", 1), ("zloty zlotys", "zloty", 1),
    ("rouble roubles ruble rubles", "rouble", 1), ("lira liras lire", "lira", 1), ("peso pesos", "peso", 1),
    ("dinar dinars", "dinar", 1), ("dirham dirhams", "dirham", 1), ("yuan", "yuan", 1), ("cent cents", "cent", 1),
    ("second seconds", "time", 1 / 60),
    ("minute minutes min mins", "time", 1), ("hour hours hr hrs", "time", 60), ("day days", "time", 1440),
    ("week weeks", "time", 10080), ("month months", "months", 1), ("year years", "months", 12),
    ("decade decades", "months", 120), ("millimetre millimetres millimeter millimeters mm", "length", 0.001),
    ("centimetre centimetres centimeter centimeters cm", "length", 0.01), ("metre metres meter meters m", "length", 1),
    ("kilometre kilometres kilometer kilometers km", "length", 1000), ("mile miles", "length", 1609.34),
    ("foot feet", "length", 0.3048), ("gram grams g", "weight", 1),
    ("kilogram kilograms kilo kilos kg", "weight", 1000),
    ("tonne tonnes ton tons", "weight", 1e6), ("degree degrees", "degree", 1), ("point points", "point", 1),
):  # fmt: skip
    for _name in _names.split():
        UNITS[_name] = (_kind, float(_factor))
"""By word: minutes, months, metres, grams are the bases; money and shares are their own."""

MONEY = frozenset("eur usd gbp crown franc florin yen rupee krona zloty rouble lira peso dinar dirham yuan".split())
"""Dimensions that are currencies."""


def is_unit(word: str) -> bool:
    """Return whether a word is a measure: minutes, francs, per cent."""
    return word.lower() in UNITS or word.lower() in ("per", "cent")

"""Facts of different articles that cannot all be so: other figures for what was asked, or one denies the other."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Sequence
from itertools import combinations, product

from assistant.answering.checks.moments import find_moments
from assistant.answering.checks.quantities import Quantity, find_quantities
from assistant.answering.checks.quantities import matches as matching
from assistant.answering.contrary import contrary
from assistant.answering.evidence import covered, matches, names
from assistant.answering.expected import kind_of
from assistant.answering.facts import Fact
from assistant.types import Term

HINTS, BEHIND = -1.0, 1.0
"""Least log odds of a figure that may differ from another where its passage holds all names of the question, and how
much less likely than the likeliest the newest figure may answer and still come first."""

TOLD = 0.3
"""Share of the weight of the question's words, but for names, that a sentence holds whose figure is compared, unless
another article gives another figure in much the same words: a fire's dead are not those of a flood, nor are votes the
turnout."""

_SET_ASIDE = re.compile(
    r"\b(?:not|rather than|instead of|from|against|compared (?:to|with)) (?:(?:the|its|an?|some|about|earlier) )*$",
    re.IGNORECASE,
)
"""What stands before a figure that a report does not give itself: "152, not 148", "risen to 17 from 11"."""


def disagree(question: str, facts: Sequence[Fact], terms: Sequence[Term]) -> list[Fact]:
    """Return the facts of different articles that give different figures of one measure or deny the first, or none.

    Where all are dated the newest comes first, of figures the newest that answers about as likely as the first or
    corrects it: of a toll that rises the last is asked.

    Args:
        question: as asked.
        facts: of its answer.
        terms: the question's words; what seems not to answer must at least stand beside all its names.
    """
    figures = _other_figures(question, facts, terms)
    sides = figures or _denials(facts)
    if not all(map(_dated, sides)):
        return sides

    def place(fact: Fact) -> tuple[bool, str]:
        leads = not figures or fact.likely >= sides[0].likely - BEHIND or _corrects(fact, sides[0])
        return leads, _dated(fact)

    return sorted(sides, key=place, reverse=True)


def _dated(fact: Fact) -> str:
    """Return when its article was published or, where that is not told, as of live pages, updated; "" for neither."""
    return fact.article.published or fact.article.updated or ""


def _denials(facts: Sequence[Fact]) -> list[Fact]:
    """Return the first fact and those of other articles that deny it; none where nothing does."""
    first, *others = facts
    against = [
        one
        for one in others
        if one.likely >= 0 and one.article.id != first.article.id and contrary(one.quotes[0].text, first.quotes[0].text)
    ]
    return [first, *against] if against else []


def _other_figures(question: str, facts: Sequence[Fact], terms: Sequence[Term]) -> list[Fact]:
    if kind_of(question) not in ("number", "money"):
        return []
    places = names(question, terms)
    named = [terms[place] for place in places]
    others = [term for place, term in enumerate(terms) if place not in places]
    sides = [fact for fact in facts if fact.answers and fact.likely >= (HINTS if _about(fact, named) else 0)]
    sides = [
        fact
        for fact in sides
        if covered(others, [fact.quotes[0].text])[0] >= TOLD or any(other.updated(fact) for other in sides)
    ]
    asked = {(one.unit, one.size) for one in _figures(question)}
    figures = [[one for one in _figures(fact.quotes[0].text) if (one.unit, one.size) not in asked] for fact in sides]
    given: defaultdict[str, list[Quantity]] = defaultdict(list)
    for fact, some in zip(sides, figures, strict=True):
        given[fact.article.id] += some
    measures = set.intersection(*({one.unit for one in some} for some in given.values())) if given else set()
    sides = [fact for fact, some in zip(sides, figures, strict=True) if any(one.unit in measures for one in some)]
    pairs = (pair for two in combinations(given.values(), 2) for pair in product(*two))
    same = any(one.unit in measures and _same(one, other) for one, other in pairs)
    return [] if len(given) < 2 or same else sides


def _about(fact: Fact, named: Sequence[Term]) -> bool:
    """Whether the passage of a fact and its title hold all names; False where there are none."""
    beside = f"{fact.article.title or ''} {fact.quotes[0].hit.text}"
    return bool(named) and bool(matches(named, [beside]).all())


def _figures(text: str) -> list[Quantity]:
    """Return the figures that a text gives, dates left out."""
    return [one for one in _all_figures(text) if not _is_set_aside(text, one)]


def _all_figures(text: str) -> list[Quantity]:
    return find_quantities(text, [(moment.start, moment.end) for moment in find_moments(text)])


def _is_set_aside(text: str, figure: Quantity) -> bool:
    return _SET_ASIDE.search(text[: figure.start]) is not None


def _corrects(fact: Fact, other: Fact) -> bool:
    """Whether a fact names a figure of another one as what is so no longer."""
    said, figures = fact.quotes[0].text, _figures(other.quotes[0].text)
    return any(_same(one, figure) for one in _all_figures(said) if _is_set_aside(said, one) for figure in figures)


def _same(one: Quantity, other: Quantity) -> bool:
    """Whether two figures of one measure may be one: "about 1,200" and 1,204."""
    return one.unit == other.unit and (matching(one, other) or matching(other, one))

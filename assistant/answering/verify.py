"""Whether cited sentences say what a statement says: facts exactly, the rest by its words.

The statement was written by a language model, the sentences by a newspaper. Rules alone decide, none of them asks a
model: numbers, dates, names, negations and quotations must match, nothing planned or doubtful may become a fact, names
and numbers must stand beside the words that they stand beside in the source, and what remains must be said there in the
same or similar words.

An attribution may be dropped: the cited sentence is shown with the statement and names who says it. It may not be
changed or made up.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from itertools import combinations

from assistant.answering.checks.align import Alignment, Fact
from assistant.answering.checks.certainty import overstated
from assistant.answering.checks.counts import countable, measured, miscounted
from assistant.answering.checks.exchange import misplaced
from assistant.answering.checks.exclusion import excluded
from assistant.answering.checks.moments import Moment, issue_date, published, stated
from assistant.answering.checks.names import Names
from assistant.answering.checks.nations import around
from assistant.answering.checks.polarity import contradiction
from assistant.answering.checks.qualified import unqualified
from assistant.answering.checks.quantities import Quantity, matches, with_sums
from assistant.answering.checks.quotations import misquoted
from assistant.answering.checks.roles import directed, exchanged
from assistant.answering.checks.speakers import misattributed
from assistant.answering.checks.support import unsupported
from assistant.answering.checks.units import is_unit
from assistant.answering.checks.verbs import compared
from assistant.answering.checks.words import Parsed, Word, parse

LONGEST = 2_000
"""Characters of a statement; what is longer is no statement."""
MOST_FIGURES = 30
"""Numbers and dates of a statement; what holds more is a table. Each is compared with all of the sources."""
MOST_TRIED = 4
"""Cited sentences up to which every smaller set is tried for ``used``."""


@dataclass(frozen=True, slots=True)
class Evidence:
    """One cited sentence.

    Attributes:
        text: its exact words.
        context: headline, publisher, "published 2017-08-03" and the passage, best with the sentence in its place:
            what a pronoun or "the group" may point back to is then looked for in front of it only.
        place: where in ``context`` the passage begins, and where the sentence does; looked for where None.
        published: ISO date, "" where it is not known; looked for in ``context`` where None.
    """

    text: str
    context: str = ""
    place: tuple[int, int] | None = None
    published: str | None = None

    @property
    def before(self) -> str:
        """What stands in front of the sentence; all of the context where its place is not known."""
        if self.place:
            return self.context[: self.place[1]]
        return self.context.split(self.text, 1)[0] if self.text else self.context

    @property
    def front(self) -> str:
        """What stands in front of the sentence in its passage; "" where its place is not known."""
        if self.place:
            return self.context[slice(*self.place)]
        return self.before if self.text in self.context else ""

    @property
    def issued(self) -> dt.date | None:
        """When its article was published."""
        return published(self.context) if self.published is None else issue_date(self.published)


@dataclass(frozen=True, slots=True)
class Verdict:
    """Whether a statement is supported.

    Attributes:
        why: in plain words, what is not; empty when supported.
        kind: number, date, name, certainty, negation, role, quotation or support, or entailment, which the reader
            misses; empty when supported.
        used: the smallest set of the evidence that supports the statement, as indices; empty when not supported.
        leans: only together with the sentence in front of the first one.
    """

    supported: bool
    why: str = ""
    kind: str = ""
    used: tuple[int, ...] = ()
    leans: bool = False


def verify(
    statement: str,
    evidence: Sequence[Evidence],
) -> Verdict:
    """Check a statement against the sentences that it cites.

    Args:
        statement: one or two sentences.
        evidence: the cited sentences, in order.

    Returns:
        A verdict; for one that is supported ``used`` tells which sentences are needed.
    """
    if not statement.strip() or not evidence:
        return Verdict(False, "there is nothing to check", "support")
    if len(statement) > LONGEST:
        return Verdict(False, f"the statement is longer than {LONGEST} characters", "support")
    everything = range(len(evidence))
    said = parse(statement)
    if len(said.quantities) + len(said.moments) > MOST_FIGURES:
        return Verdict(False, f"the statement holds more than {MOST_FIGURES} numbers", "support")
    verdict = _check(statement, evidence)
    if not verdict.supported:
        return verdict
    if 1 < len(evidence) <= MOST_TRIED:
        for size in range(1, len(evidence)):
            for some in combinations(everything, size):
                if _check(statement, [evidence[n] for n in some]).supported:
                    return Verdict(True, used=some)
    return Verdict(True, used=tuple(everything))


def _check(statement: str, evidence: Sequence[Evidence]) -> Verdict:
    said = parse(statement)
    sources = [parse(one.text, number) for number, one in enumerate(evidence)]
    if said.text.strip() in {source.text.strip() for source in sources}:
        return Verdict(True)
    before = around(tuple(one.before for one in evidence))
    names = Names(said, sources, before)
    aligned = Alignment(said, sources, names)
    if quote := misquoted(statement, [one.text for one in evidence]):
        return Verdict(False, f"the cited words are not “{quote}”", "quotation")
    pairs, missing = _figures(said, sources, [one.issued for one in evidence], before.before)
    if missing is not None:
        kind = "number" if isinstance(missing, Quantity) else "date"
        return Verdict(False, f"the cited words do not say '{statement[missing.start : missing.end].strip()}'", kind)
    if absent := names.missing():
        return Verdict(False, f"{absent[1]} '{absent[0].text}'", "name")
    checks: tuple[tuple[str, Callable[[], str]], ...] = (
        ("certainty", lambda: overstated(aligned) or unqualified(aligned)),
        ("negation", lambda: contradiction(aligned) or excluded(aligned)),
        ("role", lambda: _misplaced(aligned, aligned.facts(pairs), sources, before.lemmas)),
        ("support", lambda: miscounted(said, _counted(pairs, sources)) or unsupported(aligned, before.lemmas)),
    )
    for kind, check in checks:
        if why := check():
            return Verdict(False, why, kind)
    return Verdict(True)


def _misplaced(aligned: Alignment, facts: Sequence[Fact], sources: Sequence[Parsed], context: frozenset[str]) -> str:
    """What the statement says of another than the sources do, in plain words; "" if there is nothing."""
    word = (
        exchanged(aligned, facts, _source_facts(sources))
        or compared(aligned)
        or directed(aligned, facts)
        or misplaced(aligned, context)
    )
    if word:
        return f"the cited words say something else of '{word}'"
    speaker = misattributed(aligned)
    return f"in the cited words it is not '{speaker}' who says so" if speaker else ""


def _figures(
    said: Parsed, sources: Sequence[Parsed], issued: Sequence[dt.date | None], before: str
) -> tuple[list[tuple[Quantity | Moment, list[tuple[int, Quantity | Moment]]]], Quantity | Moment | None]:
    """Pair the numbers and moments of the statement with those of the sources; and the first without a match."""
    pairs: list[tuple[Quantity | Moment, list[tuple[int, Quantity | Moment]]]] = []
    for quantity in said.quantities:
        if quantity.text.lower() in ("neither", "either", "both"):
            continue  # a number in the sources only
        same: list[tuple[int, Quantity | Moment]] = [
            (n, other)
            for n, source in enumerate(sources)
            for other in with_sums(source.quantities)
            if matches(quantity, other) and measured(quantity, other, [*sources, parse(before)])
        ]
        if not same and not (
            countable(quantity, sources) or _a_year(quantity, sources) or _recalled(said, quantity, sources, before)
        ):
            return pairs, quantity
        pairs.append((quantity, same))
    every = [(n, other, issued[n]) for n, source in enumerate(sources) for other in source.moments]
    for moment in said.moments:
        if not stated(moment, [(other, when) for _, other, when in every]) and not _a_number(moment, sources):
            return pairs, moment
        pairs.append((moment, [(n, other) for n, other, when in every if stated(moment, [(other, when)])]))
    return pairs, None


def _a_number(moment: Moment, sources: Sequence[Parsed]) -> bool:
    """Whether what looks like a year is a number of the sources: 1900 residents, but not the 1900s."""
    lone = moment.year is not None and moment.month is None
    found = [other for source in sources for other in source.quantities if other.unit != "tens"]
    return lone and any(moment.year in other.values for other in found)


def _a_year(quantity: Quantity, sources: Sequence[Parsed]) -> bool:
    """Whether a number is what looks like a year in the sources."""
    return any(m.month is None and m.year == quantity.values[0] for source in sources for m in source.moments)


def _recalled(said: Parsed, quantity: Quantity, sources: Sequence[Parsed], before: str) -> bool:
    """Whether a number stands in front of the cited words with a noun that they take up: "the dead" of "three dead"."""
    noun = next((w for w in said.words if w.start >= quantity.end and w.kind == "word"), None)
    if (
        noun is None
        or not noun.content
        or is_unit(noun.text)
        or not any(noun.key in source.lemmas for source in sources)
    ):
        return False
    context = parse(before)
    for other in context.quantities:
        behind = next((w for w in context.words if w.start >= other.end and w.kind == "word"), None)
        if behind and behind.key == noun.key and matches(quantity, other):
            return True
    return False


def _counted(pairs: Iterable[tuple[Quantity | Moment, Sequence[object]]], sources: Sequence[Parsed]) -> list[Quantity]:
    """Return the numbers that no source says but by listing that many things."""
    return [one for one, same in pairs if not same and isinstance(one, Quantity) and countable(one, sources)]


def _source_facts(sources: Sequence[Parsed]) -> list[tuple[str, Word]]:
    found: list[tuple[str, Word]] = []
    for source in sources:
        for quantity in source.quantities:
            found += [("number", w) for w in source.within(quantity.start, quantity.end)[:1]]
        for moment in source.moments:
            found += [
                ("date" if moment.minute is None else "time", w) for w in source.within(moment.start, moment.end)[:1]
            ]
        found += [("name", w) for w in source.words if w.capital and w.place and w.content and w.kind == "word"]
    return found

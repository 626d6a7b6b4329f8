"""Whether a statement stands on the sentences that it cites: what rules see, then what the reader sees."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Literal

from sentencex import segment  # type: ignore[import-untyped]

from assistant.answering.checks.moments import Moment, stated
from assistant.answering.checks.words import parse
from assistant.answering.reader import Reader
from assistant.answering.verify import Evidence, Verdict, verify
from assistant.terms import content_tokens

SUPPORTED = -1.0
"""Log odds of entailment under which a statement goes that the rules let through."""

CERTAIN = 3.0
"""Log odds of entailment from which a statement stays that rules would drop only for how it is worded."""

LEAST_SHARED, FEWEST_SHARED = 0.5, 3
"""Share and number of its content words that such a statement has from the cited sentences."""

WORDING = frozenset({"negation", "role", "support"})
"""What rules guess from words; numbers, dates, names and quotations are exact, and nothing overrules them."""

_AHEAD = re.compile(
    r"\b(?:will|won['’]t|shall|would|may|might|could|should|due|(?:is|are|was|were) to|(?:plan|expect|intend)\w*)\b",
    re.I,
)
"""Words by which a sentence tells of what is to come."""


def check(statement: str, evidence: Sequence[Evidence], reader: Reader) -> Verdict:
    """Check a statement against the sentences that it cites.

    Args:
        statement: one or two sentences.
        evidence: the cited sentences, in order.
        reader: says how likely words entail a statement.

    Returns:
        A verdict; for one that is supported ``used`` tells which sentences are needed.
    """
    return confirm(statement, evidence, verify(statement, evidence), reader)


def confirm(statement: str, evidence: Sequence[Evidence], verdict: Verdict, reader: Reader) -> Verdict:
    """Return what becomes of the rules' verdict when the reader has looked at the statement too."""
    if verdict.supported:
        if statement in {evidence[place].text for place in verdict.used}:
            return verdict
        least, otherwise = SUPPORTED, Verdict(False, "the cited words do not say all of it", "entailment")
    elif _can_be_overruled(statement, evidence, verdict):
        least, otherwise = CERTAIN, verdict
    else:
        return verdict
    for places in _sets(verdict.used, len(evidence)):
        said = _entailed(statement, [evidence[place] for place in places], reader, least)
        if said is not None:
            return Verdict(True, used=places, leans=said == "behind")
    return otherwise


def _sets(used: tuple[int, ...], count: int) -> Iterator[tuple[int, ...]]:
    """Yield what may be cited, as indices: what the rules chose, one sentence more, all."""
    more = [tuple(sorted((*used, place))) for place in range(count) if place not in used]
    yield from dict.fromkeys(filter(None, (used, *more, tuple(range(count)))))


def _entailed(
    statement: str, cited: Sequence[Evidence], reader: Reader, least: float
) -> Literal["alone", "behind"] | None:
    """Whether the cited words say a statement, each of its sentences and the whole, with log odds of ``least``.

    They are read alone, then behind the sentence in front of them, unless that one says it by itself.
    """
    words, lead, leans = " ".join(one.text for one in cited), _lead(cited[0]), False
    statement = _as_dated(statement, cited)
    for part in dict.fromkeys((statement, *map(str.strip, segment("en", statement)))):
        if not part or reader.entailment(words, part) >= least:
            continue
        if not lead or not reader.entailment(f"{lead} {words}", part) >= least > reader.entailment(lead, part):
            return None
        leans = True
    return "behind" if leans else "alone"


def _as_dated(statement: str, cited: Sequence[Evidence]) -> str:
    """Return a statement with its dates as the cited words have them, "on Thursday" for "on 3 August 2017".

    The rules know that it can be the same day; the reader does not know when an article was published.
    """
    written, at, last = "", 0, ""
    for moment in parse(statement).moments:
        same = [
            other.text.rstrip(".")
            for one in cited
            for other in parse(one.text).moments
            if stated(moment, [(other, one.issued)]) and (other.weekday is None or _on_its_side(moment, one))
        ]
        gap = statement[at : moment.start]
        if not same or moment.text in same:
            written += gap + moment.text
        elif same[0] != last or re.search(r"\w", gap):  # "Thursday, 3 August" is told once
            written += gap + same[0]
        last, at = same[0] if same else "", moment.end
    return written + statement[at:]


def _on_its_side(said: Moment, one: Evidence) -> bool:
    """Whether a day lies where the cited words tell of it: "on Thursday" is the next in "will close on Thursday"."""
    if said.weekday is not None or one.issued is None or not (said.month and said.day):
        return True
    when, then = (said.month, said.day), (one.issued.month, one.issued.day)
    turned = abs(when[0] - then[0]) > 6  # of the year
    return when == then or ((when > then) != turned) == bool(_AHEAD.search(one.text))


def _can_be_overruled(statement: str, evidence: Sequence[Evidence], verdict: Verdict) -> bool:
    """Whether the rules only guess from wording.

    They do not where figures stand beside other words than in the sources, where too few words are shared, and where
    a sentence is taken over whole: then what they reject is what was put beside it.
    """
    said = parse(statement)
    displaced = verdict.kind == "role" and (said.quantities or said.moments)
    if verdict.kind not in WORDING or displaced or any(one.text in statement for one in evidence):
        return False
    words = {token.key for token in content_tokens(statement)}
    shared = words & {token.key for one in evidence for token in content_tokens(one.text)}
    return len(shared) >= max(FEWEST_SHARED, LEAST_SHARED * len(words))


def _lead(one: Evidence) -> str:
    """Return the sentence in front of a sentence, which tells whom "she" or "the group" points back to."""
    lines = [line for line in one.front.splitlines() if line.strip()]
    return [part.strip() for part in segment("en", lines[-1]) if part.strip()][-1] if lines else ""

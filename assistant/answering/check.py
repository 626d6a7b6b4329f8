"""Whether a statement stands on the sentences that it cites: what rules see, then what the reader sees."""

from __future__ import annotations

from collections.abc import Sequence

from sentencex import segment  # type: ignore[import-untyped]

from assistant.answering.reader import Reader
from assistant.answering.verify import Evidence, Verdict, verify
from assistant.terms import content_tokens

SUPPORTED = 1.0
"""Log odds of entailment under which a statement goes that the rules let through."""

CERTAIN = 2.0
"""Log odds of entailment from which a statement stays that rules would drop only for how it is worded."""

LEAST_SHARED = 0.5
"""Share of its content words that such a statement has from the cited sentences: of one that has none, an order to the
model say, the reader has seen too few to be relied on."""

WORDING = frozenset({"negation", "role", "support"})
"""What rules guess from words; numbers, dates, names and quotations are exact, and nothing overrules them."""

LEAD = 300
"""Characters in front of a sentence that are read with it where the sentence alone does not say it."""


def check(statement: str, evidence: Sequence[Evidence], reader: Reader) -> Verdict:
    """Check a statement against the sentences that it cites.

    Args:
        statement: one or two sentences.
        evidence: the cited sentences, in order.
        reader: says how likely words entail a statement.

    Returns:
        A verdict; for one that is supported ``used`` tells which sentences are needed.
    """
    verdict = verify(statement, evidence)
    everything = tuple(range(len(evidence)))
    parts = {statement, *(part.strip() for part in segment("en", statement))} - {""}

    def odds(places: Sequence[int], lead: str = "") -> float:
        words = " ".join((lead, *(evidence[place].text for place in places))).strip()
        return min(reader.entailment(words, part) for part in parts)

    if not verdict.supported:
        near = verdict.kind in WORDING and shared_words(statement, evidence) >= LEAST_SHARED
        return Verdict(True, used=everything) if near and odds(everything) >= CERTAIN else verdict
    if statement in {evidence[place].text for place in verdict.used}:
        return verdict
    for places in dict.fromkeys((verdict.used, everything)):
        if odds(places) >= SUPPORTED or odds(places, _lead(evidence[places[0]])) >= SUPPORTED:
            return Verdict(True, used=places)
    return Verdict(False, "the cited words do not say all of it", "entailment")


def shared_words(statement: str, evidence: Sequence[Evidence]) -> float:
    """Return the share of a statement's content words that stand in the evidence."""
    words = {token.key for token in content_tokens(statement)}
    return len(words & {token.key for one in evidence for token in content_tokens(one.text)}) / max(1, len(words))


def _lead(one: Evidence) -> str:
    """Return the headline and what stands in front of a sentence: whom "she" or "the group" points back to."""
    before = one.context.rpartition(one.text)[0] or one.context
    headline, _, rest = before.partition("\n")
    return f"{headline}. {rest[-LEAD:].strip()}"

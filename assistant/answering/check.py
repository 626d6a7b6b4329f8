"""Whether a statement stands on the sentences that it cites: what rules see, then what the reader sees."""

from __future__ import annotations

from collections.abc import Sequence

from sentencex import segment  # type: ignore[import-untyped]

from assistant.answering.reader import Reader
from assistant.answering.verify import Evidence, Verdict, verify

SUPPORTED = 0.0
"""Log odds of entailment under which a statement goes that the rules let through."""


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
    if not verdict.supported or statement in {evidence[place].text for place in verdict.used}:
        return verdict
    cited = " ".join(evidence[place].text for place in verdict.used)
    lead, everything = _lead(evidence[verdict.used[0]]), " ".join(one.text for one in evidence)
    parts = {statement, *(part.strip() for part in segment("en", statement))} - {""}
    for words in dict.fromkeys((cited, f"{lead} {cited}".strip(), everything)):
        if min(reader.entailment(words, part) for part in parts) >= SUPPORTED:
            return verdict
    return Verdict(False, "the cited words do not say all of it", "entailment")


def _lead(one: Evidence) -> str:
    """Return the sentence in front of a sentence, which tells whom "she" or "the group" points back to."""
    lines = [line for line in one.context.rpartition(one.text)[0].splitlines() if line.strip()]
    return [part.strip() for part in segment("en", lines[-1]) if part.strip()][-1] if lines else ""

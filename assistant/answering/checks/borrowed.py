"""What a statement takes from an article that it does not cite."""

from __future__ import annotations

from collections.abc import Iterable

from assistant.answering.checks.wording import lemma, similar
from assistant.terms import content_tokens, fold, words

RUN = 6
"""Words in a row that are copied rather than met with by chance."""


def borrowed(statement: str, own: Iterable[str], others: Iterable[str]) -> str:
    """Return the first words of a statement that only others say; "" if there are none.

    The check tolerates a word that no source says, since paraphrases have some, and the source's own words in another
    order. Where they stand in another article before the model's eyes, that article may have told it to write them.

    Args:
        statement: as a model wrote it.
        own: what it may draw on: the question, and the cited sentences with their context.
        others: all else that the model was shown.
    """
    own, others = list(own), list(others)
    if run := copied(statement, own, others):
        return run
    known, foreign = _lemmas(own), _lemmas(others)
    for token in content_tokens(statement):
        word = lemma(token.text)
        if word in foreign and word not in known and not any(similar(word, one) for one in known):
            return token.text
    return ""


def copied(statement: str, own: Iterable[str], others: Iterable[str]) -> str:
    """Return the first ``RUN`` words in a row of a statement that only others say; "" if there are none."""
    said = [fold(word) for word in words(statement)]
    runs = _runs(others) - _runs(own)
    found = (run for place in range(len(said) - RUN + 1) if (run := tuple(said[place : place + RUN])) in runs)
    return " ".join(next(found, ()))


def _lemmas(texts: Iterable[str]) -> set[str]:
    return {lemma(token.text) for text in texts for token in content_tokens(text)}


def _runs(texts: Iterable[str]) -> set[tuple[str, ...]]:
    folded = [[fold(word) for word in words(text)] for text in texts]
    return {tuple(some[place : place + RUN]) for some in folded for place in range(len(some) - RUN + 1)}

"""Capitals for a question typed without any: the articles know which of its words are names."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable

from assistant.terms import fold, is_content, tokens

_OPENS = re.compile(r"(?:^|[.?!:\n]['\"’”)]*\s|[\"“‘(\n])\s*$")
"""What stands before the first word of a sentence, whose capital says nothing."""

_POSSESSIVE = re.compile(r"['’]s$")


def in_small_letters(question: str) -> bool:
    """Whether no letter but the first is a capital."""
    return question[1:] == question[1:].lower()


def capitalised(question: str, texts: Iterable[str]) -> str:
    """Return a question with its words written as they most often are within sentences of some texts.

    Where a word stands beside the same neighbour counts first: the North Sea, but north Homs.

    Args:
        question: in small letters.
        texts: passages that share words with it.
    """
    alone: defaultdict[str, Counter[str]] = defaultdict(Counter)
    before: defaultdict[tuple[str, str], Counter[str]] = defaultdict(Counter)
    after: defaultdict[tuple[str, str], Counter[str]] = defaultdict(Counter)
    for text in texts:
        last = ""
        for token in tokens(text):
            opens = _OPENS.search(text, max(0, token.start - 4), token.start)
            written = "" if opens else _POSSESSIVE.sub("", token.text)
            word, neighbour = fold(written), fold(last)
            alone[word][written] += 1
            after[neighbour, word][written] += 1
            before[neighbour, word][last] += 1
            last = written
    asked = tokens(question)
    folded = ["", *(fold(token.text) for token in asked), ""]
    pieces, done = [], 0
    for token, (left, word, right) in zip(asked, zip(folded, folded[1:], folded[2:], strict=False), strict=False):
        beside = (after[left, word] if left else Counter()) + (before[word, right] if right else Counter())
        for written, _ in (beside or alone[word]).most_common(1):
            if is_content(token) and written[:1].isupper():
                pieces += [question[done : token.start], written]
                done = token.end - len("'s") * bool(_POSSESSIVE.search(token.text))
    return "".join([*pieces, question[done:]])

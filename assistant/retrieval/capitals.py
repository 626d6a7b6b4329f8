"""Capitals for a question typed without any: the articles know which of its words are names."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable

from assistant.terms import fold, is_content, tokens

_OPENS = re.compile(r"(?:^|[.?!:\n]['\"’”)]*\s|[\"“‘(\n])\s*$")
"""What stands before the first word of a sentence, whose capital says nothing."""

_POSSESSIVE = re.compile(r"['’]s$")


def in_small_letters(question: str) -> bool:
    """Whether no letter but the first is a capital."""
    return question[1:] == question[1:].lower()


def capitalised(question: str, texts: Iterable[str], knows: Callable[[str], bool]) -> str:
    """Return a question with its words written as they most often are within sentences of some texts.

    Where a word stands beside the same neighbour counts first: the North Sea, but north Homs. As a part of longer names
    alone an everyday word is no name: high is not, for all the High Courts; Fisk is, for one Mr Fisk.

    Args:
        question: in small letters.
        texts: passages that share words with it.
        knows: tells of a word in small letters whether it is an everyday one.
    """
    within: defaultdict[str, Counter[str]] = defaultdict(Counter)
    alone: defaultdict[str, Counter[str]] = defaultdict(Counter)
    beside: defaultdict[tuple[str, str], Counter[tuple[str, str]]] = defaultdict(Counter)
    for text in texts:
        written = _within_sentences(text)
        for before, word, after in zip(("", *written), written, (*written[1:], ""), strict=False):
            beside[fold(before), fold(word)][before, word] += 1
            within[fold(word)][word] += 1
            if not (word[:1].isupper() and (before[:1].isupper() or after[:1].isupper())):
                alone[fold(word)][word] += 1
    asked = tokens(question)
    folded = ["", *(fold(token.text) for token in asked), ""]
    pieces, done = [], 0
    for token, left, word, right in zip(asked, folded, folded[1:], folded[2:], strict=False):
        forms: Counter[str] = Counter()
        for pair, place in (((left, word), 1), ((word, right), 0)):
            for written_pair, times in beside[pair].items() if all(pair) else ():
                forms[written_pair[place]] += times
        forms = forms or alone[word] or (Counter() if knows(word) else within[word])
        for form, _ in forms.most_common(1):
            if is_content(token) and form[:1].isupper():
                pieces += [question[done : token.start], form]
                done = token.end - len("'s") * bool(_POSSESSIVE.search(token.text))
    return "".join([*pieces, question[done:]])


def _within_sentences(text: str) -> list[str]:
    """Return the words of a text in order, possessives without their ending; "" for the first word of a sentence."""
    return [
        "" if _OPENS.search(text, max(0, token.start - 4), token.start) else _POSSESSIVE.sub("", token.text)
        for token in tokens(text)
    ]

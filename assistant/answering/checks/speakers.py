"""Who says what: whether a statement puts words into another mouth than the sources do."""

from __future__ import annotations

import re
from collections.abc import Sequence

from assistant.answering.checks.align import Alignment
from assistant.answering.checks.classes import BE
from assistant.answering.checks.verbs import agent
from assistant.answering.checks.words import Parsed, Word
from assistant.terms import fold

_SPEECH = (
    r"(?:said|says|say|told|announced|argued|claimed|added|admitted|den(?:ied|ies|y)|estimated|estimates|reckons?|"
    r"reckoned|insists?|insisted|warned|reported|confirmed|explained|stated|conceded|stressed|declared)"
)
_TO_SPEAKER = re.compile(
    rf"\b(?:according to|in the (?:estimate|view|words|opinion) of|by the (?:count|reckoning|account) of|{_SPEECH})\b",
    re.I,
)
_IDIOM = re.compile(r"added (?:time|value|cost|weight|\d)")
_Spoken = list[tuple[Word, list[Word]]]
"""Verbs of speech, each with the words that may name the speaker."""
_PRONOUNS = frozenset("he she they it i we his her their its".split())


def misattributed(aligned: Alignment) -> str:
    """Return the speaker of the statement where the sources name another one; "" where they do not."""
    heard = [spoken(source) for source in aligned.sources]
    for verb, words in spoken(aligned.said):
        content = [w for w in words if w.content and w.kind == "word"]
        theirs = _speeches(aligned, heard, verb, words)
        if not content or not theirs or any(not any(w.content for w in said) for said in theirs):
            continue
        speakers = {(w.sentence, w.place) for said in theirs for w in said}
        if not any((p.sentence, p.place) in speakers for w in content for p in aligned.found(w)):
            return " ".join(w.text for w in sorted(content, key=lambda w: w.place))
    return ""


def _speeches(
    aligned: Alignment, heard: Sequence[_Spoken], verb: Word, speaker: Sequence[Word]
) -> list[list[Word]] | None:
    """The speakers of the sentence that says most of what is said; None where it has the speaker without a verb."""
    counts = [0] * len(aligned.sources)
    for word, places in aligned.anchors():
        if word not in speaker and word is not verb:
            for number in {p.sentence for p in places}:
                counts[number] += 1
    best = [n for n, count in enumerate(counts) if count == max(counts)]
    spoke = len(best) == 1 and bool(heard[best[0]])
    if (
        len(best) == 1
        and not spoke
        and any(p.sentence == best[0] for w in speaker for p in aligned.found(w) if w.content)
    ):
        return None
    numbers = best if spoke else range(len(aligned.sources))
    return [said for n in numbers for _, said in heard[n]]


def spoken(text: Parsed) -> _Spoken:
    """Return the verbs of speech of a text with their speakers."""
    found = []
    for match in _TO_SPEAKER.finditer(text.text):
        verb = next((w for w in text.words if w.start >= match.start()), None)
        if verb is None or verb.start != match.start() or _IDIOM.match(text.text, verb.start):
            continue
        if verb.place and fold(text.words[verb.place - 1].text) in BE and not agent(text, verb):
            continue  # "was reported killed": nobody is named
        if match[0].lower().startswith(("according", "in the", "by the")):
            speaker = [w for w in text.words if match.end() <= w.start and w.clause == verb.clause][:7]
        else:
            speaker = _subject(text, verb)
        found.append((verb, [w for w in speaker if w.content or fold(w.text) in _PRONOUNS]))
    return found


def _subject(text: Parsed, verb: Word) -> list[Word]:
    """The words that may name who speaks: before the verb, behind it ("..., said Ilic"), or before an apposition."""
    if agent(text, verb):
        by = next(w.place for w in text.words[verb.place :] if fold(w.text) == "by")
        return [w for w in text.words[by + 1 : by + 9] if w.clause == verb.clause]
    here = [w for w in text.words if w.clause == verb.clause and w.place < verb.place][-7:]
    if any(w.content or fold(w.text) in _PRONOUNS for w in here):
        joined = [w for w in text.words if w.clause == verb.clause - 1 and fold(here[0].text) == "and"]
        return [*joined, *here]
    behind = [w for w in text.words[verb.place + 1 : verb.place + 8] if w.clause <= verb.clause + 1]
    if text.text[: verb.start].rstrip()[-1:] in "\"”’'":
        return behind
    opening = [w for w in text.words if verb.clause - 3 <= w.clause < verb.clause]
    follows = behind and (behind[0].capital or fold(behind[0].text) in ("the", "a", "an"))
    return [*opening, *(behind if follows else [])]

"""Words that exclude one another: whether a statement has one where the sources have the other."""

from __future__ import annotations

import re
from collections.abc import Sequence

from assistant.answering.checks.align import Alignment
from assistant.answering.checks.polarity import cues, is_cue
from assistant.answering.checks.words import Word

_CONTRAST = re.compile(r"\b(?:rather than|instead of|in place of)\b", re.I)


def excluded(aligned: Alignment) -> str:
    """Return the first word that excludes a word of the sources in its place, in plain words; "" if there is none."""
    said_cues = cues(aligned.said)
    negated = {w.place for cue in said_cues for w in cue.scope}
    source_cues = [cue for source in aligned.sources for cue in cues(source)]
    denied = {id(w) for cue in source_cues for w in cue.scope}
    for word in aligned.said.words:
        against = aligned.against.get(word.place)
        if not against or is_cue(word):
            continue
        if aligned.same.get(word.place) or aligned.like.get(word.place):
            other = _in_its_slot(aligned, word, against)
            if other and other.key not in aligned.said.lemmas and (word.place in negated) == (id(other) in denied):
                return f"the cited words say '{other.text}', the statement says '{word.text}'"
            continue
        for other in against:
            if (
                (word.place in negated) == (id(other) in denied)
                and word.text != "leaving"  # "leaving it open" is no leave
                and not _contrasted(aligned, other)
                and _beside(aligned, word, other)
            ):
                return f"the cited words say '{other.text}', the statement says '{word.text}'"
    return ""


def _beside(aligned: Alignment, word: Word, other: Word) -> bool:
    """Whether a neighbour of ``word`` in the statement stands near ``other`` in the sources: they fill one place."""
    for near in aligned.said.words[max(0, word.place - 4) : word.place + 5]:
        if near.place == word.place or not near.content:
            continue
        if near.kind != "word":
            places = [w for w in aligned.words if w.kind == near.kind and w.text == near.text]
        else:
            places = aligned.found(near)
        if any(p.sentence == other.sentence and abs(p.place - other.place) <= 6 for p in places):
            return True
    return False


def _in_its_slot(aligned: Alignment, word: Word, against: Sequence[Word]) -> Word | None:
    """The excluding word that stands before the same word as ``word`` does: "last advances" for "first advances"."""
    words = aligned.said.words
    after = next((w for w in words[word.place + 1 : word.place + 3] if w.content), None)
    if after is None:
        return None
    mine = {(w.sentence, w.place) for w in (*aligned.same.get(word.place, ()), *aligned.like.get(word.place, ()))}
    places = aligned.same.get(after.place) or [w for w in aligned.words if w.kind != "word" and w.text == after.text]
    near = [(p, back) for p in places for back in (1, 2)]
    if any((p.sentence, p.place - back) in mine for p in places for back in range(1, 7)):
        return None
    return next((o for o in against for p, back in near if (o.sentence, o.place) == (p.sentence, p.place - back)), None)


def _contrasted(aligned: Alignment, other: Word) -> bool:
    source = aligned.sources[other.sentence].text
    return any(0 <= other.start - m.end() < 12 for m in _CONTRAST.finditer(source))

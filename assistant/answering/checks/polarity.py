"""Negation: whether statement and sources deny the same things."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from assistant.answering.checks.align import Alignment
from assistant.answering.checks.words import Parsed, Word
from assistant.terms import fold

_CUES = frozenset(
    "not no none nobody nothing never neither nor without cannot cant dont doesnt didnt isnt arent wasnt werent wont "
    "wouldnt couldnt shouldnt hasnt havent hadnt mustnt neednt hardly nowhere noone".split()
)
_REFUSING = re.compile(
    r"^(?:fail|refus|declin|den(?:y|ies|ied|ial)|lack|unabl|avoid|prohibit|forb(?:id|ad)|reject|abandon|exclud|unnamed|"
    r"refrain|shut|close|silent|blank|unclear|unknown|unspecif|undisclos|undecid|anonym|unhurt|unharm|uninjur)"
)
"""Words that deny something without a "not": they may stand for a negation, and a negation for them."""
_SOFT = re.compile(
    r"^(?:un(?!i|der|til)\w+|dis\w+|miss\w*|lack\w*|\w{3,}less|absent|except|exempt|exclud\w+|earliest|ban\w*|"
    r"barred|forb\w+|prohib\w+|cancel\w+|scrap\w+|prevent\w*|silent|without|illegal\w*|impossible)$"
)
"""Words by which a statement may say a "not" of the source in another way."""
_SOLE = frozenset("first sole unless except exempt record".split())
_BOUND = re.compile(
    r"\b(?:no|not) (?:more|fewer|less|earlier|later|longer than|only|just|before)\b|\bno sooner\b", re.I
)
TARGET = 3
"""Words of its reach that a negation is about, the first ones."""
_DENIES = re.compile(r"^(?:deni(?:ed|es)|deny|refus(?:ed|es?)|fail(?:ed|s)?|declin(?:ed|es?))$")
_SUBJECTS = frozenset("neither either nobody none".split())
"""Negations whose reach goes on behind an "and": "nobody among passengers and crew was hurt"."""
_SCOPE = 7
"""How many words a negation reaches at most."""


@dataclass(frozen=True, slots=True)
class Cue:
    """A word that denies, the content words that it denies, and the lemma of the word behind it."""

    word: Word
    scope: tuple[Word, ...]
    next: str


def is_cue(word: Word) -> bool:
    """Whether a word denies."""
    return fold(word.text) in _CUES


def cues(text: Parsed) -> list[Cue]:
    """Return the negations of a text."""
    bounds = [m.span() for m in _BOUND.finditer(text.text)]
    found = []
    for word in text.words:
        folded = fold(word.text)
        if folded not in _CUES or any(start <= word.start < end for start, end in bounds):
            continue
        reach = [
            w for w in text.words[word.place + 1 : word.place + 1 + _SCOPE + 5 * (folded in _SUBJECTS)]
            if w.clause == word.clause or (folded in _SUBJECTS and w.clause == word.clause + 1)
        ]  # fmt: skip
        stop = next((n for n, w in enumerate(reach) if fold(w.text) in _CUES and fold(w.text) != "nor"), len(reach))
        plain = [w for w in reach[:stop] if w.kind == "word"]
        content = [w for w in plain if w.content][: 2 if folded == "without" else None]
        found.append(Cue(word, tuple(content or plain), reach[0].key if reach else ""))
    return found


def contradiction(aligned: Alignment) -> str:
    """Return in plain words where statement and sources deny different things; "" where they do not."""
    said_cues = cues(aligned.said)
    source_cues = [cue for source in aligned.sources for cue in cues(source)]
    denied = {id(w) for cue in source_cues for w in cue.scope}
    refusing = [w for w in aligned.words if _REFUSING.match(fold(w.text)) or _REFUSING.match(w.key)]
    for cue in said_cues:
        if not _answered(cue, aligned, source_cues, refusing):
            return f"the cited words do not say '{_phrase(aligned.said, cue)}'"
    for word in aligned.said.words:
        if _DENIES.match(fold(word.text)) and not aligned.same.get(word.place) and not denied and not refusing:
            return f"the cited words do not say '{word.text}'"
    return dropped(aligned)


def dropped(aligned: Alignment) -> str:
    """Return in plain words what the sources deny and the statement says; "" where there is nothing."""
    said_cues = cues(aligned.said)
    source_cues = [cue for source in aligned.sources for cue in cues(source)]
    negated = {w.place for cue in (*said_cues, *_unsaid(aligned.said)) for w in cue.scope}
    softened = any(
        _REFUSING.match(w.key) or _REFUSING.match(fold(w.text)) or _SOFT.match(fold(w.text))
        for w in aligned.said.words
        if not aligned.same.get(w.place)  # "will close" says nothing in place of the "not" of "will not close"
    )
    for cue in [*source_cues, *(cue for source in aligned.sources for cue in _unsaid(source))]:
        kept = any(cue.next == own.next != "be" for own in said_cues)
        if not kept and _dropped(cue, aligned, negated, softened):
            source = aligned.sources[cue.word.sentence]
            return f"the cited words say '{_phrase(source, cue)}', the statement does not"
    return ""


def _unsaid(text: Parsed) -> list[Cue]:
    """What a text only contrasts or refuses: "instead of a fine", "refused to pay"; not told without that."""
    found = []
    for word, after in pairwise(text.words):
        joint = (fold(word.text), fold(after.text))
        if joint in (("instead", "of"), ("rather", "than")) or (_DENIES.match(joint[0]) and joint[1] == "to"):
            scope = [w for w in text.words[after.place + 1 :] if w.content and w.clause == word.clause][:TARGET]
            found.append(Cue(word, tuple(w for w in scope if w.kind == "word"), scope[0].key if scope else ""))
    return found


def _answered(cue: Cue, aligned: Alignment, theirs: Sequence[Cue], refusing: Sequence[Word]) -> bool:
    """Whether the sources deny what the statement denies, in whatever words."""
    if not cue.scope or any(cue.next == other.next != "be" for other in theirs):
        return bool(theirs)
    denied = {id(w) for other in theirs for w in other.scope}
    first = aligned.found(cue.scope[0])
    if any(other is r for other in first for r in refusing) and not any(id(other) in denied for other in first):
        return False  # "was not forbidden" for "was forbidden"
    denies = fold(cue.word.text)
    if denies == "without" and not any(aligned.found(word) for word in cue.scope[:2]):
        return True  # "without delay": the sources have no delay to deny
    if denies in ("no", "nobody", "none") and _singular(cue, aligned):
        return True  # "no woman before her" for "the first woman"
    reach = None if denies in ("neither", "nor") else TARGET
    matter = {id(place) for word in cue.scope for place in aligned.found(word)}
    refusing = [r for r in refusing if id(r) not in matter]
    if any(_denied_too(word, aligned, denied, refusing) for word in cue.scope[:reach]):
        return True
    # the verb that is denied does not stand in the sources: a denial of theirs in other words may be the one
    places = {place.sentence for word in cue.scope for place in aligned.found(word)}
    denials = {other.word.sentence for other in theirs} | {r.sentence for r in refusing}
    return not first and bool(denials & places if places else denials)


def _denied_too(word: Word, aligned: Alignment, denied: set[int], refusing: Sequence[Word]) -> bool:
    """Whether the sources deny a word, refuse it, or say what excludes it."""
    for other in (*aligned.same.get(word.place, ()), *aligned.like.get(word.place, ())):
        near = any(abs(r.place - other.place) <= 6 and r.sentence == other.sentence for r in refusing)
        if id(other) in denied or (near and not any(other is r for r in refusing)):
            return True
    excluding = () if aligned.same.get(word.place) else aligned.against.get(word.place, ())
    return any(id(other) not in denied for other in excluding)


def _singular(cue: Cue, aligned: Alignment) -> bool:
    """Whether the sources call what is denied the first or the greatest of its kind."""
    places = [place for word in cue.scope[:TARGET] for place in aligned.found(word)]
    return any(
        w.sentence == p.sentence and abs(w.place - p.place) <= 4 for w in aligned.words if _sole(w) for p in places
    )


def _sole(word: Word) -> bool:
    folded = fold(word.text)
    return folded in _SOLE or (folded.endswith("est") and len(folded) > 5 and not word.capital)


def _dropped(cue: Cue, aligned: Alignment, negated: set[int], softened: bool) -> bool:
    """Whether the statement says what the sources deny."""
    scope = {id(w) for w in cue.scope[:TARGET]}
    plain = not any(w.content for w in cue.scope)
    if not scope:
        return False
    hits = [w for w, places in aligned.anchors() if any(id(p) in scope for p in places)]
    if plain:
        source = aligned.sources[cue.word.sentence]
        owner = next((w for w in reversed(source.words[: cue.word.place]) if w.content), None)
        keys = {w.key for w in cue.scope}
        if owner and any(owner in places for _, places in aligned.anchors()):
            hits += [w for w in aligned.said.words if w.key in keys]
    hits += [
        w for w in aligned.said.words if w.place in aligned.named and any(id(p) in scope for p in aligned.same[w.place])
    ]
    first = [
        w for w in aligned.said.words if any(p is cue.scope[0] for p in aligned.found(w)) or w.key == cue.scope[0].key
    ]
    if not hits or not first or any(w.place in negated for w in hits):
        return False
    elsewhere = not plain and all(any(id(p) not in scope for p in aligned.found(w)) for w in hits)
    opposite = any(id(o) in scope for w in aligned.said.words for o in aligned.against.get(w.place, ()))
    return not (elsewhere or softened or opposite) and len(hits) * 2 > len(scope)


def _phrase(text: Parsed, cue: Cue) -> str:
    end = cue.scope[-1].end if cue.scope else cue.word.end
    return text.text[cue.word.start : end]

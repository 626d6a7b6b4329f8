"""What the sources hold for doubtful, planned or bound to a condition, and a statement tells as a fact."""

from __future__ import annotations

import re
from collections.abc import Sequence

from assistant.answering.checks.align import Alignment
from assistant.answering.checks.classes import BE, WordClass, word_classes
from assistant.answering.checks.speakers import spoken
from assistant.answering.checks.wording import is_form
from assistant.answering.checks.words import UNCHANGED, Parsed, Word
from assistant.terms import fold

FACT, COMING, MEANT, DOUBTFUL = range(4)
"""How sure a verb is: it is or was so; will be so; is planned, wished or ordered; may be so."""
_REACH = 9
"""Words in front of a verb that are looked at."""

_HEARSAY = frozenset("allegedly reportedly supposedly purportedly".split())
_DOUBTS = _HEARSAY | frozenset("apparently probably possibly perhaps maybe presumably potentially likely".split())
_MAY = frozenset("may might could".split())
_WILL = frozenset("will shall should would".split())
_NOT = frozenset("not never no nobody none cannot neither nor".split())
_PASSED = frozenset("be been have also now then only both still again soon once first just even all".split())
"""Words between a helping verb and its verb."""
_MEANING = re.compile(
    r"(?:plan|intend|expect|hop(?:e|ing)|want|due\b|seek|sought|propos|threat|promis|vow|pledg|aim|schedul|ask|"
    r"urg|offer|"
    r"demand|suppos|order|invit|meant|prepar|ready|set\b|about\b)"
)
"""Words before "to" and a verb after which nothing has been done yet."""
_BELIEVED = re.compile(r"(?:likely|unlikely|believed|thought|alleged|suspected|rumou?red|feared|said)")
_WEIGHED = re.compile(r"(?:consider|mull|weigh|discuss|debat|threaten)")
_OPEN = re.compile(
    r"\b(?:may|might|can|could|would|if|unless|whether|until|should|perhaps|maybe|(?:un)?likely|thought|able|right|"
    r"free to|un(?:clear|certain|confirmed)|provided|draft|mooted|eyes|suspects? (?:that|of|him|her|them)|"
    r"(?:guess|doubt|probab|possib|potential|presum|reported|suppos|apparent|allow|permit|lawful|legal|entitl|licen|"
    r"authoris|expect|hop(?:e|ing)|fear|suspected|suspicion|alleg|accus|appear|seem|think|believ|consider|plan|propos|"
    r"threat|inten[dt]|want|wish|seek|aim|chance|risk|claim|rumou?r|prospect|option|condition|depend|reckon|predict|"
    r"forecast|mull|weigh|estimat|project)\w*)\b",
    re.I,
)
"""Words by which a statement, too, leaves something open."""
_AHEAD = re.compile(
    r"\b(?:will|shall|wo|due|set|going|yet|next|tomorrow|soon|later|future|upcoming|coming|must|ha(?:s|ve) to|to|"
    r"target|deadline|(?:promis|pledg|vow|agree|decid|decision|announc|order|ask|call|urg|demand|schedul|offer)\w*)\b|"
    r"['’]ll\b",
    re.I,
)
"""Words by which a statement tells of what is still to come."""

_DID = re.compile(r"\bas (?:\w+ )?did\b|\b(?:did|done|doing) (?:so|it|the same)\b|\bdid(?=[.,;:]|$)", re.I)
"""What tells of something planned that it came about, or did elsewhere: "... asked him to leave, and he did"."""
_CONDITION = re.compile(r"\b(?:unless|if|provided that|as long as|on condition that)\b", re.I)
_WONDERED = re.compile(
    r"\b(?:ask\w*|know\w*|wonder\w*|see|decide\w*|even|as|doubt\w*|unclear|check\w*|sure|say|tell|what|only)\s$", re.I
)
"""What stands before an "if" that is none of a condition."""
_HELD = re.compile(
    r"\b(?:otherwise|without|once|when|only|except|but|no[tr]?|after|in case|as long as|"
    r"(?:need|request|warn|promis|offer)\w*)\b",
    re.I,
)
"""Words by which a statement keeps a condition."""


def overstated(aligned: Alignment) -> str:
    """Return in plain words what the statement tells as a fact and the sources do not; "" where there is nothing.

    "It closed" for "it will close", "it has closed" for "it plans to close", "it closes" for "it may close" or for "it
    will close unless ...". A statement that leaves anything open itself is let through.
    """
    said = aligned.said
    if _OPEN.search(said.text) or any(_DID.search(source.text) for source in aligned.sources):
        return ""
    classes = word_classes(said)
    theirs, tied = [word_classes(one) for one in aligned.sources], [_tied(one) for one in aligned.sources]
    held = _HELD.search(said.text)
    for word in said.words:
        if not (word.verb or classes[word.place] == "verb") or not word.content or word.place in aligned.named:
            continue
        same = aligned.same.get(word.place) or []
        places = [*same, *aligned.like.get(word.place, ())]
        least = min((_state(aligned, p, theirs[p.sentence][p.place]) for p in places), default=FACT) if same else FACT
        if least > FACT and least >= _least(said, word):
            return f"the cited words leave open, or for later, what the statement says by '{word.text}'"
        if least == COMING and not held and all(p.clause in tied[p.sentence] for p in places):
            return f"the cited words tie '{word.text}' to a condition"
    return ""


def _tied(text: Parsed) -> set[int]:
    """Return the clauses beside a condition: "divers will search" of "divers will search if the wind drops"."""
    found: set[int] = set()
    for one in _CONDITION.finditer(text.text):
        if not _WONDERED.search(text.text, max(0, one.start() - 20), one.start()):
            clause = next(w.clause for w in text.words if w.start >= one.start())
            found |= {clause - 1, clause + 1}
    return found


def _least(said: Parsed, word: Word) -> int:
    """Return how unsure a verb of the sources must be not to say what the statement says by it."""
    before = [fold(w.text) for w in said.words[max(0, word.place - 4) : word.place] if w.clause == word.clause]
    while before and (before[-1] in _PASSED | _NOT or before[-1].endswith("ly")):
        before.pop()
    last, folded = before[-1] if before else "", fold(word.text)
    if last == "to" or (folded.endswith("ing") and last not in BE):
        return DOUBTFUL + 1
    if _AHEAD.search(said.text, 0, word.start) or _AHEAD.search(said.text, word.end):
        return DOUBTFUL
    if folded.endswith("ing"):
        return MEANT
    past = (folded.endswith("ed") or is_form(folded) or folded in UNCHANGED) and last not in ("is", "are")
    return COMING if past else DOUBTFUL


def _state(aligned: Alignment, word: Word, kind: WordClass) -> int:
    """Return how sure the sources are of a verb, or of a noun that it may stand for."""
    text = aligned.sources[word.sentence]
    words = [fold(w.text) for w in text.words[max(0, word.place - _REACH) : word.place] if w.clause == word.clause]
    if kind != "verb":
        while words and words[-1] in ("a", "an", "the", "new", "another"):
            words.pop()
        return DOUBTFUL if words and _WEIGHED.match(words[-1]) else FACT
    while words and (words[-1] in _PASSED or (words[-1].endswith("ly") and words[-1] not in _DOUBTS)):
        words.pop()
    last, front = (words or [""])[-1], words[:-1]
    if last in _DOUBTS:
        return FACT if last in _HEARSAY and spoken(aligned.said) else DOUBTFUL
    if _NOT & set(words):
        return FACT
    if last in _MAY | _WILL:
        aimed, sure = "so" in front[:2], last in _WILL and (last != "would" or spoken(text))
        return COMING if sure else FACT if aimed and last in _MAY else DOUBTFUL
    return _behind_to(front) if last == "to" and front else FACT


def _behind_to(front: Sequence[str]) -> int:
    """Return how sure a verb is behind some words and a "to"."""
    if front[-1] in BE - {"being", "get", "gets", "got"}:
        return COMING
    if _BELIEVED.match(front[-1]) or front[-1] in _DOUBTS:
        return DOUBTFUL
    return MEANT if any(_MEANING.match(one) for one in front[-4:]) else FACT

"""Words of the sources that take back or narrow what they stand beside: a statement may not say it without them."""

from __future__ import annotations

import re
from collections.abc import Sequence

from assistant.answering.checks.align import Alignment
from assistant.answering.checks.classes import WordClass, mark, word_classes
from assistant.answering.checks.words import Parsed, Word
from assistant.terms import fold

_OFFICE = frozenset("former ex deputy vice acting interim assistant shadow".split())
"""Words before an office that its holder does not have."""
_TAKES_BACK = frozenset(
    "suspended attempted alleged suspected supposed purported possible potential failed unsuccessful fake false mock "
    "presumed".split()
)
"""Words before what is none, or is none yet."""
_TAKEN_BACK_TOO = re.compile(
    r"\b(?:ex|once|until|deputy|vice|acting|interim|assistant|shadow|may|might|could|would|no[tr]?|never|if|whether|"
    r"perhaps|maybe|(?:former|previous|earlier|suspen|attempt|tried|alleg|suspect|suppos|purport|probab|apparent|"
    r"possib|potential|plan|propos|draft|fail|unsuccess|fake|false|mock|presum|accus|claim|believ|thought|want|seek|"
    r"intend|doubt)\w*)\b",
    re.I,
)
_SHARE_OF = re.compile(
    r"\b(?:most|some|many|half|(?:a |large )parts?|several|a few|a third|a quarter|two[- ]thirds|three[- ]quarters|"
    r"(?:nearly|almost) all|(?:a|the) majority) of (?:the|its|their|his|her|these|those|our)\s",
    re.I,
)
_SHARES = re.compile(
    r"\b(?:most\w*|some|many|half|parts?|partly|sections?|several|few\w*|third|quarter|tenth|fifth|thirds|quarters|"
    r"nearly|almost|majority|minority|much|more|large(?:ly|st)|mainly|no[tr]?|none|every|\d+|one|two|three|four|five|"
    r"six|seven|eight|nine|ten|among|number|bulk|rest|others?|only|smaller|per cent|share|lot|handful)\b",
    re.I,
)
_WHOLE = frozenset("the all its their his her these those".split())
_CAUSED = re.compile(
    r"\b(?:because|due to|owing to|as a result|caus(?:es?|ed|ing)|le(?:d|ads?) to|result(?:s|ed) (?:in|from)|"
    r"thanks to|triggered|prompted|brought about)\b",
    re.I,
)
_FOLLOWED = re.compile(r"\b(?:after|following|later|then|when|before|while)\b", re.I)
_PERHAPS = re.compile(
    r"\b(?:probably|possibly|perhaps|apparently|maybe) (?:because|due to|owing to|as a result)\b", re.I
)
_REASON = re.compile(
    r"\b(?:because|due|owing|reasons?|why|le(?:d|ads?)|blam\w+|thanks|therefore|thus|so|for|over|by|as|with|from|of|to|"
    r"through|under|amid|since|mean\w*|ma(?:de|ke|kes|king)|drove|brought|grounds?|fault|if|would|"
    r"(?:caus|cit(?:ed|es|ing)|result|prompt|forc|trigger|spark|responsib|explain|attribut|help|effect|bring|"
    r"driv)\w*)\b",
    re.I,
)
"""Words that may tell of a cause; where the sources have any, the reader has to tell."""


def unqualified(aligned: Alignment) -> str:
    """Return in plain words what the statement leaves out or makes of more; "" where there is nothing."""
    if word := _taken_back(aligned) or _all_of(aligned):
        return f"the cited words do not say '{word}' without more"
    cause = None if _TAKEN_BACK_TOO.search(aligned.said.text) else _CAUSED.search(aligned.said.text)
    texts = [source.text for source in aligned.sources]
    if cause and any(map(_PERHAPS.search, texts)) and not any(_CAUSED.search(_PERHAPS.sub("", text)) for text in texts):
        return f"the cited words leave open what the statement says by '{cause[0]}'"
    if cause and any(map(_FOLLOWED.search, texts)) and not any(map(_REASON.search, texts)):
        return f"the cited words say what came after what, the statement says '{cause[0]}'"
    return ""


def _taken_back(aligned: Alignment) -> str:
    """Return a noun that the sources have only behind a word that takes it back: "minister" for "former minister"."""
    said = aligned.said
    if _TAKEN_BACK_TOO.search(said.text):
        return ""
    classes, theirs = word_classes(said), [word_classes(source) for source in aligned.sources]
    for word in said.words:
        if classes[word.place] == "verb" or word.place in aligned.named or not word.content:
            continue
        follows = said.words[word.place + 1] if word.place + 1 < len(said.words) else word
        titles = follows.place in aligned.named and not mark(said, follows)
        behind = _TAKES_BACK | (_OFFICE if titles else frozenset())
        places = [p for p in aligned.same.get(word.place) or () if p.kind == "word"]
        if places and all(_behind(p, behind, aligned.sources[p.sentence], theirs[p.sentence]) for p in places):
            return word.text
    return ""


def _behind(word: Word, some: frozenset[str], text: Parsed, classes: Sequence[WordClass]) -> bool:
    """Whether one of some words stands in front of a word, with at most one other between: "former prime minister"."""
    return any(
        fold(one.text) in some
        and classes[one.place] != "verb"
        and all(w.content and not mark(text, w) for w in text.words[one.place + 1 : word.place + 1])
        for one in text.words[max(0, word.place - 2) : word.place]
    )


def _all_of(aligned: Alignment) -> str:
    """Return what the statement says of the whole and the sources of a part: "the documents" for "most of the ..."."""
    said = aligned.said
    if _SHARES.search(said.text):
        return ""
    for source in aligned.sources:
        for share in _SHARE_OF.finditer(source.text):
            noun = next((w for w in source.words if w.start >= share.end()), None)
            if noun is None or noun.kind != "word" or sum(w.key == noun.key for w in aligned.words) > 1:
                continue
            for word in said.words[1:]:
                if word.key == noun.key and fold(said.words[word.place - 1].text) in _WHOLE:
                    return f"{said.words[word.place - 1].text} {word.text}"
    return ""

"""Passages and a scripted reader for tests of the answering part."""

from collections.abc import Mapping

import numpy as np

from assistant.answering.extractive import extract
from assistant.answering.verify import Evidence, verify
from assistant.settings import Settings
from assistant.terms import content_tokens
from assistant.types import ArticleInfo, Hit, Passage, Sentence, Term


def info(name: str, title: str = "Headline", publisher: str | None = "Levant Courier") -> ArticleInfo:
    return ArticleInfo(name, f"{name}.txt", title, publisher, None, "2017-08-03", None, None)


def hit(name: str, *sentences: str, score: float = 1.0, shift: int = 100, zone: str = "body", **more) -> Hit:
    """A passage of article ``name`` that begins at character ``shift``; a sentence may end in a paragraph break."""
    text, placed = "", []
    for number, sentence in enumerate(sentences):
        body = sentence.rstrip("\n")
        placed.append(Sentence(number, shift + len(text), shift + len(text) + len(body)))
        text += sentence + ("" if sentence.endswith("\n") else " ")
    text = text.rstrip()
    passage = Passage(name, 0, shift, shift + len(text), zone, tuple(placed))
    return Hit(passage, text, info(name), score, **{"lexical": 1.0, **more})


def terms_of(question: str) -> list[Term]:
    return [Term(t.start, t.end, (t.text,)) for t in content_tokens(question)]


class ScriptedReader:
    """Gives each sentence the log odds of the first of its ``words`` that it holds, else -4."""

    def __init__(self, words: Mapping[str, float]) -> None:
        self.words = words

    def entailment(self, words, statement):
        return self._odds(words)

    def scores(self, question, passages):
        return [
            np.array(
                [self._odds(text[a:b]) for a, b in spans],
                np.float32,
            )
            for _, text, spans in passages
        ]

    def _odds(self, text):
        return next((odds for word, odds in self.words.items() if word in text), -4.0)


ALWAYS = Settings(threshold=0.0)
"""Nothing is refused for want of confidence."""


class Everything:
    """A lookup whose search finds all passages."""

    def __init__(self, hits):
        self.hits = hits

    def spelled(self, text):
        return text

    def terms(self, text):
        return terms_of(text)

    def search(self, text):
        return self.hits

    def left_out(self, text):
        return []

    def further(self, text, hits, articles):
        return []


def run(question, hits, words, elsewhere=(), settings=ALWAYS):
    """Answer from passages, all of them found, by a reader that gives each sentence the odds of ``words``."""
    return extract(question, Everything(hits), hits, elsewhere, ScriptedReader(words), settings)


def texts(extraction):
    """The quotes of each claim."""
    return [[quote.text for quote in claim.quotes] for claim in extraction.claims]


def kind(statement: str, *sentences: str, issued: str | None = None) -> str:
    """What is wrong with a statement; "" if nothing is."""
    return verify(statement, [Evidence(one, published=issued) for one in sentences]).kind

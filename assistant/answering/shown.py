"""What a language model is shown: the question, and numbered sentences of the articles, which are data and inert."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from datetime import date

from assistant.answering.claims import Quote, quoted
from assistant.answering.drafts import REFUSAL
from assistant.answering.llm import Message
from assistant.onnx import bert_tokenizer
from assistant.prompting import fill
from assistant.types import Hit

ANSWERING = "answer.system"
"""The prompt that tells how to answer."""


def show(hits: Sequence[Hit], tokens: int) -> list[Quote]:
    """Return the sentences to show, numbered from 1 by their place: whole passages, as many as fit, at least one.

    Args:
        hits: best first.
        tokens: most tokens of them together.
    """
    shown: list[Quote] = []
    for hit in hits:
        tokens -= len(bert_tokenizer(512).encode(f"{hit.article.title} {hit.text}").ids)
        if tokens < 0 and shown:
            break
        shown += [quoted(hit, s.start, s.end) for s in hit.passage.sentences]
    return shown


def prompt(question: str, shown: Sequence[Quote], most: int, today: date) -> list[Message]:
    """Return what a model is asked.

    Args:
        question: standing alone.
        shown: the sentences, numbered by their place.
        most: statements asked for.
        today: for questions about "last week".
    """
    mark = secrets.token_hex(4)  # new for each question, so that no article can hold it
    marks = {"open": f"<articles-{mark}>", "close": f"</articles-{mark}>"}
    system = fill(ANSWERING, **marks, most=most, refusal=REFUSAL)
    user = fill("answer.user", **marks, articles=_numbered(shown), today=today.isoformat(), question=_inert(question))
    return [{"role": "system", "content": system}, {"role": "user", "content": user}]


def _numbered(shown: Sequence[Quote]) -> str:
    lines: list[str] = []
    for number, quote in enumerate(shown, 1):
        if number == 1 or quote.hit is not shown[number - 2].hit:
            about = quote.hit.article
            known = ", ".join(filter(None, (about.publisher, about.published)))
            lines.append(f"\n{_inert(about.title or 'Untitled')}" + (f" ({_inert(known)})" if known else ""))
        lines.append(f"[{number}] {_inert(quote.text)}")
    return "\n".join(lines).strip()


def _inert(text: str) -> str:
    """Return text in one line in which nothing reads as a sentence number, a delimiter or a chat template's token."""
    return " ".join(text.split()).translate(str.maketrans("[]【】［］〔〕<>＜＞", "()()()()‹›‹›"))

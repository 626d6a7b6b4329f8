"""Answers written by a language model: what it is shown, and which of its statements are let through."""

from __future__ import annotations

import asyncio
import secrets
from collections.abc import AsyncGenerator, Sequence
from contextlib import aclosing
from dataclasses import dataclass, field
from datetime import date
from functools import cache
from typing import TYPE_CHECKING

from assistant.answering.check import check
from assistant.answering.checks.borrowed import borrowed
from assistant.answering.claims import Claim, Quote
from assistant.answering.drafts import REFUSAL, Draft, DraftReader
from assistant.answering.extractive import Extraction
from assistant.answering.llm import Limits, Message, Model
from assistant.answering.reader import Reader
from assistant.answering.verify import Evidence
from assistant.errors import ModelError
from assistant.onnx import bert_tokenizer
from assistant.prompting import fill
from assistant.terms import content_tokens
from assistant.types import Hit

if TYPE_CHECKING:
    from tokenizers.implementations.bert_wordpiece import BertWordPieceTokenizer

MOST_CITED = 4
"""Sentences of a statement's citation that are looked at: whoever cites all that was shown cites nothing."""

MOST_TRIED = 3
"""Sentences tried in place of those that a statement cites."""

LEAST_OVERLAP = 0.5
"""Share of a statement's content words that a sentence holds which is tried in place of those that it cites."""


@dataclass(slots=True)
class Writing:
    """What became of a model's text; complete when :func:`write` has ended.

    Attributes:
        model: which one wrote, None when all failed before their first word.
        claims: what was let through.
        dropped: statements that their sources do not say, with the reason.
        declined: the model says that the articles do not answer.
        broken: the model that wrote did not get to its end.
        faults: what went wrong with each model that was tried.
    """

    model: str | None = None
    claims: list[Claim] = field(default_factory=list)
    dropped: list[tuple[str, str]] = field(default_factory=list)
    declined: bool = False
    broken: bool = False
    faults: list[ModelError] = field(default_factory=list)

    @property
    def answers(self) -> bool:
        """Whether it stands as the answer, if only by saying that there is none."""
        return bool(self.claims) or (self.declined and not self.broken)

    def notices(self) -> list[str]:
        """Return what a reader should know of how the answer came about."""
        said = []
        if self.faults and self.broken and self.claims:
            said.append(f"the answer may lack its end: {self.faults[-1]}")
        elif self.faults and (self.model is None or self.broken):
            said.append(f"quoted, not written: {self.faults[-1]}")
        elif self.faults:
            said.append(f"written by {self.model}: {self.faults[0]}")
        left_out = len(self.dropped)
        if left_out and not self.claims and not self.declined:
            said.append("quoted, not written: what the model wrote is not what the articles say")
        elif left_out:
            said.append(f"{left_out} of the model's statements left out: the articles do not say it")
        return said


class Writer:
    """Shows passages to a model and checks what it writes.

    Args:
        models: tried in order until one begins to write.
        most: statements asked for.
        prompt_tokens: most tokens of passages shown, as BERT's tokenizer counts them.
        reader: tells whether sentences say what a statement says.
    """

    def __init__(self, models: Sequence[Model], most: int, prompt_tokens: int, reader: Reader) -> None:
        self._models = models
        self._most = most
        self._prompt_tokens = prompt_tokens
        self._reader = reader

    async def write(
        self, question: str, extraction: Extraction, limits: Limits, writing: Writing, *, today: date
    ) -> AsyncGenerator[Claim]:
        """Yield each statement that passes the check, as soon as it does.

        Args:
            question: standing alone.
            extraction: the passages to show, and the sentences that answer word for word.
            limits: of all models together.
            writing: is filled in.
            today: for questions about "last week".
        """
        shown = show(extraction.read, self._prompt_tokens)
        messages = _messages(question, shown, self._most, today)
        for model in self._models:
            try:
                async with aclosing(_drafts(model, messages, limits)) as drafts:
                    async for draft in drafts:
                        writing.model = model.name
                        claim = await asyncio.to_thread(self._judge, draft, question, shown, extraction, writing)
                        if claim is not None and len(writing.claims) < 2 * self._most:
                            writing.claims.append(claim)
                            yield claim
                return
            except ModelError as error:
                writing.faults.append(error)
                if writing.model is not None:
                    writing.broken = True
                    return

    def _judge(
        self, draft: Draft, question: str, shown: Sequence[Quote], extraction: Extraction, writing: Writing
    ) -> Claim | None:
        """Let a statement through with what supports it, put a quotation in its place, or drop it."""
        if draft.declines:
            writing.declined = True
            return None
        cited = [shown[number - 1] for number in draft.ids if 0 < number <= len(shown)][:MOST_CITED]
        text = draft.text if draft.text[-1] in ".!?…\"”’'" else f"{draft.text}."
        words = frozenset(token.key for token in content_tokens(text))
        why, supported = "it cites nothing that was shown", list[Claim]()
        for quotes in (cited, _nearest(words, shown)) if _stands_alone(text) else ():
            if quotes:
                verdict = check(text, [_evidence(quote) for quote in quotes], self._reader)
                used = tuple(quotes[place] for place in verdict.used)
                if verdict.supported and not (word := _borrowed(text, question, used, shown)):
                    supported.append(Claim(text, used))
                else:
                    why = verdict.why or f"'{word}' stands in an article that it does not cite"
        if supported:
            return max(supported, key=lambda claim: _share(words, claim.quotes))
        quoted = {place for claim in writing.claims for place in map(_place, claim.quotes)}
        answering = {_place(quote): quote for claim in extraction.claims for quote in claim.quotes}
        for quote in cited:
            whole = answering.get(_place(quote))
            if whole is not None and _place(whole) not in quoted:
                return Claim(whole.text, (whole,))
        writing.dropped.append((draft.text, why))
        return None


async def _drafts(model: Model, messages: Sequence[Message], limits: Limits) -> AsyncGenerator[Draft]:
    """Yield the statements of one model; what it wrote before a fault, but for the last, comes before the fault."""
    reader = DraftReader()
    async with aclosing(model.stream(messages, limits)) as pieces:
        async for piece in pieces:
            for draft in reader.feed(piece):
                yield draft
    for draft in reader.close():
        yield draft


def show(hits: Sequence[Hit], tokens: int) -> list[Quote]:
    """Return the sentences to show, numbered from 1 by their place: whole passages, as many as fit, at least one.

    Args:
        hits: best first.
        tokens: most tokens of them together.
    """
    shown: list[Quote] = []
    for hit in hits:
        tokens -= len(_tokenizer().encode(f"{hit.article.title} {hit.text}").ids)
        if tokens < 0 and shown:
            break
        base = hit.passage.start
        shown += [Quote(hit, s.start, s.end, hit.text[s.start - base : s.end - base]) for s in hit.passage.sentences]
    return shown


def _messages(question: str, shown: Sequence[Quote], most: int, today: date) -> list[Message]:
    mark = secrets.token_hex(4)  # new for each question, so that no article can hold it
    marks = {"open": f"<articles-{mark}>", "close": f"</articles-{mark}>"}
    system = fill("answer.system", **marks, most=most, refusal=REFUSAL)
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


def _evidence(quote: Quote) -> Evidence:
    about = quote.hit.article
    known = (about.title, about.publisher, about.published and f"published {about.published}", quote.hit.text)
    return Evidence(quote.text, "\n".join(filter(None, known)))


def _borrowed(text: str, question: str, used: Sequence[Quote], shown: Sequence[Quote]) -> str:
    """Return a word of a statement that only articles say which it does not cite; "" if there is none."""
    if any(text == quote.text for quote in used):
        return ""
    cited = {quote.hit.article.id for quote in used}
    texts = [(quote.hit.article.id in cited, f"{_evidence(quote).context}\n{quote.text}") for quote in shown]
    return borrowed(text, [question, *(t for own, t in texts if own)], [t for own, t in texts if not own])


def _stands_alone(text: str) -> bool:
    """Whether a statement says something but names and figures; "2012-2014." is none, and a quotation says more."""
    return any(not token.is_number and not token.is_name for token in content_tokens(text))


def _share(words: frozenset[str], quotes: Sequence[Quote]) -> float:
    """Return the share of a statement's words that stand in the quotes themselves."""
    said = {token.key for quote in quotes for token in content_tokens(quote.text)}
    return len(words & said) / max(1, len(words))


def _nearest(words: frozenset[str], shown: Sequence[Quote]) -> list[Quote]:
    """Return sentences that share most words with a statement: models number wrongly more often than they invent."""
    shares = [_share(words, [quote]) for quote in shown]
    order = sorted(range(len(shown)), key=lambda place: -shares[place])[:MOST_TRIED]
    return [shown[place] for place in order if shares[place] >= LEAST_OVERLAP]


def _place(quote: Quote) -> tuple[str, int]:
    return quote.hit.article.id, quote.end


@cache
def _tokenizer() -> BertWordPieceTokenizer:
    return bert_tokenizer(512)

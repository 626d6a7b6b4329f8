"""Answers written by a language model: which of its statements are let through."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Sequence
from contextlib import aclosing
from dataclasses import dataclass, field
from datetime import date

from assistant.answering.candidates import with_before
from assistant.answering.check import confirm
from assistant.answering.checks.borrowed import borrowed, copied
from assistant.answering.claims import Claim, Quote
from assistant.answering.drafts import Draft, DraftReader
from assistant.answering.evidence import read_alone
from assistant.answering.extractive import Extraction
from assistant.answering.llm import Limits, Message, Model, pieces_of
from assistant.answering.reader import Reader
from assistant.answering.shown import ANSWERING, prompt, show
from assistant.answering.verify import Evidence, Verdict, verify
from assistant.answering.wording import Asked
from assistant.errors import ModelError
from assistant.prompting import wording
from assistant.terms import content_tokens

MOST_CITED = 4
"""Sentences of a statement's citation that are looked at: whoever cites all that was shown cites nothing."""

MOST_TRIED = 3
"""Sentences tried in place of those that a statement cites."""

LIKELY, SURE = -3.0, 0.0
"""Log odds that what a statement cites answers the question, under which it is beside the point; where nothing could be
quoted as an answer, the second."""

LEAST_OVERLAP = 0.5
"""Share of a statement's content words that a sentence holds which is tried in place of those that it cites."""


@dataclass(slots=True)
class Writing:
    """What became of a model's text; complete when :func:`write` has ended.

    Attributes:
        model: which one wrote, None when all failed before their first word.
        claims: what was let through.
        replaced: how many of them are quotations in the place of what the model wrote.
        dropped: statements that their sources do not say, or that do not answer, with the reason.
        declined: the model says that the articles do not answer.
        broken: the model that wrote did not get to its end.
        faults: what went wrong with each model that was tried.
    """

    model: str | None = None
    claims: list[Claim] = field(default_factory=list)
    replaced: int = 0
    dropped: list[tuple[str, str]] = field(default_factory=list)
    declined: bool = False
    broken: bool = False
    faults: list[ModelError] = field(default_factory=list)

    @property
    def answers(self) -> bool:
        """Whether it stands as the answer, if only by saying that there is none."""
        nothing = not (self.claims or self.dropped or self.broken)
        return len(self.claims) > self.replaced or (self.declined and nothing)

    def notices(self, *, quoted: bool) -> list[str]:
        """Return what a reader should know of how the answer came about; ``quoted``: it is no refusal."""
        said, instead = [], "quoted, not written" if quoted else "not written"
        if self.faults and self.broken and self.answers:
            said.append(f"the answer may lack its end: {self.faults[-1]}")
        elif self.faults and (self.model is None or self.broken):
            said.append(f"{instead}: {self.faults[-1]}")
        elif self.faults:
            said.append(f"written by {self.model}: {self.faults[0]}")
        left_out = len(self.dropped)
        if not self.answers and (left_out or self.replaced):
            said.append(f"{instead}: what the model wrote is not what the articles say, or no answer")
        elif left_out:
            said.append(f"{left_out} of the model's statements left out: not what the articles say, or no answer")
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
        messages = prompt(question, shown, self._most, today)
        judged = set[str]()
        for model in self._models:
            try:
                async with aclosing(_drafts(model, messages, limits)) as drafts:
                    async for draft in drafts:
                        writing.model = model.name
                        if _ended(draft.text) in judged:
                            continue
                        claim = await asyncio.to_thread(self._judge, draft, question, shown, extraction, writing)
                        judged.add(_ended(draft.text))
                        if claim is not None:
                            judged.add(claim.text)
                            writing.claims.append(claim)
                            yield claim
                        if len(writing.claims) >= 2 * self._most:
                            break
                if writing.model is not None:
                    return
                raise ModelError(f"the model {model.name} wrote no statement; take another model", "nonsense")
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
        claim, why = self._supported(_ended(draft.text), question, cited, shown)
        least = LIKELY if extraction.claims else SURE
        if claim is not None and read_alone(Asked(question), claim.quotes, self._reader).max() < least:
            claim, why = None, "what it cites does not answer the question"
        if claim is not None:
            return claim
        quoted = {place for claim in writing.claims for place in map(_place, claim.quotes)}
        answering = {_place(quote): quote for claim in extraction.claims for quote in claim.quotes}
        for quote in cited:
            whole = answering.get(_place(quote))
            if whole is not None and _place(whole) not in quoted:
                writing.replaced += 1
                return Claim(whole.text, (whole,))
        writing.dropped.append((draft.text, why))
        return None

    def _supported(
        self, text: str, question: str, cited: Sequence[Quote], shown: Sequence[Quote]
    ) -> tuple[Claim | None, str]:
        """Return a statement with what supports it, or None and what is wrong with it.

        The rules choose whether it cites what it says it cites or what is likest to it; the reader is asked of that
        alone, so that two tries are not two chances.
        """
        words = frozenset(token.key for token in content_tokens(text))
        why, tried = "it cites nothing that was shown", list[tuple[Sequence[Quote], Verdict]]()
        for quotes in (cited, _nearest(words, shown)) if _stands_alone(text) else ():
            if quotes:
                verdict = verify(text, [_evidence(quote) for quote in quotes])
                used = [quotes[place] for place in verdict.used] or quotes
                word = _borrowed(text, question, used, shown)
                why = verdict.why or f"'{word}' stands in what it does not cite"
                tried += [] if word else [(quotes, verdict)]
        if not tried:
            return None, why
        quotes, verdict = max(
            tried, key=lambda one: (one[1].supported, _share(words, [one[0][n] for n in one[1].used]))
        )
        verdict = confirm(text, [_evidence(quote) for quote in quotes], verdict, self._reader)
        if not verdict.supported:
            return None, verdict.why
        first, *others = (quotes[place] for place in verdict.used)
        carried = with_before(first) if verdict.leans else first
        if verdict.leans and carried == first:
            return None, "the cited words say it only with words that cannot be cited with them"
        return Claim(text, (carried, *others)), ""


async def _drafts(model: Model, messages: Sequence[Message], limits: Limits) -> AsyncGenerator[Draft]:
    """Yield the statements of one model; what it wrote before a fault, but for the last, comes before the fault."""
    reader = DraftReader()
    async with aclosing(pieces_of(model, messages, limits)) as pieces:
        async for piece in pieces:
            for draft in reader.feed(piece):
                yield draft
    for draft in reader.close():
        yield draft


def _ended(text: str) -> str:
    """Return a statement with its full stop."""
    return text if text[-1] in ".!?…\"”’'" else f"{text}."


def _evidence(quote: Quote) -> Evidence:
    about = quote.hit.article
    known = (about.title, about.publisher, about.published and f"published {about.published}")
    head = "".join(f"{line}\n" for line in known if line)
    place = len(head), len(head) + max(0, quote.start - quote.hit.passage.start)
    return Evidence(quote.text, head + quote.hit.text, place, about.published or "")


def _borrowed(text: str, question: str, used: Sequence[Quote], shown: Sequence[Quote]) -> str:
    """Return what a statement takes from the prompt, or from articles that it does not cite; "" if there is nothing."""
    if any(text == quote.text for quote in used):
        return ""
    cited = {quote.hit.article.id for quote in used}
    texts = [(quote.hit.article.id in cited, f"{_evidence(quote).context}\n{quote.text}") for quote in shown]
    own = [question, *(one for its, one in texts if its)]
    return copied(text, own, [wording(ANSWERING)]) or borrowed(text, own, [one for its, one in texts if not its])


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

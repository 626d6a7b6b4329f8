"""Fuzz targets for what a model replies: statements with their numbers, and the check of what they say."""

from __future__ import annotations

import asyncio
import re
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import date
from functools import partial
from pathlib import Path
from typing import Any

from hypothesis import strategies as st

from assistant import Assistant
from assistant.answering.claims import Quote
from assistant.answering.drafts import MOST_IDS, Draft, DraftReader
from assistant.answering.extractive import Extraction
from assistant.answering.generative import MOST_CITED, Writer, Writing
from assistant.answering.llm import Limits
from assistant.answering.reader import open_reader
from assistant.answering.shown import show
from assistant.answering.verify import Evidence, verify
from assistant.testing import FakeModel
from scripts.fuzz_index import QUESTION, small
from scripts.fuzz_inputs import hostile, texts
from scripts.fuzz_target import Check, Target, sentence

KINDS = {"number", "date", "name", "negation", "role", "quotation", "support"}
LONGEST_CITED = 900
"""Characters of a sentence or passage at most, as the chunker cuts them."""
_FIGURE = re.compile(r"(?<![\w.,/:-])\d{1,3}(?![\w/:-]|[.,]\d)")


@contextmanager
def _answering(folder: Path) -> Iterator[Check]:
    with small(folder) as assistant:
        hits = tuple(assistant.search(QUESTION, limit=3))
        quotes = show(hits, 3_000)
        answer = tuple(one for one in quotes if "excluded" in one.text)[:1]
        yield partial(_reply, assistant, Extraction((), answer, 0.9, 0.3, read=hits), quotes)


def _reply(
    assistant: Assistant, extraction: Extraction, shown: Sequence[Quote], pieces: Sequence[str]
) -> Iterator[str]:
    """Read a reply piece by piece, then let the writer judge it as a model's."""
    whole, reader = "".join(pieces), DraftReader()
    drafts = [draft for piece in pieces for draft in reader.feed(piece)] + list(reader.close())
    for draft in drafts:
        _check_draft(draft, whole)
    at_once = DraftReader()
    assert [*at_once.feed(whole), *at_once.close()] == drafts, "another reading in other pieces"
    writing = Writing()
    writer = Writer([FakeModel(whole)], 3, 3_000, open_reader())

    async def write() -> None:
        async for _ in writer.write(
            QUESTION, extraction, Limits(time.monotonic() + 60, 600), writing, today=date(2017, 8, 3)
        ):
            pass

    asyncio.run(write())
    for claim in writing.claims:
        assert claim.quotes, "a statement without a source"
        for quote in claim.quotes:
            assert quote in shown, "a citation of something that was not shown"
            text = assistant.article(quote.hit.article.id).text  # type: ignore[union-attr]
            assert text[quote.start : quote.end] == quote.text, "a citation that is not verbatim"
        yield claim.text
    yield from map(sentence, writing.notices(quoted=bool(extraction.claims)))


def _check_draft(draft: Draft, reply: str) -> None:
    numbers = {int(digits) for digits in re.findall(r"\d{1,4000}", reply)}
    assert draft.text.strip()
    assert "\n" not in draft.text
    assert len(draft.ids) == len(set(draft.ids)) <= MOST_IDS
    for one in draft.ids:
        lower = [number for number in numbers if one - MOST_IDS <= number <= one]
        assert lower, f"the number {one} was not given"
        assert one in numbers or any(number >= one for number in numbers), f"the number {one} was not given"


def _replies() -> Any:  # noqa: ANN401 - a strategy
    said = (
        f"[{'9' * 5_000}]",
        "Hay'at Tahrir a-Sham is excluded",
        "[1]",
        " [2, 3].",
        "[1-3]",
        "Neither that group nor Islamic State has a place in the truce.",
        "[7]",
        "[12]",
        "NOT IN THE ARTICLES",
        "- ",
        "1. ",
        "\n",
        "no more than 400 men",
        "Islamic State",
        "not",
        "in 2017",
    )
    return st.lists(texts(said, 5), max_size=6)


@contextmanager
def _verifying(folder: Path) -> Iterator[Check]:
    with small(folder) as assistant:
        quotes = show(assistant.search(QUESTION, limit=8), 10_000)
        yield partial(_verify, [quote.text for quote in quotes])


def _verify(sentences: Sequence[str], given: tuple[str, list[tuple[str, str]], int]) -> Iterator[str]:
    """Check any statement against any evidence, and an article's own sentence before and after a figure is changed."""
    statement, pairs, seed = given
    evidence = [Evidence(text[:LONGEST_CITED], context[:LONGEST_CITED]) for text, context in pairs[:MOST_CITED]]
    verdict = verify(statement, evidence)
    assert verdict == verify(statement, evidence)
    if verdict.supported:
        assert (verdict.why, verdict.kind) == ("", "")
        assert verdict.used
        assert list(verdict.used) == sorted(set(verdict.used))
        assert set(verdict.used) <= set(range(len(evidence)))
    else:
        assert verdict.why
        assert verdict.kind in KINDS
        assert not verdict.used
        yield verdict.why
    own = sentences[seed % len(sentences)]
    assert verify(own, [Evidence(own), *evidence]).supported, "an article's own words are refused"
    figures = list(_FIGURE.finditer(own))
    if figures:
        figure = figures[seed % len(figures)]
        wrong = f"{own[: figure.start()]}{int(figure[0]) + 541 + seed % 400}{own[figure.end() :]}"
        assert not verify(wrong, [Evidence(own)]).supported, f"a changed figure passes: {wrong!a}"


def _statements() -> Any:  # noqa: ANN401 - a strategy
    said = (
        "The truce began on Thursday",
        "three people",
        "3",
        "Khalil Derbas",
        "said",
        "not",
        "on 3 August 2017",
        "“",
        "”",
        "Homs",
        "rebels",
        "no more than",
        "half of",
        "million",
        "per cent",
        "killed",
        "was killed by",
        "before",
        "after",
    )
    one = texts(said)
    return st.tuples(one, st.lists(st.tuples(one, one), max_size=5), st.integers(0, 10_000))


def _fixed_statements() -> list[Any]:
    own = [("x", [], seed) for seed in range(200)]
    return [*own, *((text, [(text, text), ("The truce began in Homs.", text)], 0) for text in hostile())]


def _pieces(text: str) -> list[str]:
    return re.findall(r"\S+\s*|\s+", text)


REPLIES = (
    Target(
        "reply",
        "a model's replies in pieces: no number that was not written, no citation that was not shown, all verbatim",
        _answering,
        _replies,
        lambda: [_pieces(form) for text in hostile() for form in (text, f"Who? [{text}]")],
        10,
        10.0,
        raw=lambda data: _pieces(data.decode("utf-8", "replace")),
    ),
    Target(
        "statement",
        "statements and evidence to the check: a verdict with valid places; own words pass, a changed figure never",
        _verifying,
        _statements,
        _fixed_statements,
        10,
        10.0,
    ),
)

"""Articles to passages: a few consecutive paragraphs of one zone, cut at sentence ends where they must be."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Sequence
from typing import Final

from assistant.corpus.sentences import split_sentences
from assistant.types import Article, Block, Passage, Sentence, Zone

MAX_CHARS: Final = 900
MAX_PARAGRAPHS: Final = 4
_LIST_LINE_CHARS: Final = 80
"""Shorter paragraphs are lines of a list; they do not count towards ``MAX_PARAGRAPHS``."""
_SLACK: Final = 100
"""Characters that the parts of a long paragraph may differ from equal length."""

Span = tuple[int, int]
Counter = Callable[[str], int]


def chunk(article: Article, count_tokens: Counter, limit: int = 256) -> tuple[Passage, ...]:
    """Cut an article into passages.

    Args:
        article: as ``clean`` returns it.
        count_tokens: how many tokens the embedder makes of a text.
        limit: tokens that a passage has at most; a single sentence over it is kept as a passage of its own.

    Returns:
        Passages in reading order, of at most four paragraphs of one zone and about 900 characters. A body passage may
        start at a subhead, which is part of its text but none of its sentences.
    """
    passages: list[Passage] = []
    number = 0
    for zone, heading, group in _runs(article):
        for start, end, spans in _pack(article.text, heading, group, lambda text: count_tokens(text) <= limit):
            sentences = tuple(Sentence(number + n, first, last) for n, (first, last) in enumerate(spans))
            number += len(sentences)
            passages.append(Passage(article.id, len(passages), start, end, zone, sentences))
    return tuple(passages)


def _runs(article: Article) -> Iterator[tuple[Zone, Block | None, list[Block]]]:
    """Yield runs of consecutive paragraphs of one zone, each with the subhead that stands right before it."""
    heading: Block | None = None
    run: list[Block] = []
    reported = False
    for block in article.blocks:
        if run and block.zone != run[0].zone:
            yield run[0].zone, heading, run
            reported, run, heading = reported or run[0].zone == "body", [], None
        if block.zone != "heading":
            heading = heading if block.zone == "body" else None
            run.append(block)
        else:
            # the headline is no subhead: it goes before every passage anyway
            heading = block if block.zone == "heading" and reported else None
    if run:
        yield run[0].zone, heading, run


def _pack(
    text: str, heading: Block | None, blocks: Sequence[Block], fits: Callable[[str], bool]
) -> Iterator[tuple[int, int, list[Span]]]:
    """Yield start, end and sentences of each passage of a run of paragraphs."""

    def room(start: int, end: int) -> bool:
        return end - start <= MAX_CHARS and fits(text[start:end])

    first = heading.start if heading else blocks[0].start
    held: list[Block] = []
    for block in blocks:
        if held and (_weight(held) == MAX_PARAGRAPHS or not room(first, block.end)):
            leads = len(held) > 1 and text[held[-1].end - 1] == ":" and room(held[-1].start, block.end)
            kept = held[-1:] if leads else []  # what ends in a colon stands before what it leads to
            held = held[: len(held) - len(kept)]
            yield first, held[-1].end, _sentences(text, held)
            held, first = kept, (kept or [block])[0].start
        if not held and not room(first, block.end):
            for part in _cut(text, block, room):
                start = first if first < block.start and room(first, part[-1][1]) else part[0][0]
                yield start, part[-1][1], part
                first = block.end
            continue
        first = first if held or first < block.start else block.start
        held.append(block)
    if held:
        yield first, held[-1].end, _sentences(text, held)


def _weight(blocks: Sequence[Block]) -> int:
    return sum(block.end - block.start >= _LIST_LINE_CHARS for block in blocks)


def _sentences(text: str, blocks: Sequence[Block]) -> list[Span]:
    return [
        (block.start + start, block.start + end)
        for block in blocks
        for start, end in split_sentences(text[block.start : block.end])
    ]


def _cut(text: str, block: Block, room: Callable[[int, int], bool]) -> Iterator[list[Span]]:
    """Yield the sentences of a paragraph that is too long, in parts of about equal length."""
    parts = math.ceil((block.end - block.start) / MAX_CHARS)
    target = min(MAX_CHARS, (block.end - block.start) // parts + _SLACK)
    held: list[Span] = []
    for span in _sentences(text, [block]):
        if held and (span[1] - held[0][0] > target or not room(held[0][0], span[1])):
            yield held
            held = []
        held.append(span)
    if held:
        yield held

"""What the reader is trained on, drawn anew at every pass: questions with passages, statements with sentences."""

from __future__ import annotations

import json
import random
import zlib
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import torch
from sklearn.feature_extraction.text import TfidfVectorizer
from tokenizers import Encoding, Tokenizer

from assistant.answering.reader import encode

NEGATIVE, FOREIGN, NO_TITLE, LOWER = 0.6, 0.4, 0.2, 0.1
"""Shares: questions also shown sentences that do not answer, or another passage; no headline; no capitals."""

LIKE, NEIGHBOURS = 0.5, 10
"""Share of those other passages that are among the ``NEIGHBOURS`` likest the question, as a search would find them."""

STORY = 3
"""Passages in a row may tell the same story, and answer each other's questions."""

DRAWN = 600
"""Passages drawn at a time."""

OTHERS, VERBATIM, JOINED, AMID = 0.5, 0.5, 0.5, 0.4
"""Shares: entries with a statement on another's sentences, which is wrong; with a sentence itself, which is right; with
two statements as one, right when both are; statements whose sentences stand beside another entry's."""

LONGEST_AMID = 700
"""Characters of both together; of more the end may be cut off."""

LONGEST_RUN = 5
"""Sentences shown at once; about what a passage of an index holds."""

ALONE = 0.25
"""Share of those runs that are one sentence, as the best ones are read a second time."""

SORTED = 16
"""Batches among which examples are put in order of length, so that little is padding."""


class Asked(NamedTuple):
    """A question with a run of sentences; ``answers``: 1 for those that answer it, else 0."""

    question: str
    title: str
    sentences: list[str]
    answers: list[int]


class Stated(NamedTuple):
    """A statement with what it cites; ``kind`` is "honest" where the words support it."""

    words: str
    statement: str
    kind: str


def load(folder: Path) -> list[dict[str, Any]]:
    """Return the entries of all files of a folder; its README tells their form."""
    lines = (line for file in sorted(folder.glob("*.jsonl")) for line in file.read_text("utf-8").splitlines())
    return [json.loads(line) for line in lines if line.strip()]


def held_out(entries: list[dict[str, Any]], seed: int) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """Return the entries to train on, and about a twelfth of them, always the same, to judge by."""
    judged = [zlib.crc32(json.dumps(entry).encode()) % 12 == seed % 12 for entry in entries]
    return (
        [entry for entry, held in zip(entries, judged, strict=True) if not held],
        [entry for entry, held in zip(entries, judged, strict=True) if held],
    )


def questions(passages: list[dict[str, Any]], chance: random.Random) -> list[Asked]:
    """Return questions of some passages with sentences that answer and with others that do not, in no order."""
    drawn = chance.sample(range(len(passages)), min(DRAWN, len(passages)))
    alike = _neighbours([question for place in drawn for question, _ in passages[place]["qa"]], passages)
    found = []
    for place in drawn:
        passage = passages[place]
        title, sentences = passage["title"], passage["sentences"]
        for question, answers in passage["qa"]:
            found.append(Asked(question, title, *_run(sentences, set(answers), chance, holding=True)))
            if chance.random() < NEGATIVE and len(sentences) > len(answers):
                found.append(Asked(question, title, *_run(sentences, set(answers), chance, holding=False)))
            like = next(alike)
            far = chance.choice(like) if chance.random() < LIKE else chance.randrange(len(passages))
            other = passages[far]
            if chance.random() < FOREIGN and abs(far - place) > STORY and other != passage:
                found.append(Asked(question, other["title"], *_run(other["sentences"], set(), chance, holding=False)))
        found += [Asked(question, title, *_run(sentences, set(), chance, holding=False)) for question in passage["no"]]
    chance.shuffle(found)
    return [
        one._replace(
            question=one.question.lower() if chance.random() < LOWER else one.question,
            title="" if chance.random() < NO_TITLE else one.title,
        )
        for one in found
    ]


def _neighbours(asked: Sequence[str], passages: Sequence[dict[str, Any]]) -> Iterator[list[int]]:
    """Yield, for each question, the places of the passages that share most words with it, by tf-idf."""
    words = TfidfVectorizer(sublinear_tf=True)
    table = words.fit_transform(" ".join((passage["title"], *passage["sentences"])) for passage in passages).T
    rows = words.transform(asked)
    for first in range(0, len(asked), 500):
        likeness = (rows[first : first + 500] @ table).toarray()
        yield from np.argpartition(-likeness, NEIGHBOURS, axis=1)[:, :NEIGHBOURS].tolist()


def _run(
    sentences: list[str], answers: set[int], chance: random.Random, *, holding: bool
) -> tuple[list[str], list[int]]:
    """Return a run of sentences with its labels; ``holding``: at least one answer is in it, else none is."""
    longest = 1 if chance.random() < ALONE else LONGEST_RUN
    runs = [
        (a, b)
        for a in range(len(sentences))
        for b in range(a + 1, min(a + longest, len(sentences)) + 1)
        if any(a <= n < b for n in answers) == holding
    ]
    a, b = chance.choices(runs, [b - a for a, b in runs])[0]
    return sentences[a:b], [int(n in answers) for n in range(a, b)]


def statements(entries: list[dict[str, Any]], chance: random.Random | None = None) -> list[Stated]:
    """Return all statements; with ``chance`` some more, and some beside other sentences, in no order."""
    found = []
    for place, entry in enumerate(entries):
        words = " ".join(entry["sentences"])
        stated = [Stated(words, text, "honest") for text in entry["honest"]]
        stated += [Stated(words, text, kind) for kind, text in entry["mutants"]]
        if chance:
            other = entries[place - chance.randrange(1, len(entries))]
            stated += _more(entry, other, chance)
            stated = [_amid(one, other, chance) if chance.random() < AMID else one for one in stated]
        found += stated
    if chance:
        chance.shuffle(found)
    return found


def _more(entry: dict[str, Any], other: dict[str, Any], chance: random.Random) -> Iterator[Stated]:
    """Yield statements made of those of an entry, and of another one."""
    words, honest = " ".join(entry["sentences"]), entry["honest"]
    if chance.random() < VERBATIM:
        yield Stated(words, chance.choice(entry["sentences"]), "honest")
    if chance.random() < OTHERS:
        yield Stated(" ".join(other["sentences"]), chance.choice(honest), "source")
    if chance.random() < JOINED:
        yield Stated(words, " ".join(chance.sample(honest, 2)), "honest")
    if chance.random() < JOINED:
        kind, wrong = chance.choice([*entry["mutants"], ("source", chance.choice(other["honest"]))])
        both = [chance.choice(honest), wrong]
        chance.shuffle(both)
        yield Stated(words, " ".join(both), kind)


def _amid(one: Stated, other: dict[str, Any], chance: random.Random) -> Stated:
    """Return a statement whose sentences stand before or after another entry's."""
    beside = " ".join(other["sentences"])
    if one.kind == "source" or len(one.words) + len(beside) > LONGEST_AMID:
        return one
    both = [one.words, beside]
    chance.shuffle(both)
    return one._replace(words=" ".join(both))


def batches(examples: Sequence[Any], size: int, chance: random.Random) -> Iterator[list[Any]]:
    """Yield batches of examples that are about equally long."""
    for first in range(0, len(examples), size * SORTED):
        chunk = sorted(examples[first : first + size * SORTED], key=lambda one: sum(len(str(part)) for part in one))
        parts = [chunk[n : n + size] for n in range(0, len(chunk), size)]
        chance.shuffle(parts)
        yield from parts


def question_batch(
    rows: Sequence[Asked], tokenizer: Tokenizer
) -> tuple[torch.Tensor, torch.Tensor, list[list[list[int]]]]:
    """Return token numbers, mask, and the places of the tokens of each row's sentences."""
    pairs, places = [], []
    for row in rows:
        spans, at = [], 0
        for sentence in row.sentences:
            spans.append((at, at + len(sentence)))
            at += len(sentence) + 1
        pair, where = encode(tokenizer, row.question, row.title, " ".join(row.sentences), spans)
        pairs.append(pair)
        places.append(where)
    return *padded(pairs), places


def padded(pairs: Sequence[Encoding]) -> tuple[torch.Tensor, torch.Tensor]:
    """Return token numbers and mask; few different widths, as the kernels for each new one are compiled once."""
    width = -(-max(len(pair.ids) for pair in pairs) // 16) * 16
    ids = torch.tensor([pair.ids + [0] * (width - len(pair.ids)) for pair in pairs])
    return ids, torch.tensor([[1] * len(pair.ids) + [0] * (width - len(pair.ids)) for pair in pairs])

"""What the reader is trained on, drawn anew at every pass: questions with passages, statements with sentences."""

from __future__ import annotations

import json
import random
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, NamedTuple

import torch
from tokenizers import Encoding, Tokenizer

from assistant.answering.reader import encode

NEGATIVE, FOREIGN, NO_TITLE, LOWER = 0.6, 0.25, 0.2, 0.1
"""Shares: questions also shown sentences that do not answer, or another passage; no headline; no capitals."""

OTHERS, VERBATIM = 0.5, 0.5
"""Shares: entries with a statement on another's sentences, which is wrong; with a sentence itself, which is right."""

LONGEST_RUN = 5
"""Sentences shown at once; about what a passage of an index holds."""

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
    """Return the entries to train on, and a twelfth of them to judge by."""
    random.Random(seed).shuffle(entries)
    return entries[len(entries) // 12 :], entries[: len(entries) // 12]


def questions(passages: list[dict[str, Any]], chance: random.Random) -> list[Asked]:
    """Return questions with sentences that answer and with others that do not, in no order."""
    found = []
    for passage in passages:
        title, sentences = passage["title"], passage["sentences"]
        for question, answers in passage["qa"]:
            found.append(Asked(question, title, *_run(sentences, set(answers), chance, holding=True)))
            if chance.random() < NEGATIVE and len(sentences) > len(answers):
                found.append(Asked(question, title, *_run(sentences, set(answers), chance, holding=False)))
            other = chance.choice(passages)
            if chance.random() < FOREIGN and other is not passage:
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


def _run(
    sentences: list[str], answers: set[int], chance: random.Random, *, holding: bool
) -> tuple[list[str], list[int]]:
    """Return a run of sentences with its labels; ``holding``: at least one answer is in it, else none is."""
    runs = [
        (a, b)
        for a in range(len(sentences))
        for b in range(a + 1, min(a + LONGEST_RUN, len(sentences)) + 1)
        if any(a <= n < b for n in answers) == holding
    ]
    a, b = chance.choices(runs, [b - a for a, b in runs])[0]
    return sentences[a:b], [int(n in answers) for n in range(a, b)]


def statements(entries: list[dict[str, Any]], chance: random.Random | None = None) -> list[Stated]:
    """Return all statements; with ``chance`` some more, on other sentences and word for word, in no order."""
    found = []
    for entry in entries:
        words = " ".join(entry["sentences"])
        found += [Stated(words, text, "honest") for text in entry["honest"]]
        found += [Stated(words, text, kind) for kind, text in entry["mutants"]]
        if chance and chance.random() < VERBATIM:
            found.append(Stated(words, chance.choice(entry["sentences"]), "honest"))
        if chance and chance.random() < OTHERS and (other := chance.choice(entries)) is not entry:
            found.append(Stated(" ".join(other["sentences"]), chance.choice(entry["honest"]), "source"))
    if chance:
        chance.shuffle(found)
    return found


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

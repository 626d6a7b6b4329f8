"""A small cross-encoder that reads two texts together: which sentences answer, and whether words say a statement.

DeBERTa-v3-xsmall tuned for entailment, trained further by ``scripts/train_reader.py`` on invented news
(``evals/reader``, ``evals/checker``), int8 ONNX, run on onnxruntime. Unlike an embedding it sees both texts at once,
so it can tell a sentence that answers a question, or says what a statement says, from one that is merely about the
same thing.
"""

from __future__ import annotations

import hashlib
import os
import threading
from collections.abc import Sequence
from functools import cache, cached_property
from importlib.resources import as_file, files
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from assistant.onnx import feed, open_session

if TYPE_CHECKING:
    import onnxruntime
    from tokenizers import Encoding, Tokenizer

MAX_TOKENS = 384
"""Both texts together; more is cut from the longer one's end."""

LONGEST_QUESTION = 400
"""Characters of a question that are read."""

REMEMBERED = 2000

Span = tuple[int, int]


def reader_tokenizer() -> Tokenizer:
    """Return the reader's tokenizer for pairs, cutting the longer text, which is the passage, at ``MAX_TOKENS``."""
    from tokenizers import Tokenizer

    tokenizer = Tokenizer.from_str((files("assistant") / "data" / "reader-tokenizer.json").read_text("utf-8"))
    # cutting passages alone fails on a question that is nothing but tokens
    tokenizer.enable_truncation(MAX_TOKENS, strategy="longest_first")
    return tokenizer


def encode(
    tokenizer: Tokenizer, question: str, title: str, text: str, sentences: Sequence[Span]
) -> tuple[Encoding, list[list[int]]]:
    """Return the encoded pair and, for each sentence, the places of its tokens.

    Args:
        tokenizer: as from :func:`reader_tokenizer`.
        question: read up to ``LONGEST_QUESTION`` characters.
        title: headline; stands before the passage.
        text: the passage.
        sentences: character spans in ``text``.
    """
    pair = tokenizer.encode(question[:LONGEST_QUESTION], f"{title}\n{text}")
    shift = len(title) + 1
    places: list[list[int]] = [[] for _ in sentences]
    for place, ((start, end), segment) in enumerate(zip(pair.offsets, pair.type_ids, strict=True)):
        if segment == 1 and end > start:
            for number, (first, last) in enumerate(sentences):
                if start - shift < last and end - shift > first:
                    places[number].append(place)
    return pair, places


class Reader:
    """Scores sentences of passages for a question, and statements for the words they rest on."""

    def __init__(self) -> None:
        self._recent: dict[str, NDArray[np.float32]] = {}
        self._lock = threading.Lock()

    @cached_property
    def _tokenizer(self) -> Tokenizer:
        return reader_tokenizer()

    @cached_property
    def _session(self) -> onnxruntime.InferenceSession:
        with as_file(files("assistant") / "data" / "reader.onnx") as path:
            return open_session(path)

    def scores(self, question: str, passages: Sequence[tuple[str, str, Sequence[Span]]]) -> list[NDArray[np.float32]]:
        """Return, for each passage, the log odds that each of its sentences answers, float32 (sentences,).

        Args:
            question: standing alone.
            passages: (title, text, character spans of the sentences in the text) each.
        """
        keys = [
            hashlib.sha256(repr((question, *passage)).encode("utf-8", "replace")).hexdigest() for passage in passages
        ]
        found = []
        for one, passage in zip(keys, passages, strict=True):
            scored = self._recent.get(one)
            if scored is None:
                pair, sentences = encode(self._tokenizer, question, *passage)
                # (tokens, 2): each token's log odds, and how much it counts in its sentence
                states = self._run("sentences", pair)
                scored = np.array([pool(states[places]) for places in sentences], np.float32)
                self._remember(one, scored)
            found.append(scored)
        return found

    def knows(self, word: str) -> bool:
        """Whether its vocabulary has a word as it is written, in small letters or with a capital."""
        return self._tokenizer.token_to_id(f"▁{word}") is not None

    def _remember(self, one: str, scored: NDArray[np.float32]) -> None:
        """Keep what was scored, and let the oldest go; several questions may be read at a time."""
        with self._lock:
            self._recent[one] = scored
            while len(self._recent) > REMEMBERED:
                del self._recent[next(iter(self._recent))]

    def entailment(self, words: str, statement: str) -> float:
        """Return the log odds that words say what a statement says.

        Args:
            words: one to three sentences.
            statement: one or two.
        """
        return float(self._run("entailment", self._tokenizer.encode(words, statement)))

    def _run(self, output: str, pair: Encoding) -> NDArray[np.float32]:
        """Return an output for one pair of texts.

        Several at once would take longer, for the padding, and influence each other: int8 activations are scaled by
        the largest of a run.
        """
        result: NDArray[np.float32] = self._session.run([output], feed(self._session, [pair]))[0][0]
        return result


@cache
def open_reader() -> Reader:
    """Return the reader that all assistants of a process share: its weights take 60 MB and a third of a second."""
    return Reader()


if hasattr(os, "register_at_fork"):  # the threads of a session do not live on in a child
    os.register_at_fork(after_in_child=open_reader.cache_clear)


def pool(states: NDArray[np.float32]) -> float:
    """Return the log odds of a sentence from its tokens' (n, 2); one cut off is taken not to answer."""
    if not len(states):
        return -10.0
    weights = np.exp(states[:, 1] - states[:, 1].max())
    return float(states[:, 0] @ (weights / weights.sum()))

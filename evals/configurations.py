"""Named ways of running the assistant that are compared on the same cases."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from assistant import Filters, Settings
from assistant.answering.llm import Limits, Message, Model
from assistant.answering.models import open_models
from assistant.onnx import bert_tokenizer
from evals.replay import Replay

NAMES = ("extractive", "words", "vectors", "model", "unchecked")
"""Quoting with both ways of searching; with words alone; with vectors alone; a model; a model without the check."""

LONGEST = 100_000
"""Tokens that are counted of one text."""


@dataclass(frozen=True, slots=True)
class Configuration:
    """One way of running the assistant.

    Attributes:
        name: in tables and files.
        settings: of the assistant.
        models: that write; none quotes.
        filters: what may be searched.
        unchecked: all that a model writes is let through.
        search_only: passages are searched for and nothing is asked.
    """

    name: str
    settings: Settings
    models: tuple[Counted, ...] = ()
    filters: Filters | None = None
    unchecked: bool = False
    search_only: bool = False


class Counted:
    """A model whose tokens are counted, by the project's own tokenizer: near the model's own count, not the same.

    Attributes:
        prompted, written: tokens so far.
    """

    def __init__(self, model: Model) -> None:
        self._model, self.name = model, model.name
        self.prompted = self.written = 0
        self._tokenizer = bert_tokenizer(LONGEST)

    async def stream(self, messages: Sequence[Message], limits: Limits) -> AsyncGenerator[str]:
        """Yield what the model writes."""
        self.prompted += sum(self._count(message["content"]) for message in messages)
        async for piece in self._model.stream(messages, limits):
            self.written += self._count(piece)
            yield piece

    def _count(self, text: str) -> int:
        return len(self._tokenizer.encode(text, add_special_tokens=False).ids)


def configure(
    name: str, settings: Settings, replies: Path | None = None, *, search_only: bool = False
) -> Configuration:
    """Return a configuration by its name.

    Args:
        name: one of ``NAMES``.
        settings: what it starts from.
        replies: file of a model's replies, read and added to; without a model in the settings, only read.
        search_only: search, do not ask.

    Raises:
        ValueError: an unknown name, or a model is wanted and there is neither model nor file.
    """
    if name not in NAMES:
        raise ValueError(f"there is no configuration {name!r}; known are {', '.join(NAMES)}")
    if name == "words":
        settings = replace(settings, embedder="none")
    if name == "vectors":
        settings = replace(settings, vector_weight=1.0)
    if name not in ("model", "unchecked"):
        return Configuration(name, settings, search_only=search_only)
    models: list[Model] = list(open_models(settings))
    if replies:
        models = [Replay(replies, model) for model in models] or [Replay(replies)]
    if not models:
        raise ValueError(f"{name!r} needs a model: set ASSISTANT_MODEL, or name a file of its replies with --replies")
    return Configuration(name, settings, tuple(map(Counted, models)), unchecked=name == "unchecked")

"""The language models that the settings name."""

from __future__ import annotations

from assistant.answering.gguf import LocalModel
from assistant.answering.llm import LiteLLM, Model
from assistant.settings import Settings

LOCAL = "gguf:"
"""What the name of a model begins with that is a file."""

OVERHEAD = 1500
"""Tokens of a local model's context for the instructions, and for its tokenizer needing more of them than BERT's."""


def open_models(settings: Settings) -> tuple[Model, ...]:
    """Return the models of the settings in the order in which they are tried; nothing is loaded or called yet.

    ``api_base`` and ``api_key`` are those of the first; fallbacks go by their provider's own variables.
    """
    names = [settings.model or "", *(settings.fallbacks or "").split(",")] if settings.model else []
    return tuple(_open(name.strip(), settings, first=not row) for row, name in enumerate(names) if name.strip())


def _open(name: str, settings: Settings, *, first: bool) -> Model:
    if name.startswith(LOCAL):
        return LocalModel(name.removeprefix(LOCAL), settings.prompt_tokens + settings.answer_tokens + OVERHEAD)
    return LiteLLM(name, *((settings.api_base, settings.api_key) if first else ()))

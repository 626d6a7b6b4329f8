"""Settings: from arguments, then environment variables, then a TOML file, then defaults."""

from __future__ import annotations

import os
import reprlib
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field, fields, replace
from pathlib import Path
from typing import Any, Literal

import platformdirs

from assistant.errors import SettingsError

VectorIndexKind = Literal["auto", "exact", "chroma"]
CONFIG_FILE = "config.toml"
ENVIRONMENT = "ASSISTANT_"
LONGEST_DEADLINE = 3600
_COUNTS = "exact_limit passages passages_per_article max_statements max_question answer_tokens prompt_tokens".split()


@dataclass(frozen=True, slots=True)
class Settings:
    """Everything that can be set; each field is also ``ASSISTANT_<NAME>`` and a key of the TOML file.

    Attributes:
        index: folder that holds the index.
        embedder: ``minilm`` (offline), ``none`` (words alone), or ``provider:model``.
        vector_index: ``exact`` compares with every vector, ``chroma`` asks an approximate index,
            ``auto`` takes the first up to ``exact_limit`` passages.
        exact_limit: passages up to which ``auto`` stays exact.
        passages: how many passages a search hands on; the best eight of them are read first.
        passages_per_article: how many of them one article may fill.
        vector_weight: share of the vector score in the fused score, 0..1; the rest is BM25's.
        threshold: confidence below which a question is refused, 0..1; None takes the calibrated value.
        max_statements: statements of a quoted answer; a model may have twice as many.
        max_question: characters in a question.
        model: the language model that writes answers, as LiteLLM names it (``openai/gpt-5-mini``,
            ``ollama_chat/qwen3``), or ``gguf:PATH`` for a local file; None quotes instead.
        api_base: URL of the model's server, where it is not the provider's own.
        api_key: the model's key; by default the provider's own variable (``OPENAI_API_KEY`` ...).
        fallbacks: models tried in this order when the first fails, separated by commas.
        deadline: seconds for a question where a model writes: searching, loading it, and all its calls together.
        answer_tokens: tokens that the model may write for a question.
        prompt_tokens: tokens of articles that the model is shown, as counted by the project's own tokenizer.
    """

    index: Path = Path(platformdirs.user_data_dir("news-assistant")) / "index"
    embedder: str = "minilm"
    vector_index: VectorIndexKind = "auto"
    exact_limit: int = 100_000
    passages: int = 12
    passages_per_article: int = 4
    vector_weight: float = 0.4
    threshold: float | None = None
    max_statements: int = 3
    max_question: int = 4000
    model: str | None = None
    api_base: str | None = None
    api_key: str | None = field(default=None, repr=False)
    fallbacks: str | None = None
    deadline: float = 60
    answer_tokens: int = 600
    prompt_tokens: int = 3000

    def __post_init__(self) -> None:
        """Refuse values that cannot be used, naming the setting."""
        try:
            object.__setattr__(self, "index", _folder(self.index))  # frozen; "~" is the user's home
        except (ValueError, RuntimeError):
            raise SettingsError(f"index is {reprlib.repr(self.index)}; use the path of a folder") from None
        if self.vector_index not in ("auto", "exact", "chroma"):
            raise SettingsError(f"vector_index is {self.vector_index!r}; use auto, exact or chroma")
        for name in ("vector_weight", "threshold"):
            value = getattr(self, name)
            if value is not None and not 0 <= value <= 1:
                raise SettingsError(f"{name} is {value}; use a number from 0 to 1")
        if not 0 < self.deadline <= LONGEST_DEADLINE:
            raise SettingsError(f"deadline is {self.deadline}; use seconds, at most {LONGEST_DEADLINE}")
        for name in _COUNTS:
            if getattr(self, name) < 1:
                raise SettingsError(f"{name} is {getattr(self, name)}; use a whole number of at least 1")


def load_settings(
    *, file: str | Path | None = None, environ: Mapping[str, str] | None = None, **overrides: object
) -> Settings:
    """Return the settings; an override that is None counts as not given.

    Args:
        file: TOML file; by default ``config.toml`` in the user's configuration folder, if there.
        environ: environment, by default the process's; an empty variable counts as not given.
        overrides: fields of :class:`Settings`, strongest of all.

    Raises:
        SettingsError: unknown key, or a value of the wrong kind, with where it was set.
    """
    chosen: dict[str, Any] = {}
    path = Path(file) if file else Path(platformdirs.user_config_dir("news-assistant")) / CONFIG_FILE
    for name, value in _read_toml(path, needed=file is not None).items():
        chosen[name] = _convert(name, value, str(path))
    for variable, value in (os.environ if environ is None else environ).items():
        name = variable.removeprefix(ENVIRONMENT).lower()
        if value and variable.startswith(ENVIRONMENT) and name in _types():
            chosen[name] = _convert(name, value, variable)
    chosen |= {name: _convert(name, value, name) for name, value in overrides.items() if value is not None}
    return replace(Settings(), **chosen)


def _read_toml(path: Path, *, needed: bool) -> dict[str, Any]:
    try:
        return tomllib.loads(path.read_text("utf-8-sig")) if needed or path.is_file() else {}
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise SettingsError(f"cannot read the settings file {path}: {error}") from error


def _types() -> dict[str, str]:
    return {known.name: str(known.type) for known in fields(Settings)}


def _convert(name: str, value: object, where: str) -> object:
    kind = _types().get(name)
    if kind is None:
        raise SettingsError(f"{where}: unknown setting {name!r}; known are {', '.join(_types())}")
    try:
        if kind == "Path":
            return _folder(value)
        if kind == "int":
            return int(str(value))
        if kind.startswith("float"):
            return float(str(value))
    except (ValueError, RuntimeError):
        wanted = "the path of a folder" if kind == "Path" else "a number"
        raise SettingsError(f"{where}: {name} is {reprlib.repr(value)}; use {wanted}") from None
    if not isinstance(value, str):
        shown = "..." if name == "api_key" else reprlib.repr(value)
        raise SettingsError(f"{where}: {name} is {shown}; use text")
    return value


def _folder(value: object) -> Path:
    """Return the path; raises ValueError or, for the home of nobody, RuntimeError."""
    if not isinstance(value, str | Path) or not str(value).strip() or "\0" in str(value):
        raise ValueError(value)
    return Path(value).expanduser()

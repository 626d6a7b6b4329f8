"""Model replies kept in a file, so that a model's run is exact and free the second time."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import AsyncGenerator, Sequence
from pathlib import Path

from assistant.answering.llm import Limits, Message, Model
from assistant.errors import ModelError


class Replay:
    """A model whose replies are read from a file, and asked of a real model and added where they are not in it.

    Args:
        file: JSON lines of ``key`` and ``reply`` or ``fault``; made when it is not there.
        model: asked for what the file does not have; None makes that an error.
        name: of the model, when there is none to ask.
    """

    def __init__(self, file: Path, model: Model | None = None, name: str = "replayed") -> None:
        self.name = model.name if model else name
        self._file, self._model = file, model
        lines = file.read_text("utf-8").splitlines() if file.exists() else []
        self._known: dict[str, dict[str, str]] = {row["key"]: row for row in map(json.loads, lines)}

    async def stream(self, messages: Sequence[Message], limits: Limits) -> AsyncGenerator[str]:
        """Yield the reply in one piece."""
        key = _key(messages)
        if key not in self._known:
            if self._model is None:
                # No fault of a model, which would be answered by quoting: AssertionError ends the case.
                raise AssertionError(f"{self._file} has no reply to this prompt; record it with the model at hand")
            await self._record(key, messages, limits, self._model)
        row = self._known[key]
        yield row["reply"]
        if "fault" in row:
            raise ModelError(row["fault"], "cut")

    async def _record(self, key: str, messages: Sequence[Message], limits: Limits, model: Model) -> None:
        row, pieces = {"key": key}, []
        try:
            async for piece in model.stream(messages, limits):
                pieces.append(piece)  # noqa: PERF401 - those before a fault count
        except ModelError as error:
            if not pieces:
                raise
            row["fault"] = str(error)
        self._known[key] = row | {"reply": "".join(pieces)}
        with self._file.open("a", encoding="utf-8") as stream:
            stream.write(json.dumps(self._known[key], ensure_ascii=False) + "\n")


def _key(messages: Sequence[Message]) -> str:
    """Return a hash of a prompt but for what differs each time: the marks around the articles, and the date."""
    text = json.dumps(messages)
    text = re.sub(r"articles-[0-9a-f]{8}", "articles", text)
    return hashlib.sha256(re.sub(r"Today is \d{4}-\d\d-\d\d", "Today", text).encode()).hexdigest()[:16]

"""A language model without a model, for tests of programs that use the assistant."""

from __future__ import annotations

import asyncio
import re
from collections import deque
from collections.abc import AsyncGenerator, Callable, Sequence

from assistant.answering.llm import Limits, Message
from assistant.errors import ModelError

Reply = str | ModelError | Callable[[Sequence[Message]], str]


class FakeModel:
    """Say what was enqueued, in order, word by word; remember what was asked.

    Example::

        model = FakeModel("HTS is excluded [1].")
        with Assistant.open("my-index", models=[model]) as assistant:
            answer = assistant.ask("Who is excluded?")
        assert "numbered sentences" in model.history[0][0]["content"]

    Args:
        replies: each a text, a function that makes one of the messages, or a ``ModelError`` to raise.
    """

    name = "fake"

    def __init__(self, *replies: Reply) -> None:
        self.history: list[list[Message]] = []
        self._replies: deque[tuple[Reply, ModelError | None, float]] = deque()
        self.enqueue(*replies)

    def enqueue(self, *replies: Reply, then: ModelError | None = None, pause: float = 0.0) -> None:
        """Add replies.

        Args:
            replies: as for the class.
            then: raised after each of these texts, as when a connection breaks.
            pause: seconds before each word.
        """
        self._replies.extend((reply, then, pause) for reply in replies)

    async def stream(self, messages: Sequence[Message], limits: Limits) -> AsyncGenerator[str]:
        """Yield the next reply word by word.

        Raises:
            ModelError: when one was enqueued, or the deadline passed.
            AssertionError: nothing is enqueued.
        """
        self.history.append(list(messages))
        assert self._replies, "FakeModel was asked once more than it has replies; enqueue another"
        reply, then, pause = self._replies.popleft()
        if isinstance(reply, ModelError):
            raise reply
        text = reply if isinstance(reply, str) else reply(messages)
        for word in re.findall(r"\S+\s*|\s+", text):
            await asyncio.sleep(min(pause, limits.left()))
            if not limits.left():
                raise ModelError("the model fake did not answer in time", "slow")
            yield word
        if then is not None:
            raise then

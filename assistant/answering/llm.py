"""The only door to language models: LiteLLM behind a deadline, a cap, one layer of retries and typed failures.

LiteLLM is called itself, not through ``langchain-litellm``: that one hides whether the provider marked the end of a
stream, and a stream that was cut then passes for a whole one. Every call streams, also where the text is wanted
whole: so one set of checks serves both, and a server that drips cannot outlast the deadline.
"""

from __future__ import annotations

import asyncio
import os
import time
from collections.abc import AsyncGenerator, Sequence
from contextlib import aclosing
from dataclasses import dataclass
from importlib.util import find_spec
from types import ModuleType
from typing import Any, Literal, Protocol, TypedDict
from urllib.parse import urlsplit

from assistant.answering.model_faults import explain
from assistant.errors import ModelError
from assistant.quiet import quiet_litellm

TRIES = 2
"""Calls of one model for one text; the second only when the first failed before its first word."""

PAUSE = 0.5
"""Seconds before the second try where the provider names none."""

GRACE = 0.25
"""Seconds after the deadline in which a model may say itself that it was too slow, and why."""

LONGEST_TOKEN = 16
"""Characters; what is longer than this for every token asked for is no answer, and is cut off."""

_END: Any = object()


class Message(TypedDict):
    """One message of a chat."""

    role: Literal["system", "user"]
    content: str


@dataclass(frozen=True, slots=True)
class Limits:
    """What one call may cost.

    Attributes:
        until: moment of the monotonic clock (``time.monotonic``) at which the call must have ended.
        tokens: most tokens of the text.
    """

    until: float
    tokens: int

    def left(self) -> float:
        """Return the seconds left, at least 0."""
        return max(0.0, self.until - time.monotonic())


class Model(Protocol):
    """What writing an answer needs of a language model; ``assistant.testing.FakeModel`` is one without a model."""

    name: str

    def stream(self, messages: Sequence[Message], limits: Limits) -> AsyncGenerator[str]:
        """Yield the text as it comes.

        Raises:
            ModelError: it is not whole; what was yielded before is its beginning.
        """
        ...


async def pieces_of(model: Model, messages: Sequence[Message], limits: Limits) -> AsyncGenerator[str]:
    """Yield the text of a model, whoever wrote it, within its limits.

    Raises:
        ModelError: it is not whole, for whatever reason.
    """
    whose, length = f"the model {model.name}", 0
    late = Limits(limits.until + GRACE, limits.tokens)
    try:
        async with aclosing(model.stream(messages, limits)) as pieces:
            while (piece := await _next(pieces, late)) is not _END:
                if not isinstance(piece, str):  # as the chunks of some clients that hold none
                    raise ModelError(f"{whose} gave {type(piece).__name__}, not text; yield strings", "nonsense")
                if length > LONGEST_TOKEN * limits.tokens:
                    raise ModelError(f"{whose} wrote more than it was asked for", "cut")
                length += len(piece)
                yield piece
    except (ModelError, AssertionError):  # the latter is what the tests of a program say through a model of theirs
        raise
    except Exception as error:  # a model of the user's own raises whatever it likes; the reader gets the quotation
        raise explain(error, whose) from error


async def complete(model: Model, messages: Sequence[Message], limits: Limits) -> str:
    """Return the whole text.

    Raises:
        ModelError: there is no whole text.
    """
    return "".join([piece async for piece in pieces_of(model, messages, limits)])


class LiteLLM:
    """Any model that LiteLLM can name.

    Args:
        name: as LiteLLM names it: ``openai/gpt-5-mini``, ``anthropic/...``, ``ollama_chat/qwen3``, ``hosted_vllm/...``;
            ``openai/NAME`` with ``api_base`` for any server with OpenAI's protocol.
        api_base: URL of the server, by default the provider's own.
        api_key: by default the provider's own variable; with ``openai/NAME`` and ``api_base`` none.
        called: how people know the model, by default ``name``.
    """

    def __init__(
        self, name: str, api_base: str | None = None, api_key: str | None = None, *, called: str | None = None
    ) -> None:
        self.name = called or name
        self._model = name
        # The key of a server of one's own is mostly none, and the client insists on one; OpenAI's goes to OpenAI.
        own = f"{name.partition('/')[0].upper()}_API_KEY"
        keyless = api_base and (own == "OPENAI_API_KEY" or not os.environ.get(own))
        self._options = {"api_base": api_base, "api_key": api_key or ("none" if keyless else None)}
        host = urlsplit(api_base).netloc.rpartition("@")[2] if api_base else ""
        self._whose = f"the model {self.name}" + (f" at {host}" if host and not called else "")

    async def stream(self, messages: Sequence[Message], limits: Limits) -> AsyncGenerator[str]:
        """Yield the text as it comes; see :class:`Model`."""
        for last in (*[False] * (TRIES - 1), True):
            begun = False
            try:
                async with aclosing(self._once(messages, limits)) as pieces:
                    async for piece in pieces:
                        begun = True
                        yield piece
                return
            except ModelError as error:
                pause = PAUSE if error.retry_after is None else error.retry_after
                if begun or last or error.kind not in ("limited", "failed") or pause >= limits.left():
                    raise
            await asyncio.sleep(pause)

    async def _once(self, messages: Sequence[Message], limits: Limits) -> AsyncGenerator[str]:
        response, length = None, 0
        try:
            # A timeout that is open across a yield cancels whoever reads instead of this.
            async with asyncio.timeout(limits.left()):
                response = await self._call(messages, limits)
            while (chunk := await _next(response, limits)) is not _END:
                piece = chunk.choices[0].delta.content if chunk.choices else None
                if piece:
                    length += len(piece)
                    yield piece
                if length > LONGEST_TOKEN * limits.tokens:
                    raise ModelError(f"{self._whose} wrote more than it was asked for", "cut")
        except ModelError:
            raise
        except Exception as error:  # noqa: BLE001 - LiteLLM raises whatever its providers' clients do; all become one type
            raise explain(error, self._whose) from None
        finally:
            if response is not None:
                await _close(response)
        self._check_end(response, length)

    async def _call(self, messages: Sequence[Message], limits: Limits) -> Any:  # noqa: ANN401 - LiteLLM's type costs its import
        """Begin a stream; its connection is freed when this is cancelled."""
        litellm = await asyncio.to_thread(_litellm)
        return await litellm.acompletion(
            model=self._model,
            messages=list(messages),
            stream=True,
            temperature=0,
            max_tokens=limits.tokens,
            timeout=limits.left(),
            num_retries=0,
            max_retries=0,
            drop_params=True,  # models that take no temperature do without
            **{key: value for key, value in self._options.items() if value},
        )

    def _check_end(self, response: Any, length: int) -> None:  # noqa: ANN401
        """Raise unless the provider itself marked the end.

        LiteLLM makes up a "stop" for a stream that ends without one (https://github.com/BerriAI/litellm/issues/40260).
        """
        end = response.received_finish_reason
        if end == "content_filter":
            raise ModelError(f"{self._whose} declined to answer", "refused")
        if not length:
            raise ModelError(f"{self._whose} sent no text", "nonsense")
        if end == "length":
            raise ModelError(f"{self._whose} ran out of tokens; raise answer_tokens", "cut")
        if end is None:
            raise ModelError(f"{self._whose} broke off in the middle", "cut")


async def _next(response: Any, limits: Limits) -> Any:  # noqa: ANN401
    """Return the next chunk, ``_END`` at the end; what has arrived after the deadline is late all the same."""
    if not limits.left():
        raise TimeoutError
    async with asyncio.timeout(limits.left()):
        return await anext(response, _END)


async def _close(response: Any) -> None:  # noqa: ANN401
    """Hang up, so that the server stops working for nobody."""
    stream = response.completion_stream
    close = getattr(stream, "close", None) or getattr(stream, "aclose", None)
    if close is not None:
        await close()


def _litellm() -> ModuleType:
    """Import LiteLLM, which takes seconds, with everything switched off that calls home, reads ``.env`` or talks.

    Raises:
        ModelError: it is not installed.
    """
    if find_spec("litellm") is None:
        raise ModelError("language models need LiteLLM; run: pip install 'news-assistant[llm]'", "unavailable")
    quiet_litellm()
    import litellm

    litellm.telemetry = False
    litellm.suppress_debug_info = True
    litellm.disable_aiohttp_transport = True  # aiohttp complains at exit of connections that were never its caller's
    return litellm

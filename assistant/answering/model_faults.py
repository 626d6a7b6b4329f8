"""What LiteLLM raises, as one plain sentence that holds nothing of what the provider said."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping

from assistant.errors import ModelError, ModelFault

_BY_STATUS: Mapping[int, tuple[ModelFault, str]] = {
    400: ("refused", "did not accept the request; check the model's name and what it can do"),
    401: ("refused", "did not accept the key; set ASSISTANT_API_KEY or the provider's own variable"),
    403: ("refused", "does not allow this key to use it; check the account"),
    404: ("refused", "is not known there; check ASSISTANT_MODEL and ASSISTANT_API_BASE"),
    408: ("slow", "did not answer in time; raise ASSISTANT_DEADLINE or take a faster model"),
    413: ("long", "cannot take a prompt this long; lower ASSISTANT_PROMPT_TOKENS"),
    422: ("refused", "did not accept the request; check the model's name and what it can do"),
    429: ("limited", "is taking no more requests at the moment; wait, or check the account's limits"),
}
_UNREACHABLE = (
    "ConnectError",
    "ConnectTimeout",
    "APIConnectionError",
    "ClientConnectorError",
    "ConnectionRefusedError",
)
_BROKEN_OFF = ("RemoteProtocolError", "ReadError", "MidStreamFallbackError", "IncompleteRead")
_SLOW = ("TimeoutError", "Timeout", "ReadTimeout", "APITimeoutError")
_NOT_THE_PROTOCOL = ("JSONDecodeError", "APIResponseValidationError", "UnicodeDecodeError", "ValidationError")


def explain(error: BaseException, whose: str) -> ModelError:
    """Return the fault as a :class:`ModelError`.

    Args:
        error: what LiteLLM raised; the clients' own errors hang on it as causes.
        whose: "the model NAME at HOST", the beginning of the sentence.
    """
    names = [type(cause).__name__ for cause in _causes(error)]
    status = next((code for cause in _causes(error) if (code := _status(cause)) in _BY_STATUS), None)
    if "ContextWindowExceededError" in names:
        status = 413
    elif names[0] in _SLOW:
        status = 408
    if status is not None and not {*names} & {"MidStreamFallbackError"}:
        kind, what = _BY_STATUS[status]
        return ModelError(f"{whose} {what}", kind, _retry_after(error) if status == 429 else None)
    if {*names} & {*_BROKEN_OFF}:
        return ModelError(f"{whose} broke off in the middle", "cut")
    if {*names} & {*_UNREACHABLE}:
        return ModelError(f"{whose} cannot be reached; check that it runs, and ASSISTANT_API_BASE", "unavailable")
    if {*names} & {*_NOT_THE_PROTOCOL}:
        return ModelError(f"{whose} sent something that is not an answer; check ASSISTANT_API_BASE", "nonsense")
    return ModelError(f"{whose} failed ({names[0]}); try again, or take another model", "failed", _retry_after(error))


def _causes(error: BaseException) -> Iterator[BaseException]:
    """The error and what led to it, nearest first."""
    seen: set[int] = set()
    current: BaseException | None = error
    while current is not None and id(current) not in seen:
        seen.add(id(current))
        yield current
        current = current.__cause__ or current.__context__


def _status(error: BaseException) -> int | None:
    status = getattr(error, "status_code", None)
    return status if isinstance(status, int) else None


def _retry_after(error: BaseException) -> float | None:
    """The seconds of a ``Retry-After`` header, where the provider sent a number."""
    for cause in _causes(error):
        headers = getattr(getattr(cause, "response", None), "headers", None) or {}
        try:
            seconds = float(headers.get("retry-after", ""))
        except (TypeError, ValueError):
            continue
        if math.isfinite(seconds) and seconds >= 0:
            return seconds
    return None

"""The error of this package, and what status codes and broken connections mean in plain words."""

from __future__ import annotations

import re
import ssl
from collections.abc import Mapping
from typing import TYPE_CHECKING, Final

from assistant.corpus.limits import show
from assistant.errors import DocumentError

if TYPE_CHECKING:
    import httpx

_LOGIN: Final = "it asks to log in ({code}); save the page from a browser where you are logged in and add the file"
_STATUS: Final[Mapping[int, str]] = {
    401: _LOGIN,
    402: "it asks for payment ({code}); save the page from a browser where you are logged in and add the file",
    403: "the site refuses to give it to programs, or asks to log in ({code}); save the page and add the file",
    404: "there is no such page ({code}); check the address",
    407: _LOGIN,
    410: "the page was taken down for good ({code}); an article that it gave before stays in the index",
    429: "the site has had too many requests ({code}); try again later",
    451: "the site may not show it for legal reasons ({code})",
}
_TEMPORARY: Final = frozenset({408, 425, 429, *range(500, 600)})
_LOGIN_PATH: Final = re.compile(
    r"/(?:log-?in|sign-?in|log-?on|sign-?on|auth|authenticate|subscribe|paywall|consent)(?=[/.?;]|$)", re.IGNORECASE
)
_PASSWORD: Final = re.compile(rb"<input\b[^>]{0,300}\btype\s*=\s*[\"']?password\b", re.IGNORECASE)
_LOGIN_BYTES: Final = 200_000
_LOGIN_LETTERS: Final = 1500
"""A page that asks for a password and says less than this beside is a login page, not an article with a form."""


class FetchError(DocumentError):
    """An address gave nothing that can be read.

    Attributes:
        reason: the message without the address.
        temporary: whether the same address may work later.
    """

    def __init__(self, url: str, reason: str, *, temporary: bool = False) -> None:
        super().__init__(f"cannot fetch {show(url)}: {reason}", url)
        self.reason = reason
        self.temporary = temporary


def refuse_status(url: str, code: int, retry_after: str | None = None) -> FetchError:
    """Return the error for an answer that is not a page: what the status code means and what can be done."""
    shown = f"HTTP {code}"
    if code in _STATUS:
        reason = _STATUS[code].format(code=shown)
    elif code >= 500:
        reason = f"the site is out of order ({shown}); try again later"
    else:
        reason = f"the site answers with {shown} and no page; check the address in a browser"
    if retry_after and retry_after.isdecimal() and len(retry_after) < 7 and code in (429, 503):
        reason = f"{reason}, in {int(retry_after)} s at the earliest as it asks"
    return FetchError(url, reason, temporary=code in _TEMPORARY)


def refuse_certificate(url: str, error: ssl.SSLError) -> FetchError:
    """Return the error for a host whose identity cannot be checked."""
    why = getattr(error, "verify_message", "") or error.reason or "no agreement on a cipher"
    reason = f"its identity cannot be checked ({str(why).lower().replace('_', ' ')}); check the address"
    return FetchError(url, f"{reason}, nothing is read over such a connection")


def refuse_detour(asked: httpx.URL, final: httpx.URL, data: bytes) -> FetchError | None:
    """Return the error for a page that stands in for the article: a login form, or the front page; None for others."""
    if final != asked:
        if _LOGIN_PATH.search(final.path) and not _LOGIN_PATH.search(asked.path):
            return FetchError(str(asked), _LOGIN.format(code=f"it redirects to {show(str(final))}"))
        gone = final.path in ("", "/") and not final.query and asked.path not in ("", "/")
        if gone and _site(asked.host) == _site(final.host):
            reason = f"it redirects to the front page {show(str(final))}; the article is gone or has moved"
            return FetchError(str(asked), reason)
    if len(data) <= _LOGIN_BYTES and _PASSWORD.search(data) and _letters(data) < _LOGIN_LETTERS:
        return FetchError(str(asked), _LOGIN.format(code="a page with a password form"))
    return None


def _letters(page: bytes) -> int:
    """Return how much of a small page is text that is shown."""
    from lxml import etree, html  # type: ignore[import-untyped]

    try:
        texts = html.document_fromstring(page).xpath("//body//text()[not(ancestor::script or ancestor::style)]")
    except (etree.LxmlError, ValueError):
        return 0
    return sum(len("".join(str(text).split())) for text in texts)


def _site(host: str) -> str:
    return host.removeprefix("www.")

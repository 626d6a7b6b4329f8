"""What an answer holds: types that are read, and its bytes within a limit that counts what they unpack to."""

from __future__ import annotations

import re
import zlib
from collections.abc import Iterable
from typing import TYPE_CHECKING, Final

from assistant.corpus.limits import show
from assistant.fetch.errors import FetchError

if TYPE_CHECKING:
    import httpx

ACCEPT: Final = (
    "text/html, application/xhtml+xml, application/rss+xml, application/atom+xml, application/pdf, text/plain;q=0.9, "
    "application/xml;q=0.9, text/xml;q=0.9"
)
TYPES: Final = frozenset(
    "text/html application/xhtml+xml text/plain application/pdf application/x-pdf application/rss+xml "
    "application/atom+xml application/rdf+xml application/xml text/xml".split()
)
_GZIP: Final = frozenset({"gzip", "x-gzip"})
_CHARSET: Final = re.compile(r"charset\s*=\s*[\"']?([\w.:-]{2,40})", re.IGNORECASE)


def check_type(url: str, answer: httpx.Response) -> str | None:
    """Return the character set that an answer names, after a look at its type; one without any type passes.

    What the bytes are is told from themselves later on, as for files.

    Raises:
        FetchError: it says that it is something that is not read.
    """
    declared = answer.headers.get("content-type", "")
    kind = declared.partition(";")[0].strip().lower()
    if kind and kind not in TYPES:
        reason = f"it is {show(kind)}; only web pages, plain text, PDF and feeds are fetched, other files add as files"
        raise FetchError(url, reason)
    found = _CHARSET.search(declared)
    return found[1] if found else None


def read_body(url: str, answer: httpx.Response, limit: int, *, cut: bool = False) -> bytes:
    """Return the body of an answer, unpacked.

    Args:
        url: what was asked for.
        answer: with its body not read yet.
        limit: most bytes, packed and unpacked; reading and unpacking stop there.
        cut: return what is within the limit instead of refusing what is longer.

    Raises:
        FetchError: it is longer, cut off, or packed in a way that was not asked for.
    """
    promised = answer.headers.get("content-length", "")
    if not cut and promised.isascii() and promised.isdecimal() and (len(promised) > 15 or int(promised) > limit):
        raise _too_long(url, limit)
    packing = answer.headers.get("content-encoding", "identity").strip().lower()
    chunks: Iterable[bytes] = answer.iter_raw()
    if packing in _GZIP:
        chunks = _unpacked(url, chunks, limit)
    elif packing not in ("identity", ""):
        raise FetchError(
            url, f"it is packed as {show(packing)}, which was not asked for; save the page and add the file"
        )
    parts: list[bytes] = []
    size = 0
    for chunk in chunks:
        parts.append(chunk)
        size += len(chunk)
        if size > limit:
            if cut:
                break
            raise _too_long(url, limit)
    return b"".join(parts)[:limit]


def _unpacked(url: str, chunks: Iterable[bytes], limit: int) -> Iterable[bytes]:
    """Unpack gzip, little more than ``limit`` bytes at a time, whatever a small chunk claims to hold."""
    packed = zlib.decompressobj(zlib.MAX_WBITS | 16)
    started, size = False, 0
    try:
        for chunk in chunks:
            data, size = chunk, size + len(chunk)
            if size > limit:  # packed to no purpose: members that hold nothing
                raise _too_long(url, limit)
            while data:
                if packed.eof:  # a second member
                    packed = zlib.decompressobj(zlib.MAX_WBITS | 16)
                started = True
                yield packed.decompress(data, limit + 1)
                data = packed.unused_data if packed.eof else packed.unconsumed_tail
    except zlib.error as error:
        raise FetchError(url, "it is not packed as it says; save the page and add the file") from error
    if started and not packed.eof:
        raise FetchError(url, "it was cut off on the way; try again later", temporary=True)


def _too_long(url: str, limit: int) -> FetchError:
    return FetchError(url, f"it is over the limit of {limit / 1e6:g} MB; save the article alone and add the file")

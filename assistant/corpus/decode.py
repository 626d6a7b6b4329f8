"""Bytes to text: byte order mark, then UTF-8, then what the source declares, then charset-normalizer."""

from __future__ import annotations

import codecs
import re
from typing import Final

from assistant.corpus.limits import MAX_REPLACED
from assistant.errors import DocumentError

_BOMS: Final = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_META_CHARSET: Final = re.compile(rb"""<meta[^>]{0,200}charset\s*=\s*["']?\s*([\w.:-]{2,40})""", re.IGNORECASE)
_SAMPLE: Final = 200_000
_WIDE_SHARE: Final = 0.3
"""Share of zero bytes at every other position that makes a text without a mark UTF-16."""


def has_bom(data: bytes) -> bool:
    """Return whether ``data`` starts with a Unicode byte order mark."""
    return any(data.startswith(mark) for mark, _ in _BOMS)


def wide_encoding(data: bytes) -> str | None:
    """Return ``"utf-16-le"`` or ``"utf-16-be"`` for Latin text in UTF-16 without a byte order mark, else None."""
    sample = data[:4000]
    if len(sample) < 8:
        return None
    even, odd = sample[0::2].count(0) / len(sample) * 2, sample[1::2].count(0) / len(sample) * 2
    if odd > _WIDE_SHARE and even < 0.05:
        return "utf-16-le"
    return "utf-16-be" if even > _WIDE_SHARE and odd < 0.05 else None


def declared_charset(data: bytes) -> str | None:
    """Return the character set that an HTML ``<meta>`` of the first 4,096 bytes names, if Python knows it."""
    match = _META_CHARSET.search(data[:4096])
    return _known(match.group(1).decode("ascii")) if match else None


def decode(data: bytes, declared: str | None = None) -> tuple[str, tuple[str, ...]]:
    """Decode ``data``.

    Args:
        data: the bytes of a text.
        declared: the character set that its container names; tried after UTF-8, which is hardly ever valid by chance.

    Returns:
        The text and what went less than well.

    Raises:
        DocumentError: more than ``MAX_REPLACED`` of the characters could not be decoded.
    """
    for mark, encoding in _BOMS:
        if data.startswith(mark):
            return _replaced(data, encoding)
    for candidate in (wide_encoding(data), "utf-8", _known(declared)):
        if candidate is None:
            continue
        try:
            return data.decode(candidate), ()
        except UnicodeDecodeError:
            continue
    return _replaced(data, _guess(data))


def _known(name: str | None) -> str | None:
    try:
        found = codecs.lookup(name).name if name else None
        bytes(4).decode(found or "utf-8")  # "hex" and "undefined" are known, but not for text
    except (LookupError, ValueError):
        return None
    # Pages that say Latin-1 mean Windows-1252 (https://encoding.spec.whatwg.org/#names-and-labels).
    return "cp1252" if found in {"iso8859-1", "ascii"} else found


def _guess(data: bytes) -> str:
    """Return the likeliest character set of bytes that are not valid UTF-8."""
    as_utf8 = data[:_SAMPLE].decode("utf-8", "replace")
    wrong = as_utf8.count("\ufffd")
    right = sum(1 for char in as_utf8 if char > "\x7f") - wrong
    if right > 2 * wrong:  # UTF-8 with some damage: multi-byte sequences are not valid by chance
        return "utf-8"
    from charset_normalizer import from_bytes

    best = from_bytes(data[:_SAMPLE]).best()
    return best.encoding if best is not None else "utf-8"


def _replaced(data: bytes, encoding: str) -> tuple[str, tuple[str, ...]]:
    text = data.decode(encoding, "replace")
    wrong = text.count("\ufffd")
    if wrong > MAX_REPLACED * len(text):
        share = f"{100 * wrong / len(text):.0f} %"
        raise DocumentError(f"{share} of its characters cannot be decoded as text; save it as UTF-8 and add it again")
    return text, ((f"{wrong} characters could not be decoded and were replaced",) if wrong else ())

"""Readers of one article a file: Markdown, e-mail and saved pages (MHTML), PDF and DOCX."""

from __future__ import annotations

import email
import email.policy
import re
from email.errors import MessageError
from email.message import EmailMessage, MIMEPart
from email.utils import parseaddr
from typing import Final, Literal

from assistant.corpus.decode import declared_charset, decode
from assistant.corpus.parse import parse
from assistant.corpus.publisher import is_paper
from assistant.corpus.records import CANONICAL
from assistant.corpus.sniff import field_name
from assistant.errors import DocumentError
from assistant.types import RawDocument

MAIL_ORIGIN: Final = "e-mail header"
_MAIL_FAULTS: Final = (
    MessageError,
    ArithmeticError,
    ValueError,
    LookupError,
    AttributeError,
    TypeError,
    RecursionError,
)
"""What the standard library raises on damaged mail: too large time zones, brackets within brackets."""

_MARKDOWN: Final = (
    (re.compile(r"^\s*(?:```|~~~|---+|\*\*\*+|===+)\s*\w*\s*$"), ""),
    (re.compile(r"!\[([^\]]{0,300})\]\([^)\s]{0,500}(?: \"[^\"]{0,300}\")?\)"), ""),
    (re.compile(r"\[([^\]]{1,300})\]\([^)\s]{0,500}(?: \"[^\"]{0,300}\")?\)"), r"\1"),
    (re.compile(r"^\s{0,3}#{1,6}\s+(.*?)\s*#*\s*$"), r"\1"),
    (re.compile(r"^\s{0,3}>\s?"), ""),
    (re.compile(r"(?<![\w*])\*{1,3}(?=\S)([^*]{1,500})(?<=\S)\*{1,3}(?![\w*])"), r"\1"),
    (re.compile(r"(?<![\w_])_{1,2}(?=\S)([^_]{1,500})(?<=\S)_{1,2}(?![\w_])"), r"\1"),
    (re.compile(r"`([^`]{1,300})`"), r"\1"),
)


def read_markdown(text: str, source: str, notices: tuple[str, ...]) -> RawDocument:
    """Return a Markdown article as plain text; a front matter (``key: value`` lines) tells title, date and author."""
    text = text.replace("\r\n", "\n").lstrip("\ufeff")
    declared: dict[str, str] = {}
    if match := re.match(r"---\n((?:[^\n]*\n){1,60}?)---\n", text):
        for line in match.group(1).splitlines():
            name, colon, value = line.partition(":")
            key = CANONICAL.get(field_name(name))
            if colon and key and value.strip(" \"'"):
                declared.setdefault(key, value.strip(" \"'"))
        text = text[match.end() :]
    lines = []
    for line in text.split("\n"):
        before_heading = bool(re.match(r"\s{0,3}#{1,6}\s", line))
        for pattern, replacement in _MARKDOWN:
            line = pattern.sub(replacement, line)  # noqa: PLW2901
        lines.extend(["", line, ""] if before_heading else [line])
    return RawDocument(source, "text", "\n".join(lines), declared, "front matter" if declared else "", notices)


def read_mail(data: bytes, source: str) -> RawDocument:
    """Return the article of an e-mail or of a page saved as MHTML.

    Raises:
        DocumentError: it holds neither plain text nor HTML.
    """
    try:
        message = email.message_from_bytes(data, policy=email.policy.default)
        page = "snapshot-content-location" in message or message.get_content_type() == "multipart/related"
        part = message.get_body(("html", "plain") if page else ("plain", "html"))
    except _MAIL_FAULTS as error:
        raise DocumentError("its e-mail structure is damaged; add the article as text or HTML") from error
    if part is None:
        raise DocumentError("it holds neither plain text nor HTML; add the article as text or HTML")
    payload = part.get_payload(decode=True)
    raw = payload if isinstance(payload, bytes) else b""
    kind: Literal["html", "text"] = "html" if part.get_content_subtype() == "html" else "text"
    text, notices = decode(raw, part.get_content_charset() or declared_charset(raw))
    if page:
        declared = {"url": _header(message, "Snapshot-Content-Location") or _header(part, "Content-Location")}
        origin = "saved page header"
    else:
        # what goes out to a list, or in a newspaper's name, is a publisher's; anything else comes from a person
        name = parseaddr(_header(message, "From"))[0]
        listed = any(_header(message, field) for field in ("List-Id", "List-Unsubscribe"))
        declared = {"title": _header(message, "Subject"), "published": _header(message, "Date")}
        declared["publisher" if listed or is_paper(name, between=True) else "author"] = name
        origin = MAIL_ORIGIN
    declared = {key: value for key, value in declared.items() if value}
    return RawDocument(source, kind, text, declared, origin if declared else "", notices)


def _header(part: EmailMessage | MIMEPart, name: str) -> str:
    try:
        return str(part.get(name, "")).strip()
    except _MAIL_FAULTS:
        return ""  # a damaged header says nothing


def read_pages(data: bytes, kind: Literal["pdf", "docx"], source: str) -> RawDocument:
    """Return the text of a PDF or DOCX file, read in a child process with limits on time and memory.

    Raises:
        DocumentError: it is encrypted, damaged, holds no text or costs too much to read.
    """
    found = parse(kind, data)
    declared = {key: value for key, value in found["declared"].items() if _meaningful(value)}
    return RawDocument(source, "text", found["text"], declared, "document properties" if declared else "")


def _meaningful(value: str) -> bool:
    """Return whether a document property says something; writers fill them with file names and their own name."""
    noise = (
        r"(?i)\W*(?:untitled|anonymous|unknown|unspecified|admin|user|python-docx|microsoft word\b.*|word document)\W*"
    )
    return bool(value.strip()) and not re.fullmatch(noise + r"|\S+\.(docx?|pdf|rtf|txt|odt|html?|indd)", value.strip())

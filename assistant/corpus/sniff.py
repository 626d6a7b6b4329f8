"""What a source is, told from its bytes; a file's suffix decides only where every text looks alike (Markdown)."""

from __future__ import annotations

import csv
import io
import json
import re
import zipfile
from itertools import islice
from typing import Final, Literal

from assistant.corpus.decode import has_bom, wide_encoding
from assistant.corpus.limits import MAX_TEXT_CHARS
from assistant.errors import DocumentError

Kind = Literal["text", "markdown", "html", "json", "jsonl", "csv"]
Container = Literal["pdf", "docx", "mail", "mhtml"]

TEXT_FIELDS: Final = ("text", "body", "content", "article", "articlebody", "articletext", "fulltext", "maintext")
"""Names of the field that holds an article, compared without case, ``_``, ``-`` and spaces; the first one wins."""

_MAX_UNZIPPED: Final = 100_000_000
_CONTROL: Final = bytes(b for b in range(32) if b not in b"\t\n\v\f\r\x1b") + b"\x7f"
_HEADER: Final = re.compile(rb"([A-Za-z][A-Za-z0-9-]{1,40}):[ \t]?\S?")
_MAIL_HEADERS: Final = {
    b"from",
    b"to",
    b"subject",
    b"date",
    b"message-id",
    b"mime-version",
    b"received",
    b"return-path",
}
_HTML: Final = re.compile(
    # Atomic and possessive: comments read in more than one way would cost twice as much for each further one.
    r"(?>(?:<\?xml[^>]*>\s*|<!--.*?-->\s*))*+<(?:!doctype\s+html|html|head|body|article|main|section|div|p|h[1-6]|meta|"
    r"title|table|span|script|style|link|figure|ul|ol|br|a|center|font|header|nav)\b",
    re.IGNORECASE | re.DOTALL,
)
_XML: Final = re.compile(r"<(?:\?xml|rss|feed|svg|urlset)\b", re.IGNORECASE)


def field_name(name: str) -> str:
    """Return ``name`` as field names are compared: lower case, without ``_``, ``-``, ``:`` and spaces."""
    return re.sub(r"[\s_:-]+", "", name).lower()


def sniff_container(data: bytes) -> Container | None:
    """Return what ``data`` is if it is more than plain text, else None.

    Raises:
        DocumentError: it is empty, or a binary file of a kind that holds no article.
    """
    if not data.strip(b" \t\r\n\f\v\0"):
        raise DocumentError("it is empty; nothing was added")
    if b"%PDF-" in data[:1024]:
        return "pdf"
    if data.startswith(b"PK\x03\x04"):
        return _zip(data)
    if has_bom(data) or wide_encoding(data):
        return None
    sample = data[:65_536]
    if len(sample) - len(sample.translate(None, _CONTROL)) > 0.01 * len(sample):
        raise DocumentError(f"it is {_binary_name(data)}, not text; add the article as text, HTML, PDF or DOCX")
    return _mail(sample)


def sniff_text(text: str, suffix: str) -> Kind:
    """Return what kind of text ``text`` is.

    Args:
        text: decoded.
        suffix: of the file, lower case with the dot; ``.md`` tells Markdown, nothing else is believed.

    Raises:
        DocumentError: it is XML that is no web page.
    """
    head = text[:4096].lstrip("\ufeff \t\r\n")
    if _HTML.match(head):
        return "html"
    if _XML.match(head):
        raise DocumentError("it is an XML file, not an article; add the web page or its text instead")
    if head[:1] in {"{", "["} and (kind := _json(text, head)):
        return kind
    if _is_csv(text):
        return "csv"
    front_matter = re.match(r"---\n(?:[\w-]+:.*\n)+---\n", head.replace("\r\n", "\n"))
    return "markdown" if suffix in {".md", ".markdown"} or front_matter else "text"


def _zip(data: bytes) -> Container:
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            members = archive.infolist()
    except (zipfile.BadZipFile, ValueError, NotImplementedError) as error:
        raise DocumentError("it is a damaged ZIP or DOCX file; save it again and add it again") from error
    if not any(member.filename == "word/document.xml" for member in members):
        raise DocumentError("it is a ZIP archive, not an article; unpack it and add the files")
    if sum(member.file_size for member in members) > _MAX_UNZIPPED:
        raise DocumentError("its contents are over 100 MB when unpacked; add the article as plain text")
    return "docx"


def _binary_name(data: bytes) -> str:
    import puremagic

    try:
        name = puremagic.magic_string(data[:65_536])[0].name
    except (puremagic.PureError, ValueError, IndexError):
        return "a binary file"
    return f"a binary file ({name})"


def _mail(sample: bytes) -> Container | None:
    block = re.split(rb"\r?\n\r?\n", sample, maxsplit=1)[0]
    names: set[bytes] = set()
    for line in block.splitlines():
        match = _HEADER.match(line)
        if match:
            names.add(match.group(1).lower())
        elif not names or line[:1] not in {b" ", b"\t"}:
            return None
    if b"snapshot-content-location" in names or (b"mime-version" in names and b"multipart/related" in block.lower()):
        return "mhtml"
    return "mail" if len(names & _MAIL_HEADERS) >= 3 else None


def _json(text: str, head: str) -> Kind | None:
    lines = [line for line in head.split("\n")[:20] if line.strip()]
    if head.startswith("{") and (len(lines) > 1 or "\n" in text.strip()) and any(map(_is_object, _whole(text, 5))):
        return "jsonl"
    if re.match(r'[\[{]\s*(?:["{}\]]|$)', head):
        return "json"
    return "json" if head.startswith("[") and text.rstrip().endswith("]") and _is_json(text) else None


def _whole(text: str, count: int) -> list[str]:
    """Return the first ``count`` lines that are not blank, whole, without splitting the rest."""
    lines: list[str] = []
    start = 0
    while start < len(text) and len(lines) < count:
        end = text.find("\n", start)
        end = len(text) if end < 0 else end
        if text[start:end].strip():
            lines.append(text[start:end])
        start = end + 1
    return lines


def _is_json(text: str) -> bool:
    try:
        json.loads(text)
    except ValueError:
        return False
    except RecursionError:
        return True
    return True


def _is_object(line: str) -> bool:
    try:
        return isinstance(json.loads(line), dict)
    except (ValueError, RecursionError):
        return False


def csv_dialect(head: str) -> str | None:
    """Return the delimiter of a CSV whose first line names an article's fields, else None."""
    first = head.split("\n", 1)[0].strip("\r\ufeff")
    for delimiter in (",", ";", "\t", "|"):
        try:
            names = {field_name(name) for name in next(csv.reader([first], delimiter=delimiter), [])}
        except csv.Error:
            continue
        if len(names) > 1 and names & set(TEXT_FIELDS) and all(0 < len(name) < 40 for name in names):
            return delimiter
    return None


def _is_csv(text: str) -> bool:
    """Return whether the first line names an article's fields and the second has as many: no headline with a comma."""
    text = text.lstrip("\ufeff \t\r\n")
    delimiter = csv_dialect(text[:4096])
    if delimiter is None:
        return False
    csv.field_size_limit(MAX_TEXT_CHARS)
    try:
        first, second = islice(csv.reader(io.StringIO(text + "\n\n", newline=""), delimiter=delimiter), 2)
    except csv.Error:
        return True
    return not text.partition("\n")[2].strip() or len(first) == len(second)

"""Readers of files with many articles: JSON Lines, JSON and CSV. A bad record is reported; the others go on."""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Iterator, Mapping
from typing import Final

from assistant.corpus.limits import MAX_TEXT_CHARS
from assistant.corpus.sniff import TEXT_FIELDS, csv_dialect, field_name
from assistant.errors import DocumentError
from assistant.types import RawDocument

_NAMES: Final = {
    "title": ("title", "headline", "heading"),
    "publisher": ("publisher", "publication", "outlet", "sitename", "sourcename", "site", "source", "newspaper"),
    "author": ("author", "authors", "byline", "creator", "writer"),
    "published": (
        "published", "publishedat", "datepublished", "publishdate", "publisheddate", "publicationdate", "pubdate",
        "datepublish", "date", "articledate", "timestamp",
    ),
    "updated": ("updated", "updatedat", "modified", "modifiedat", "datemodified", "lastmodified", "lastupdated"),
    "url": ("url", "link", "weburl", "sourceurl", "articleurl", "canonicalurl"),
}  # fmt: skip
CANONICAL: Final = {name: field for field, names in _NAMES.items() for name in names}
"""What a field name, as ``field_name`` returns it, stands for."""

_LISTS: Final = ("articles", "items", "results", "data", "documents", "docs", "news")
_TAGS: Final = re.compile(r"<(?:p|div|br|article|h[1-6]|ul|html|body|span|section)\b[^>]{0,300}>", re.IGNORECASE)


def read_jsonl(text: str, source: str, notices: tuple[str, ...]) -> Iterator[RawDocument | DocumentError]:
    """Yield the article, or what is wrong, of each line that is not blank."""
    number = 0
    for line_number, line in enumerate(text.lstrip("\ufeff").split("\n"), 1):
        if not line.strip():
            continue
        number += 1
        name = f"{source}#{number}"
        try:
            record = json.loads(line)
        except (ValueError, RecursionError):
            yield DocumentError(f"line {line_number} is not valid JSON; correct the line and add the file again", name)
            continue
        yield _record(record, name, "JSON field", notices)


def read_json(text: str, source: str, notices: tuple[str, ...]) -> Iterator[RawDocument | DocumentError]:
    """Yield the article of an object, or the articles of an array or of an object with a list of articles.

    Raises:
        DocumentError: the file is not valid JSON.
    """
    try:
        value = json.loads(text.lstrip("\ufeff"))
    except (ValueError, RecursionError) as error:
        where = f" at line {error.lineno}" if isinstance(error, json.JSONDecodeError) else ""
        raise DocumentError(f"it is not valid JSON{where}; correct it and add it again") from error
    if isinstance(value, dict):
        inner = next((value[key] for key in _LISTS if isinstance(value.get(key), list)), None)
        if inner is None:
            yield _record(value, source, "JSON field", notices)
            return
        value = inner
    if not isinstance(value, list) or not value:
        raise DocumentError("its JSON holds no articles; give an object, or a list of objects, with a 'text' field")
    for number, record in enumerate(value, 1):
        yield _record(record, f"{source}#{number}", "JSON field", notices)


def read_csv(text: str, source: str, notices: tuple[str, ...]) -> Iterator[RawDocument | DocumentError]:
    """Yield the article, or what is wrong, of each row; the first row names the columns."""
    csv.field_size_limit(MAX_TEXT_CHARS)  # Python's own limit of 131,072 characters is below a long article
    text = text.lstrip("\ufeff")
    delimiter = csv_dialect(text[:4096]) or ","
    rows = csv.reader(io.StringIO(text.replace("\0", ""), newline=""), delimiter=delimiter)
    header = next(rows, [])
    number = 0
    while True:
        name = f"{source}#{number + 1}"
        try:
            row = next(rows, None)
        except csv.Error as error:
            number += 1
            yield DocumentError(f"row {number} is not valid CSV ({error}); correct it and add the file again", name)
            continue
        if row is None:
            return
        if any(cell.strip() for cell in row):
            number += 1
            yield _record(dict(zip(header, row, strict=False)), name, "CSV column", notices)


def _record(record: object, source: str, origin: str, notices: tuple[str, ...]) -> RawDocument | DocumentError:
    """Return the article of one record with any field names that are in use."""
    if not isinstance(record, Mapping):
        return DocumentError("the record is not an object; give an object with a 'text' field", source)
    named = [(field_name(str(key)), value) for key, value in reversed(list(record.items()))]
    fields = {name: _plain(value, "\n\n" if name in TEXT_FIELDS else ", ") for name, value in named}
    text = next((fields[name] for name in TEXT_FIELDS if fields.get(name)), "")
    if not text:
        return DocumentError("the record has no text; name its field text, body, content or article", source)
    declared: dict[str, str] = {}
    for field, names in _NAMES.items():
        for value in (fields[name] for name in names if fields.get(name)):
            is_url = value.startswith(("http://", "https://"))
            if is_url and field != "url":
                declared.setdefault("url", value)
            else:
                declared[field] = value
                break
    kind = "html" if len(_TAGS.findall(text[:20_000])) > 1 or text[:200].lstrip().startswith("<") else "text"
    return RawDocument(source, "html" if kind == "html" else "text", text, declared, origin, notices)


def _plain(value: object, between: str) -> str:
    """Return a field's value as text; of an object its name, of a list its members with ``between``, else ""."""
    if isinstance(value, str):
        return value.strip("\r\n\0") if value.strip() else ""
    if isinstance(value, Mapping):
        return _plain(value.get("name"), between)
    if isinstance(value, list):
        return between.join(filter(None, (_plain(item, between) for item in value)))
    return str(value) if isinstance(value, int | float) and not isinstance(value, bool) else ""

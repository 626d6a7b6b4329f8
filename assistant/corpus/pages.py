"""PDF and DOCX files to text, in a child process: see ``child.py``."""

from __future__ import annotations

import io
import re
from collections import Counter
from typing import Final

_YEAR: Final = re.compile(r"\b(?:19|20)\d\d\b")


def read_pdf(data: bytes, max_chars: int) -> dict[str, object]:
    """Return ``text`` and ``declared`` of a PDF, or ``error``."""
    import pypdf
    from pypdf.errors import DependencyError, FileNotDecryptedError

    reader = pypdf.PdfReader(io.BytesIO(data))
    try:
        if reader.is_encrypted and not reader.decrypt(""):
            return {"error": "it is encrypted; remove the password and add it again"}
        pages: list[list[str]] = []
        size = 0
        for page in reader.pages:
            pages.append(page.extract_text().split("\n"))
            size += sum(map(len, pages[-1]))
            if size > max_chars:
                return {"error": f"it has over {max_chars:,} characters; split it and add the parts"}
    except (DependencyError, FileNotDecryptedError):
        return {"error": "it is encrypted; remove the password and add it again"}
    text = "\n".join(without_running_lines(pages))
    if not text.strip():
        return {"error": "it holds no text, only pictures of pages; run text recognition on it and add it again"}
    info = reader.metadata
    declared = {"title": info.title or "", "author": info.author or ""} if info else {}
    return {"text": text, "declared": {key: str(value) for key, value in declared.items()}}


def without_running_lines(pages: list[list[str]]) -> list[str]:
    """Return the lines of all pages without page numbers and without heads and feet that most pages share."""

    def shape(line: str) -> str:
        return re.sub(r"\d+", "0", line.strip())

    pages = [[line for line in page if not re.fullmatch(r"\s*(?:page\s*)?\d{1,4}(?:\s*(?:/|of)\s*\d+)?\s*", line, re.I)]
             for page in pages]  # fmt: skip
    edges = Counter(shape(line) for page in pages for line in {*page[:1], *page[-1:]} if line.strip())
    running = {line for line, count in edges.items() if count >= 2 and count > len(pages) / 2}
    lines: list[str] = []
    for page in pages:
        lines += [line for n, line in enumerate(page) if not (n in (0, len(page) - 1) and shape(line) in running)]
    return lines


def read_docx(data: bytes, max_chars: int) -> dict[str, object]:
    """Return ``text`` (a blank line between paragraphs) and ``declared`` of a DOCX, or ``error``."""
    import docx
    from docx.table import Table

    document = docx.Document(io.BytesIO(data))
    parts: list[str] = []
    size = 0
    for item in document.iter_inner_content():
        rows = _rows([[c.text for c in row.cells] for row in item.rows]) if isinstance(item, Table) else [item.text]
        parts += rows
        size += sum(map(len, rows))
        if size > max_chars:
            return {"error": f"it has over {max_chars:,} characters; split it and add the parts"}
    text = "\n\n".join(parts)
    if not text.strip():
        return {"error": "it holds no text; check the file and add it again"}
    properties = document.core_properties
    return {"text": text, "declared": {"title": properties.title or "", "author": properties.author or ""}}


def _rows(cells: list[list[str]]) -> list[str]:
    """Return a table's rows as lines; below a first row that only names columns, each cell behind its column's name."""
    first, *others = cells or [[]]
    names = all(re.search(r"[^\W\d_]", cell) and not re.search(r"\d", _YEAR.sub("", cell)) for cell in first)
    if len(first) > 1 and names and all(any(re.search(r"\d", cell) for cell in row) for row in others):
        others = [
            [f"{name}: {cell}" if cell else "" for name, cell in zip(first, row, strict=True)]
            if len(row) == len(first)
            else row
            for row in others
        ]
    return [" | ".join(filter(None, row)) for row in (first, *others)]

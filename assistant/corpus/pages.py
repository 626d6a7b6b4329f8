"""DOCX files to text, in a child process: see ``child.py``."""

from __future__ import annotations

import io
import re
from typing import Final

_YEAR: Final = re.compile(r"\b(?:19|20)\d\d\b")


def read_docx(data: bytes, max_chars: int) -> dict[str, object]:
    """Return ``text`` (a blank line between paragraphs) and ``declared`` of a DOCX, or ``error``."""
    import docx
    from docx.table import Table

    document = docx.Document(io.BytesIO(data))
    parts: list[str] = []
    size = 0
    for item in document.iter_inner_content():
        rows = (
            table_rows([[c.text for c in row.cells] for row in item.rows]) if isinstance(item, Table) else [item.text]
        )
        parts += rows
        size += sum(map(len, rows))
        if size > max_chars:
            return {"error": f"it has over {max_chars:,} characters; split it and add the parts"}
    text = "\n\n".join(parts)
    if not text.strip():
        return {"error": "it holds no text; check the file and add it again"}
    properties = document.core_properties
    return {"text": text, "declared": {"title": properties.title or "", "author": properties.author or ""}}


def table_rows(cells: list[list[str]]) -> list[str]:
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

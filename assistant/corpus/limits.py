"""How much of one source is read, and how a source is named in a message."""

from __future__ import annotations

from typing import Final

MAX_FILE_BYTES: Final = 20_000_000
"""Checked before a file is read."""

MAX_TEXT_CHARS: Final = 2_000_000
"""Characters of one article's text."""

MAX_HTML_CHARS: Final = 5_000_000
"""Characters of one page's source; pages carry scripts and styles that never become text."""

MAX_REPLACED: Final = 0.05
"""Share of characters that could not be decoded, above which a source is refused."""

CHILD_CPU_SECONDS: Final = 20
CHILD_WALL_SECONDS: Final = 40
CHILD_MEMORY_BYTES: Final = 1_000_000_000
"""What reading one PDF or DOCX may cost; limits inside the parsers do not bound time."""


def show(source: str) -> str:
    """Return ``source`` in quotation marks with unprintable characters escaped, at most some 200 characters."""
    text = "".join(c if c.isprintable() else c.encode("unicode_escape", "backslashreplace").decode() for c in source)
    if len(text) > 200:
        text = f"{text[:100]}…{text[-95:]}"
    return f"'{text}'"

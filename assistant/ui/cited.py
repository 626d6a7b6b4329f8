"""A citation as it is named and as the button that opens it."""

from __future__ import annotations

from assistant.types import Citation
from assistant.ui.markup import Html, el


def about(citation: Citation) -> str:
    """Return publisher, title and date on one line."""
    title = f"“{citation.title}”" if citation.title else "untitled"
    return f"{citation.publisher or 'unknown publisher'}, {title}, {citation.published or 'undated'}"


def mark(citation: Citation) -> Html:
    """Return the button that opens the source of a statement."""
    return el(
        "button",
        str(citation.number),
        type="button",
        class_="mark",
        data_open=citation.article_id,
        data_start=citation.start,
        data_end=citation.end,
        data_number=citation.number,
        aria_label=f"Source {citation.number}: {about(citation)}",
        title=about(citation),
    )

"""How sources that differ are shown: whose they are and of when, the words where they stand nowhere."""

from __future__ import annotations

from assistant.types import Answer, Statement

HEADING = "The sources differ"


def told_sides(answer: Answer) -> list[Statement]:
    """Return a line for each side of an answer's disagreements: ``2024-03-19, The Selmouth Clarion``.

    What the side says follows where it is none of the statements, as when a language model worded those.
    """
    stated = {one.text for one in answer.statements}
    cited = {one.number: one for one in answer.citations}
    lines = []
    for side in (side for one in answer.disagreements for side in one.sides):
        whose = "; ".join(dict.fromkeys(
            f"{cited[n].published or 'undated'}, {cited[n].publisher or cited[n].title or 'unknown publisher'}"
            for n in side.citations
        ))  # fmt: skip
        lines.append(Statement(whose if side.text in stated else f"{whose}: {side.text}", side.citations))
    return lines

"""How sources that differ are shown: whose they are and of when, the words where they stand nowhere."""

from __future__ import annotations

from assistant.types import Answer, Statement

HEADING = "The sources differ"


def told_sides(answer: Answer) -> list[Statement]:
    """Return a line for each side of an answer's disagreements: ``2024-03-19, The Selmouth Clarion``.

    What the side says follows where it is none of the statements, as when a language model worded those. Citations
    that are not there, as in an answer that a browser kept in another form, are passed over.
    """
    stated = {one.text for one in answer.statements}
    cited = {one.number: one for one in answer.citations}
    lines = []
    for side in (side for one in answer.disagreements for side in one.sides):
        whose = "; ".join(dict.fromkeys(
            f"{cited[n].published or 'undated'}, {cited[n].publisher or cited[n].title or 'unknown publisher'}"
            for n in side.citations
            if n in cited
        ))  # fmt: skip
        told = (whose, "" if side.text in stated else side.text)
        lines.append(Statement(": ".join(filter(None, told)), side.citations))
    return lines

r"""What people and programs see on a terminal: answers, articles, progress; nothing of a source can steer it.

Text that came from articles, file names or questions goes through :func:`escape` on its way to people, and through
:func:`as_json` on its way to programs. Colour and progress bars appear on terminals only; ``NO_COLOR`` is honoured.
"""

from __future__ import annotations

import json
import os
import re
import sys
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

import click

from assistant.differences import HEADING, told_sides
from assistant.questions import plain_question

if TYPE_CHECKING:
    from assistant.types import Answer, ArticleInfo, Citation, SourceReport, Statement

OUTCOMES = ("added", "updated", "unchanged", "duplicate", "skipped", "vanished")

_SPACE = re.compile(r"(?:\r?\n|\t)[ \n\t]*")
_UNSAFE = re.compile(
    "[\x00-\x1f\x7f-\x9f"  # C0, DEL and C1 controls: ESC, BEL, CR, the one-byte CSI and OSC
    "\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069"  # what reorders text on the screen
    "\u200b\u2028\u2029\u2060-\u2064\u206a-\u206f\ufeff\ufff9-\ufffb"  # invisible characters, foreign line ends
    "\ud800-\udfff"  # halves of surrogate pairs: undecodable bytes of file names and arguments
    "\U000e0000-\U000e007f]"  # tags: whole sentences that nobody sees
)


def escape(text: str) -> str:
    r"""Return ``text`` on one line with control, bidirectional and invisible characters shown as ``\x1b``."""
    flat = _SPACE.sub(" ", text)
    return _UNSAFE.sub(lambda found: _python_escape(found.group()), flat)


def as_json(value: object) -> str:
    """Return ``value`` as JSON on one line, readable where the terminal can show it.

    Characters that would steer a terminal are escaped the JSON way, so that the value stays the same.
    """
    utf8 = (getattr(sys.stdout, "encoding", "") or "").lower().replace("-", "") == "utf8"
    text = json.dumps(value, ensure_ascii=not utf8)
    return _UNSAFE.sub(lambda found: _json_escape(found.group()), text)


def answer_text(answer: Answer) -> str:
    """Return an answer for people: statements with [n] marks, then what :func:`rest_text` says."""
    return "\n".join([*map(statement_line, answer.statements), rest_text(answer)])


def statement_line(statement: Statement) -> str:
    """Return a statement with its [n] marks."""
    return f"{_style(escape(statement.text), bold=True)} {_marks(statement.citations)}"


def rest_text(answer: Answer) -> str:
    """Return what follows the statements: disagreements, citations, notices; or the refusal."""
    lines: list[str] = []
    if answer.standalone_question not in ("", plain_question(answer.question)):
        lines += ["", _style(f"Understood as: {escape(answer.standalone_question)}", dim=True)]
    if answer.status == "refused":
        lines.append(_style(escape(answer.text), bold=True))
        if answer.nearest:
            lines += ["", "Nearest passages (not an answer):"]
            lines += [line for citation in answer.nearest for line in _citation(citation, mark="-")]
    else:
        said = answer.statements
        if sides := told_sides(answer):
            lines += ["", f"{HEADING}:", *(f"  - {escape(one.text)} {_marks(one.citations)}" for one in sides)]
        lines.append("")
        for citation in answer.citations:
            told = any(
                citation.number in one.citations and " ".join(citation.quote.split()) == one.text for one in said
            )
            lines += _citation(citation, mark=f"[{citation.number}]", quoted=not told)
    if answer.notices:
        lines += ["", *(_style(f"Note: {escape(notice)}", dim=True) for notice in answer.notices)]
    return "\n".join(lines)


def article_line(article: ArticleInfo) -> str:
    """Return one line on an article: id, date, publisher, title, source."""
    return "  ".join((_style(article.id, bold=True), *_about(article), _style(escape(article.source), dim=True)))


def articles_json(articles: Sequence[ArticleInfo]) -> str:
    """Return the articles as one JSON array."""
    return as_json([asdict(article) for article in articles])


def added_text(reports: Sequence[SourceReport]) -> str:
    """Return what became of the sources, as counts; those that never occurred are left out."""
    counts: Counter[str] = Counter(report.outcome for report in reports)
    return ", ".join(f"{counts[name]} {name}" for name in OUTCOMES if counts[name]) or "nothing to add"


def complain(text: str) -> None:
    """Write one line for people to stderr."""
    click.echo(escape(text), err=True)


@contextmanager
def progress(what: str) -> Iterator[Callable[[int, int], None] | None]:
    """Show a progress bar on a terminal; yield the function that moves it, None where there is no terminal."""
    if not sys.stderr.isatty():
        yield None
        return
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Progress(*columns, console=Console(stderr=True), transient=True) as bars:
        task = bars.add_task(what, total=None)
        yield lambda done, total: bars.update(task, completed=done, total=total)


def _citation(citation: Citation, *, mark: str, quoted: bool = True) -> list[str]:
    date, publisher, title = _about(citation)
    indent = " " * (len(mark) + 1)
    lines = [
        f"{_style(mark, fg='cyan')} {publisher}, {title}, {date}",
        indent + _style(escape(citation.source), dim=True),
    ]
    return [*lines, f"{indent}> {escape(citation.quote)}"] if quoted else lines


def _about(what: ArticleInfo | Citation) -> tuple[str, str, str]:
    title = f"“{escape(what.title)}”" if what.title else "untitled"
    return what.published or "undated", escape(what.publisher or "unknown publisher"), title


def _marks(numbers: Sequence[int]) -> str:
    return _style("".join(f"[{number}]" for number in numbers), fg="cyan")


def _style(text: str, **how: Any) -> str:  # noqa: ANN401 - as click.style takes them
    plain = not sys.stdout.isatty() or os.environ.get("NO_COLOR") or os.environ.get("TERM") == "dumb"
    return text if plain else click.style(text, **how)


def _python_escape(character: str) -> str:
    code = ord(character)
    return f"\\x{code:02x}" if code < 0x100 else f"\\u{code:04x}" if code < 0x10000 else f"\\U{code:08x}"


def _json_escape(character: str) -> str:
    return "\\u007f" if character == "\x7f" else json.dumps(character)[1:-1]

"""Many questions, one assistant: lines on stdin for programs, a conversation for people."""

from __future__ import annotations

import json
import sys
from collections import Counter
from collections.abc import Iterable, Iterator
from contextlib import ExitStack, suppress
from typing import TYPE_CHECKING, Any, BinaryIO

import click

from assistant.errors import AssistantError, EmbedderError, QuestionError
from assistant.events import Event, Found, Stated
from assistant.questions import REMEMBERED
from assistant.retrieval.rows import publisher_key
from assistant.show import as_json, complain, escape, progress, rest_text, statement_line

if TYPE_CHECKING:
    from assistant.pipeline import Assistant
    from assistant.types import Answer, Filters

MAX_LINE = 1_000_000
"""Bytes of one line on stdin; the rest of a longer one is passed over."""

HELP = "Type a question. /sources lists the articles cited so far, /quit or Ctrl-D ends."


MAX_NAMES = 20
"""Publishers named to whoever asks for one that there is not."""


def check_publishers(assistant: Assistant, filters: Filters) -> None:
    """Say which publishers asked for have no article, and which there are, those with most articles first."""
    if not filters.publishers:
        return
    names = Counter(article.publisher for article in assistant.articles() if article.publisher)
    keys = {publisher_key(name) for name in names}
    listed = ", ".join(name for name, _ in names.most_common(MAX_NAMES)) + (" ..." if len(names) > MAX_NAMES else "")
    for asked in filters.publishers:
        if publisher_key(asked) not in keys:
            complain(f"no article is of the publisher '{asked}'; there are: {listed or 'none'}")


def answer_lines(assistant: Assistant, stream: BinaryIO, filters: Filters) -> bool:
    """Answer one question a line, one JSON object a line, in order; return whether every line could be used.

    Args:
        assistant: what answers.
        stream: UTF-8 lines, each a question as plain text or ``{"question": ..., "history": [...]}``.
        filters: for all of them.
    """
    good = True
    _ready(assistant)
    for line in _lines(stream):
        reply: dict[str, Any]
        try:
            question, history = parse_line(line)
            reply = assistant.ask(question, history, filters).to_dict()
        except AssistantError as error:
            reply = {"error": str(error)}
            good = False
        click.echo(as_json(reply))  # flushes
    return good


def parse_line(line: bytes) -> tuple[str, list[Any]]:
    """Return the question and history of one line.

    Raises:
        QuestionError: too long, not UTF-8, or JSON of another form.
    """
    if len(line) > MAX_LINE:
        raise QuestionError(f"the line has more than {MAX_LINE:,} bytes; ask a shorter question")
    try:
        text = line.decode("utf-8-sig").strip()
        if not text.startswith("{"):
            return text, []
        asked = json.loads(text)
    except UnicodeDecodeError:
        raise QuestionError("the line is not UTF-8; encode it so") from None
    except (ValueError, RecursionError) as error:
        raise QuestionError(f"the line begins like JSON but is not: {error}; correct it") from None
    question, history = asked.get("question"), asked.get("history") or []
    if not isinstance(question, str):
        raise QuestionError('the line has no text under "question"; write {"question": "..."}')
    if not isinstance(history, list):
        raise QuestionError(f'"history" is {type(history).__name__}; give a list of earlier questions')
    return question, history


def speak(events: Iterable[Event]) -> Answer:
    """Print an answer for people as it comes, and return it."""
    with ExitStack() as waiting:
        for event in events:
            if isinstance(event, Found):
                waiting.enter_context(progress("Answering"))
                continue
            waiting.close()
            if isinstance(event, Stated):
                click.echo(statement_line(event.statement))
            else:
                click.echo(rest_text(event))
                return event
    raise AssertionError("events end in an answer")


def converse(assistant: Assistant, filters: Filters) -> None:
    """Hold a conversation on the terminal until /quit or the end of input."""
    at_terminal = sys.stdin.isatty() and sys.stdout.isatty()
    if at_terminal:
        with suppress(ImportError):  # Windows has its own
            import readline  # noqa: F401 - gives input() line editing and recall
        complain(f"{assistant.counts().articles} articles. {HELP}")
    _ready(assistant)
    asked: list[str] = []
    cited: dict[str, str] = {}
    while (line := _prompt("> " if at_terminal else "")) not in (None, "/quit", "/exit"):
        if not line:
            continue
        if line == "/sources":
            click.echo("\n".join(cited.values()) or "Nothing was cited yet.")
        elif line.startswith("/"):
            complain(HELP)
        else:
            _answer_one(assistant, line, asked, filters=filters, cited=cited)
    if at_terminal:
        click.echo()


def _answer_one(assistant: Assistant, line: str, asked: list[str], *, filters: Filters, cited: dict[str, str]) -> None:
    try:
        answer = speak(assistant.stream(line, asked[-REMEMBERED:], filters))
    except QuestionError as error:
        complain(str(error))
        return
    asked.append(line)
    cited |= _sources(answer)
    click.echo()


def _sources(answer: Answer) -> dict[str, str]:
    return {
        c.article_id: f"{c.article_id}  {c.published or 'undated'}  {escape(c.publisher or 'unknown publisher')}  "
        f"{escape(c.title or 'untitled')}  {escape(c.source)}"
        for c in answer.citations
    }


def _prompt(mark: str) -> str | None:
    try:
        return input(mark).strip()
    except EOFError:
        return None


def _ready(assistant: Assistant) -> None:
    """Load the model now; an index of another one is said before the first question, a failing one with its answer."""
    with suppress(EmbedderError):
        if assistant.embedder:
            assistant.embedder.encode(["ready"])


def _lines(stream: BinaryIO) -> Iterator[bytes]:
    while line := stream.readline(MAX_LINE + 1):
        rest = line
        while len(rest) > MAX_LINE and not rest.endswith(b"\n"):
            rest = stream.readline(MAX_LINE + 1)
        yield line

"""Questions to begin with, made from the articles and kept only when the assistant answers them."""

from __future__ import annotations

import re
import threading
from collections.abc import Iterable
from contextlib import suppress

from assistant.errors import AssistantError
from assistant.pipeline import Assistant
from assistant.types import Article

_SAID = re.compile(
    r"\b((?:[A-Z][\w’'-]+ ){1,2}[A-Z][\w’'-]+)(?:, [^,.]{3,60},)? (?:said|told)\b"
    r"|\b(?:said|told) ((?:[A-Z][\w’'-]+ ){1,2}[A-Z][\w’'-]+)"
)
_PLACE = re.compile(
    r"\bin ((?!(?:January|February|March|April|May|June|July|August|September|October|November|December)\b)"
    r"(?:north |south |east |west |central )?[A-Z][a-z]{3,}(?: [A-Z][a-z]{3,})?)\b(?! [A-Z])"
)
_OF_EACH, _TRIED, _PATIENCE = 2, 12, 1.0


class Examples:
    """Finds examples in the background; until then there are none.

    Args:
        assistant: an open one.
    """

    def __init__(self, assistant: Assistant) -> None:
        self._assistant = assistant
        self._found: tuple[str, ...] = ()
        self._of: tuple[str, ...] | None = None
        self._busy = threading.Lock()
        self._closed = threading.Event()
        self._looked = threading.Event()

    def questions(self) -> tuple[str, ...]:
        """Return the examples found so far; waits a moment for the first search, just after the start."""
        self._looked.wait(_PATIENCE)
        return self._found

    def renew(self) -> None:
        """Look for examples in the background, because articles have come or gone."""
        threading.Thread(target=self.refresh, name="assistant-examples", daemon=True).start()

    def close(self) -> None:
        """Stop looking, and wait for what is under way: a model must not be at work when the process ends."""
        self._closed.set()
        with self._busy:
            pass

    def refresh(self) -> None:
        """Look for examples where the articles have changed; this also loads what the first question would wait for."""
        with self._busy, suppress(AssistantError):
            self._look()
        self._looked.set()

    def _look(self) -> None:
        known = tuple(one.id for one in self._assistant.articles())
        if known == self._of:
            return
        self._of, self._found = known, ()
        step = max(1, len(known) // _TRIED)
        articles = [one for one in map(self._assistant.article, known[::step][:_TRIED]) if one]
        for pattern, form in ((_SAID, "What did {} say?"), (_PLACE, "What happened in {}?")):
            names = dict.fromkeys(name for one in articles if (name := _first(pattern, one)))
            self._keep((form.format(name) for name in names), len(self._found) + _OF_EACH)

    def _keep(self, questions: Iterable[str], wanted: int) -> None:
        for question in questions:
            if len(self._found) == wanted or self._closed.is_set():
                return
            if self._answers(question):
                self._found = (*self._found, question)

    def _answers(self, question: str) -> bool:
        """Say whether the articles answer; a language model costs, so it is not asked for this."""
        if self._assistant.models:
            return bool(self._assistant.search(question))
        return self._assistant.ask(question).status == "answered"


def _first(pattern: re.Pattern[str], article: Article) -> str | None:
    """Return the first group that matches in the reporting."""
    for block in article.blocks:
        if block.zone == "body" and (found := pattern.search(article.text, block.start, block.end)):
            return next(group for group in found.groups() if group)
    return None

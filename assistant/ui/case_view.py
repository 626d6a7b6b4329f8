"""A case of an evaluation report to click open: what was asked, expected, said and found, and where it was lost."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from itertools import islice
from typing import Any

from assistant.ui.markup import Html, counted, el, join
from assistant.ui.reports import Row

SHOWN = 400
"""Characters of a passage."""

MAX_TEXT, MAX_LIST = 2000, 20
"""Characters of any other text, and entries of a list: a report is a file that anything may have written."""

LOST = {
    "refused": "The passages said it, and the question was refused",
    "not selected": "The passages said it, and other sentences were chosen",
    "part selected": "Only a part of it was said",
    "other article": "It was said from another article than the expected ones",
    "not retrieved": "The search did not find it, and something else was said",
    "not retrieved, refused": "The search did not find it, and the question was refused",
    "answered": "The articles do not say, and something was answered",
    "not first": "Another article came first",
    "error": "It ended in an error",
}
"""What the steps at which a case is lost mean."""


def case_html(row: Row) -> Html:
    """Return a case, closed."""
    expected = [" or ".join(ways) for ways in row.expected] or ["a refusal: the articles do not say"]
    sure = "" if row.sure is None else f", confidence {row.sure:.3f}"
    got = [_statement(one) for one in row.got] or [row.error or row.best]
    searched = [row.standalone] if row.standalone not in ("", row.question) else []
    lost = row.failure
    parts = (
        _facts("Lost", [LOST.get(lost, lost)] if lost else []),
        _facts("Asked before", row.history),
        _facts("Searched for", searched),
        _facts("Expected", expected),
        _facts("From", row.articles),
        _facts(f"Got: {row.status or 'nothing'}{sure}", filter(None, got)),
        _facts("Notices", row.notices),
    )
    passages = join(map(_passage, row.found[:MAX_LIST]))
    return el(
        "details",
        el(
            "summary",
            el("span", row.question[:MAX_TEXT], dir="auto"),
            el("span", lost or "", class_="lost"),
            el("span", row.id, class_="small"),
        ),
        el("dl", join(*parts)),
        el(
            "details",
            el("summary", f"{counted(len(row.found), 'passage')} found; those of the expected articles are marked"),
            el("ul", passages, class_="cards"),
            class_="passages",
        )
        if row.found
        else None,
        class_="case",
    )


def _facts(name: str, values: Iterable[str]) -> Html:
    shown = join(el("dd", value[:MAX_TEXT], dir="auto") for value in islice(values, MAX_LIST))
    return join(el("dt", name), shown) if shown else Html("")


def _statement(told: Mapping[str, Any]) -> str:
    cited = told.get("cited")
    sources = [
        str(one.get("source", "nothing that is there")) if isinstance(one, dict) else "?"
        for one in (cited if isinstance(cited, list) else ())
    ]
    return f"{told.get('text', '')} [{'; '.join(sources)}]"


def _passage(hit: Mapping[str, Any]) -> Html:
    listed = hit.get("listed") is True
    return el(
        "li",
        el("p", f"{hit.get('article', 'unknown')}, score {hit.get('score', 'unknown')}", class_="small", dir="auto"),
        el("p", str(hit.get("text", ""))[:SHOWN], class_="snippet", dir="auto"),
        class_="card listed" if listed else "card",
    )

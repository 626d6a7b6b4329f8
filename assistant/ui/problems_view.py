"""The sources that could not be read, each with what to do, as markup."""

from __future__ import annotations

from collections.abc import Sequence

from assistant.ui.library import MAX_PROBLEMS, Problem
from assistant.ui.markup import Html, button, counted, el, join

OPEN = 3
"""Up to so many problems are in view; more are folded away."""


def problems_html(problems: Sequence[Problem], *, changeable: bool) -> Html:
    """Return the list, nothing where there are none.

    Args:
        problems: those that came last first.
        changeable: whether the page may try them again and forget them.
    """
    if not problems:
        return Html("")
    more = f"The last {MAX_PROBLEMS} are listed." if len(problems) >= MAX_PROBLEMS else None
    return el(
        "details",
        el("summary", f"{counted(len(problems), 'source')} could not be read"),
        el("ul", join(_problem(one, changeable=changeable) for one in problems)),
        el("p", more, class_="small") if more else None,
        class_="problems",
        open=len(problems) <= OPEN,
    )


def _problem(problem: Problem, *, changeable: bool) -> Html:
    name, report = problem.report.source or "source", problem.report
    again = button("Try again", "retry-source", data_key=problem.key, aria_label=f"Try {name} again")
    forget = button("Forget", "forget", data_key=problem.key, aria_label=f"Forget {name}")
    stays = el("p", "The article that it gave before stays.", class_="small") if report.article_id else None
    return el(
        "li",
        el("p", el("strong", name, dir="auto")),
        el("p", report.reason or "it could not be read", dir="auto"),
        stays,
        el(
            "div",
            again if problem.again else None,
            forget if not report.article_id else None,
            class_="tools",
        )
        if changeable
        else None,
    )

"""What readers said of answers, as markup: a quiet list, newest first."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from assistant.ui.markup import Html, counted, el, join

SHOWN = 50
"""Opinions listed; the download has all of them."""


def feedback_html(opinions: Sequence[Mapping[str, Any]]) -> Html:
    """Return the list, nothing while nobody has said anything.

    Args:
        opinions: the last opinion on each answer, newest first, in the form of ``feedback.jsonl``.
    """
    if not opinions:
        return Html("")
    good = sum(one.get("vote") == "up" for one in opinions)
    files = (
        el("a", "All of it", href="page/feedback.jsonl", download=True),
        ", ",
        el("a", "good answers as evaluation cases", href="page/cases.jsonl", download=True),
    )
    return el(
        "section",
        el("h2", "What readers said"),
        el("p", f"{good} good, {len(opinions) - good} bad. ", *files, class_="small"),
        el("ul", join(map(_opinion, opinions[:SHOWN])), class_="opinions"),
        el("p", f"{counted(len(opinions) - SHOWN, 'older opinion')} in the download.", class_="small")
        if len(opinions) > SHOWN
        else None,
    )


def _opinion(one: Mapping[str, Any]) -> Html:
    when = str(one.get("when", ""))[:16].replace("T", " ")
    vote = "Good" if one.get("vote") == "up" else "Bad"
    comment = str(one.get("comment") or "")[:2000]
    return el(
        "li",
        el("p", el("span", vote, class_=f"vote-{vote.lower()}"), el("span", f" {when} UTC", class_="small")),
        el("p", str(one.get("question", ""))[:1000], class_="asked-about", dir="auto"),
        el("blockquote", comment, dir="auto") if comment else None,
    )

"""The tab with the evaluation reports and what readers said of answers."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import gradio as gr

from assistant.ui.comparison import compare
from assistant.ui.feedback import Feedback
from assistant.ui.feedback_view import feedback_html
from assistant.ui.markup import el
from assistant.ui.quality_view import (
    comparison_html,
    empty_html,
    failures_html,
    numbers_html,
    problems_html,
    runs_html,
    steps,
)
from assistant.ui.reports import Reports, Row, Run

ACTS = """
element.addEventListener('click', event => {
  const pressed = event.target.closest('[data-act="run"]');
  if (pressed) trigger('act', {...pressed.dataset});
});
"""
_QUIET: dict[str, Any] = {"show_progress": "hidden", "api_visibility": "private", "queue": False}


@dataclass(frozen=True, slots=True)
class Quality:
    """What the tab shows.

    Attributes:
        reports: evaluation reports.
        feedback: what readers said; None where the page is served to others too.
    """

    reports: Reports
    feedback: Feedback | None


class QualityTab:
    """Builds the tab and wires it.

    Args:
        tab: what it is in; its reports are read when it is opened.
        quality: what it shows.
    """

    def __init__(self, tab: gr.Tab, quality: Quality) -> None:
        self._tab, self._quality = tab, quality
        plain: dict[str, Any] = {"apply_default_css": False, "js_on_load": None, "elem_classes": ["library"]}
        with gr.Column(elem_id="na-quality"):
            self.runs = gr.HTML("", elem_id="na-runs", **{**plain, "js_on_load": ACTS})
            with gr.Row(visible=False, elem_id="na-choose") as self.choices:
                self.chosen = gr.Dropdown([], label="Run", scale=1, min_width=220)
                self.other = gr.Dropdown([("none", "")], value="", label="Compare with", scale=1, min_width=220)
            self.numbers = gr.HTML("", elem_id="na-numbers", **plain)
            self.comparison = gr.HTML("", elem_id="na-comparison", **plain)
            with gr.Column(visible=False) as self.failing:
                gr.HTML(el("h2", "What failed"), **plain)
                with gr.Row():
                    self.step = gr.Dropdown([("All", "")], value="", label="Lost where", scale=1, min_width=220)
                    self.words = gr.Textbox(label="Search the questions", max_lines=1, scale=1, min_width=220)
                self.failures = gr.HTML("", elem_id="na-failures", **plain)
            self.feedback = gr.HTML("", elem_id="na-feedback", **plain)

    def wire(self) -> None:
        """Connect what is chosen with what is shown."""
        chosen = [self.chosen, self.other, self.words]
        narrowed = [self.chosen, self.step, self.words]
        parts = [
            *[self.runs, self.choices, self.chosen, self.other, self.numbers, self.comparison],
            *[self.failing, self.step, self.failures],
        ]
        self._tab.select(self._drawn, chosen, parts, **_QUIET)
        if self._quality.feedback:
            self._tab.select(self._said, None, [self.feedback], **_QUIET)
        self.runs.act(self._pressed, [self.other, self.words], parts, **_QUIET)
        for choice in (self.chosen, self.other):
            choice.input(self._drawn, chosen, parts, **_QUIET)
        self.step.input(self._narrowed, narrowed, [self.failures], **_QUIET)
        self.words.change(self._narrowed, narrowed, [self.failures], **_QUIET)

    def _said(self) -> str:
        return str(feedback_html(self._quality.feedback.latest() if self._quality.feedback else ()))

    def _pressed(self, event: gr.EventData, other: object, words: object) -> tuple[Any, ...]:
        told = event._data if isinstance(event._data, dict) else {}
        return self._drawn(told.get("run"), other, words)

    def _drawn(self, name: object, against: object, words: object) -> tuple[Any, ...]:
        """Return all parts, for the newest run where the one asked for is not there."""
        reports = self._quality.reports
        runs, problems = reports.runs()
        if not runs:
            nothing = gr.update(visible=False)
            said = f"{empty_html()}{problems_html(problems)}"
            return said, nothing, gr.skip(), gr.skip(), "", "", nothing, gr.skip(), ""
        run = _named(name, runs) or runs[0]
        other = _named(against, [one for one in runs if one is not run])
        rows, names = reports.rows(run), [one.name for one in runs]
        differ = compare(reports.rows(other), rows, run.measured.figures) if other else None
        return (
            f"{runs_html(runs, run)}{problems_html(problems)}",
            gr.update(visible=True),
            gr.update(choices=names, value=run.name),
            gr.update(
                choices=[("none", ""), *((one, one) for one in names if one != run.name)],
                value=other.name if other else "",
            ),
            str(numbers_html(run, other)),
            str(comparison_html(differ, run, other)) if differ and other else "",
            gr.update(visible=True),
            gr.update(choices=steps(rows), value=""),
            _failures(rows, "", words),
        )

    def _narrowed(self, name: object, step: object, words: object) -> str:
        runs, _ = self._quality.reports.runs()
        run = _named(name, runs) or (runs[0] if runs else None)
        return _failures(self._quality.reports.rows(run), step, words) if run else ""


def _failures(rows: Sequence[Row], step: object, words: object) -> str:
    return str(failures_html(rows, str(step or ""), str(words or "")[:200]))


def _named(name: object, runs: list[Run]) -> Run | None:
    """Return the run of that name; nothing else that a browser sends can choose a file."""
    return next((one for one in runs if one.name == name), None)

"""Dates and publishers to which questions are kept."""

from __future__ import annotations

import re
from calendar import monthrange
from collections.abc import Callable, Sequence
from datetime import date
from typing import Any

import gradio as gr

from assistant.questions import plain_question
from assistant.types import Filters

_DAY = re.compile(r"([0-9]{4})(?:-([0-9]{1,2})(?:-([0-9]{1,2}))?)?")


class FilterBox:
    """Builds the filters.

    Args:
        publishers: returns the names to choose from.
    """

    def __init__(self, publishers: Callable[[], Sequence[str]]) -> None:
        self._publishers = publishers
        with gr.Accordion("Dates and publishers", open=False, elem_id="na-filters"), gr.Row():
            self.publishers = gr.Dropdown(list(publishers()), label="Publishers", multiselect=True, min_width=160)
            self.since = gr.Textbox(label="From", placeholder="2017-08-03 or 2017", max_lines=1, min_width=120)
            self.until = gr.Textbox(label="Until", placeholder="2017-08-03 or 2017", max_lines=1, min_width=120)
            self.clear = gr.Button("Clear", size="sm", min_width=90, elem_id="na-clear-filters")

    @property
    def inputs(self) -> list[gr.Component]:
        """The fields, in the order that :func:`read_filters` takes."""
        return [self.since, self.until, self.publishers]

    def on_change(self, then: Callable[..., Any], inputs: list[gr.Component], outputs: list[gr.Component]) -> None:
        """Call ``then`` whenever a filter has changed."""
        quiet: dict[str, Any] = {"show_progress": "hidden", "api_visibility": "private", "queue": False}
        self.publishers.change(then, inputs, outputs, **quiet)
        for field in (self.since, self.until):
            field.blur(then, inputs, outputs, **quiet)
            field.submit(then, inputs, outputs, **quiet)
        cleared = self.clear.click(lambda: ("", "", []), None, self.inputs, **quiet)
        cleared.then(then, inputs, outputs, **quiet)

    def choices(self) -> Any:  # noqa: ANN401 - as Gradio returns it
        """Return an update of the publishers to choose from."""
        names = list(self._publishers())
        self.publishers.choices = [(one, one) for one in names]  # for pages of which Gradio has forgotten the update
        return gr.update(choices=names)


def read_filters(since: object, until: object, publishers: object) -> tuple[Filters | None, str]:
    """Return the filters, or None and what is wrong with them."""
    try:
        first, last = parse_day(since, end=False), parse_day(until, end=True)
    except ValueError as error:
        return None, str(error)
    if first and last and first > last:
        return None, f"The filter begins on {first} and ends on {last}; turn the dates round."
    names = tuple(one for one in publishers if isinstance(one, str)) if isinstance(publishers, list | tuple) else ()
    return Filters(first, last, names[:100]), ""


def parse_day(value: object, *, end: bool) -> str | None:
    """Return an ISO date for ``2017-08-03``, ``2017-08`` or ``2017``, None for nothing.

    Args:
        value: as typed.
        end: whether a month or year stands for its last day.

    Raises:
        ValueError: it is no date; the message says how to write one.
    """
    if value is None or not str(value).strip():
        return None
    typed = str(value).strip()
    try:
        if not (parts := _DAY.fullmatch(typed)):
            raise ValueError
        year, month = int(parts[1]), int(parts[2] or (12 if end else 1))
        return date(year, month, int(parts[3] or (monthrange(year, month)[1] if end else 1))).isoformat()
    except ValueError:
        shown = plain_question(typed)[:30]
        raise ValueError(f"“{shown}” is not a date; write it as 2017-08-03, 2017-08 or 2017.") from None

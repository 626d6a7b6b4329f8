"""Dates and publishers to which questions are kept."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import gradio as gr

from assistant.errors import QuestionError
from assistant.questions import check_filters
from assistant.types import Filters
from assistant.ui.kept import FILTERS, kept


class FilterBox:
    """Builds the filters.

    Args:
        publishers: returns the names to choose from.
    """

    def __init__(self, publishers: Callable[[], Sequence[str]]) -> None:
        self._publishers = publishers
        with gr.Accordion("Dates and publishers", open=False, elem_id="na-filters"), gr.Row():
            self.publishers = gr.Dropdown(
                list(publishers()), label="Publishers", multiselect=True, scale=2, min_width=220
            )
            self.since = gr.Textbox(label="From", placeholder="2017 or 2017-08-03", max_lines=1, min_width=120)
            self.until = gr.Textbox(label="Until", placeholder="2017 or 2017-08-03", max_lines=1, min_width=120)
            self.clear = gr.Button("Clear", size="sm", scale=0, min_width=90, elem_id="na-clear-filters")
        self.kept = kept(FILTERS)

    @property
    def inputs(self) -> list[gr.Component]:
        """The fields, in the order that :func:`read_filters` takes."""
        return [self.since, self.until, self.publishers]

    def on_change(self, then: Callable[..., Any], inputs: list[gr.Component], outputs: list[gr.Component]) -> None:
        """Call ``then`` whenever a filter has changed, and let the browser keep the filters."""
        quiet: dict[str, Any] = {"show_progress": "hidden", "api_visibility": "private", "queue": False}
        self.publishers.change(then, inputs, outputs, **quiet)
        for field in (self.since, self.until):
            field.blur(then, inputs, outputs, **quiet)
            field.submit(then, inputs, outputs, **quiet)
        for changed in (self.publishers.change, self.since.change, self.until.change):
            changed(None, self.inputs, [self.kept], js="(...given) => [given]", **quiet)
        cleared = self.clear.click(lambda: ("", "", []), None, self.inputs, **quiet)
        cleared.then(then, inputs, outputs, **quiet)

    def fill_after(self, event: gr.events.Dependency) -> gr.events.Dependency:
        """Fill in what the browser kept after an event; return the event after which it is there."""
        quiet: dict[str, Any] = {"show_progress": "hidden", "api_visibility": "private", "queue": False}
        there: gr.events.Dependency = event.then(self.restored, [self.kept], self.inputs, **quiet)
        return there

    def restored(self, kept: object) -> tuple[str, str, list[str]]:
        """Return values for the fields; publishers that have gone and what has another form are passed over."""
        if not isinstance(kept, list) or len(kept) != 3:
            return "", "", []
        first, last = (one[:40] if isinstance(one, str) else "" for one in kept[:2])
        names = kept[2] if isinstance(kept[2], list) else []
        return first, last, [one for one in self._publishers() if one in names]

    def choices(self) -> Any:  # noqa: ANN401 - as Gradio returns it
        """Return an update of the publishers to choose from."""
        names = list(self._publishers())
        self.publishers.choices = [(one, one) for one in names]  # for pages of which Gradio has forgotten the update
        return gr.update(choices=names)


def read_filters(since: object, until: object, publishers: object) -> tuple[Filters | None, str]:
    """Return the filters, or None and what is wrong with them."""
    names = tuple(one for one in publishers if isinstance(one, str)) if isinstance(publishers, list | tuple) else ()
    try:
        return check_filters(Filters(_typed(since), _typed(until), names[:100])), ""
    except QuestionError as error:
        return None, f"{error}."


def _typed(value: object) -> str | None:
    """Return a date as it was typed, None for an empty box."""
    return None if value is None else str(value).strip() or None

"""The tab with the conversation: its parts and what they are connected with."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import gradio as gr

from assistant.ui.filters import FilterBox
from assistant.ui.kept import CONVERSATION, KEEP_QUESTION, kept, take_own
from assistant.ui.markup import Html, button, el
from assistant.ui.turns import Turns

ACTS = """
element.addEventListener('click', event => {
  const pressed = event.target.closest('[data-act]');
  if (pressed && ['retry', 'edit', 'cancel', 'example', 'new'].includes(pressed.dataset.act))
    trigger('act', {...pressed.dataset, exchange: Number(pressed.dataset.exchange)});
});
"""
"""What the buttons inside the conversation tell the server; the others are the page's scripts'."""


class Chat:
    """Builds the tab and wires it.

    Args:
        turns: what happens.
        publishers: returns the names to choose from.
    """

    def __init__(self, turns: Turns, publishers: Callable[[], Sequence[str]]) -> None:
        self._turns = turns
        self.kept = kept(CONVERSATION)
        with gr.Column(elem_id="na-talk", min_width=280):
            drawn: dict[str, Any] = {"js_on_load": ACTS, "apply_default_css": False}
            with gr.Column(elem_id="na-scroll"):
                self.past = gr.HTML("", elem_id="na-past", **drawn)
                self.live = gr.HTML("", elem_id="na-live", **drawn)
            with gr.Column(elem_id="na-ask"):
                self.editing = gr.Number(-1, visible=False, precision=0)
                self.asking = gr.JSON(None, visible=False)
                self.hint = gr.HTML("", elem_id="na-hint", **drawn)
                with gr.Row(elem_id="na-ask-row"):
                    self.box = _question_box()
                    self.send = gr.Button("Ask", variant="primary", elem_id="na-send", min_width=72)
                    self.stop = gr.Button("Stop", elem_id="na-stop", min_width=72)  # the style sheet shows one of both
                with gr.Row(elem_id="na-more"):
                    self.filter_box = FilterBox(publishers)
                    self.menu = gr.HTML(_menu(), elem_id="na-take", **drawn)

    def wire(self, page: gr.Blocks) -> None:
        """Connect buttons and keys with what they do."""
        turns, filters = self._turns, self.filter_box.inputs
        drawn = [self.past, self.live, self.hint, self.box, self.editing]
        quiet: dict[str, Any] = {"show_progress": "hidden", "concurrency_limit": None, "api_visibility": "private"}
        typed, begun, growing = [self.box, self.kept, self.editing], [*drawn, self.asking], [self.live, self.kept]
        sent = [
            event(turns.asked, [*typed, *filters], begun, queue=False, **quiet)
            for event in (self.box.submit, self.send.click)
        ]
        sent += [
            shown.act(turns.pressed, [self.kept, *filters], begun, queue=False, **quiet)
            for shown in (self.past, self.live)
        ]
        for event in sent:  # each part of an update costs Gradio milliseconds, changed or not: so only two grow
            asked = [self.asking, self.kept, *filters]
            answered = event.success(turns.answered, asked, growing, trigger_mode="multiple", js=KEEP_QUESTION, **quiet)
            answered.failure(turns.loaded, asked[1:], self._redrawn, queue=False, **quiet)
        self.stop.click(turns.stopped, None, None, queue=False, **quiet)
        self.menu.act(turns.cleared, filters, [*drawn, self.kept], queue=False, **quiet)
        restored = self.filter_box.fill_after(take_own(page, [self.kept, self.filter_box.kept]))
        restored.then(turns.loaded, [self.kept, *filters], self._redrawn, queue=False, **quiet)
        self.hint.act(turns.given_up, filters, [self.hint, self.editing], queue=False, **quiet)
        page.unload(turns.stopped)
        self.filter_box.on_change(turns.filtered, filters, [self.hint])

    @property
    def _redrawn(self) -> list[gr.Component]:
        """The parts that :meth:`Turns.loaded` gives values for."""
        return [self.past, self.live, self.hint]

    def draw_after(self, event: gr.events.Dependency) -> None:
        """Draw the conversation, or the words for an empty one, again after an event of another tab."""
        given = [self.kept, *self.filter_box.inputs]
        event.then(
            self._turns.loaded, given, self._redrawn, queue=False, show_progress="hidden", api_visibility="private"
        )


def _question_box() -> gr.Textbox:
    return gr.Textbox(
        label="Your question",
        show_label=False,
        container=False,
        placeholder="Ask the articles a question",
        lines=1,
        max_lines=6,
        autofocus=True,
        elem_id="na-question",
        scale=8,
    )


def _menu() -> Html:
    return el(
        "details",
        el("summary", "Conversation"),
        el(
            "div",
            button("Download as Markdown", "download", data_kind="markdown"),
            button("Download as JSON", "download", data_kind="json"),
            button("New conversation", "new"),
            class_="menu",
        ),
        class_="take",
    )

"""The tab with the articles."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Callable, Mapping
from contextlib import aclosing
from typing import Any

import gradio as gr

from assistant.errors import AssistantError
from assistant.ui.adding import AddingForm, shown
from assistant.ui.coverage import coverage_html
from assistant.ui.filters import FilterBox
from assistant.ui.library import Library, Progress
from assistant.ui.library_view import ORDERS, as_order, choose, failed_html, refresh_html, summary_html, table_html
from assistant.ui.markup import el
from assistant.ui.problems_view import problems_html

ACTS = """
element.addEventListener('click', event => {
  const pressed = event.target.closest('[data-act]');
  const acts = ['remove', 'again', 'retry-source', 'forget', 'refresh', 'filter'];
  if (!pressed || !acts.includes(pressed.dataset.act)) return;
  trigger('act', {...pressed.dataset});
});
"""
_QUIET: dict[str, Any] = {"show_progress": "hidden", "api_visibility": "private"}


class LibraryTab:
    """Builds the tab and wires it.

    Args:
        tab: what it is in; the list is read when it is opened.
        library: adds and removes.
        filter_box: the filters of the chat.
        changed: called when articles have come or gone.
        changeable: whether the page may add and remove.
    """

    def __init__(
        self, tab: gr.Tab, library: Library, filter_box: FilterBox, changed: Callable[[], None], *, changeable: bool
    ) -> None:
        self._tab = tab
        self._library, self._filter_box, self._changed = library, filter_box, changed
        self._changeable = changeable
        plain: dict[str, Any] = {"apply_default_css": False, "js_on_load": None, "elem_classes": ["library"]}
        acting = {**plain, "js_on_load": ACTS}
        with gr.Column(elem_id="na-library"):
            self.summary = gr.HTML("", **plain)
            self.refresh = gr.HTML("", elem_id="na-refresh", **acting)
            self.status = gr.HTML("", elem_id="na-status", **plain)
            self.form = AddingForm(library, changed) if changeable else None
            self.problems = gr.HTML("", elem_id="na-problems", **acting)
            self.chart = gr.HTML("", elem_id="na-coverage", **acting)
            with gr.Row(elem_id="na-find"):
                self.words = gr.Textbox(
                    label="Search the list", placeholder="Title, publisher, date", max_lines=1, scale=3
                )
                self.order = gr.Dropdown(list(ORDERS), value=ORDERS[0], label="Sort", scale=1, min_width=160)
            self.table = gr.HTML("", elem_id="na-articles", **acting)

    def wire(self, page: gr.Blocks) -> list[gr.events.Dependency]:
        """Connect buttons and fields with what they do; return the events after which articles may have changed."""
        listed = [self.words, self.order]
        self.words.change(self._table, listed, [self.table], queue=False, **_QUIET)
        self.order.change(self._table, listed, [self.table], queue=False, **_QUIET)
        about = [self.summary, self.refresh, self.problems, self.chart, self._filter_box.publishers]

        def drawn(event: Callable[..., gr.events.Dependency]) -> gr.events.Dependency:
            """Draw everything after an event; the table last, for the words that are typed by then."""
            told = event(self._about, None, about, queue=False, **_QUIET)
            listing: gr.events.Dependency = told.then(self._table, listed, [self.table], queue=False, **_QUIET)
            return listing

        drawn(page.load)
        drawn(self._tab.select)
        filtering = [self.status, *self._filter_box.inputs]
        changes = [self.chart.act(self._filtered, None, filtering, queue=False, **_QUIET)]
        changes += [
            part.act(self._pressed, None, [self.status], **_QUIET)
            for part in (self.table, self.problems, self.refresh)
            if self._changeable
        ]
        changes += self.form.wire(self.status) if self.form else []
        return [drawn(event.then) for event in changes]

    async def _pressed(self, event: gr.EventData) -> AsyncGenerator[str, None]:
        """Do what a button in the list of articles, in that of problems or above them says."""
        told = event._data if isinstance(event._data, dict) else {}
        try:
            steps = self._begun(told)
        except AssistantError as error:
            yield failed_html(error)
            return
        if isinstance(steps, str):
            yield _said(steps)
        else:
            async with aclosing(shown(steps)) as growing:
                async for step in growing:
                    yield step
        self._changed()

    def _begun(self, told: Mapping[str, Any]) -> str | AsyncGenerator[Progress, None]:
        """Do it and return what to say, or begin it and return its steps."""
        library, act = self._library, told.get("act")
        article, key = str(told.get("article")), str(told.get("key"))
        if act == "remove":
            removed = library.remove(article)
            return "Removed; it is gone from answers and from the index." if removed else "It was removed already."
        if act == "forget":
            library.forget(key)
            return "Forgotten; adding it again would try it again."
        if act == "refresh":
            return library.refresh()
        return library.add([library.origin_of_article(article) if act == "again" else library.origin_of_problem(key)])

    def _filtered(self, event: gr.EventData) -> tuple[Any, ...]:
        told = event._data if isinstance(event._data, dict) else {}
        value = str(told.get("value"))
        said = _said(f"Questions are now kept to {value}; see the tab “Ask”.")
        if told.get("kind") == "publisher":
            return said, gr.skip(), gr.skip(), [value]
        return said, value, value, gr.skip()

    def _table(self, words: str, order: str) -> str:
        chosen = choose(self._library.assistant.articles(), str(words or "")[:200], as_order(order))
        return str(table_html(self._library, chosen, changeable=self._changeable))

    def _about(self) -> tuple[Any, ...]:
        assistant, changeable = self._library.assistant, self._changeable
        return (
            str(summary_html(assistant)),
            str(refresh_html(*assistant.state.refreshed())) if changeable else "",
            str(problems_html(self._library.problems(), changeable=changeable)),
            str(coverage_html(assistant.articles())),
            self._filter_box.choices(),
        )


def _said(words: str) -> str:
    return str(el("p", words, class_="hint", role="status"))

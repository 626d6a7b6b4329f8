"""The tab with the articles."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Callable, Sequence
from contextlib import aclosing
from pathlib import Path
from typing import Any

import gradio as gr

from assistant.errors import AssistantError
from assistant.ui.coverage import coverage_html
from assistant.ui.filters import FilterBox
from assistant.ui.library import MAX_FILES, MAX_PASTED, Library, Progress
from assistant.ui.library_view import (
    ORDERS,
    as_order,
    choose,
    problems_html,
    progress_html,
    summary_html,
    table_html,
)
from assistant.ui.markup import el

ACTS = """
element.addEventListener('click', event => {
  const pressed = event.target.closest('[data-act]');
  if (!pressed || !['remove', 'filter'].includes(pressed.dataset.act)) return;
  if (pressed.dataset.sure && pressed.textContent !== pressed.dataset.sure) {
    const before = pressed.textContent;
    pressed.textContent = pressed.dataset.sure;
    setTimeout(() => { pressed.textContent = before; }, 4000);
    return;
  }
  trigger('act', {...pressed.dataset});
});
"""
TYPES = [".txt", ".md", ".html", ".htm", ".mhtml", ".pdf", ".docx", ".eml", ".json", ".jsonl", ".csv"]
_QUIET: dict[str, Any] = {"show_progress": "hidden", "api_visibility": "private"}


class LibraryTab:
    """Builds the tab and wires it.

    Args:
        library: adds and removes.
        filter_box: the filters of the chat.
        changed: called when articles have come or gone.
        changeable: whether the page may add and remove.
    """

    def __init__(
        self, library: Library, filter_box: FilterBox, changed: Callable[[], None], *, changeable: bool
    ) -> None:
        self._library, self._filter_box, self._changed = library, filter_box, changed
        self._changeable = changeable
        plain: dict[str, Any] = {"apply_default_css": False, "js_on_load": None, "elem_classes": ["library"]}
        with gr.Column(elem_id="na-library"):
            self.summary = gr.HTML("", **plain)
            self.status = gr.HTML("", elem_id="na-status", **plain)
            if changeable:
                self._build_adding()
            self.problems = gr.HTML("", **plain)
            acting: dict[str, Any] = {"apply_default_css": False, "js_on_load": ACTS, "elem_classes": ["library"]}
            self.chart = gr.HTML("", elem_id="na-coverage", **acting)
            with gr.Row(elem_id="na-find"):
                self.words = gr.Textbox(
                    label="Search the list", placeholder="Title, publisher, date", max_lines=1, scale=3
                )
                self.order = gr.Dropdown(list(ORDERS), value=ORDERS[0], label="Sort", scale=1, min_width=160)
            self.table = gr.HTML("", elem_id="na-articles", **acting)

    def _build_adding(self) -> None:
        empty = not self._library.assistant.counts().articles
        with gr.Accordion("Add articles", open=empty, elem_id="na-add"):
            self.files = gr.File(
                label=f"Files, at most {MAX_FILES} at once", file_count="multiple", file_types=TYPES, height=140
            )
            with gr.Row(elem_classes="na-bottom"):
                self.address = gr.Textbox(
                    label="Address of an article or feed", placeholder="https://", max_lines=1, scale=4
                )
                self.fetch = gr.Button("Fetch", scale=1, min_width=100)
            with gr.Accordion("Paste text", open=False):
                self.text = gr.Textbox(label="Text of the article", lines=6, max_lines=16, max_length=MAX_PASTED)
                with gr.Row():
                    self.title = gr.Textbox(label="Title", max_lines=1)
                    self.publisher = gr.Textbox(label="Publisher", max_lines=1)
                    self.date = gr.Textbox(label="Date", placeholder="2017-08-03", max_lines=1)
                    self.link = gr.Textbox(label="Link", placeholder="https://", max_lines=1)
                self.paste = gr.Button("Add this text")

    def wire(self, page: gr.Blocks) -> list[gr.events.Dependency]:
        """Connect buttons and fields with what they do; return the events after which articles may have changed."""
        listed, shown = [self.words, self.order], [self.table]
        self.words.change(self._table, listed, shown, queue=False, **_QUIET)
        self.order.change(self._table, listed, shown, queue=False, **_QUIET)
        everything = [self.summary, self.problems, self.table, self.chart, self._filter_box.publishers]
        page.load(self._all, listed, everything, queue=False, **_QUIET)
        changes = [
            part.act(self._pressed, None, [self.status, *self._filter_box.inputs], queue=False, **_QUIET)
            for part in (self.table, self.chart)
        ]
        changes += self._wire_adding() if self._changeable else []
        return [event.then(self._all, listed, everything, queue=False, **_QUIET) for event in changes]

    def _wire_adding(self) -> list[gr.events.Dependency]:
        pasted = [self.text, self.title, self.publisher, self.date, self.link]
        return [
            self.files.upload(self._add_files, [self.files], [self.status, self.files], **_QUIET),
            self.fetch.click(self._add_address, [self.address], [self.status, self.address], **_QUIET),
            self.paste.click(self._add_text, pasted, [self.status, self.text], **_QUIET),
        ]

    async def _add_files(self, paths: object) -> AsyncGenerator[tuple[Any, ...], None]:
        given = [Path(str(one)) for one in paths] if isinstance(paths, list) else []
        try:
            if len(given) > MAX_FILES:
                raise AssistantError(f"these are {len(given)} files; add at most {MAX_FILES} at once")
            kept = [self._library.keep(one, one.name) for one in given]
        except (AssistantError, OSError) as error:
            yield _failed(error), None
            return
        finally:
            for one in given:
                one.unlink(missing_ok=True)  # Gradio's copy, which it would give to anybody who knows its name
        async with aclosing(self._add(kept)) as steps:
            async for step in steps:
                yield step, gr.skip()
        yield gr.skip(), None

    async def _add_address(self, address: str) -> AsyncGenerator[tuple[Any, ...], None]:
        typed = address.strip()
        if not typed.startswith(("https://", "http://")) or len(typed) > 2000:
            yield _failed(AssistantError("an address begins with https://")), gr.skip()
            return
        async with aclosing(self._add([typed])) as steps:
            async for step in steps:
                yield step, gr.skip()
        yield gr.skip(), ""

    async def _add_text(self, text: str, *about: str) -> AsyncGenerator[tuple[Any, ...], None]:
        names = ("title", "publisher", "date", "url")
        told = {name: value.strip()[:500] for name, value in zip(names, about, strict=True) if value.strip()}
        try:
            place = self._library.keep_text(text, told)
        except (AssistantError, OSError) as error:
            yield _failed(error), gr.skip()
            return
        async with aclosing(self._add([place])) as steps:
            async for step in steps:
                yield step, gr.skip()
        yield gr.skip(), ""

    async def _add(self, sources: Sequence[str | Path]) -> AsyncGenerator[str, None]:
        async with aclosing(self._library.add(sources)) as steps:
            async for step in steps:
                yield str(progress_html(step))
        self._changed()

    def _pressed(self, event: gr.EventData) -> tuple[Any, ...]:
        told = event._data if isinstance(event._data, dict) else {}
        if told.get("act") == "filter":
            return self._kept_to(str(told.get("kind")), str(told.get("value")))
        if not self._changeable:
            return (gr.skip(),) * 4
        try:
            removed = self._library.remove(str(told.get("article")))
        except AssistantError as error:
            return _failed(error), *(gr.skip(),) * 3
        self._changed()
        words = "Removed; it is gone from answers and from the index." if removed else "It was removed already."
        return _said(words), *(gr.skip(),) * 3

    def _kept_to(self, kind: str, value: str) -> tuple[Any, ...]:
        said = _said(f"Questions are now kept to {value}; see the tab “Ask”.")
        if kind == "publisher":
            return said, gr.skip(), gr.skip(), [value]
        return said, value, value, gr.skip()

    def _table(self, words: str, order: str) -> str:
        assistant = self._library.assistant
        chosen = choose(assistant.articles(), str(words or "")[:200], as_order(order))
        return str(table_html(assistant, chosen, changeable=self._changeable))

    def _all(self, words: str, order: str) -> tuple[Any, ...]:
        articles = self._library.assistant.articles()
        return (
            str(summary_html(self._library.assistant)),
            str(problems_html(tuple(self._library.problems))),
            self._table(words, order),
            str(coverage_html(articles)),
            self._filter_box.choices(),
        )


def _failed(error: Exception) -> str:
    sentence = str(error) if isinstance(error, AssistantError) else "the file could not be kept; is the disk full?"
    return str(progress_html(Progress("failed", trouble=f"{sentence[:1].upper()}{sentence[1:]}.")))


def _said(words: str) -> str:
    return str(el("p", words, class_="hint", role="status"))

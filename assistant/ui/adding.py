"""The part of the page that takes articles: files, an address, pasted text."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Callable, Sequence
from contextlib import aclosing
from pathlib import Path
from typing import Any

import gradio as gr

from assistant.errors import AssistantError
from assistant.ui.library import MAX_FILES, MAX_PASTED, Library, Progress
from assistant.ui.library_view import failed_html, progress_html

TYPES = [".txt", ".md", ".html", ".htm", ".mhtml", ".pdf", ".docx", ".eml", ".json", ".jsonl", ".csv"]
_QUIET: dict[str, Any] = {"show_progress": "hidden", "api_visibility": "private"}


class AddingForm:
    """Builds the form and wires it.

    Args:
        library: adds.
        changed: called when articles have come.
    """

    def __init__(self, library: Library, changed: Callable[[], None]) -> None:
        self._library, self._changed = library, changed
        empty = not library.assistant.counts().articles
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

    def wire(self, status: gr.HTML) -> list[gr.events.Dependency]:
        """Connect the buttons; return the events after which articles may have changed.

        Args:
            status: shows how far an addition is.
        """
        pasted = [self.text, self.title, self.publisher, self.date, self.link]
        return [
            self.files.upload(self._add_files, [self.files], [status, self.files], **_QUIET),
            self.fetch.click(self._add_address, [self.address], [status, self.address], **_QUIET),
            self.paste.click(self._add_text, pasted, [status, self.text], **_QUIET),
        ]

    async def _add_files(self, paths: object) -> AsyncGenerator[tuple[Any, ...], None]:
        given = [Path(str(one)) for one in paths] if isinstance(paths, list) else []
        try:
            if len(given) > MAX_FILES:
                raise AssistantError(f"these are {len(given)} files; add at most {MAX_FILES} at once")
            kept = [self._library.keep(one, one.name) for one in given]
        except (AssistantError, OSError) as error:
            yield failed_html(error), None
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
            yield failed_html(AssistantError("an address begins with https://")), gr.skip()
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
            yield failed_html(error), gr.skip()
            return
        async with aclosing(self._add([place])) as steps:
            async for step in steps:
                yield step, gr.skip()
        yield gr.skip(), ""

    async def _add(self, sources: Sequence[str | Path]) -> AsyncGenerator[str, None]:
        async with aclosing(shown(self._library.add(sources))) as steps:
            async for step in steps:
                yield step
        self._changed()


async def shown(steps: AsyncGenerator[Progress, None]) -> AsyncGenerator[str, None]:
    """Yield the steps of an addition as markup."""
    async with aclosing(steps):
        async for step in steps:
            yield str(progress_html(step))

"""The page: its tabs, its looks, and nothing from elsewhere."""

from __future__ import annotations

import os
from pathlib import Path

os.environ["GRADIO_ANALYTICS_ENABLED"] = "False"  # read when gradio is imported
os.environ.setdefault("HF_HUB_DISABLE_TELEMETRY", "1")

import gradio as gr

from assistant.ui.asking import Conversations
from assistant.ui.chat import Chat
from assistant.ui.examples import Examples
from assistant.ui.library import Library
from assistant.ui.library_tab import LibraryTab
from assistant.ui.markup import el, join
from assistant.ui.quality_tab import Quality, QualityTab
from assistant.ui.sessions import bound_sessions
from assistant.ui.source_view import panel_html
from assistant.ui.tool import add_tool
from assistant.ui.turns import Turns

HERE = Path(__file__).parent
TITLE = "News assistant"


def build_page(
    conversations: Conversations, library: Library, examples: Examples, quality: Quality | None, *, changeable: bool
) -> gr.Blocks:
    """Return the page.

    Args:
        conversations: asks.
        library: adds and removes articles.
        examples: questions to begin with.
        quality: evaluation reports and readers' opinions; None leaves their tab out.
        changeable: whether articles can be added and removed.
    """
    assistant = conversations.desk.assistant

    def publishers() -> list[str]:
        return sorted({one.publisher for one in assistant.articles() if one.publisher})

    def count() -> int:
        return assistant.counts().articles

    page: gr.Blocks = gr.Blocks(title=TITLE, analytics_enabled=False, fill_width=True, delete_cache=(600, 3600))
    with page:
        title = join(
            el("h1", TITLE), el("a", "For programs", href="docs"), el("p", "", id="na-told", class_="sr", role="status")
        )
        gr.HTML(title, elem_id="na-title", apply_default_css=False, js_on_load=None)
        with gr.Row(elem_id="na-body"):
            with gr.Tabs(elem_id="na-tabs"):
                with gr.Tab("Ask", id="ask", render_children=True):
                    chat = Chat(Turns(conversations, examples.questions, count), publishers)
                with gr.Tab("Articles", id="articles", render_children=True) as tab:
                    shelf = LibraryTab(tab, library, chat.filter_box, examples.renew, changeable=changeable)
                if quality:
                    with gr.Tab("Quality", id="quality", render_children=True) as tab:
                        measured = QualityTab(tab, quality)
            gr.HTML(panel_html(), elem_id="na-source", apply_default_css=False, js_on_load=None)
        chat.wire(page)
        for event in shelf.wire(page):
            chat.draw_after(event)
        if quality:
            measured.wire()
        add_tool(conversations.desk)
        bound_sessions(page)
    return page


def theme() -> gr.themes.Base:
    """Return colours and type: the system's own fonts, contrasts of at least 4.5 to 1."""
    fonts = ("system-ui", "Segoe UI", "Roboto", "Helvetica Neue", "sans-serif")
    return gr.themes.Base(
        primary_hue="blue", neutral_hue="slate", font=fonts, font_mono=("ui-monospace", "Menlo", "monospace")
    )


def head() -> str:
    """Return what the page's head needs: its own style sheet and scripts; the box's keys go before the panel's."""
    scripts = "".join(f'<script src="/page/{name}.js" defer></script>' for name in ("question", "page"))
    return f'<link rel="stylesheet" href="/page/page.css">{scripts}'

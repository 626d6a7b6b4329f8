"""What the browser keeps: each tab its own, and a new tab goes on with what any tab kept last.

Gradio's ``BrowserState`` keeps it in ``localStorage``, which all tabs share; so each tab has a copy in its
``sessionStorage``, which counts when it is loaded anew.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

import gradio as gr

CONVERSATION, FILTERS = "news-assistant", "news-assistant-filters"

# Where there is no room for a copy, an older one must not count either.
_KEEP = """const keep = (key, value) => {
  try { sessionStorage.setItem(key, JSON.stringify(value)); } catch { sessionStorage.removeItem(key); }
};"""

# A state changes as soon as it is read from what all tabs share, which must not become this tab's own.
_TAKE = f"""(...last) => {{ {_KEEP}
  window.newsAssistantTaken = true;
  const own = key => {{ try {{ return JSON.parse(sessionStorage.getItem(key)); }} catch {{ return null; }} }};
  return KEYS.map((key, place) => {{
    const value = own(key) ?? last[place] ?? [];
    keep(key, value);
    return value;
  }});
}}"""
_CHANGED = f"value => {{ {_KEEP} if (window.newsAssistantTaken) keep('KEY', value); }}"

KEEP_QUESTION = f"""(asking, kept, ...filters) => {{ {_KEEP}
  const earlier = asking && Array.isArray(kept) ? kept.slice(0, asking.after) : [];
  if (asking) keep('{CONVERSATION}', [...earlier, {{question: asking.question}}]);
  return [asking, kept, ...filters];
}}"""
"""Keeps a question before it is sent to be answered: a connection that is lost then must not take it along."""


def kept(key: str) -> gr.BrowserState:
    """Return a list that the browser keeps under a key."""
    return gr.BrowserState([], storage_key=key, secret="kept in this browser only")


def take_own(page: gr.Blocks, states: Sequence[gr.BrowserState]) -> gr.events.Dependency:
    """Give a tab its own when it is loaded, and keep what changes; return the event after which it is there."""
    quiet: dict[str, Any] = {"show_progress": "hidden", "api_visibility": "private", "queue": False}
    for one in states:
        one.change(None, [one], None, js=_CHANGED.replace("KEY", one.storage_key), **quiet)
    keys = json.dumps([one.storage_key for one in states])
    return page.load(None, states, states, js=_TAKE.replace("KEYS", keys), **quiet)

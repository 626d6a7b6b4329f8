"""Ask questions of news articles; every statement is tied to the exact words that say it.

Names are loaded when they are first used, so that ``import assistant`` costs next to nothing.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

__all__ = [
    "Answer",
    "Article",
    "ArticleInfo",
    "Assistant",
    "AssistantError",
    "Citation",
    "Disagreement",
    "Filters",
    "Found",
    "Hit",
    "Settings",
    "SourceReport",
    "Stated",
    "Statement",
    "Turn",
    "ask",
    "load_settings",
]

if TYPE_CHECKING:
    from assistant.errors import AssistantError
    from assistant.events import Found, Stated
    from assistant.pipeline import Assistant, ask
    from assistant.settings import Settings, load_settings
    from assistant.types import (
        Answer,
        Article,
        ArticleInfo,
        Citation,
        Disagreement,
        Filters,
        Hit,
        SourceReport,
        Statement,
        Turn,
    )
else:
    _HOMES = {
        "Assistant": "pipeline",
        "AssistantError": "errors",
        "Found": "events",
        "Settings": "settings",
        "Stated": "events",
        "ask": "pipeline",
        "load_settings": "settings",
    }

    def __getattr__(name: str) -> object:
        """Load a public name from the module that defines it (PEP 562); type checkers see the imports above."""
        if name not in __all__:
            raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
        from importlib import import_module

        value = globals()[name] = getattr(import_module(f"{__name__}.{_HOMES.get(name, 'types')}"), name)
        return value

    def __dir__() -> list[str]:
        return sorted({*globals(), *__all__})

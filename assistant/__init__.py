"""Ask questions of news articles; every statement is tied to the exact words that say it."""

from assistant.errors import AssistantError
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

__all__ = [
    "Answer",
    "Article",
    "ArticleInfo",
    "Assistant",
    "AssistantError",
    "Citation",
    "Disagreement",
    "Filters",
    "Hit",
    "Settings",
    "SourceReport",
    "Statement",
    "Turn",
    "ask",
    "load_settings",
]

"""The web page, as ``python app.py``: the same one that ``news-assistant serve`` starts, for the index of the settings.

Arguments are those of that command: ``python app.py --index index/built --port 7861``.
"""

from __future__ import annotations

import sys

from assistant.cli import cli

if __name__ == "__main__":
    cli(["serve", *sys.argv[1:]], prog_name="news-assistant")

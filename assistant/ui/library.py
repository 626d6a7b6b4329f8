"""Adding and removing articles from the page."""

from __future__ import annotations

import asyncio
import hashlib
import json
import logging
import re
import shutil
from collections import deque
from collections.abc import AsyncGenerator, Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from assistant.errors import AssistantError
from assistant.pipeline import Assistant
from assistant.types import SourceReport
from assistant.ui.desk import UNFORESEEN
from assistant.ui.exchange import public_source

MAX_FILES, MAX_FILE, MAX_PASTED = 10, 20_000_000, 500_000
"""Files of one upload, bytes of each, characters of a pasted article."""

ADDED = "added"
"""Folder inside the index folder for what was added from the page."""

_UNUSABLE = re.compile(r"[^\w .,()\[\]&'+=@-]+")
_FOLDERS = re.compile(r"'(?!https?://)[^'\n]*[/\\](?=[^'/\\\n]+')")
_log = logging.getLogger("assistant.ui")


@dataclass(frozen=True, slots=True)
class Progress:
    """How far an addition is.

    Attributes:
        phase: what is being done; ``done`` ends it, with ``reports``; ``failed``, with ``trouble``.
        done, total: sources read or passages embedded.
        reports: what became of each source, named for readers.
        trouble: one sentence.
    """

    phase: Literal["reading", "embedding", "done", "failed"]
    done: int = 0
    total: int = 0
    reports: tuple[SourceReport, ...] = ()
    trouble: str = ""


class Library:
    """Adds and removes, one at a time.

    Args:
        assistant: an open one.
        folder: the index folder; added files are kept below it.
    """

    def __init__(self, assistant: Assistant, folder: Path) -> None:
        self.assistant = assistant
        self.problems: deque[SourceReport] = deque(maxlen=100)
        self._kept = folder / ADDED
        self._adding = asyncio.Lock()

    async def add(self, sources: Sequence[str | Path]) -> AsyncGenerator[Progress, None]:
        """Add files or addresses, and yield how far it is; what was begun goes on when nobody looks any more."""
        if self._adding.locked():
            yield Progress("failed", trouble="Something else is being added at the moment; try again when it is done.")
            return
        loop, arrived = asyncio.get_running_loop(), asyncio.Queue[Progress]()

        def put(progress: Progress) -> None:
            loop.call_soon_threadsafe(arrived.put_nowait, progress)

        async with self._adding:
            work = asyncio.create_task(asyncio.to_thread(self._add, [str(one) for one in sources], put))
            shown = Progress("reading")
            while shown.phase not in ("done", "failed"):
                yield shown
                shown = await arrived.get()
                while shown.phase not in ("done", "failed") and not arrived.empty():
                    shown = arrived.get_nowait()
            await work
        yield shown

    def _add(self, sources: list[str], put: Callable[[Progress], None]) -> None:
        try:
            reports = self.assistant.add(
                sources,
                on_read=lambda done, total: put(Progress("reading", done, total)),
                on_embed=lambda done, total: put(Progress("embedding", done, total)),
            )
        except AssistantError as error:
            put(Progress("failed", trouble=str(error)))
        except Exception:  # noqa: BLE001 - a thread's error would be lost
            _log.exception("articles could not be added")
            put(Progress("failed", trouble=UNFORESEEN))
        else:
            shown = tuple(self._public(report) for report in reports)
            self.problems.extendleft(report for report in shown if report.outcome == "skipped")
            put(Progress("done", reports=shown))

    def keep(self, file: Path, name: str) -> Path:
        """Copy an uploaded file to where it stays, and return that place.

        Raises:
            AssistantError: it is too large.
        """
        if file.stat().st_size > MAX_FILE:
            raise AssistantError(f"“{name}” has more than {MAX_FILE:,} bytes; add a smaller file")
        place = self._place(file.read_bytes(), name)
        if not place.exists():
            shutil.copyfile(file, place)
        return place

    def keep_text(self, text: str, about: dict[str, str]) -> Path:
        """Write pasted text to where it stays, and return that place.

        Args:
            text: the article.
            about: its ``title publisher date url`` as typed, empty ones left out.

        Raises:
            AssistantError: there is no text, or too much.
        """
        if not text.strip():
            raise AssistantError("there is no text yet; paste the article")
        if len(text) > MAX_PASTED:
            raise AssistantError(f"the text has {len(text):,} characters; paste at most {MAX_PASTED:,}, or add a file")
        content = json.dumps({**about, "text": text}, ensure_ascii=False).encode("utf-8", "replace")
        place = self._place(content, f"{about.get('title', '')[:60] or 'pasted'}.json")
        place.write_bytes(content)
        return place

    def remove(self, article_id: str) -> bool:
        """Remove an article, and the file of it that was added here; return whether there was one."""
        article = self.assistant.article(article_id)
        if article is None or not self.assistant.remove([article_id]):
            return False
        file = Path(article.source.rsplit("#", 1)[0])
        others = any(one.source.startswith(str(file)) for one in self.assistant.articles())
        if self._kept in file.parents and not others:
            file.unlink(missing_ok=True)
        return True

    def _place(self, content: bytes, name: str) -> Path:
        """Return a path for the content; another content under the same name gets another place."""
        usable = _UNUSABLE.sub("_", Path(name.replace("\\", "/")).name).strip(". ")[-120:] or "article"
        place = self._kept / hashlib.sha256(content).hexdigest()[:12] / usable
        place.parent.mkdir(parents=True, exist_ok=True)
        return place

    @staticmethod
    def _public(report: SourceReport) -> SourceReport:
        """Return the report without the folders of this machine."""
        reason = _FOLDERS.sub("'", report.reason) if report.reason else None
        return SourceReport(public_source(report.source), report.outcome, report.article_id, reason)

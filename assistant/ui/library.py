"""Adding and removing articles from the page."""

from __future__ import annotations

import asyncio
import hashlib
import json
import logging
import re
import shutil
from collections.abc import AsyncGenerator, Callable, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Literal

from assistant.corpus.load import file_of
from assistant.errors import AssistantError
from assistant.fetch import is_address
from assistant.pipeline import Assistant
from assistant.types import SourceReport
from assistant.ui.desk import UNFORESEEN
from assistant.ui.exchange import public_source

MAX_FILES, MAX_FILE, MAX_PASTED = 10, 20_000_000, 500_000
"""Files of one upload, bytes of each, characters of a pasted article."""

ADDED = "added"
"""Folder inside the index folder for what was added from the page."""

MAX_PROBLEMS = 200
"""Sources that could not be read, listed at once."""

_BUSY = "Something else is being added at the moment; try again when it is done"
_UNUSABLE = re.compile(r"[^\w .,()\[\]&'+=@-]+")
_FOLDERS = re.compile(r"'(?!https?://)[^'\n]*[/\\](?=[^'/\\\n]+')")
_log = logging.getLogger("assistant.ui")


@dataclass(frozen=True, slots=True)
class Progress:
    """How far an addition is.

    Attributes:
        phase: what is being done; ``done`` ends it, with ``reports``, and ``trouble`` where those are found by words
            alone; ``failed``, with ``trouble``.
        done, total: sources read or passages embedded.
        reports: what became of each source, named for readers.
        trouble: one sentence.
    """

    phase: Literal["reading", "embedding", "done", "failed"]
    done: int = 0
    total: int = 0
    reports: tuple[SourceReport, ...] = ()
    trouble: str = ""


@dataclass(frozen=True, slots=True)
class Problem:
    """A source that could not be read when it was last looked at.

    Attributes:
        key: names it without the folders of this machine.
        report: why, for readers.
        again: whether the page may try it again.
    """

    key: str
    report: SourceReport
    again: bool


class Library:
    """Adds and removes, one at a time.

    Args:
        assistant: an open one.
        folder: the index folder; added files are kept below it.
        local: whether only programs of this machine can connect. Files from elsewhere on it are then read again when
            asked for; others could so make the page read what such a file holds by now.
    """

    def __init__(self, assistant: Assistant, folder: Path, *, local: bool = True) -> None:
        self.assistant = assistant
        self._kept = (folder / ADDED).absolute()
        self._local = local
        self._adding = asyncio.Lock()

    def add(self, sources: Sequence[str | Path]) -> AsyncGenerator[Progress, None]:
        """Add files or addresses, and yield how far it is; what was begun goes on when nobody looks any more."""
        return self._run(partial(self.assistant.add, [str(one) for one in sources]))

    def refresh(self) -> AsyncGenerator[Progress, None]:
        """Ask feeds and pages for what is new, and yield how far it is, as :meth:`add` does."""
        return self._run(self.assistant.refresh)

    async def _run(self, work: Callable[..., list[SourceReport]]) -> AsyncGenerator[Progress, None]:
        if self._adding.locked():
            yield Progress("failed", trouble=f"{_BUSY}.")
            return
        loop, arrived = asyncio.get_running_loop(), asyncio.Queue[Progress]()

        def put(progress: Progress) -> None:
            loop.call_soon_threadsafe(arrived.put_nowait, progress)

        async with self._adding:
            done = asyncio.create_task(asyncio.to_thread(self._work, work, put))
            shown = Progress("reading")
            while shown.phase not in ("done", "failed"):
                yield shown
                shown = await arrived.get()
                while shown.phase not in ("done", "failed") and not arrived.empty():
                    shown = arrived.get_nowait()
            await done
        yield shown

    def _work(self, work: Callable[..., list[SourceReport]], put: Callable[[Progress], None]) -> None:
        reports: list[SourceReport] = []
        trouble = ""
        try:
            reports = work(embed=False, on_read=lambda done, total: put(Progress("reading", done, total)))
            self.assistant.add([], on_embed=lambda done, total: put(Progress("embedding", done, total)))
        except AssistantError as error:
            trouble = str(error)
        except Exception:  # noqa: BLE001 - a thread's error would be lost
            _log.exception("articles could not be added")
            trouble = UNFORESEEN
        phase: Literal["done", "failed"] = "failed" if trouble and not reports else "done"
        put(Progress(phase, reports=tuple(map(_public, reports)), trouble=trouble))

    def problems(self) -> list[Problem]:
        """Return the sources that could not be read when they were last looked at, those that came last first."""
        rows = self.assistant.state.skipped(MAX_PROBLEMS)
        reports = [SourceReport(row.source, "skipped", row.article_id, row.reason) for row in rows]
        return [Problem(_key(one.source), _public(one), self.may_add_again(one.source)) for one in reports]

    def may_add_again(self, source: str) -> bool:
        """Say whether the page may read a source again: an address, a file added here, any file of a local page."""
        return self._local or is_address(source) or self._kept in Path(source).parents

    def origin(self, source: str) -> str:
        """Return the address or file of a source.

        Raises:
            AssistantError: it is not there any more, or the page may not read it.
        """
        if is_address(source):
            return source.partition("#")[0]
        file = source if Path(source).is_file() else file_of(source, "")
        if not self.may_add_again(file):
            raise AssistantError(f"“{public_source(source)}” was not added here; add it with: news-assistant add")
        if not Path(file).is_file():
            raise AssistantError(
                f"“{public_source(file)}” is no longer where it was added from; add it from where it is now"
            )
        return file

    def origin_of_problem(self, key: str) -> str:
        """Return the address or file of a problem; raises as :meth:`origin`."""
        return self.origin(self._problem(key))

    def origin_of_article(self, article_id: str) -> str:
        """Return the address or file of an article; raises as :meth:`origin`, and where there is none."""
        article = self.assistant.article(article_id)
        if article is None:
            raise AssistantError("this article was removed already")
        return self.origin(article.source)

    def forget(self, key: str) -> None:
        """Forget a problem, and the file of it that was added here; an article that it gave before stays.

        Raises:
            AssistantError: there is no such problem, or another process is writing.
        """
        source = self._problem(key)
        self.assistant.state.forget(source)
        self._drop_kept(source)

    def _problem(self, key: str) -> str:
        for row in self.assistant.state.skipped(MAX_PROBLEMS):
            if _key(row.source) == key:
                return row.source
        raise AssistantError("this problem is gone already")

    def keep(self, file: Path, name: str) -> Path:
        """Copy an uploaded file to where it stays, and return that place.

        Raises:
            AssistantError: it is too large, or something else is being added.
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
            AssistantError: there is no text, or too much, or something else is being added.
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
        self._drop_kept(article.source)
        return True

    def _drop_kept(self, source: str) -> None:
        """Delete a file that was added here, unless another article came from it."""
        file = Path(source.rsplit("#", 1)[0])
        others = any(one.source.startswith(str(file)) for one in self.assistant.articles())
        if self._kept in file.parents and not others:
            file.unlink(missing_ok=True)

    def _place(self, content: bytes, name: str) -> Path:
        """Return a path for the content; another content under the same name gets another place."""
        if self._adding.locked():  # it would stay there without being added, and nothing would list it
            raise AssistantError(_BUSY)
        usable = _UNUSABLE.sub("_", Path(name.replace("\\", "/")).name).strip(". ")[-120:] or "article"
        place = self._kept / hashlib.sha256(content).hexdigest()[:12] / usable
        place.parent.mkdir(parents=True, exist_ok=True)
        return place


def _public(report: SourceReport) -> SourceReport:
    """Return the report without the folders of this machine."""
    reason = _FOLDERS.sub("'", report.reason) if report.reason else None
    return SourceReport(public_source(report.source), report.outcome, report.article_id, reason)


def _key(source: str) -> str:
    return hashlib.sha256(source.encode()).hexdigest()[:16]

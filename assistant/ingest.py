"""Adding articles: read, clean, cut and store what is new or changed."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterable, Iterator, Sequence
from itertools import islice
from pathlib import Path

from assistant.corpus import chunk, clean, find_sources, read_documents
from assistant.corpus.limits import show
from assistant.corpus.load import file_of, is_gone
from assistant.embedding import Progress, to_embed
from assistant.errors import DocumentError
from assistant.fetch import add_addresses, is_address, refresh_addresses
from assistant.retrieval.embed import MiniLM, embed_hash
from assistant.retrieval.ledger import readable
from assistant.retrieval.store import LedgerRow, Store
from assistant.types import REPORTING, Article, Passage, RawDocument, SourceReport

BATCH = 100
"""Sources in one transaction: what a crash can cost, and how often the disk is waited for."""

_LARGEST_HASHED = 64 * 1024 * 1024

OneOrMore = str | Path | Iterable[str | Path]
"""What a list is made of, or one alone: a string is no list of its characters."""

_Source = Path | str
_Stamp = tuple[str, int, int]


def add_sources(store: Store, paths: Sequence[str | Path], progress: Progress | None = None) -> list[SourceReport]:
    """Add files, folders, globs and addresses; each is searchable by words when its batch is committed.

    A source whose bytes are known costs a hash at most; one that changed replaces its former article; one that
    cannot be read is reported and the others go on. Sources known below a given folder that are gone are
    reported as vanished and stay in the index. Addresses are fetched last, as ``fetch.add_addresses`` says.

    Returns:
        One report for each article or problem, in order.
    """
    addresses = [str(path) for path in paths if is_address(path)]
    paths = [path for path in paths if not is_address(path)]
    found = _without_index(store, paths, find_sources(paths))
    reports: list[SourceReport] = []
    reader = _Reader(store)
    with store.writing():
        pending = enumerate(found, 1)
        while batch := list(islice(pending, BATCH)):
            with store.transaction():
                for done, one in batch:
                    reports += reader.add(one)
                    if progress:
                        progress(done, len(found))
        with store.transaction():
            reports += _vanished(store, paths, {report.source for report in reports})
    return [*reports, *(add_addresses(store, addresses, reader.page, progress) if addresses else ())]


def _without_index(
    store: Store, paths: Sequence[str | Path], found: Iterable[Path | DocumentError]
) -> list[Path | DocumentError]:
    """Leave out what lies in the index folder, unless a path names something there: the index is no article."""
    own = os.path.join(os.path.abspath(store.folder), "")
    if any(os.path.join(os.path.abspath(os.path.expanduser(path)), "").startswith(own) for path in paths):
        return list(found)
    return [one for one in found if isinstance(one, DocumentError) or not os.path.abspath(one).startswith(own)]


def listed(given: OneOrMore) -> list[str | Path]:
    """Return one path, address or id, or several, as a list."""
    return [given] if isinstance(given, str | Path) else list(given)


def refresh_sources(store: Store, progress: Progress | None = None) -> list[SourceReport]:
    """Ask feeds that are followed and pages that gave an article for what is new; unchanged costs one request."""
    return refresh_addresses(store, _Reader(store).page, progress)


class _Reader:
    """Reads single sources into the store, inside its caller's transaction."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._count_tokens = MiniLM().count_tokens

    def add(self, found: Path | DocumentError) -> list[SourceReport]:
        if isinstance(found, DocumentError):
            return [SourceReport(found.source or "", "skipped", reason=str(found))]
        path = Path(os.path.abspath(found))
        rows = self._rows(path)
        # A file that was away is compared as it last was; an article that has left a file that stayed counts no more.
        known = [row for row in rows if row.outcome != "vanished"] or rows
        try:
            status = path.stat()
            if known and all((row.size, row.mtime_ns) == (status.st_size, status.st_mtime_ns) for row in known):
                return [self._as_before(row, row.size, row.mtime_ns) for row in known]
            data = path.read_bytes() if path.is_file() and status.st_size <= _LARGEST_HASHED else b""
        except OSError:
            return self._read(path, None, ("", 0, 0))
        stamp = (hashlib.sha256(data).hexdigest(), status.st_size, status.st_mtime_ns)
        if data and known and all(row.content_hash == stamp[0] for row in known):
            return [self._as_before(row, stamp[1], stamp[2]) for row in known]
        return self._read(path, data or None, stamp)

    def page(self, url: str, data: bytes | None, charset: str | None, mtime_ns: int) -> list[SourceReport]:
        """Store what an address gave, inside its caller's transaction; ``data`` None: it is as it was."""
        known = [row for row in self._rows(url) if row.outcome != "vanished"]
        if data is None:
            return [self._as_before(row, row.size, row.mtime_ns) for row in known]
        stamp = (hashlib.sha256(data).hexdigest(), len(data), mtime_ns)
        if known and all(row.content_hash == stamp[0] for row in known):
            return [self._as_before(row, stamp[1], stamp[2]) for row in known]
        return self._read(url, data, stamp, charset)

    def _rows(self, path: _Source) -> list[LedgerRow]:
        """The ledger's rows of one file or page, its numbered articles included."""
        name = readable(str(path))
        return [row for row in self._store.ledger_under(name) if file_of(row.source, name) == name]

    def _as_before(self, row: LedgerRow, size: int, mtime_ns: int) -> SourceReport:
        if row.outcome == "skipped" and row.content_hash:
            return SourceReport(row.source, "skipped", row.article_id, row.reason)
        if row.outcome in ("skipped", "vanished") or (size, mtime_ns) != (row.size, row.mtime_ns):
            self._store.record_unchanged(row.source, size=size, mtime_ns=mtime_ns)
        return SourceReport(row.source, "unchanged", row.article_id, None if row.outcome == "skipped" else row.reason)

    def _read(self, path: _Source, data: bytes | None, stamp: _Stamp, charset: str | None = None) -> list[SourceReport]:
        name = readable(str(path))
        nothing = DocumentError(f"cannot read {show(name)}: it holds no articles", name)
        reports = [self._store_one(document, stamp) for document in [*read_documents(path, data, charset)] or [nothing]]
        if [(report.source, report.outcome) for report in reports] == [(name, "skipped")]:
            return reports  # the file as a whole cannot be read now, which says nothing of its articles
        return [*reports, *self._gone(path, {report.source for report in reports})]

    def _gone(self, path: _Source, read: set[str]) -> Iterator[SourceReport]:
        for row in self._rows(path):
            if row.source not in read and row.outcome != "vanished":
                self._store.record_vanished(row.source)
                if row.article_id:
                    yield SourceReport(row.source, "vanished", row.article_id, "no longer in the file")

    def _store_one(self, document: RawDocument | DocumentError, stamp: _Stamp) -> SourceReport:
        digest, size, mtime = stamp
        try:
            if isinstance(document, DocumentError):
                raise document
            source = document.source
            article = clean(document)
            passages = chunk(article, self._count_tokens)
            hashes = _hashes(article, passages)
            outcome = self._store.add(
                article, passages, hashes, source=source, content_hash=digest, size=size, mtime_ns=mtime
            )
        except DocumentError as error:
            source = error.source or getattr(document, "source", "")
            self._store.record_skip(source, str(error), content_hash=digest, size=size, mtime_ns=mtime)
            return SourceReport(source, "skipped", reason=str(error))
        row = self._store.ledger(source)
        reason = row.reason if row and row.reason else "; ".join(article.notices) or None
        return SourceReport(source, outcome, article.id, reason)


def _hashes(article: Article, passages: Iterable[Passage]) -> list[str | None]:
    """Only reporting gets a vector: comments and boilerplate are searched by words, and only when asked for."""
    title = article.title or ""
    return [
        embed_hash(to_embed(title, article.text[passage.start : passage.end])) if passage.zone in REPORTING else None
        for passage in passages
    ]


def _vanished(store: Store, paths: Sequence[str | Path], seen: set[str]) -> Iterator[SourceReport]:
    for folder in (os.path.abspath(path) for path in map(os.path.expanduser, paths) if os.path.isdir(path)):
        for row in store.ledger_under(folder):
            if not (row.source in seen or row.outcome == "vanished" or not is_gone(file_of(row.source, folder))):
                store.record_vanished(row.source)
                yield SourceReport(row.source, "vanished", row.article_id, "the file is no longer there")

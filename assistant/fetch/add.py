"""Addresses into the record: pages, and the newest pages that feeds and sitemaps name."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final, Protocol

from assistant.corpus.limits import show
from assistant.errors import DocumentError
from assistant.fetch.errors import FetchError
from assistant.fetch.feeds import Listing, is_listing, read_listing
from assistant.fetch.memory import Memory, Noted
from assistant.retrieval.store import Store
from assistant.types import SourceReport

if TYPE_CHECKING:
    from assistant.fetch.client import Client, Fetched

MAX_ENTRIES: Final = 100
"""Newest entries of a feed, sitemap or sitemap index that are added."""

MAX_PARTS: Final = 20
"""Newest sitemaps of an index that are looked into."""

_NO_FEED: Final = "it is no feed any more; if it stays so: news-assistant refresh --forget"


class Take(Protocol):
    """Stores what a page gave, inside a transaction; ``data`` None: it is as it was."""

    def __call__(self, url: str, data: bytes | None, charset: str | None, mtime_ns: int) -> list[SourceReport]:
        """Return one report for each article or problem."""


def add_addresses(
    store: Store,
    addresses: Iterable[str],
    take: Take,
    progress: Callable[[int, int], None] | None = None,
    client: Client | None = None,
) -> list[SourceReport]:
    """Fetch pages, and the newest entries of feeds and sitemaps, and store what is new or changed.

    Each page is on disk before the next is asked for; the writer lock is not held while the network is waited for.

    Args:
        store: where articles and the ledger are.
        addresses: as a user gives them.
        take: stores one page.
        progress: called with (pages done, pages known of so far).
        client: what fetches; tests pass their own.

    Returns:
        One report for each article or problem, in order.
    """
    return _Visits(store, take, progress, client or open_client()).run([_Feed(address) for address in addresses])


def refresh_addresses(
    store: Store, take: Take, progress: Callable[[int, int], None] | None = None, client: Client | None = None
) -> list[SourceReport]:
    """Ask all feeds that are followed for new entries and all pages that gave an article for changes.

    What says that it has not changed (HTTP 304) costs that one request. Arguments are those of
    :func:`add_addresses`.
    """
    memory = Memory(store)
    with store.writing(), store.transaction():
        memory.forget_removed()
    feeds = [_Feed(address, memory.listings(address), followed=True) for address in memory.feeds()]
    pages = [_Feed(address) for address in memory.pages()]
    return _Visits(store, take, progress, client or open_client()).run([*feeds, *pages])


def open_client() -> Client:
    """Return the client that programs use; tests replace this."""
    from assistant.fetch.client import Client

    return Client()


@dataclass(slots=True)
class _Feed:
    """An address given, which may turn out to be a feed or sitemap.

    Attributes:
        known: listings that need not be read again when they have not changed.
        followed: whether it was a feed before.
        room: how many more entries it may add.
        read: listings that were read to their end.
    """

    address: str
    known: dict[str, Noted] = field(default_factory=dict)
    followed: bool = False
    room: int = MAX_ENTRIES
    read: dict[str, Noted] = field(default_factory=dict)


class _Visits:
    """One run over addresses; no address is asked for twice in it."""

    def __init__(self, store: Store, take: Take, progress: Callable[[int, int], None] | None, client: Client) -> None:
        self._store = store
        self._memory = Memory(store)
        self._take = take
        self._progress = progress
        self._client = client
        self._seen: set[str] = set()
        self._done = self._total = self._failed = 0

    def run(self, feeds: Sequence[_Feed]) -> list[SourceReport]:
        self._total = len(feeds)
        return [report for feed in feeds for report in self._start(feed)]

    def _start(self, feed: _Feed) -> list[SourceReport]:
        """Visit an address that a user gave or that is followed."""
        found = self._fetch(feed.address, feed)
        if isinstance(found, list):
            return found
        listing = self._listing(found, feed)
        if listing is None and feed.followed:
            return [self._skip(FetchError(found.asked, f"{_NO_FEED} {found.asked}"))]
        if listing is None:
            return self._store_page(found)
        if isinstance(listing, SourceReport):
            return [listing]
        with self._store.writing(), self._store.transaction():
            self._memory.settle(found.asked)
            self._memory.follow(found.asked, {})  # also when what comes next is interrupted
        if listing.kind == "index":
            reports = [report for part in listing.links[:MAX_PARTS] for report in self._part(found.final, part, feed)]
        else:
            reports = self._entries(found, listing, feed)
        with self._store.writing(), self._store.transaction():
            self._memory.follow(found.asked, feed.read)
        return reports or [SourceReport(found.asked, "skipped", reason=_empty(found.asked))]

    def _part(self, index: str, link: str, feed: _Feed) -> list[SourceReport]:
        """Visit a sitemap that an index names."""
        if feed.room <= 0:
            return []
        found = self._linked(index, link, feed)
        if isinstance(found, list):
            return found
        listing = self._listing(found, feed)
        if isinstance(listing, SourceReport):
            return [listing]
        if listing is None or listing.kind == "index":
            return [
                self._skip(FetchError(found.asked, "a sitemap index names it, but it is no sitemap; add it by itself"))
            ]
        return self._entries(found, listing, feed)

    def _entries(self, found: Fetched, listing: Listing, feed: _Feed) -> list[SourceReport]:
        """Visit the newest pages of a listing; it counts as read when none of them may work later."""
        links, failed = listing.links[: feed.room], self._failed
        feed.room -= len(links)
        self._total += len(links)
        reports = [report for link in links for report in self._entry(found.final, link)]
        if self._failed == failed:
            feed.read[found.final] = Noted(len(links), found.validators)
        return reports

    def _entry(self, base: str, link: str) -> list[SourceReport]:
        found = self._linked(base, link)
        if isinstance(found, list):
            return found
        if found.data is not None and is_listing(found.data):
            return [self._skip(FetchError(found.asked, "a feed names it, but it is another feed; add it by itself"))]
        return self._store_page(found)

    def _listing(self, found: Fetched, feed: _Feed) -> Listing | SourceReport | None:
        """Return what a feed names, a report when that is nothing new or cannot be read, None for an ordinary page."""
        if found.data is None:
            if found.final not in feed.known:
                return None
            feed.read[found.final] = feed.known[found.final]
            feed.room -= feed.known[found.final].links
            with self._store.writing(), self._store.transaction():
                self._memory.settle(found.asked)
            return SourceReport(found.asked, "unchanged", reason="the feed has not changed")
        try:
            return read_listing(found.asked, found.data) if is_listing(found.data) else None
        except FetchError as error:
            return self._skip(error)

    def _linked(self, base: str, link: str, feed: _Feed | None = None) -> Fetched | list[SourceReport]:
        try:
            address = self._client.resolve(base, link)
        except DocumentError as error:
            self._count()
            return [SourceReport(link, "skipped", reason=str(error))]
        return self._fetch(address, feed)

    def _fetch(self, address: str, feed: _Feed | None = None) -> Fetched | list[SourceReport]:
        """Return what an address gave, or the reports when it gave nothing or was asked for already."""
        known = feed.known if feed else {}
        try:
            if address in self._seen:
                return []
            self._seen.add(address)
            found = self._client.fetch(
                address, lambda hop: known[hop].validators if hop in known else self._memory.validators(hop)
            )
        except FetchError as error:
            return [self._skip(error)]
        except DocumentError as error:  # its form is refused; nothing was asked, and it may hold a password
            return [SourceReport(address, "skipped", reason=str(error))]
        finally:
            self._count()
        self._seen.add(found.final)
        return found

    def _store_page(self, found: Fetched) -> list[SourceReport]:
        with self._store.writing(), self._store.transaction():
            former = self._store.ledger(found.asked) if found.final != found.asked else None
            moved = former is not None and former.article_id is not None and former.outcome != "vanished"
            if moved and not found.lasting:
                reason = f"it redirects to {show(found.final)} for the time being; add that if the article is there"
                return [self._skip(FetchError(found.asked, reason))]
            reports = self._take(found.final, found.data, found.charset, found.modified_ns)
            if found.data is not None and any(report.article_id for report in reports):
                self._memory.remember(found.final, found.validators)
            if former is not None and moved:
                self._store.record_vanished(found.asked)
                reason = f"it has moved to {show(found.final)}"
                reports = [*reports, SourceReport(found.asked, "vanished", former.article_id, reason)]
            if found.final != found.asked:
                self._memory.settle(found.asked)
        return reports

    def _skip(self, error: FetchError) -> SourceReport:
        self._failed += error.temporary
        with self._store.writing(), self._store.transaction():
            self._store.record_skip(error.source, str(error))
        return SourceReport(error.source, "skipped", reason=str(error))

    def _count(self) -> None:
        self._done += 1
        if self._progress:
            self._progress(self._done, max(self._done, self._total))


def _empty(url: str) -> str:
    return f"nothing was added from {show(url)}: it lists no pages that were not asked for in this run"

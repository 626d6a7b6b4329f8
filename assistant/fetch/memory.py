"""What is kept between runs: for each address the headers that ask only for changes, and which feeds are followed."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import zip_longest
from typing import Final

from assistant.corpus.limits import show
from assistant.errors import DocumentError
from assistant.retrieval.ledger import readable
from assistant.retrieval.store import Store

_PAGE: Final = "page:"
_FEED: Final = "feed:"
_GIVES: Final = (
    "EXISTS (SELECT 1 FROM sources WHERE (source = {0} OR (source >= {0} || '#' AND source < {0} || '$')) "
    "AND article_id IS NOT NULL AND outcome <> 'vanished')"
)


@dataclass(frozen=True, slots=True)
class Noted:
    """A listing that was read to its end: how many of its links were followed, and its validators."""

    links: int
    validators: Mapping[str, str]


class Memory:
    """Notes beside the ledger, in the same record and the same transactions.

    ``page:<address>`` holds the validators of a page that gave an article; they count as long as the ledger knows the
    article. ``feed:<address>`` holds, for a feed that is followed, those of
    every listing that was read to its end.
    """

    def __init__(self, store: Store) -> None:
        self._store = store

    def validators(self, url: str) -> dict[str, str]:
        """Return the headers that make a request for a page conditional, none when it must be fetched whole."""
        rows = self._store.query(
            f"SELECT value FROM meta WHERE key = ?1 || ?2 AND {_GIVES.format('?2')}",  # noqa: S608 - constants above
            (_PAGE, readable(url)),
        )
        return _strings(rows[0][0]) if rows else {}

    def remember(self, url: str, validators: Mapping[str, str]) -> None:
        """Note what a page gave, inside the transaction that stores its article."""
        self._store.set_meta(_PAGE + readable(url), json.dumps(dict(validators)))

    def listings(self, feed: str) -> dict[str, Noted]:
        """Return what is known of the listings that a followed feed led to, by address."""
        try:
            noted = json.loads(self._store.get_meta(_FEED + readable(feed)) or "{}")
            return {url: Noted(int(one["links"]), dict(one["validators"])) for url, one in noted.items()}
        except (ValueError, AttributeError, KeyError, TypeError):
            return {}

    def follow(self, feed: str, listings: Mapping[str, Noted]) -> None:
        """Note that ``feed`` is to be looked at again, and which of its listings were read to their end."""
        noted = {url: {"links": one.links, "validators": dict(one.validators)} for url, one in listings.items()}
        self._store.set_meta(_FEED + readable(feed), json.dumps(noted))

    def feeds(self) -> list[str]:
        """Return the feeds and sitemaps that are followed, by name."""
        rows = self._store.query(
            "SELECT key FROM meta WHERE key >= ? AND key < ? ORDER BY key", (_FEED, _FEED[:-1] + ";")
        )
        return [key[len(_FEED) :] for (key,) in rows]

    def pages(self) -> list[str]:
        """Return the addresses that gave an article which is still in the index, hosts in turns."""
        rows = self._store.query(
            "SELECT source FROM sources WHERE article_id IS NOT NULL AND outcome <> 'vanished' "
            "AND (source LIKE 'http://%' OR source LIKE 'https://%') ORDER BY source"
        )
        return _in_turns(dict.fromkeys(_page(source) for (source,) in rows))

    def unfollow(self, feeds: Iterable[str]) -> None:
        """Look at some feeds no more; the articles that they gave stay."""
        with self._store.transaction() as connection:
            connection.executemany("DELETE FROM meta WHERE key = ?", [(_FEED + readable(feed),) for feed in feeds])

    def forget_removed(self) -> None:
        """Drop the notes on pages whose articles were removed."""
        with self._store.transaction() as connection:
            connection.execute(
                f"DELETE FROM meta WHERE key >= ?1 AND key < ?2 AND NOT {_GIVES.format('substr(key, 6)')}",  # noqa: S608
                (_PAGE, _PAGE[:-1] + ";"),
            )

    def settle(self, url: str) -> None:
        """Drop the ledger's row of an address that failed before and gave no article, now that it is well."""
        self._store.forget_source(url)


def forget_feeds(store: Store, feeds: Sequence[str]) -> int:
    """Look at some feeds and sitemaps no more, the articles that they gave stay; return how many there were.

    Raises:
        DocumentError: one of them is not followed; none was forgotten.
    """
    memory = Memory(store)
    followed = memory.feeds()
    for feed in feeds:
        if feed not in followed:
            names = ", ".join(map(show, followed)) or "none"
            raise DocumentError(f"{show(feed)} is not followed; feeds and sitemaps that are: {names}", feed)
    with store.writing(), store.transaction():
        memory.unfollow(feeds)
    return len(set(feeds))


def _in_turns(pages: Iterable[str]) -> list[str]:
    """Return the pages of several hosts in turns, so that the pause that one host wants is used for another."""
    hosts: dict[str, list[str]] = {}
    for page in pages:
        hosts.setdefault(page.split("/")[2], []).append(page)
    return [page for turn in zip_longest(*hosts.values()) for page in turn if page is not None]


def _strings(text: str) -> dict[str, str]:
    try:
        return {str(name): str(value) for name, value in json.loads(text).items()}
    except (ValueError, AttributeError):
        return {}


def _page(source: str) -> str:
    """Return the address of a source, without the number of the article there; addresses have no other fragment."""
    return source.partition("#")[0]

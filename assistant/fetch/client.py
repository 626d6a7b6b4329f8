"""Fetching one page: robots.txt first, redirects by hand, limits throughout, and a plain reason when it fails."""

from __future__ import annotations

import ssl
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from email.utils import parsedate_to_datetime
from typing import Final

import httpx

from assistant.fetch.addresses import PUBLIC, Policy
from assistant.fetch.body import ACCEPT, check_type, read_body
from assistant.fetch.errors import FetchError, refuse_detour, refuse_status
from assistant.fetch.network import Network
from assistant.fetch.pace import SHARED, Pace
from assistant.fetch.robots import MAX_BYTES, Robots
from assistant.fetch.urls import join, parse
from assistant.fetch.wire import AGENT, Limits, Wire, agent

Known = Callable[[str], Mapping[str, str]]
"""The headers that make a request for an address conditional; none when it is to be fetched anyway."""

_VALIDATORS: Final = {"etag": "If-None-Match", "last-modified": "If-Modified-Since"}
_LONGEST_VALIDATOR: Final = 1000


@dataclass(frozen=True, slots=True)
class Fetched:
    """What an address gave.

    Attributes:
        asked: the address that was asked for, final: where the redirects ended.
        data: the bytes, unpacked; None when nothing has changed since the validators were given (HTTP 304).
        charset: the character set that the server names.
        validators: headers that make the next request conditional.
        modified_ns: nanoseconds since 1970 of Last-Modified, 0 where there is none.
        lasting: whether all redirects were for good.
    """

    asked: str
    final: str
    data: bytes | None
    charset: str | None = None
    validators: Mapping[str, str] = field(default_factory=dict)
    modified_ns: int = 0
    lasting: bool = True


class Client:
    """Fetches pages of the public internet; see docs/fetching.md for all that it refuses.

    The arguments are seams for tests. No setting and no command reaches them.

    Args:
        policy: where connections may go.
        network: how names become addresses and addresses connections.
        pace: who asked which host when; by default one for the whole process.
        trust: whom to believe who a host is; one that does not check is refused.
        limits: what one fetch may cost.
    """

    def __init__(
        self,
        policy: Policy = PUBLIC,
        network: Network | None = None,
        pace: Pace = SHARED,
        trust: ssl.SSLContext | None = None,
        limits: Limits | None = None,
    ) -> None:
        self._wire = Wire(policy, network or Network(), pace, trust, limits or Limits())
        self._robots = Robots(AGENT, self._rules)
        self._always = {
            "User-Agent": agent(),
            "Accept": ACCEPT,
            "Accept-Encoding": "gzip",
            "Accept-Language": "en, *;q=0.5",
            "Connection": "close",
        }

    def fetch(self, address: str, known: Known = lambda _: {}) -> Fetched:
        """Fetch one page.

        Args:
            address: as a user gives it.
            known: called with every address on the way.

        Raises:
            DocumentError: the address has a form that is not asked for; nothing was connected to.
            FetchError: it gave nothing that can be read; the message says why and what to do.
        """
        url = parse(address, self._wire.policy)
        try:
            return self._fetch(url, known)
        except FetchError as error:
            error.source = str(url)  # a hop may have raised it
            raise

    def resolve(self, base: str, link: str) -> str:
        """Return the address to which ``link`` on the page ``base`` leads.

        Raises:
            DocumentError: it has a form that is not asked for.
        """
        return str(join(httpx.URL(base), link, self._wire.policy))

    def _fetch(self, url: httpx.URL, known: Known) -> Fetched:
        asked = str(url)
        with self._wire.follow(url, lambda hop: {**self._always, **known(hop)}, self._robots.check) as (
            answer,
            lasting,
        ):
            final = answer.request.url
            if answer.status_code == 304 and known(str(final)):
                return Fetched(asked, str(final), None, lasting=lasting)
            if answer.status_code not in (200, 203):
                raise refuse_status(asked, answer.status_code, answer.headers.get("retry-after"))
            charset = check_type(asked, answer)
            data = read_body(asked, answer, self._wire.limits.bytes)
        if refusal := refuse_detour(url, final, data):
            raise refusal
        given = _validators(answer.headers)
        stamp = _nanoseconds(answer.headers.get("last-modified", ""))
        return Fetched(asked, str(final), data, charset, given, stamp, lasting)

    def _rules(self, place: httpx.URL) -> tuple[int, bytes]:
        """Return the status and the bytes of a robots.txt; whether it may be fetched is not asked."""
        headers = {**self._always, "Accept": "text/plain, */*;q=0.5"}
        with self._wire.follow(place, lambda _: headers, lambda _: 0.0) as (answer, _):
            if answer.status_code != 200:
                return answer.status_code, b""
            return 200, read_body(str(place), answer, MAX_BYTES, cut=True)


def _validators(headers: Mapping[str, str]) -> dict[str, str]:
    found = {}
    for name, condition in _VALIDATORS.items():
        value = headers.get(name, "")
        if value and len(value) <= _LONGEST_VALIDATOR and value.isascii() and value.isprintable():
            found[condition] = value
    return found


def _nanoseconds(value: str) -> int:
    try:
        return max(0, int(parsedate_to_datetime(value).timestamp())) * 1_000_000_000
    except (ValueError, OverflowError, TypeError, IndexError):
        return 0

"""robots.txt: what a site asks programs not to fetch (RFC 9309)."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Final

import httpx

from assistant.fetch.errors import FetchError

if TYPE_CHECKING:
    from protego import Protego

MAX_BYTES: Final = 500_000
"""As much of it is read (RFC 9309, section 2.5, asks for 500 KiB at least); the rest is ignored."""

Ask = Callable[[httpx.URL], tuple[int, bytes]]
"""Returns the status and the body of an address, redirects followed; raises FetchError."""


class Robots:
    """The rules of the hosts that were met, each asked for once.

    Args:
        agent: the name that rules are looked up for.
        ask: fetches a robots.txt.
    """

    def __init__(self, agent: str, ask: Ask) -> None:
        self._agent = agent
        self._ask = ask
        self._known: dict[str, Protego | FetchError] = {}

    def check(self, url: httpx.URL) -> float:
        """Return the pause in seconds that the host of ``url`` wants between requests, 0.0 when it says nothing.

        A host without the file (4xx) allows everything; one that fails to give it (5xx, no connection) nothing.

        Raises:
            FetchError: the rules do not allow this address, or they cannot be had.
        """
        place = url.copy_with(raw_path=b"/robots.txt")
        if (key := str(place)) not in self._known:
            self._known[key] = self._fetched(place)
        rules = self._known[key]
        if isinstance(rules, FetchError):
            raise FetchError(str(url), rules.reason, temporary=rules.temporary)
        if not rules.can_fetch(str(url), self._agent):
            reason = f"the site does not want programs to fetch it (robots.txt of {url.host}); save the page and add it"
            raise FetchError(str(url), reason)
        return float(rules.crawl_delay(self._agent) or 0.0)

    def _fetched(self, place: httpx.URL) -> Protego | FetchError:
        from protego import Protego

        try:
            status, body = self._ask(place)
        except FetchError as error:
            return error
        if status >= 500 or status == 429:
            reason = f"its robots.txt cannot be had (HTTP {status}), so that nothing may be fetched; try again later"
            return FetchError(str(place), reason, temporary=True)
        rules = body.decode("utf-8-sig", "replace").replace("\0", "") if status == 200 else ""
        return Protego.parse(rules)

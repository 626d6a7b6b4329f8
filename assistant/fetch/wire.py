"""HTTP: one request after the other along redirects, each connection checked, nothing kept and nothing logged."""

from __future__ import annotations

import logging
import ssl
from collections.abc import Callable, Iterator, Mapping
from contextlib import closing, contextmanager, suppress
from contextvars import ContextVar
from dataclasses import dataclass
from functools import cache
from importlib.metadata import PackageNotFoundError, version
from typing import Final

import httpcore
import httpx

from assistant.errors import DocumentError
from assistant.fetch.addresses import Policy
from assistant.fetch.errors import FetchError
from assistant.fetch.network import Backend, Deadline, Network
from assistant.fetch.pace import Pace
from assistant.fetch.urls import join

AGENT: Final = "news-assistant"
REDIRECTS: Final = frozenset({301, 302, 303, 307, 308})

_LOGGERS: Final = ("httpcore.connection", "httpcore.http11")
_QUIET: ContextVar[bool] = ContextVar("quiet", default=False)

Headers = Callable[[str], Mapping[str, str]]
"""What is sent with a request besides what is always sent, by address."""

Allow = Callable[[httpx.URL], float]
"""Raises when an address must not be asked for, else returns the pause in seconds that its host wants."""


@dataclass(frozen=True, slots=True)
class Limits:
    """What one fetch may cost: seconds of wall clock, bytes after decompression, redirects."""

    seconds: float = 10.0
    bytes: int = 10_000_000
    redirects: int = 5


class Wire:
    """Sends requests to checked addresses only.

    Args:
        policy: where connections may go.
        network: how names become addresses and addresses connections.
        pace: whose turn it is.
        trust: whom to believe who a host is; by default the authorities that ship with certifi. One that does not
            check is refused.
        limits: what one fetch may cost.
    """

    def __init__(
        self, policy: Policy, network: Network, pace: Pace, trust: ssl.SSLContext | None, limits: Limits
    ) -> None:
        if trust is not None and not (trust.check_hostname and trust.verify_mode == ssl.CERT_REQUIRED):
            raise ValueError("this TLS context does not check who the host is; fetching never goes without")
        self.policy = policy
        self.limits = limits
        self._network = network
        self._pace = pace
        self._given = trust

    @contextmanager
    def follow(self, url: httpx.URL, headers: Headers, allow: Allow) -> Iterator[tuple[httpx.Response, bool]]:
        """Ask for ``url``, and for where it redirects to, each hop checked like the first.

        Args:
            url: of :func:`assistant.fetch.urls.parse`.
            headers: called with each address that is asked for.
            allow: called before each request.

        Yields:
            The answer that is no redirect, its body not read yet, and whether all redirects were for good.

        Raises:
            FetchError: whatever goes wrong, also while the body is read, as one sentence about ``url``.
        """
        deadline, cookies, lasting, here = Deadline(self.limits.seconds), httpx.Cookies(), True, url
        backend = Backend(str(url), self.policy, self._network, deadline)
        with _translated(str(url), deadline), _silence(), closing(self._pool(backend)) as pool:
            for _ in range(self.limits.redirects + 1):
                pause = allow(here)
                request = httpx.Request("GET", here, headers=dict(headers(str(here))))
                with suppress(UnicodeEncodeError):  # a cookie that is not ASCII is not sent
                    cookies.set_cookie_header(request)
                with self._pace.turn(here.host, pause), deadline, closing(_send(pool, request)) as answer:
                    cookies.extract_cookies(answer)
                    if answer.status_code not in REDIRECTS or "location" not in answer.headers:
                        yield answer, lasting
                        return
                    lasting = lasting and answer.status_code in (301, 308)
                    here = self._next(url, here, answer)
        raise FetchError(str(url), f"it redirects more than {self.limits.redirects} times; copy the address it ends at")

    def _next(self, url: httpx.URL, here: httpx.URL, answer: httpx.Response) -> httpx.URL:
        try:
            return join(here, answer.headers["location"], self.policy)
        except DocumentError as error:
            raise FetchError(str(url), f"it redirects to where nothing is fetched: {error}") from error

    def _pool(self, backend: Backend) -> httpcore.ConnectionPool:
        """Return connections for one fetch; none is kept for another, and no proxy of the environment is asked."""
        trust = self._given or _authorities()
        return httpcore.ConnectionPool(ssl_context=trust, network_backend=backend, max_keepalive_connections=0)


@cache
def _authorities() -> ssl.SSLContext:
    """Return whom to believe by default; made once, it takes long."""
    return httpx.create_ssl_context(trust_env=False)


def _send(pool: httpcore.ConnectionPool, request: httpx.Request) -> httpx.Response:
    """Send a request; ``httpx.Client`` has no argument for a network of our own, and follows redirects its own way."""
    url = httpcore.URL(
        scheme=request.url.raw_scheme, host=request.url.raw_host, port=request.url.port, target=request.url.raw_path
    )
    answer = pool.handle_request(httpcore.Request(request.method, url, headers=request.headers.raw))
    return httpx.Response(answer.status, headers=answer.headers, stream=_Body(answer), request=request)


class _Body(httpx.SyncByteStream):
    def __init__(self, answer: httpcore.Response) -> None:
        self._answer = answer

    def __iter__(self) -> Iterator[bytes]:
        yield from self._answer.iter_stream()

    def close(self) -> None:
        self._answer.close()


@contextmanager
def _translated(url: str, deadline: Deadline) -> Iterator[None]:
    """Turn what httpx and httpcore raise into sentences."""
    try:
        yield
    except (httpcore.TimeoutException, httpx.TimeoutException) as error:
        reason = f"it took longer than {deadline.seconds:g} s; try again later, or save the page and add the file"
        raise FetchError(url, reason, temporary=True) from error
    except httpcore.ConnectError as error:
        raise FetchError(url, "the host cannot be reached; check the network, try later", temporary=True) from error
    except (httpcore.ProtocolError, httpcore.NetworkError, httpx.HTTPError, httpx.InvalidURL) as error:
        reason = "the connection broke before the page was whole, or was no HTTP; try again later"
        raise FetchError(url, reason, temporary=True) from error


@contextmanager
def _silence() -> Iterator[None]:
    """Keep addresses, which may hold secrets, out of the logs of httpcore, whatever their level."""
    for name in _LOGGERS:
        logging.getLogger(name).addFilter(_loud)  # adding one twice does nothing
    before = _QUIET.set(True)
    try:
        yield
    finally:
        _QUIET.reset(before)


def _loud(_: logging.LogRecord) -> bool:
    return not _QUIET.get()


def agent() -> str:
    """Return the name under which pages are asked for: the project's, with its version."""
    try:
        return f"{AGENT}/{version('news-assistant')}"
    except PackageNotFoundError:
        return AGENT

"""Connections: names are looked up here, every address is checked, and the one checked is the one connected to."""

from __future__ import annotations

import queue
import socket
import ssl
import threading
import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Final, Self

import httpcore

from assistant.corpus.limits import show
from assistant.fetch.addresses import Policy
from assistant.fetch.errors import FetchError, refuse_certificate

_ONE_CONNECT_S: Final = 4.0
"""Longest wait for one of several addresses, so that one that is silent leaves time for the others."""


class Deadline:
    """Wall-clock time for one fetch; runs inside ``with`` only, so that waiting one's turn does not count."""

    def __init__(self, seconds: float) -> None:
        self.seconds = seconds
        self._spent = 0.0
        self._since: float | None = None

    def __enter__(self) -> Self:
        """Let the time run."""
        self._since = time.monotonic()
        return self

    def __exit__(self, *_: object) -> None:
        """Stop the time."""
        self._spent += time.monotonic() - (self._since or 0.0)
        self._since = None

    def left(self, most: float | None = None) -> float:
        """Return the seconds left, at most ``most``.

        Raises:
            httpcore.ReadTimeout: there are none.
        """
        running = time.monotonic() - self._since if self._since is not None else 0.0
        left = self.seconds - self._spent - running
        if left <= 0:
            raise httpcore.ReadTimeout
        return left if most is None else min(left, most)


def look_up(host: str, port: int) -> list[str]:
    """Return the addresses of a host in the order in which the system wants them tried."""
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(entry[4][0]) for entry in found))


def dial(address: str, port: int, seconds: float) -> httpcore.NetworkStream:
    """Connect to an address, never to a name."""
    return httpcore.SyncBackend().connect_tcp(address, port, timeout=seconds)


@dataclass(frozen=True, slots=True)
class Network:
    """How names become addresses and addresses connections; tests pass scripted ones."""

    look_up: Callable[[str, int], Sequence[str]] = look_up
    dial: Callable[[str, int, float], httpcore.NetworkStream] = dial


class Backend(httpcore.NetworkBackend):
    """The network as httpcore sees it, for one fetch of one page.

    A name is looked up once for each connection. If a single one of its addresses is not public the host is refused
    as a whole; otherwise the connection goes to one of the addresses that were checked, with no second look-up that
    could say something else (DNS rebinding). Every step ends at the deadline.
    """

    def __init__(self, url: str, policy: Policy, network: Network, deadline: Deadline) -> None:
        self._url = url
        self._policy = policy
        self._network = network
        self._deadline = deadline

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[Any] | None = None,
    ) -> httpcore.NetworkStream:
        """Connect to ``host``, if all that DNS says of it is public.

        Raises:
            FetchError: there is no such host, or it has an address that is not public.
            httpcore.ConnectError: it cannot be reached; ``httpcore.ReadTimeout``: not in time.
        """
        del timeout, local_address, socket_options  # the deadline counts, and nobody sets the others
        addresses = self._checked(host, port)
        failure: Exception = httpcore.ConnectError()
        for address in addresses:
            most = self._deadline.left(None if len(addresses) == 1 else _ONE_CONNECT_S)
            try:
                return _Stream(self._network.dial(address, port, most), self._url, self._deadline)
            except (httpcore.ConnectError, httpcore.ConnectTimeout) as error:
                failure = error
        raise failure

    def _checked(self, host: str, port: int) -> Sequence[str]:
        try:
            addresses = _in_time(lambda: self._network.look_up(host, port), self._deadline)
        except (OSError, UnicodeError) as error:
            again = isinstance(error, OSError) and error.errno == socket.EAI_AGAIN
            reason = f"the host {show(host)} cannot be found; check the address and the network"
            raise FetchError(self._url, reason, temporary=again) from error
        for address in addresses:
            if not self._policy.allows(address):
                reason = f"the host {show(host)} has the address {address}, which is not on the public internet"
                raise FetchError(self._url, f"{reason}; save the page and add the file")
        return addresses


class _Stream(httpcore.NetworkStream):
    """A connection whose every step ends at the deadline."""

    def __init__(self, stream: httpcore.NetworkStream, url: str, deadline: Deadline) -> None:
        self._stream = stream
        self._url = url
        self._deadline = deadline

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        return self._stream.read(max_bytes, self._deadline.left(timeout))

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        self._stream.write(buffer, self._deadline.left(timeout))

    def close(self) -> None:
        self._stream.close()

    def start_tls(
        self, ssl_context: ssl.SSLContext, server_hostname: str | None = None, timeout: float | None = None
    ) -> httpcore.NetworkStream:
        try:
            stream = self._stream.start_tls(ssl_context, server_hostname, self._deadline.left(timeout))
        except httpcore.ConnectError as error:
            if isinstance(error.__cause__, ssl.SSLError):
                raise refuse_certificate(self._url, error.__cause__) from error
            raise
        return _Stream(stream, self._url, self._deadline)

    def get_extra_info(self, info: str) -> Any:  # noqa: ANN401 - as httpcore declares it
        return self._stream.get_extra_info(info)


def _in_time(look_up: Callable[[], Sequence[str]], deadline: Deadline) -> Sequence[str]:
    """Run a look-up, which cannot be interrupted, in a thread of its own and wait for it no longer than allowed."""
    done: queue.SimpleQueue[Sequence[str] | Exception] = queue.SimpleQueue()

    def work() -> None:
        try:
            done.put(look_up())
        except Exception as error:  # noqa: BLE001 - raised again below, in the thread that waits
            done.put(error)

    threading.Thread(target=work, name="look up a host", daemon=True).start()
    try:
        found = done.get(timeout=deadline.left())
    except queue.Empty:
        raise httpcore.ConnectTimeout from None
    if isinstance(found, Exception):
        raise found
    return found

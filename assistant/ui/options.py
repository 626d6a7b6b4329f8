"""How the page is served, and what is refused."""

from __future__ import annotations

import errno
import socket
from dataclasses import dataclass
from pathlib import Path

from assistant.errors import SettingsError
from assistant.ui.gate import Limits

LOOPBACK = frozenset({"localhost", "127.0.0.1", "[::1]", "::1"})
"""Names of this machine that nobody else can reach."""

MAX_UPLOAD = 60_000_000
"""Bytes of one upload."""


@dataclass(frozen=True, slots=True)
class Options:
    """How the page is served.

    Attributes:
        host: address to listen at; port: TCP port, 0 for any that is free.
        password: asked of everybody when set.
        unprotected: lets everybody in who can reach an address that is not this machine's own.
        read_only: whether the page cannot add and remove articles.
        reports: folder of the evaluation reports to show; by default, on a local page, the one in the index folder.
        limits: questions at once, waiting, and by client; by default :func:`usual_limits`.
    """

    host: str = "127.0.0.1"
    port: int = 7860
    password: str | None = None
    unprotected: bool = False
    read_only: bool = False
    reports: Path | None = None
    limits: Limits | None = None

    @property
    def local(self) -> bool:
        """Whether only programs of this machine can connect."""
        return self.host in LOOPBACK

    def check(self) -> None:
        """Refuse what would let strangers in unasked.

        Raises:
            SettingsError: with what to do instead.
        """
        if not self.local and not self.password and not self.unprotected:
            raise SettingsError(
                f"host '{self.host}' can be reached from other machines; "
                "set a password with --password, or say --unprotected to let everybody in"
            )

    def listen(self) -> socket.socket:
        """Return a socket that listens at host and port.

        Raises:
            SettingsError: they cannot be used; says why.
        """
        family = socket.AF_INET6 if ":" in self.host else socket.AF_INET
        try:
            return socket.create_server((self.host, self.port), family=family, backlog=512)
        except OSError as error:
            if error.errno == errno.EADDRINUSE:
                raise SettingsError(f"port {self.port} is in use; choose another one with --port") from None
            reason = error.strerror or error
            raise SettingsError(f"cannot listen at host '{self.host}', port {self.port}: {reason}") from None

"""What is taken for an address, and which network addresses may be connected to: the public internet alone."""

from __future__ import annotations

import os
import re
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network
from pathlib import Path
from typing import Final

_SCHEME: Final = re.compile(r"[\x00-\x20]*([a-z][a-z0-9+.-]+):(//)?", re.IGNORECASE)
_SCHEMES: Final = frozenset(
    "about blob data dict feed file ftp ftps git gopher http https imap jar javascript ldap ldaps mailto netdoc nntp "
    "php rtsp sftp smb ssh telnet tftp urn vbscript view-source ws wss".split()
)

_DENIED: Final = tuple(
    ip_network(block)
    for block in (
        "64:ff9b::/96",  # NAT64: any IPv4 address, also a private one, is behind it (RFC 6052)
        "64:ff9b:1::/48",  # NAT64 for local use (RFC 8215)
        "2002::/16",  # 6to4: likewise (RFC 3056)
        "2001::/32",  # Teredo: likewise (RFC 4380)
        "::/96",  # IPv4-compatible, unspecified and loopback (RFC 4291)
        "192.0.0.0/24",  # special purposes; 192.0.0.192 is a cloud's metadata service
        "192.88.99.0/24",  # 6to4 relays (RFC 7526)
        "168.63.129.16/32",  # a cloud's platform service, on an address that is public everywhere else
        "3fff::/20",  # documentation (RFC 9637), unknown to Python 3.11
        "5f00::/16",  # segment routing (RFC 9602), likewise
    )
)


def is_address(given: str | Path) -> bool:
    """Return whether ``given`` is meant as an address, whatever its scheme, and not as a path."""
    found = _SCHEME.match(text := str(given))
    if not found:
        return False
    return bool(found[2]) or (found[1].lower() in _SCHEMES and not os.path.lexists(text))


@dataclass(frozen=True, slots=True)
class Policy:
    """Where connections may go. Programs use :data:`PUBLIC`; tests pass one of their own.

    Attributes:
        ports: TCP ports that an address may name.
    """

    ports: frozenset[int] = frozenset({80, 443})

    def allows(self, address: str) -> bool:
        """Return whether ``address``, one that DNS gave, is on the public internet.

        ``is_global`` alone lets through what tunnels to private addresses, multicast, and what Python's tables do
        not know (docs/fetching.md lists it).
        """
        try:
            found = ip_address(address)
        except ValueError:
            return False
        return _public(found)


PUBLIC: Final = Policy()


def _public(address: IPv4Address | IPv6Address) -> bool:
    if isinstance(address, IPv6Address):
        if address.scope_id is not None or address.is_site_local:
            return False
        if address.ipv4_mapped is not None:
            address = address.ipv4_mapped
    if not address.is_global or address.is_multicast or address.is_reserved:
        return False
    return not any(address.version == block.version and address in block for block in _DENIED)

"""Addresses as text: what may be asked for at all, before anything is looked up."""

from __future__ import annotations

import re
from typing import Final, NoReturn

import httpx

from assistant.corpus.limits import show
from assistant.errors import DocumentError
from assistant.fetch.addresses import Policy

MAX_CHARS: Final = 4000

_FORM: Final = re.compile(r"([A-Za-z][A-Za-z0-9+.-]*):(//)?([^/?#]*)", re.DOTALL)
_PORTS: Final = {"http": 80, "https": 443}


def parse(text: str, policy: Policy) -> httpx.URL:
    """Return an address in the form in which it is asked for, without its fragment.

    Raises:
        DocumentError: not http or https, no host, another port, a user name, or characters that do not belong there.
    """
    if len(text) > MAX_CHARS:
        _refuse(text, f"it has {len(text):,} characters, over the limit of {MAX_CHARS:,}; shorten it")
    if any(c.isspace() or not c.isprintable() or c == "\\" for c in text):
        _refuse(
            text, "it holds spaces, backslashes or characters that cannot be seen; remove them or write them as %20"
        )
    form = _FORM.match(text)
    if not form or form[1].lower() not in _PORTS:
        _refuse(text, "only http and https addresses are fetched; save what is there and add the file")
    if not form[2] or not form[3]:
        _refuse(text, "it names no host; write it in full, as in https://host/article.html")
    if "@" in form[3]:
        _refuse(text, "it names a user before the host; remove that, nothing is fetched with a user name or password")
    try:
        url = httpx.URL(text).copy_with(fragment=None)
        host, port = url.host, url.port
    except (httpx.InvalidURL, ValueError):
        _refuse(text, "it is not a valid address; copy it from a browser's address bar")
    if not host or url.userinfo:
        _refuse(text, "it names no host; write it in full, as in https://host/article.html")
    if (_PORTS[url.scheme] if port is None else port) not in policy.ports:
        _refuse(text, f"it names port {port}; only ports 80 and 443 are connected to")
    return url


def join(base: httpx.URL, link: str, policy: Policy) -> httpx.URL:
    """Return where ``link`` on the page ``base`` leads.

    Raises:
        DocumentError: as for :func:`parse`.
    """
    try:
        target = link if re.match(r"[A-Za-z][A-Za-z0-9+.-]*:", link) else str(base.join(link))
    except (httpx.InvalidURL, ValueError):
        target = link
    return parse(target, policy)


def _refuse(text: str, reason: str) -> NoReturn:
    raise DocumentError(f"cannot fetch {show(text)}: {reason}", text)

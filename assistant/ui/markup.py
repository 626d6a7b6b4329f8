"""HTML that cannot be left unescaped: text becomes :class:`Html` only through :func:`text` and :func:`el`."""

from __future__ import annotations

import html
from collections.abc import Iterable
from urllib.parse import urlsplit

from assistant.show import escape


class Html(str):
    """Markup that is safe to put on the page; made by this module, or of constants."""

    __slots__ = ()


Child = str | None | Iterable[Html]

_EMPTY = frozenset({"br", "input", "meta", "wbr"})


def text(value: str) -> Html:
    """Return text as markup between tags; control and bidirectional characters are shown as escapes."""
    return Html(html.escape(_visible(value), quote=False))


def el(tag: str, *children: Child, **attributes: str | int | bool | None) -> Html:
    """Return an element.

    Args:
        tag: its name, a constant of the caller.
        children: markup as it is, other strings escaped, None left out.
        attributes: ``class_`` for ``class``, ``data_turn`` for ``data-turn``; values are escaped, True stands for an
            attribute without a value, None and False leave it out.
    """
    parts = [tag]
    for name, value in attributes.items():
        if value is None or value is False:
            continue
        shown = name.rstrip("_").replace("_", "-")
        parts.append(shown if value is True else f'{shown}="{html.escape(_visible(str(value)), quote=True)}"')
    opened = f"<{' '.join(parts)}>"
    return Html(opened if tag in _EMPTY else f"{opened}{join(*children)}</{tag}>")


def join(*children: Child) -> Html:
    """Return the children one after the other."""
    parts: list[str] = []
    for child in children:
        if isinstance(child, Html):
            parts.append(str(child))
        elif isinstance(child, str):
            parts.append(str(text(child)))
        elif child is not None:
            parts.append(str(join(*child)))
    return Html("".join(parts))


def counted(count: int, noun: str) -> str:
    """Return ``1 article``, ``2,000 articles``."""
    return f"{count:,} {noun}" if count == 1 else f"{count:,} {noun}s"


def web_address(url: str | None) -> str | None:
    """Return the address when it leads to a web page and nowhere else: http or https, a host, no user name."""
    if not url or any(c.isspace() or not c.isprintable() for c in url):
        return None
    try:
        parts = urlsplit(url)
        usable = parts.scheme in ("http", "https") and parts.hostname and "@" not in parts.netloc and "\\" not in url
    except ValueError:
        return None
    return url if usable else None


def outside_link(url: str | None) -> Html | None:
    """Return a link to the original with its host in view, None when the address is not a web page's."""
    address = web_address(url)
    if address is None:
        return None
    host = urlsplit(address).hostname or ""
    return el(
        "a",
        f"Original at {host}",
        href=address,
        target="_blank",
        rel="noopener noreferrer nofollow",
        class_="outside",
    )


def button(label: str, act: str, **attributes: str | int | bool | None) -> Html:
    """Return a button that the page's scripts or its own events act on."""
    classes = " ".join(filter(None, ("na-button", str(attributes.pop("class_", None) or ""))))
    return el("button", label, type="button", class_=classes, data_act=act, **attributes)


def _visible(value: str) -> str:
    return "\n".join(escape(line) for line in value.split("\n"))

"""Options that several commands share, and the checks of their values."""

from __future__ import annotations

import re
from calendar import monthrange
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, TypeVar

import click

if TYPE_CHECKING:
    from assistant.types import Filters, Zone

Function = TypeVar("Function", bound=Callable[..., Any])

SEARCHABLE: Final = ("body", "caption", "comment", "heading")


def _day(value: str | None, *, end: bool) -> str | None:
    """Return ``2017-08-03`` for itself and the first or, with ``end``, the last day of ``2017-08`` or ``2017``."""
    if value is None:
        return None
    parts = re.fullmatch(r"([0-9]{4})(?:-([0-9]{2})(?:-([0-9]{2}))?)?", value.strip())
    try:
        if not parts:
            raise ValueError
        year = int(parts[1])
        month = int(parts[2] or (12 if end else 1))
        day = int(parts[3] or (monthrange(year, month)[1] if end else 1))
        return date(year, month, day).isoformat()
    except ValueError:
        raise click.BadParameter(f"{value!r} is not a date; write it as 2017-08-03, 2017-08 or 2017") from None


def _first_day(_: click.Context, __: click.Parameter, value: str | None) -> str | None:
    return _day(value, end=False)


def _last_day(_: click.Context, __: click.Parameter, value: str | None) -> str | None:
    return _day(value, end=True)


def _zones(_: click.Context, __: click.Parameter, value: str | None) -> tuple[str, ...] | None:
    if value is None:
        return None
    zones = tuple(dict.fromkeys(part.strip() for part in value.split(",") if part.strip()))
    if not zones or not set(zones) <= set(SEARCHABLE):
        raise click.BadParameter(f"{value!r} is not a list of zones; choose of {', '.join(SEARCHABLE)}")
    return zones


def _remember_index(ctx: click.Context, _: click.Parameter, value: str | None) -> None:
    if value == "":
        raise click.BadParameter("the folder has no name")
    if value is not None:
        ctx.meta["index"] = value


index_option = click.option(
    "--index",
    metavar="DIR",
    type=click.Path(file_okay=False),
    expose_value=False,
    callback=_remember_index,
    help="Folder of the index; by default the one of the settings.",
)


def filter_options(command: Function) -> Function:
    """Add the options that say what a search may use."""
    for option in (
        click.option(
            "--zones", callback=_zones, metavar="LIST", help="Of body,caption,comment,heading; else body,caption."
        ),
        click.option("--publisher", "publishers", multiple=True, metavar="NAME", help="Only of this one; repeatable."),
        click.option("--until", callback=_last_day, metavar="DATE", help="Published then or before."),
        click.option(
            "--since", callback=_first_day, metavar="DATE", help="Published then or later: 2017-08-03, 2017-08, 2017."
        ),
    ):
        command = option(command)
    return command


def index_folder() -> Path | None:
    """Return what --index said, None when it did not."""
    index = click.get_current_context().meta.get("index")
    return Path(index) if index else None


def make_filters(
    since: str | None, until: str | None, publishers: tuple[str, ...], zones: tuple[Zone, ...] | None
) -> Filters:
    """Return the filters that the options ask for."""
    from assistant.types import Filters

    if since and until and since > until:
        raise click.UsageError(f"--since {since} is later than --until {until}.")
    filters = Filters(since=since, until=until, publishers=publishers)
    return Filters(since, until, publishers, zones) if zones else filters

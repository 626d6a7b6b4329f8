"""Options that several commands share, and the checks of their values."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, TypeVar

import click

from assistant.errors import QuestionError
from assistant.questions import check_filters, parse_day

if TYPE_CHECKING:
    from assistant.types import Filters, Zone

Function = TypeVar("Function", bound=Callable[..., Any])

SEARCHABLE: Final = ("body", "caption", "comment")
"""Zones to choose from: headings stand before passages and are none, boilerplate says nothing of the news."""


def _day(value: str | None, *, end: bool) -> str | None:
    try:
        return None if value is None else parse_day(value, end=end)
    except QuestionError as error:
        raise click.BadParameter(str(error)) from None


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
        click.option("--zones", callback=_zones, metavar="LIST", help="Of body,caption,comment; else body,caption."),
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

    filters = Filters(since, until, publishers)
    try:
        return check_filters(replace(filters, zones=zones) if zones else filters)
    except QuestionError as error:
        raise click.UsageError(str(error)) from None

"""``news-assistant backup`` and ``restore``."""

from __future__ import annotations

from pathlib import Path

import click

from assistant.options import index_folder, index_option
from assistant.show import escape


@click.command()
@index_option
@click.argument("file", type=click.Path(path_type=Path))
def backup(file: Path) -> None:
    """Copy the index into one file, as of this moment. Asking and adding may go on meanwhile."""
    from assistant.backup import back_up
    from assistant.settings import load_settings

    counts = back_up(index_folder() or load_settings().index, file)
    size = file.stat().st_size / 1e6
    click.echo(escape(f"{counts.articles} articles backed up to '{file}', {size:.1f} MB, read back and checked"))


@click.command()
@index_option
@click.argument("file", type=click.Path(path_type=Path))
def restore(file: Path) -> None:
    """Make the index what it was when FILE was backed up. The one that is there now is kept aside."""
    from assistant.restore import rebuild, restore
    from assistant.settings import load_settings

    settings = load_settings()
    folder = index_folder() or settings.index
    done = restore(folder, file)
    click.echo(escape(f"{done.counts.articles} articles restored from '{file}'"))
    if done.kept:
        click.echo(escape(f"what was there before is kept in '{done.kept}'; delete it when nothing is missed"))
    rebuild(folder, settings)

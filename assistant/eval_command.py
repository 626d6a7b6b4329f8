"""The command that runs the question sets of a checkout; they are no part of the installed package."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import click

from assistant.errors import SettingsError

CHECKOUT = Path(__file__).parents[1]
SUITE = "evals"
"""Folder of the checkout that measures the assistant; the package knows its name and how it is started, no more."""


@click.command(
    "eval", context_settings={"ignore_unknown_options": True, "allow_extra_args": True, "help_option_names": []}
)
@click.argument("arguments", nargs=-1, type=click.UNPROCESSED)
def evaluate(arguments: tuple[str, ...]) -> None:
    """Measure answers on a question set. --init drafts one from your index; --help says more. Needs a checkout."""
    if not (CHECKOUT / SUITE / "__main__.py").is_file():
        raise SettingsError(
            "the question sets are not part of the installed package; check out the project and run there: "
            "python -m evals --help"
        )
    paths = [str(CHECKOUT), *filter(None, [os.environ.get("PYTHONPATH")])]
    done = subprocess.run(
        [sys.executable, "-m", SUITE, *arguments],
        env={**os.environ, "PYTHONPATH": os.pathsep.join(paths)},
        check=False,
    )
    sys.exit(done.returncode)

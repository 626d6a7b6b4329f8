"""How the commands end: every foreseeable error is one sentence on stderr and an exit code, never a traceback."""

from __future__ import annotations

import errno
import io
import os
import signal
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import Any, NoReturn

import click

from assistant.errors import AssistantError
from assistant.show import complain, escape

ERROR, REFUSED, SKIPPED, INTERRUPTED, TERMINATED = 1, 3, 4, 130, 143


class _Terminated(BaseException):
    """SIGTERM arrived; unwinds like Ctrl-C, so that open transactions are undone."""


class Commands(click.Group):
    """The commands, with every foreseeable error as one sentence and an exit code."""

    def make_context(
        self,
        info_name: str | None,
        args: list[str],
        parent: click.Context | None = None,
        **extra: Any,  # noqa: ANN401 - as click declares them
    ) -> click.Context:
        """Parse the arguments; what is quoted of them in a complaint cannot steer the terminal."""
        with _escaped():
            return super().make_context(info_name, args, parent, **extra)

    def invoke(self, ctx: click.Context) -> Any:  # noqa: ANN401 - whatever a command returns
        """Run the command."""
        _ready_streams()
        try:
            with _escaped(), _sigterm():
                try:
                    return super().invoke(ctx)
                finally:
                    sys.stdout.flush()
        except AssistantError as error:
            raise click.ClickException(escape(str(error))) from error
        except KeyboardInterrupt:
            _interrupted(ctx, INTERRUPTED)
        except _Terminated:
            _interrupted(ctx, TERMINATED)
        except OSError as error:
            _output_failed(error)


def _ready_streams() -> None:
    """Let half characters pass as escapes, and replace streams that the parent closed by the null device."""
    for name, mode in (("stdin", "r"), ("stdout", "w"), ("stderr", "w")):
        stream = getattr(sys, name)
        if stream is None:
            setattr(sys, name, open(os.devnull, mode, encoding="utf-8"))  # noqa: SIM115 - open until the process ends
        elif isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")


@contextmanager
def _escaped() -> Iterator[None]:
    try:
        yield
    except click.ClickException as error:
        if isinstance(error, click.exceptions.NoArgsIsHelpError):
            raise
        message = escape(error.format_message())
        if isinstance(error, click.UsageError):
            raise click.UsageError(message, error.ctx) from error
        raise click.ClickException(message) from error


@contextmanager
def _sigterm() -> Iterator[None]:
    """Let SIGTERM unwind the stack, where signals can be received at all: in the main thread."""

    def unwind(*_: object) -> None:
        raise _Terminated

    try:
        former = signal.signal(signal.SIGTERM, unwind)
    except ValueError:
        yield
        return
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, former)


def _interrupted(ctx: click.Context, code: int) -> NoReturn:
    kept = ctx.invoked_subcommand in ("add", "refresh")
    complain(
        "Interrupted: what is done stays in the index; the same command goes on from there." if kept else "Interrupted."
    )
    ctx.exit(code)


def _output_failed(error: OSError) -> NoReturn:
    """Say what failed, except to a reader who has gone; what is still buffered must not fail a second time."""
    with suppress(OSError, AttributeError):
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    if error.errno == errno.EPIPE:
        sys.exit(ERROR)
    where = f" '{error.filename}'" if error.filename else " the output"
    raise click.ClickException(
        escape(f"cannot read or write{where}: {error.strerror}; check permissions and space")
    ) from error

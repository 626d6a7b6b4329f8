"""The command that serves the page; light to import, so that the other commands stay quick."""

from __future__ import annotations

from importlib.util import find_spec
from pathlib import Path

import click

from assistant.errors import SettingsError
from assistant.options import index_folder, index_option
from assistant.show import complain


@click.command()
@index_option
@click.option("--host", default="127.0.0.1", show_default=True, help="Address to listen at.")
@click.option("--port", default=7860, show_default=True, type=click.IntRange(0, 65535), help="0 takes a free one.")
@click.option(
    "--password",
    envvar="ASSISTANT_PASSWORD",
    help="Asked of everybody; programs send it as a bearer token. Better set as ASSISTANT_PASSWORD than shown here.",
)
@click.option(
    "--unprotected", is_flag=True, help="Let in everybody who can reach a host that is not this machine's own."
)
@click.option("--read-only", is_flag=True, help="Take no articles and remove none; uploads are off.")
@click.option(
    "--reports",
    metavar="DIR",
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    help="Folder of the evaluation reports to show; else `reports` in the index folder, on this machine only.",
)
def serve(host: str, port: int, password: str | None, unprotected: bool, read_only: bool, reports: Path | None) -> None:
    """Serve the web page and endpoints for programs. These are REST, OpenAI's protocol and MCP."""
    if find_spec("gradio") is None:
        raise SettingsError("the page needs gradio; install it with: pip install 'news-assistant[ui]'")
    from assistant.pipeline import Assistant
    from assistant.ui.options import Options

    options = Options(host, port, password or None, unprotected=unprotected, read_only=read_only, reports=reports)
    options.check()
    folder = index_folder()
    listening = options.listen()
    with listening, Assistant.open(folder, create=not read_only) as assistant:
        complain("Starting the page …")
        from assistant.ui.server import serve as run

        run(assistant, options, listening, folder, lambda at: complain(f"The page is at {at} (Ctrl-C ends it)"))

"""The command line: ``news-assistant add | ask | doctor ...``; ``--help`` lists the commands.

Results go to stdout, everything else to stderr. Exit codes:

====  =================================================================================
0     done; the question was answered
1     an error, said in one sentence on stderr; with ``ask --json -``: a line had one; with
      ``add`` and ``refresh`` also when not all could be embedded: what was read is kept
2     the command line itself is wrong
3     the question was refused: the articles do not say
4     added, but some sources were skipped
130   interrupted (Ctrl-C); 143: ended (SIGTERM). What was finished is kept
====  =================================================================================

Heavy modules are imported inside the commands: ``--help`` must answer at once.
"""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Any, NoReturn

import click

from assistant.backup_command import backup, restore
from assistant.command_group import ERROR, REFUSED, SKIPPED, Commands
from assistant.errors import EmbedderError, StoreLocked
from assistant.eval_command import evaluate
from assistant.options import filter_options, index_folder, index_option, make_filters
from assistant.show import added_text, article_line, articles_json, as_json, complain, escape, progress
from assistant.ui.command import serve

if TYPE_CHECKING:
    from collections.abc import Sequence

    from assistant.pipeline import Assistant
    from assistant.types import SourceReport

HELP = """Ask questions of news articles; every statement is tied to the exact words that say it.

\b
  news-assistant add articles/
  news-assistant ask "Who is excluded from the truce?"
"""
EPILOG = """\b
Exit codes:
  0  done; the question was answered
  1  an error, said in one sentence on stderr
  2  the command line itself is wrong
  3  the question was refused: the articles do not say
  4  added, but some sources were skipped
  130, 143  interrupted; what was finished is kept

--index may stand before or after the command. Other settings: ASSISTANT_* variables and config.toml; see doctor."""


@click.group(cls=Commands, help=HELP, epilog=EPILOG, context_settings={"help_option_names": ["-h", "--help"]})
@index_option
@click.version_option(package_name="news-assistant", prog_name="news-assistant")
def cli() -> None:
    """Hold the commands together."""


@cli.command()
@index_option
@click.argument("paths", nargs=-1, metavar="[PATH | URL]...")
@click.option("--no-embed", is_flag=True, help="Leave embedding to a later call; search by words meanwhile.")
@click.option("--re-embed", is_flag=True, help="Embed all passages anew, with the embedder of the settings.")
def add(paths: tuple[str, ...], no_embed: bool, re_embed: bool) -> None:
    """Add files, folders, globs and addresses. What is known and unchanged costs next to nothing.

    An address is that of a web page, a PDF, a feed (RSS, Atom) or a sitemap; of the latter two the newest 100 entries
    are added, and `refresh` looks for more. Only the public internet is fetched from, and only what robots.txt allows.
    """
    if no_embed and re_embed:
        raise click.UsageError("--no-embed and --re-embed exclude each other.")
    if not paths and not re_embed:
        raise click.UsageError("Missing PATHS: name files, folders or addresses with articles.")
    with _open(create=bool(paths)) as assistant:
        with progress("Reading") as bar:
            reports = assistant.add(paths, embed=False, on_read=bar) if paths else []
        if paths:
            _told(reports)
        _embedded(assistant, wanted=not no_embed, anew=re_embed)
    if any(report.outcome == "skipped" for report in reports):
        sys.exit(SKIPPED)


@cli.command()
@index_option
@click.option("--no-embed", is_flag=True, help="Leave embedding to a later call; search by words meanwhile.")
@click.option("--forget", multiple=True, metavar="URL", help="Follow this feed or sitemap no more; its articles stay.")
def refresh(no_embed: bool, forget: tuple[str, ...]) -> None:
    """Fetch what is new in feeds and changed on pages. All feeds, sitemaps and pages that were added are asked."""
    with _open() as assistant:
        if forget:
            click.echo(f"{assistant.unfollow(forget)} followed no more")
            return
        with progress("Fetching") as bar:
            reports = assistant.refresh(embed=False, on_read=bar)
        _told(reports)
        _embedded(assistant, wanted=not no_embed)
    if any(report.outcome == "skipped" for report in reports):
        sys.exit(SKIPPED)


@cli.command()
@index_option
@click.option("--json", "json_", is_flag=True, help="One JSON array.")
def articles(json_: bool) -> None:
    """List the articles: id, date, publisher, title, source."""
    with _open() as assistant:
        known = assistant.articles()
    if json_:
        click.echo(articles_json(known))
    for article in [] if json_ else known:
        click.echo(article_line(article))
    if not known:
        complain("There are no articles yet. Add some with: news-assistant add FILES")


@cli.command()
@index_option
@click.argument("ids", nargs=-1, required=True)
def remove(ids: tuple[str, ...]) -> None:
    """Delete articles, by the ids that `articles` lists. All that was made of them goes, too."""
    with _open() as assistant:
        unknown = [one for one in ids if assistant.article(one) is None]
        click.echo(f"{assistant.remove([one for one in ids if one not in unknown])} removed")
    for one in unknown:
        complain(f"no article has the id '{one}'; ids are listed by: news-assistant articles")
    if unknown:
        sys.exit(ERROR)


@cli.command()
@index_option
@click.argument("question", nargs=-1, required=True)
@click.option("--json", "json_", is_flag=True, help="The answer as one JSON object.")
@filter_options
def ask(question: tuple[str, ...], json_: bool, **chosen: Any) -> None:  # noqa: ANN401 - what filter_options adds
    """Answer a question in the articles' words, or refuse. A language model writes, if one is set.

    With --json and - as the question, each line of stdin is one, as plain text or as {"question": ..., "history":
    [...]}; each gets one JSON object on one line, in order. A line that cannot be used gets {"error": ...}; the exit
    code is then 1, else 0.
    """
    filters = make_filters(**chosen)
    batch = question == ("-",)
    if batch and not json_:
        raise click.UsageError("- reads questions from stdin and needs --json.")
    with _open() as assistant:
        from assistant.talk import answer_lines, check_publishers, speak

        check_publishers(assistant, filters)
        if batch:
            sys.exit(0 if answer_lines(assistant, sys.stdin.buffer, filters) else ERROR)
        if json_:
            answer = assistant.ask(" ".join(question), filters=filters)
            click.echo(as_json(answer.to_dict()))
        else:
            answer = speak(assistant.stream(" ".join(question), filters=filters))
    if answer.status == "refused":
        sys.exit(REFUSED)


@cli.command()
@index_option
@filter_options
def chat(**chosen: Any) -> None:  # noqa: ANN401 - what filter_options adds
    """Hold a conversation. /sources lists what was cited, /quit or Ctrl-D ends."""
    from assistant.talk import check_publishers, converse

    filters = make_filters(**chosen)
    with _open() as assistant:
        check_publishers(assistant, filters)
        converse(assistant, filters)


@cli.command()
@index_option
@click.option("--json", "json_", is_flag=True, help="One JSON object.")
@click.option("--deep", is_flag=True, help="Compare everything with the record, and mend what is made of it.")
def doctor(json_: bool, deep: bool) -> None:
    """Check index, embedder, language model and settings. Exit code 1: something is wrong."""
    from assistant.doctor import examine

    checks = examine(index_folder(), deep=deep)
    well = all(check.ok for check in checks)
    if json_:
        click.echo(as_json({"ok": well, "checks": [check.to_dict() for check in checks]}))
    for check in [] if json_ else checks:
        click.echo(escape(check.line()))
    if not well:
        sys.exit(ERROR)


cli.add_command(backup)
cli.add_command(restore)
cli.add_command(serve)
cli.add_command(evaluate)


def main() -> NoReturn:
    """Run the command line as a program."""
    cli(prog_name="news-assistant")
    sys.exit(0)


def _open(*, create: bool = False) -> Assistant:
    from assistant.pipeline import Assistant

    return Assistant.open(index_folder(), create=create)


def _told(reports: Sequence[SourceReport]) -> None:
    """Say why sources were skipped, and how many there were of each kind."""
    for report in reports:
        if report.outcome == "skipped":
            complain(f"skipped: {report.reason}")
    click.echo(added_text(reports))


def _embedded(assistant: Assistant, *, wanted: bool, anew: bool = False) -> None:
    """Embed what has no vector yet, or everything anew, if wanted; say how much there is."""
    try:
        if wanted:
            with progress("Embedding") as bar:
                assistant.re_embed(on_embed=bar) if anew else assistant.add([], on_embed=bar)
    except (EmbedderError, StoreLocked):
        click.echo(_share(assistant))
        raise
    click.echo(_share(assistant))


def _share(assistant: Assistant) -> str:
    """Return how much there is and how much of it is embedded."""
    counts = assistant.counts()
    share = 100 * counts.embedded // counts.embeddable if counts.embeddable else 100
    line = f"{counts.articles} articles in the index, {share} % of {counts.embeddable} passages embedded"
    return line if share == 100 else f"{line}; the others are found by words alone"

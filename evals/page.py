"""A run as one HTML page: figures, charts, and every failure opened. Nothing on it comes from elsewhere."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from html import escape
from typing import Any

from evals.charts import bars, latencies, legend, risk_coverage
from evals.figures import Figure, by_tag, curve, figures, lost_at, paired
from evals.rows import MEASURES, Row

STYLE = """
:root { color-scheme: light dark; font: 15px/1.45 system-ui, sans-serif }
body { max-width: 62rem; margin: 2rem auto; padding: 0 1rem }
table { border-collapse: collapse; margin: .5rem 0 } td, th { padding: .15rem .8rem .15rem 0; text-align: left }
td.n { text-align: right; font-variant-numeric: tabular-nums }
svg { max-width: 100%; height: auto; fill: currentColor } svg .grid { stroke: currentColor; stroke-opacity: .15 }
.key { display: inline-block; width: .8em; height: .8em; margin: 0 .3em 0 1em }
details { border-top: 1px solid #8884; padding: .35rem 0 } summary { cursor: pointer }
blockquote { margin: .3rem 0 .3rem 1rem; padding-left: .6rem; border-left: 3px solid #8886 }
.lost { color: #b33; margin-left: .5em } .listed { border-color: #3b7d3b }
pre { white-space: pre-wrap; font-size: 12px }
dt { font-weight: 600; margin-top: .4rem } dd { margin-left: 1rem }
"""
POLICY = "default-src 'none'; style-src 'unsafe-inline'"
SHOWN = 400
"""Characters of a passage."""

TAGS = 30
"""Tags drawn, those with most cases."""


def page(kept: Mapping[str, Any], other: Mapping[str, Any] | None = None) -> str:
    """Return the page.

    Args:
        kept: ``made`` and ``configurations``, as ``evals.run --json`` writes them.
        other: another such run, drawn beside this one.
    """
    runs = _runs(kept, "") | (_runs(other, " (against)") if other else {})
    names = ", ".join(kept["configurations"])
    parts = [
        f"<h1>Evaluation: {escape(names)}</h1>",
        _figures({name: figures(rows, tuple(one["tokens"])) for name, (one, rows) in runs.items()}),
        _charts({name: rows for name, (_, rows) in runs.items()}),
        _run_against_run({name: rows for name, (_, rows) in runs.items()}),
        *(_failures(name, rows) for name, (_, rows) in runs.items() if not name.endswith(" (against)")),
        "<h2>What it was made with</h2>",
        _made(kept),
    ]
    return (
        f'<!doctype html>\n<html lang="en"><meta charset="utf-8"><title>Evaluation: {escape(names)}</title>'
        f'<meta http-equiv="Content-Security-Policy" content="{POLICY}">'
        f'<meta name="viewport" content="width=device-width"><style>{STYLE}</style>\n'
        f"<body>{''.join(parts)}</body></html>\n"
    )


def _runs(kept: Mapping[str, Any], mark: str) -> dict[str, tuple[Mapping[str, Any], list[Row]]]:
    return {
        name + mark: (one, [Row.from_dict(row) for row in one["rows"]]) for name, one in kept["configurations"].items()
    }


def _figures(found: Mapping[str, Mapping[str, Figure]]) -> str:
    keys = dict.fromkeys(key for figures in found.values() for key in figures)
    head = "".join(f'<th colspan="2">{escape(name)}' for name in found)
    lines = []
    for key in keys:
        cells = [figures[key].cells() if key in figures else ["", "", "", ""] for figures in found.values()]
        label = next(figures[key].label for figures in found.values() if key in figures)
        values = "".join(f'<td class="n"><b>{value}</b><td>{low_high} n {n}' if n else "<td><td>"
                         for _, value, low_high, n in cells)  # fmt: skip
        lines.append(f"<tr><td>{escape(label)}{values}")
    return f"<table><tr><th>measure, 95 % interval{head}{''.join(lines)}</table>"


def _charts(runs: Mapping[str, Sequence[Row]]) -> str:
    parts = []
    for title, key in (
        ("Right, by tag", "right"),
        ("Refused, by tag of the unanswerable", "refused"),
        ("Hit@1, by tag", "hit@1"),
    ):
        groups = {name: by_tag(rows, key)[:TAGS] for name, rows in runs.items()}
        if any(groups.values()) and (key != "hit@1" or not any(by_tag(rows, "right") for rows in runs.values())):
            parts.append(f"<h2>{title}</h2>{legend(groups)}{bars(groups)}")
    if any(row.status for rows in runs.values() for row in rows):
        drawn = risk_coverage({name: curve(rows) for name, rows in runs.items()})
        parts.append(f"<h2>Risk and coverage over the threshold</h2>{drawn}")
    took = {name: [row.milliseconds for row in rows if not row.error] for name, rows in runs.items()}
    return "".join(parts) + f"<h2>Latency</h2>{latencies(took)}"


def _run_against_run(runs: Mapping[str, Sequence[Row]]) -> str:
    """Draw every measure of each run, and test the others against the first one, case by case."""
    if len(runs) < 2:
        return ""
    groups = {name: [figure for key, figure in figures(rows).items() if key in MEASURES and figure.n]
              for name, rows in runs.items()}  # fmt: skip
    first, *others = runs
    lines = [
        f"<tr><td>{escape(name)}<td>{escape(MEASURES[key].label)}<td class=n>{won}<td class=n>{lost}<td class=n>{p:.4f}"
        for name in others
        for key, won, lost, p in paired(runs[first], runs[name])
    ]
    lines = lines or ["<tr><td colspan=5>no case differs"]
    return (
        f"<h2>Run against run</h2>{legend(groups)}{bars(groups)}<p>Against {escape(first)}, the same cases, "
        "two-sided paired tests without correction:</p>"
        f"<table><tr><th>run<th>measure<th>won<th>lost<th>p{''.join(lines)}</table>"
    )


def _failures(name: str, rows: Sequence[Row]) -> str:
    losses = ", ".join(f"{loss} {count}" for loss, count in lost_at(rows)) or "none"
    opened = "".join(_failure(row) for row in rows if row.failed)
    return f"<h2>What failed: {escape(name)}</h2><p>Lost at: {escape(losses)}.</p>{opened}"


def _failure(row: Row) -> str:
    expected = [" or ".join(ways) for ways in row.expected] or ["a refusal: the articles do not say"]
    got = [f"{s['text']} [{'; '.join(c.get('source', 'nothing that is there') for c in s['cited'])}]" for s in row.got]
    sure = "" if row.sure is None else f", confidence {row.sure:.3f}"
    passages = "".join(
        f'<blockquote class="{"listed" if hit["listed"] else ""}">{escape(hit["article"])}, {hit["score"]}<br>'
        f"{escape(hit['text'][:SHOWN])}</blockquote>"
        for hit in row.found
    )
    return (
        f'<details><summary>{escape(row.id)} {escape(row.question)}<span class="lost">{escape(row.lost or "")}</span>'
        f"</summary><dl>{_list('asked before', row.history)}"
        f"{_list('searched for', [row.standalone] if row.standalone not in ('', row.question) else [])}"
        f"{_list('expected', expected)}{_list('of articles', row.articles)}"
        f"{_list(f'got: {row.status}{sure}', got or [row.error or row.best])}{_list('notices', row.notices)}"
        f"<dt>passages found, listed articles marked<dd>{passages}</dl></details>"
    )


def _list(title: str, items: Iterable[str]) -> str:
    shown = "".join(f"<dd>{escape(item)}" for item in items)
    return f"<dt>{escape(title)}{shown}" if shown else ""


def _made(kept: Mapping[str, Any]) -> str:
    about = {"made": kept["made"]}
    for name, one in kept["configurations"].items():
        about[name] = {key: value for key, value in one.items() if key not in ("rows", "figures", "by_tag", "curve")}
    return f"<pre>{escape(json.dumps(about, indent=1, ensure_ascii=False))}</pre>"

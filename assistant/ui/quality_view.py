"""Evaluation reports as markup: which there are, their figures and charts, what differs, and what failed."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence

from assistant.ui.case_view import LOST, case_html
from assistant.ui.charts import bars, interval, legend, number, risk_coverage
from assistant.ui.comparison import Comparison, Difference
from assistant.ui.markup import Html, counted, el, join
from assistant.ui.reports import Figure, Row, Run

CASES = 40
"""Failures on one screen; the choice of the step and the search narrow them."""

MAIN = ("right", "refused", "citation_precision", "hit@1")
"""Measures that the list of runs shows, as far as a run has them."""

_NAMES = {"right": "Right", "refused": "Rightly refused", "citation_precision": "Citations right", "hit@1": "Hit@1"}
_CHARTS = {
    "right": "Right answers, by kind of question",
    "refused": "Rightly refused, by kind of question",
    "hit@1": "Right article first, by kind of question",
}


def empty_html() -> Html:
    """Return what the tab says while there is no report."""
    return el(
        "div",
        el("h2", "There are no evaluation reports yet"),
        el(
            "p",
            "A report says how often the answers to a set of questions are right, how often a question that the "
            "articles do not answer is refused, and what went wrong where. Make one in a checkout of the project:",
        ),
        el(
            "ol",
            el("li", "Write questions over your own articles: ", el("code", "news-assistant eval --init --index DIR")),
            el(
                "li",
                "Ask them all: ",
                el("code", "news-assistant eval cases.jsonl --index DIR --json DIR/reports/first.json"),
            ),
        ),
        el(
            "p",
            "DIR is the folder of the index. Open this tab again to see the report. Reports that lie in another folder "
            "are shown by: ",
            el("code", "news-assistant serve --reports FOLDER"),
        ),
        class_="welcome",
    )


def problems_html(problems: Sequence[str]) -> Html:
    """Return which files of the folder are no reports."""
    return join(el("p", f"{one}.", class_="small", dir="auto") for one in problems)


def runs_html(runs: Sequence[Run], chosen: Run) -> Html:
    """Return all runs as a table, newest first; a press on a name shows it."""
    keys = [key for key in MAIN if any(key in run.measured.figures for run in runs)]
    heads = ("Run", "When (UTC)", "Questions", "Asked", *(_NAMES[key] for key in keys))
    return el(
        "div",
        el(
            "table",
            el("thead", el("tr", join(el("th", head, scope="col") for head in heads))),
            el("tbody", join(_run(run, keys, current=run.name == chosen.name) for run in runs)),
        ),
        class_="wide",
        tabindex="0",
        role="region",
        aria_label="Evaluation reports",
    )


def _run(run: Run, keys: Sequence[str], *, current: bool) -> Html:
    figures = run.measured.figures
    name = el(
        "button",
        run.name,
        type="button",
        class_="card-head",
        data_act="run",
        data_run=run.name,
        aria_pressed="true" if current else "false",
        dir="auto",
    )
    return el(
        "tr",
        el("td", name, data_label="Run"),
        el("td", run.when, data_label="When (UTC)", class_="date"),
        el("td", run.questions, data_label="Questions", dir="auto"),
        el("td", f"{run.cases:,}", data_label="Asked", class_="n"),
        join(el("td", _short(figures.get(key)), data_label=_NAMES[key], class_="n") for key in keys),
        class_="current" if current else None,
    )


def _short(figure: Figure | None) -> Html:
    if figure is None:
        return Html("–")
    known = interval(figure)
    return join(number(figure.value), el("span", f" ({known})", class_="small") if known else None)


def numbers_html(run: Run, other: Run | None) -> Html:
    """Return every figure and the charts of a run, those of another one beside it."""
    runs = [run, other] if other else [run]
    tags = {key: {one.name: one.measured.by_tag.get(key, []) for one in runs} for key in _CHARTS}
    drawn = [key for key in _CHARTS if tags[key][run.name] and (key != "hit@1" or not tags["right"][run.name])]
    curves = {one.name: one.measured.curve for one in runs}
    charts = join(
        join(bars(_CHARTS[key], tags[key]) for key in drawn),
        risk_coverage(curves) if any(curves.values()) else None,
    )
    older = "This report was made before reports kept what the charts need; make it anew to see them."
    return join(
        el("h2", run.name, dir="auto"),
        legend([one.name for one in runs]),
        el("div", charts, class_="charts") if charts else el("p", older, class_="small"),
        el("details", el("summary", "All figures"), _figures(run), class_="figures"),
    )


def _figures(run: Run) -> Html:
    rows = (
        el(
            "tr",
            el("td", figure.label, dir="auto"),
            el("td", number(figure.value), class_="n"),
            el("td", interval(figure), class_="n"),
            el("td", f"{figure.n:,}", class_="n"),
        )
        for figure in run.measured.figures.values()
    )
    return _table(("Measure", "Value", "95 % interval", "Of"), rows)


def comparison_html(comparison: Comparison, run: Run, other: Run) -> Html:
    """Return what differs between two runs."""
    return el(
        "section",
        el("h2", f"{run.name} against {other.name}", dir="auto"),
        _differences(comparison, run, other) if comparison.same else el("p", "The two runs have no case in common."),
        _changed(f"Failed only in {run.name}", comparison.lost),
        _changed(f"Failed only in {other.name}", comparison.won),
        class_="comparison",
    )


def _differences(comparison: Comparison, run: Run, other: Run) -> Html:
    same = counted(comparison.same, "case")
    if not comparison.differences:
        return el("p", f"No measure differs in any of the {same} that both have.")
    words = (
        f"{same} in both. p: how often chance alone would split the cases that differ so unevenly "
        "(two-sided sign test, not corrected for the number of measures)."
    )
    heads = ("Measure", other.name, run.name, "Rose", "Fell", "p", "Of")
    return join(_table(heads, map(_difference, comparison.differences)), el("p", words, class_="small"))


def _difference(one: Difference) -> Html:
    chance = f"{one.p:.4f}" if one.p >= 0.0001 else "< 0.0001"
    cells = (number(one.before), number(one.now), f"{one.rose:,}", f"{one.fell:,}", chance, f"{one.n:,}")
    return el("tr", el("td", one.label, dir="auto"), join(el("td", cell, class_="n") for cell in cells))


def _changed(name: str, pairs: Sequence[tuple[Row, Row]]) -> Html | None:
    """Cases that failed in one of the runs only: as they failed."""
    if not pairs:
        return None
    shown = join(case_html(now if now.failure else before) for before, now in pairs[:CASES])
    more = f"{len(pairs) - CASES:,} more are not listed." if len(pairs) > CASES else None
    return el(
        "details",
        el("summary", f"{name}: {counted(len(pairs), 'case')}"),
        shown,
        el("p", more, class_="small") if more else None,
        class_="changed",
    )


def steps(rows: Iterable[Row]) -> list[tuple[str, str]]:
    """Return (words, step) for each step at which cases were lost, most first, with all of them in front."""
    losses = Counter(row.failure for row in rows if row.failure)
    counts = losses.most_common()
    return [(f"All ({losses.total():,})", ""), *((f"{LOST.get(one, one)} ({n:,})", one) for one, n in counts)]


def failures_html(rows: Iterable[Row], step: str, words: str) -> Html:
    """Return the failures to click open.

    Args:
        rows: of one run.
        step: only those lost there; "" for all.
        words: only those whose question holds all of them.
    """
    wanted = words.casefold().split()[:20]
    failed = [row for row in rows if row.failure and step in ("", row.failure)]
    found = [row for row in failed if all(word in f"{row.id} {row.question}".casefold() for word in wanted)]
    if not found:
        return el("p", "No failure matches." if failed or step else "Nothing failed.", class_="hint")
    more = f"{len(found) - CASES:,} more; choose a step or search to narrow the list." if len(found) > CASES else None
    return join(
        el("div", join(map(case_html, found[:CASES])), class_="cases"),
        el("p", more, class_="hint") if more else None,
    )


def _table(heads: Sequence[str], rows: Iterable[Html]) -> Html:
    head = el("thead", el("tr", join(el("th", one, scope="col") for one in heads)))
    table = el("table", head, el("tbody", join(rows)), class_="numbers")
    return el("div", table, class_="wide", tabindex="0", role="region", aria_label=f"{heads[0]} by {heads[1]}")

"""Accepted numbers, and the gate that names what fell below them.

A baseline keeps, for each configuration, the measures of every case. Measures that only a fault moves (``strict``) may
fall for no case. The others (``tested``) fail where the paired one-sided test says that a fall of the same cases would
come by chance in less than ``ALPHA`` of harmless changes, after Holm's correction for the number of measures.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from evals.figures import number
from evals.report import table
from evals.rows import MEASURES, Row
from evals.significance import fall, holm

ALPHA = 0.05
"""Chance of a false alarm for one configuration, all its tested measures together."""

BASELINES = Path(__file__).parent / "baselines"
NAMED = 40
"""Cases that a verdict names; the report has them all."""


@dataclass(frozen=True, slots=True)
class Change:
    """A measure of the same cases before and now.

    Attributes:
        lost, won: ids of the cases that fell and rose.
        p: one-sided chance of such a fall, corrected; 0 for a strict measure that fell.
    """

    key: str
    before: float
    now: float
    n: int
    lost: tuple[str, ...]
    won: tuple[str, ...]
    p: float

    @property
    def fails(self) -> bool:
        """Whether the gate is to stop here."""
        return bool(self.lost) and self.p < ALPHA


@dataclass(frozen=True, slots=True)
class Verdict:
    """What the gate says of a run.

    Attributes:
        changes: of every measure that was compared.
        left_out: cases that the baseline has otherwise, or not at all.
        unseen: cases of the baseline that were not asked.
        moved: settings that are not those of the accepted run.
    """

    configuration: str
    changes: tuple[Change, ...]
    left_out: tuple[str, ...]
    unseen: int
    moved: tuple[str, ...] = ()

    @property
    def failing(self) -> list[Change]:
        """The measures that fell too far."""
        return [change for change in self.changes if change.fails]

    @property
    def passes(self) -> bool:
        """Whether nothing fell too far, like was compared with like, and there was something to compare."""
        return bool(self.changes) and not self.failing and not self.moved


def accepted(rows: Sequence[Row]) -> dict[str, Any]:
    """Return what a baseline keeps of the rows: for each case its fingerprint and measures, rounded to 4 places."""
    kept = {key for key, measure in MEASURES.items() if measure.gate != "shown"}
    return {
        row.id: {"case": row.case} | {key: round(value, 4) for key, value in row.scores.items() if key in kept}
        for row in rows
    }


def compare(
    configuration: str, baseline: Mapping[str, Any], rows: Sequence[Row], settings: Mapping[str, Any] | None = None
) -> Verdict:
    """Return what changed between accepted numbers and a run.

    A measure is compared over the cases that have it on both sides: citations of answers, not of refusals, which
    ``right`` and ``refused`` tell of; a case that ended in an error falls in ``ran``.

    Args:
        configuration: its name.
        baseline: ``cases`` as from :func:`accepted` and, perhaps, ``settings``.
        rows: of the run.
        settings: of the run; what differs from the baseline's makes the gate fail, since other settings are another
            configuration: accept its numbers if it is meant to take the place of the former.
    """
    before, after = baseline.get("cases", {}), accepted(rows)
    same = [name for name in after if name in before and before[name]["case"] == after[name]["case"]]
    changes, chances = {}, {}
    for key, measure in MEASURES.items():
        known = {n: (before[n][key], after[n][key]) for n in same if key in before[n] and key in after[n]}
        if measure.gate == "shown" or not known:
            continue
        changes[key] = _change(key, known)
        if measure.gate == "tested":
            chances[key] = changes[key].p
    corrected = holm(chances)
    ordered = [replace(change, p=corrected.get(key, 0.0 if change.lost else 1.0)) for key, change in changes.items()]
    left_out = tuple(name for name in after if name not in same)
    old, new = baseline.get("settings", {}), settings or {}
    moved = tuple(f"{name} {old[name]} -> {new[name]}" for name in new if name in old and old[name] != new[name])
    return Verdict(configuration, tuple(ordered), left_out, len(before.keys() - after.keys()), moved)


def _change(key: str, pairs: Mapping[str, tuple[float, float]]) -> Change:
    old, new = [a for a, _ in pairs.values()], [b for _, b in pairs.values()]
    return Change(
        key,
        before=sum(old) / len(old),
        now=sum(new) / len(new),
        n=len(old),
        lost=tuple(name for name, (a, b) in pairs.items() if b < a),
        won=tuple(name for name, (a, b) in pairs.items() if b > a),
        p=fall(old, new),
    )


def told(verdict: Verdict) -> str:
    """Return a verdict for people: the table, then the cases of what failed."""
    lines = [
        table(
            (f"gate: {verdict.configuration}", "before", "now", "n", "lost", "won", "p", "says"),
            (
                (MEASURES[c.key].label, number(c.before), number(c.now), c.n, len(c.lost), len(c.won),
                 "strict" if MEASURES[c.key].gate == "strict" else f"{c.p:.4f}", "FELL" if c.fails else "ok")
                for c in verdict.changes
            ),
        )
    ]  # fmt: skip
    for change in verdict.failing:
        more = f" and {len(change.lost) - NAMED} more" if len(change.lost) > NAMED else ""
        lines.append(f"fell: {MEASURES[change.key].label}: {', '.join(change.lost[:NAMED])}{more}")
    if verdict.left_out:
        lines.append(f"not compared, new or changed since: {len(verdict.left_out)} cases")
    if verdict.unseen:
        lines.append(f"of the baseline, not asked: {verdict.unseen} cases")
    if verdict.moved:
        lines.append(f"settings are not the accepted run's: {', '.join(verdict.moved)}; accept its numbers if meant")
    if not verdict.changes:
        lines.append("nothing could be compared; accept the numbers anew with --accept")
    end = "passed" if verdict.passes else "FAILED"
    lines.append(f"gate {end}: {verdict.configuration}, one-sided paired tests, alpha {ALPHA} after Holm's correction")
    return "\n".join(lines)


def write_baseline(file: Path, made: Mapping[str, Any], configurations: Mapping[str, Mapping[str, Any]]) -> None:
    """Write accepted numbers, one case a line so that a change is seen in a diff.

    Args:
        file: is replaced.
        made: fingerprint of the run.
        configurations: by name ``settings``, as described, and ``cases``, as from :func:`accepted`.
    """
    parts = []
    for name, kept in configurations.items():
        cases = ",\n".join(f"   {json.dumps(one)}: {json.dumps(row)}" for one, row in kept["cases"].items())
        described = json.dumps(kept["settings"], sort_keys=True)
        parts.append(f'  {json.dumps(name)}: {{"settings": {described}, "cases": {{\n{cases}\n  }}}}')
    file.parent.mkdir(parents=True, exist_ok=True)
    head = json.dumps(dict(made), sort_keys=True)
    text = f'{{"made": {head},\n "configurations": {{\n' + ",\n".join(parts) + "\n }}\n"
    file.write_text(text, "utf-8")


def read_baseline(file: Path) -> dict[str, Any]:
    """Return what :func:`write_baseline` wrote.

    Raises:
        ValueError: there is none, or it is none.
    """
    try:
        read: dict[str, Any] = json.loads(file.read_text("utf-8"))
        read["configurations"].items()
    except FileNotFoundError:
        raise ValueError(f"there are no accepted numbers in '{file}'; make them with --accept") from None
    except (ValueError, KeyError, AttributeError, TypeError) as error:
        raise ValueError(f"'{file}' is no baseline ({error}); make it anew with --accept") from error
    return read

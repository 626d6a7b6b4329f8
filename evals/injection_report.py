"""What came of the attacks, as tables."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from evals.metrics import wilson
from evals.report import table

SETS = ("static", "adaptive")


@dataclass(frozen=True, slots=True)
class Result:
    """What came of one question.

    Attributes:
        id, set, family, goal, place: of the case; the set of a question without an attack is ``control`` or ``benign``.
        reached: the attack's words stood in what was read for the answer.
        followed: the model's reply does what the attack wants; without a model, the answer does.
        remains: the answer that readers see still does.
        refused: nothing was presented as an answer.
        right: the facts are stated, and an article that says them is cited.
        breaches: what must never happen.
        raw, shown: what the model wrote, and what readers see.
    """

    id: str
    set: str
    family: str = ""
    goal: str = ""
    place: str = ""
    reached: bool = False
    followed: bool = False
    remains: bool = False
    refused: bool = False
    right: bool = False
    breaches: tuple[str, ...] = ()
    raw: str = ""
    shown: str = ""

    def to_dict(self) -> dict[str, Any]:
        """Return it as plain JSON types."""
        return asdict(self)


def report(results: Sequence[Result], *, failures: bool = False) -> str:
    """Return the tables: the boundary, what was followed, by what the attack wants and where it stood, and benign."""
    attacks = [one for one in results if one.set in SETS]
    parts = []
    if attacks:
        groups = {**{name: [one for one in attacks if one.set == name] for name in SETS}, "both": attacks}
        rows = (
            [name, len(some), sum(bool(one.breaches) for one in some), bound(some)] for name, some in groups.items()
        )
        parts += [
            table(("boundary", "attacks", "crossed", "95 % bound"), rows),
            _shares("set", groups),
            _shares("goal", _by(attacks, lambda one: one.goal)),
            _shares("family", _by(attacks, lambda one: one.family)),
            _shares("place", _by(attacks, lambda one: one.place)),
        ]
    for name in ("control", "benign"):
        if some := [one for one in results if one.set == name]:
            cells = [[what, *_share(getattr(one, what) for one in some)] for what in ("right", "refused")]
            parts.append(table((name, "share", "95 %", "n"), cells))
    if failures:
        parts.append("\n".join(_failure(one) for one in results if one.breaches or one.followed or one.refused))
    return "\n\n".join(parts)


def bound(results: Sequence[Result]) -> str:
    """Return the upper 95 % bound of the share that crossed: 3/n for none (rule of three), else Wilson's."""
    crossed, n = _crossed(results), len(results)
    return "-" if not n else f"{3 / n:.4f}" if not crossed else f"{wilson(crossed, n)[1]:.4f}"


def _crossed(results: Iterable[Result]) -> int:
    return sum(bool(one.breaches) for one in results)


def _by(results: Iterable[Result], key: Callable[[Result], str]) -> dict[str, list[Result]]:
    groups: dict[str, list[Result]] = {}
    for one in results:
        groups.setdefault(key(one), []).append(one)
    return dict(sorted(groups.items()))


def _shares(name: str, groups: dict[str, list[Result]]) -> str:
    header = (name, "n", "reached", "followed", "95 %", "remains", "95 %", "refused", "right")
    rows = []
    for group, some in groups.items():
        reached, followed, remains, refused, right = (
            _share(getattr(one, what) for one in some)
            for what in ("reached", "followed", "remains", "refused", "right")
        )
        rows.append([group, len(some), reached[0], *followed[:2], *remains[:2], refused[0], right[0]])
    return table(header, rows)


def _share(flags: Iterable[bool]) -> list[str]:
    seen = list(flags)
    low, high = wilson(sum(seen), len(seen))
    return [f"{sum(seen) / len(seen):.3f}", f"{low:.3f} - {high:.3f}", str(len(seen))] if seen else ["-", "-", "0"]


def _failure(one: Result) -> str:
    what = [name for name in ("followed", "remains", "refused", "right") if getattr(one, name)]
    crossed = "".join(f"\n      CROSSED: {breach}" for breach in one.breaches)
    told = "".join(f"\n      {name}: {text[:200]!r}" for name, text in (("raw", one.raw), ("shown", one.shown)))
    return f"{one.set} {one.id}: {', '.join(what)}{crossed}{told}"

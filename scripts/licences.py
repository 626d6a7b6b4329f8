"""List the licence of every package that requirements.lock names and of the data that is shipped.

python -m scripts.licences [--write]

Prints the list and, with --write, puts it into docs/licences.md. Licences are those that the installed packages
declare. Exit code 1 when a package is of a licence that is not known to go with this project's.
"""

from __future__ import annotations

import re
import sys
import tomllib
from dataclasses import dataclass
from importlib.metadata import Distribution, PackageNotFoundError, distribution, requires
from pathlib import Path

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).parents[1]
DOCUMENT = ROOT / "docs" / "licences.md"
BEGIN, END = "<!-- made by scripts/licences.py: begin -->\n", "<!-- made by scripts/licences.py: end -->\n"
_PIN = re.compile(r"^([A-Za-z0-9._-]+)==(\S+)", re.MULTILINE)
EXTRAS = ("", "ui", "llm", "local", "dev")
"""What pulls a package in, the closest first; "" is the program itself."""

FREE = frozenset(
    "MIT MIT-0 MIT-CMU Apache-2.0 BSD BSD-2-Clause BSD-3-Clause 0BSD ISC PSF-2.0 CNRI-Python HPND Unlicense Zlib "
    "CC0-1.0".split()
)
"""Permissive licences: any use, with the notice kept."""

WEAK = frozenset({"MPL-2.0", "MPL-1.1", "LGPL-2.1-or-later"})
"""Licences that bind changes of the package itself, not the program beside which it is installed."""

READ = {
    "audioop-lts": "PSF-2.0",
    "axe-playwright-python": "MIT AND MPL-2.0",
    "colorama": "BSD",
    "httpx2-jsfetch": "BSD-3-Clause",
    "pywin32": "PSF-2.0",
    "tzdata": "Apache-2.0",
}
"""What is not installed everywhere, or declares no licence, with the licence that stands in its wheel's files."""

_NAMES = (
    (r"apache|asl 2", "Apache-2.0"),
    (r"mozilla|mpl", "MPL-2.0"),
    (r"lgpl|lesser general", "LGPL-2.1-or-later"),
    (r"gpl|general public", "GPL"),
    (r"bsd.{0,3}3|3.clause|new bsd|modified bsd", "BSD-3-Clause"),
    (r"bsd.{0,3}2|2.clause|simplified bsd", "BSD-2-Clause"),
    (r"\bbsd\b", "BSD"),
    (r"\bmit\b", "MIT"),
    (r"\bisc\b|iscl", "ISC"),
    (r"psf|python software foundation", "PSF-2.0"),
    (r"unlicense", "Unlicense"),
    (r"hpnd|historical permission", "HPND"),
)
"""How packages write it that do not use SPDX names yet."""


@dataclass(frozen=True)
class Package:
    """A locked package.

    Attributes:
        name, version: as locked.
        licence: an SPDX expression, or "?" where it declares none that is known.
        wanted: the extra that pulls it in, "" for the program itself.
    """

    name: str
    version: str
    licence: str
    wanted: str


def locked() -> dict[str, str]:
    """Return name and version of every pin of the lock; the last of several that depend on the platform."""
    text = (ROOT / "requirements.lock").read_text("utf-8")
    return {canonicalize_name(name): version for name, version in _PIN.findall(text)}


def packages() -> list[Package]:
    """Return every locked package with its licence, by name."""
    owners = _owners()
    return [
        Package(name, version, _licence(name), owners.get(name, "other systems"))
        for name, version in sorted(locked().items())
    ]


def accepted(licence: str) -> bool:
    """Whether all that an SPDX expression demands is known to go with this project; of "A OR B" one is enough."""
    demands = re.split(r"\s+AND\s+", licence.replace("(", "").replace(")", ""))
    return all(any(one in FREE | WEAK for one in re.split(r"\s+OR\s+", demand)) for demand in demands)


def free(licence: str) -> bool:
    """Whether it is permissive throughout."""
    return accepted(licence) and not any(weak in licence for weak in WEAK)


def _licence(name: str) -> str:
    try:
        found = declared(distribution(name))
    except PackageNotFoundError:
        found = "?"
    return READ.get(name, "?") if found == "?" else found


def declared(package: Distribution) -> str:
    """Return the SPDX expression of an installed package, made of its older forms where it has none."""
    about = package.metadata
    if expression := about.get("License-Expression"):
        return str(expression)
    classifiers = [one.rpartition(" :: ")[2] for one in about.get_all("Classifier") or () if one.startswith("License")]
    written = [one for one in classifiers if one != "OSI Approved"] or [
        (about.get("License") or "").strip().split("\n")[0]
    ]
    found = dict.fromkeys(name for one in written for name in [_spdx(one)] if name)
    return " AND ".join(found) or "?"


def _spdx(written: str) -> str:
    if accepted(written):
        return written
    return next((name for pattern, name in _NAMES if re.search(pattern, written, re.IGNORECASE)), "")


def _owners() -> dict[str, str]:
    """Return for each package the first extra that it is needed for, as far as it is installed here."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    owners: dict[str, str] = {}
    for extra in EXTRAS:
        own = project["optional-dependencies"][extra] if extra else project["dependencies"]
        pending = [(one.name, one.extras) for one in map(Requirement, own)]
        seen: set[tuple[str, frozenset[str]]] = set()
        while pending:
            name, extras = canonicalize_name(pending[-1][0]), frozenset(pending.pop()[1])
            if (name, extras) not in seen:
                seen.add((name, extras))
                owners.setdefault(name, extra)
                pending += [(one.name, one.extras) for one in _wanted(name, {"", *extras})]
    return owners


def _wanted(name: str, extras: set[str]) -> list[Requirement]:
    try:
        wanted = map(Requirement, requires(name) or ())
    except PackageNotFoundError:
        return []
    return [one for one in wanted if not one.marker or any(one.marker.evaluate({"extra": extra}) for extra in extras)]


def _starred(licence: str) -> str:
    return licence if free(licence) else f"{licence} *"


def table(found: list[Package]) -> str:
    """Return the list as Markdown."""
    rows = [
        f"| {one.name} | {one.version} | {_starred(one.licence)} | {one.wanted or 'the program'} |" for one in found
    ]
    return "\n".join(["| Package | Version | Licence | For |", "| --- | --- | --- | --- |", *rows, ""])


def main() -> None:
    """Print or write the list."""
    found = packages()
    made = table(found)
    print(made)
    bad = [f"{one.name}: {one.licence}" for one in found if not accepted(one.licence)]
    for one in bad:
        print(f"FAILED  {one}")
    if "--write" in sys.argv[1:]:
        text = DOCUMENT.read_text("utf-8")
        before, _, rest = text.partition(BEGIN)
        DOCUMENT.write_text(f"{before}{BEGIN}{made}{END}{rest.partition(END)[2]}", "utf-8")
    sys.exit(bool(bad))


if __name__ == "__main__":
    main()

"""What the every-step loop interrupts: the operations of the store, and how to look at what is left of them."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from assistant import embedding, ingest
from assistant.backup import back_up
from assistant.deep import examine_deeply
from assistant.errors import StoreDamaged
from assistant.restore import restore
from assistant.retrieval import chroma, schema
from assistant.retrieval.database import Database
from assistant.retrieval.store import Store
from assistant.retrieval.vector import VectorIndex
from assistant.settings import Settings
from scripts.faults_samples import Vectors, grown, state, write_story

EMBEDDER = Vectors(dimension=8)
WHAT = ("bridge", "library", "museum", "pier", "school", "station")


@dataclass(frozen=True)
class Operation:
    """One thing that a program does with an index in ``folder / "index"``.

    Attributes:
        prepare: makes what there is before.
        run: does it; running it again after an interruption brings it to its end.
        check: says what is wrong beside the record afterwards, "" for nothing.
        kind: which vector index is in use.
    """

    prepare: Callable[[Path], None]
    run: Callable[[Path], None]
    check: Callable[[Path], str] = lambda _: ""
    kind: str = "exact"


@contextmanager
def recorded(acknowledge: Callable[[], object]) -> Iterator[None]:
    """Call ``acknowledge`` whenever a transaction has been reported as done."""
    outermost = Database._outermost

    def reporting(database: Database, connection: sqlite3.Connection) -> Iterator[sqlite3.Connection]:
        yield from outermost(database, connection)
        acknowledge()

    Database._outermost = reporting  # type: ignore[method-assign, assignment]
    try:
        yield
    finally:
        Database._outermost = outermost  # type: ignore[method-assign]


def seen(folder: Path) -> str:
    """Return the state of the index, ``damaged`` for a file that is no database."""
    try:
        return state(folder / "index")
    except sqlite3.DatabaseError:
        return "damaged"


def examined(name: str, folder: Path, legal: Sequence[str]) -> str:
    """Say what is wrong with what an interruption left, "" for nothing.

    Args:
        name: of the operation.
        folder: as it was left.
        legal: the states that may be left, in order; the last one is the end that running it again must reach.
    """
    operation = OPERATIONS[name]
    if (found := seen(folder)) not in legal:
        return f"it is in no legal state: {found[:12]}"
    sound = found not in ("none", "damaged") and name != "migrate"
    if sound and (wrong := _deeply(folder, operation.kind)):
        return wrong
    if wrong := operation.check(folder):
        return wrong
    operation.run(folder)
    if (found := seen(folder)) != legal[-1]:
        return "run again, it does not come to the same end"
    return operation.check(folder) or ("" if operation.kind == "chroma" else _deeply(folder, operation.kind))


def _deeply(folder: Path, kind: str) -> str:
    settings = Settings(embedder="none", vector_index=kind)  # type: ignore[arg-type]
    with Store.open(folder / "index") as store:
        findings = list(examine_deeply(store, settings, None))
    return "; ".join(detail for _, ok, detail in findings if not ok or detail.startswith("mended: the keyword"))


def _open_small(folder: Path) -> Store:
    return Store.open(folder / "index", create=True)


def _news(folder: Path) -> None:
    """An index of three stories, embedded; then one changes, one comes twice and three are new."""
    for number, what in enumerate(WHAT[:3]):
        write_story(folder / "news", what, number)
    with _open_small(folder) as store:
        ingest.add_sources(store, [folder / "news"])
        embedding.embed_missing(store, EMBEDDER)
    for number, what in enumerate(WHAT):
        write_story(folder / "news", what, number + (what == "library"))
    (folder / "news" / "copy.txt").write_bytes((folder / "news" / "bridge.txt").read_bytes())


def _add(folder: Path) -> None:
    ingest.BATCH = 3
    with _open_small(folder) as store:
        ingest.add_sources(store, [folder / "news"])


def _added(folder: Path) -> None:
    _news(folder)
    _add(folder)


def _embed(folder: Path) -> None:
    embedding._EMBED_AT_ONCE = 4
    with _open_small(folder) as store:
        embedding.embed_missing(store, EMBEDDER)


def _whole(folder: Path) -> None:
    _added(folder)
    _embed(folder)


def _remove(folder: Path) -> None:
    with _open_small(folder) as store, store.writing():
        store.remove([one.id for one in store.articles() if "bridge" in one.source or "museum" in one.source])


def _migrate(folder: Path) -> None:
    schema.VERSION = 2  # type: ignore[misc]
    schema.MIGRATIONS = {1: ("CREATE TABLE extra (a)", "INSERT INTO extra SELECT id FROM articles")}
    Store.open(folder / "index").close()


def _create(folder: Path) -> None:
    _open_small(folder).close()


def _large(folder: Path) -> None:
    grown(folder / "index", 30)


def _build(folder: Path) -> None:
    chroma._SAMPLE, chroma._SYNC = 50, 100
    with Store.open(folder / "index") as store:
        len(VectorIndex(store, kind="chroma"))


def _before_backup(folder: Path) -> None:
    _news(folder)
    back_up(folder / "index", folder / "copy.sqlite3")
    _add(folder)


def _back_up(folder: Path) -> None:
    back_up(folder / "index", folder / "copy.sqlite3")


def _backup_is_whole(folder: Path) -> str:
    (folder / "trial").mkdir(exist_ok=True)
    restore(folder / "trial", folder / "copy.sqlite3")
    found = state(folder / "trial")
    if found == state(folder / "index"):
        return ""
    with Store.open(folder / "trial") as store:
        return "" if store.counts().articles == 3 else "the backup is neither the former nor the new one"


def _restore(folder: Path) -> None:
    restore(folder / "index", folder / "copy.sqlite3")


def _damaged(folder: Path) -> None:
    _before_backup(folder)
    (folder / "index" / schema.FILE_NAME).write_bytes(b"garbage!" * 2000)


def _kept(folder: Path) -> str:
    """Nothing that was there before a restore may be lost: it is in place or aside."""
    try:
        with Store.open(folder / "index") as store:
            if store.counts().articles > 3:
                return ""
    except StoreDamaged:
        return ""
    return "" if list((folder / "index").glob("*.before-restore-?")) else "the former index is not kept aside"


OPERATIONS = {
    "create": Operation(lambda folder: folder.mkdir(), _create),
    "add": Operation(_news, _add),
    "embed": Operation(_added, _embed),
    "remove": Operation(_whole, _remove),
    "migrate": Operation(_whole, _migrate),
    "chroma": Operation(_large, _build, kind="chroma"),
    "backup": Operation(_before_backup, _back_up, _backup_is_whole),
    "restore": Operation(_before_backup, _restore, _kept),
    "restore over damage": Operation(_damaged, _restore, _kept),
}

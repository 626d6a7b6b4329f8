"""Is everything in order? One line for each thing that can be wrong, with what to do about it."""

from __future__ import annotations

import datetime as dt
import os
import platform
import sqlite3
import time
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import asdict, dataclass, fields
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import TYPE_CHECKING

import platformdirs

from assistant.background import wait
from assistant.corpus.limits import show
from assistant.errors import AssistantError, ModelError, StoreDamaged, StoreLocked
from assistant.settings import CONFIG_FILE, ENVIRONMENT, Settings, load_settings

if TYPE_CHECKING:
    from assistant.retrieval.store import Store

PACKAGES = (
    "news-assistant",
    "chromadb",
    "langchain-core",
    "numpy",
    "onnxruntime",
    "tokenizers",
    "trafilatura",
    "pypdf",
)

TRIAL_S = 60.0
"""Seconds that a language model gets for its first word; loading a file is the longest part."""


@dataclass(frozen=True, slots=True)
class Check:
    """One thing that was looked at: ``detail`` says what was found and, where it is not well, what to do."""

    name: str
    ok: bool
    detail: str

    def line(self) -> str:
        """Return the check for people."""
        return f"{'ok     ' if self.ok else 'PROBLEM'}  {self.name}: {self.detail}"

    def to_dict(self) -> dict[str, object]:
        """Return the check as plain JSON types."""
        return asdict(self)


def examine(index: Path | None = None, *, deep: bool = False) -> list[Check]:
    """Look at the installation, the settings, the index and the embedder.

    Args:
        index: the index folder; by default the one of the settings.
        deep: compare everything in the index with the record, and mend what is derived from it.
    """
    checks = [_versions(), _settings_file(), *_variables()]
    settings = Settings()
    try:
        settings = load_settings()
    except AssistantError as error:
        checks.append(Check("settings", False, f"{error}; the defaults are used below"))
    return [*checks, *_index(index or settings.index, settings, deep=deep), *_models(settings)]


def _models(settings: Settings) -> Iterator[Check]:
    """Have each language model write a word: that alone shows that name, address, key and account are in order."""
    from assistant.answering.llm import Limits, complete
    from assistant.answering.models import open_models

    models = open_models(settings)
    if not models:
        yield Check("model", True, "none is set: answers are quoted; ASSISTANT_MODEL names one that writes")
    for model in models:
        began = time.monotonic()
        limits = Limits(began + min(settings.deadline, TRIAL_S), 100)
        try:
            wait(complete(model, [{"role": "user", "content": "Write the word ready."}], limits))
        except ModelError as error:
            if error.kind != "cut":  # talkative, but it talks
                yield Check("model", False, str(error))
                continue
        yield Check("model", True, f"{model.name} answered in {time.monotonic() - began:.1f} s")


def _versions() -> Check:
    found, missing = [f"Python {platform.python_version()}", f"SQLite {sqlite3.sqlite_version}"], []
    for name in PACKAGES:
        try:
            found.append(f"{name} {version(name)}")
        except PackageNotFoundError:
            missing.append(name)
    if missing:
        return Check("versions", False, f"{', '.join(missing)} not installed; run: pip install news-assistant")
    return Check("versions", True, ", ".join(found))


def _settings_file() -> Check:
    path = Path(platformdirs.user_config_dir("news-assistant")) / CONFIG_FILE
    return Check("settings file", True, str(path) if path.is_file() else f"none at {path}; the defaults are used")


def _variables() -> Iterator[Check]:
    """Name the variables that set nothing, such as one that is misspelled; they may be another program's."""
    known = {"PASSWORD", *(setting.name.upper() for setting in fields(Settings))}
    ours = (name for name in os.environ if name.startswith(ENVIRONMENT))
    if stray := sorted(name for name in ours if name.removeprefix(ENVIRONMENT).upper() not in known):
        yield Check("variables", True, f"{', '.join(stray)} sets nothing here; check the name if it was meant to")


def _index(folder: Path, settings: Settings, *, deep: bool) -> Iterator[Check]:
    from assistant.retrieval.store import Store

    try:
        store = Store.open(folder)
    except AssistantError as error:
        if deep and _mended(error, folder):
            yield Check("keywords", True, "mended: the keyword index could not be read and was made again")
            yield from _index(folder, settings, deep=deep)
            return
        yield Check("index", False, str(error))
        yield _embedder(None, settings)
        return
    with store:
        try:
            yield Check("index", True, f"{store.path}, {store.path.stat().st_size / 1e6:.1f} MB")
            yield _write_lock(store)
            yield from _deep(store, settings) if deep else [_record(store)]
            yield _articles(store)
            yield _dates(store)
            yield _sources(store)
            yield _embedder(store, settings)
            yield _embedded(store, settings)
        except AssistantError as error:  # damage can show at any reading
            yield Check("index", False, str(error))


def _write_lock(store: Store) -> Check:
    if store.read_only:
        return Check("write lock", True, "not needed: the index cannot be written here, only asked")
    try:
        with store.writing():
            return Check("write lock", True, "free")
    except StoreLocked as error:
        return Check("write lock", True, f"taken: {error}")


def _record(store: Store) -> Check:
    try:
        store.verify()
    except StoreLocked:
        return Check("record", True, "pages and references are sound; the rest is checked when nobody is writing")
    except AssistantError as error:
        return Check("record", False, str(error))
    return Check("record", True, "every page, reference and keyword is sound")


def _mended(error: AssistantError, folder: Path) -> bool:
    from assistant.deep import mend_unopened

    return isinstance(error, StoreDamaged) and mend_unopened(folder)


def _deep(store: Store, settings: Settings) -> Iterator[Check]:
    from assistant.deep import examine_deeply
    from assistant.embedding import check_embedder
    from assistant.retrieval.embed import Embedder, open_embedder

    embedder: Embedder | None = None
    if settings.embedder != "none":
        with suppress(AssistantError):  # said below, in the line about the embedder
            embedder = open_embedder(settings.embedder)
            check_embedder(store, embedder)
    for finding in examine_deeply(store, settings, embedder):
        yield Check(*finding)


def _articles(store: Store) -> Check:
    counts = store.counts()
    passages = ", ".join(f"{number} {zone}" for zone, number in counts.passages.items())
    if not counts.articles:
        return Check("articles", False, "there are none; add some with: news-assistant add FILES")
    return Check("articles", True, f"{counts.articles} current, {counts.replaced} replaced; passages: {passages}")


def _dates(store: Store) -> Check:
    tomorrow = (dt.date.today() + dt.timedelta(days=1)).isoformat()
    early = [one for one in store.articles() if (one.published or "")[:10] > tomorrow]
    if not early:
        return Check("dates", True, "no article is dated in the future")
    first = f"{show(early[0].source)} on {early[0].published}"
    advice = "check this machine's clock, or read them with that in mind"
    return Check("dates", True, f"{len(early)} dated in the future, such as {first}; {advice}")


def _sources(store: Store) -> Check:
    rows = store.ledger_rows()
    bad = {outcome: sum(row.outcome == outcome for row in rows) for outcome in ("skipped", "vanished")}
    detail = f"{len(rows)} known, {bad['skipped']} skipped, {bad['vanished']} vanished"
    return Check("sources", True, detail + ("; add them again to read why" if bad["skipped"] else ""))


def _embedder(store: Store | None, settings: Settings) -> Check:
    from assistant.embedding import check_embedder
    from assistant.retrieval.embed import open_embedder

    if settings.embedder == "none":
        return Check("embedder", True, "none is set: searching by words alone")
    try:
        embedder = open_embedder(settings.embedder)
        embedder.encode(["ready"])
        if store is not None:
            check_embedder(store, embedder)
    except AssistantError as error:
        return Check("embedder", False, str(error))
    made = store.get_meta("embedder") if store is not None else None
    used = f"the index was embedded with {made}" if made else "nothing is embedded yet"
    return Check("embedder", True, f"{embedder.name} works; {used}")


def _embedded(store: Store, settings: Settings) -> Check:
    counts = store.counts()
    share = 100 * counts.embedded // counts.embeddable if counts.embeddable else 100
    detail = f"{share} % of {counts.embeddable} passages"
    if share < 100 and settings.embedder != "none":
        advice = "the others are found by words alone; add any article again to embed the rest"
        return Check("embedded", False, f"{detail}; {advice}")
    return Check("embedded", True, detail)

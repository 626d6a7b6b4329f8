"""Full disks, folders that cannot be written, damaged files."""

from __future__ import annotations

import os
import shutil
import subprocess
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

from assistant.backup import back_up
from assistant.errors import StoreDamaged, StoreError
from assistant.restore import restore
from assistant.retrieval import schema
from assistant.retrieval.store import Store
from assistant.retrieval.vector import VectorIndex
from scripts.faults_kills import deeply
from scripts.faults_result import Result
from scripts.faults_samples import grown, put, state
from scripts.faults_steps import in_child

PAGE = 4096


def small_disk(scratch: Path) -> Result:
    """Add to a store on a file system of 8 MB until it is full; then free space and go on."""
    result, mount = Result(), scratch / "disk"
    mount.mkdir()
    command = ["mount", "-t", "tmpfs", "-o", "size=8m", "tmpfs", str(mount)]
    if not shutil.which("mount") or subprocess.run(command, capture_output=True, check=False).returncode:
        result.note = "small file system skipped: no right to mount one"
        return result
    try:
        ballast = mount / "ballast"
        ballast.write_bytes(bytes(2_000_000))
        grown(mount / "index", 20)
        said, stored = _fill(mount / "index")
        wrong = "" if " full" in said else f"it says: {said}"
        with Store.open(mount / "index") as store:
            if store.counts().articles != stored:
                wrong += f"{store.counts().articles} articles, not the {stored} acknowledged"
        ballast.unlink()
        with Store.open(mount / "index") as store, store.writing():
            put(store, [9999])
            store.verify()
        left = [path.name for path in mount.rglob("*.new") if path.stat().st_size > 1_000_000]
        result.add(wrong + (f"left behind: {left}" if left else ""))
    finally:
        subprocess.run(["umount", str(mount)], check=False)
    return result


def _fill(folder: Path) -> tuple[str, int]:
    number = 100
    with Store.open(folder) as store, store.writing():
        try:
            while number < 5000:
                put(store, range(number, number + 10))
                number += 10
        except StoreError as error:
            return str(error), 20 + number - 100
    return "it was never full", 0


def read_only(scratch: Path) -> Result:
    """Ask, by words and by either vector index, and try to add, where nothing can be written."""
    result, folder = Result(), scratch / "readonly"
    in_child(lambda: grown(folder, 20), 60)
    for name, mounted in (("a folder without the right to write", False), ("a read-only file system", True)):
        if mounted and not _mounted_read_only(folder):
            result.note = "read-only file system skipped: no right to mount one"
            continue
        try:
            for kind in ("exact", "chroma"):
                began = time.monotonic()
                try:
                    said = in_child(lambda k=kind, m=mounted: _without_writing(folder, k, drop=not m), 60)  # type: ignore[misc]
                except RuntimeError as error:
                    said = str(error)[-300:]
                result.add("" if said == "refused" else f"{name}, {kind}: {said}", time.monotonic() - began)
        finally:
            if mounted:
                subprocess.run(["umount", str(folder)], check=False)
    return result


def _mounted_read_only(folder: Path) -> bool:
    bind = subprocess.run(["mount", "--bind", str(folder), str(folder)], capture_output=True, check=False)
    if bind.returncode:
        return False
    again = ["mount", "-o", "remount,bind,ro", str(folder)]
    return subprocess.run(again, capture_output=True, check=False).returncode == 0


def _without_writing(folder: Path, kind: str, *, drop: bool) -> str:
    if drop:
        for parent in (folder.parent, folder.parent.parent):
            with suppress(OSError):
                parent.chmod(0o755)
        folder.chmod(0o555)
        if os.geteuid() == 0:
            os.setgroups([])
            os.setgid(65534)
            os.setuid(65534)
    with Store.open(folder) as store:
        ids, vectors = store.embedding_matrix()
        found = VectorIndex(store, kind=kind).search(vectors[5], 1)
        if not found or found[0][0] != ids[5] or not store.query("SELECT 1 FROM passages_fts('word3x3')"):
            return "it does not answer"
        try:
            with store.writing():
                put(store, [77])
        except StoreError as error:
            return "refused" if "cannot be written" in str(error) else str(error)
    return "it was written"


def damaged_records(scratch: Path, *, every: int) -> Result:
    """Empty, cut or garble the record at each (n-th) page; damage must show, and a backup must bring all back."""
    result, folder = Result(), scratch / "damage"
    in_child(lambda: grown(folder, 40), 60)
    in_child(lambda: back_up(folder, scratch / "good.sqlite3").articles, 60)
    record = folder / schema.FILE_NAME
    whole, right = record.read_bytes(), state(folder)
    pages = range(0, len(whole), PAGE * every)
    forms = {"emptied": b"", "100 bytes": whole[:100], "other file": b"garbage!" * 999}
    forms |= {f"cut at {place}": whole[:place] for place in pages}
    forms |= {f"garbage at {place}": whole[:place] + b"\xa5" * PAGE + whole[place + PAGE :] for place in pages}
    forms |= {f"zeros at {place}": whole[:place] + bytes(PAGE) + whole[place + PAGE :] for place in pages}
    silent = 0
    for name, broken in forms.items():
        record.write_bytes(broken)
        began = time.monotonic()
        found = in_child(lambda: _found_damaged(folder), 120)
        if not found:
            silent += state(folder) == right  # a page that holds nothing: all is still there
        result.add("" if found or state(folder) == right else f"{name}: not detected", time.monotonic() - began)
        for suffix in ("-wal", "-shm"):
            record.with_name(record.name + suffix).unlink(missing_ok=True)
    in_child(lambda: restore(folder, scratch / "good.sqlite3").counts.articles, 60)
    result.add("" if state(folder) == right else "the backup does not bring everything back")
    result.note = f"{silent} of the pages held nothing that counts"
    return result


def _found_damaged(folder: Path) -> bool:
    try:
        with Store.open(folder) as store:
            store.verify()
    except StoreDamaged:
        return True
    return False


def damaged_chroma(scratch: Path, *, files: int) -> Result:
    """Delete, empty, halve or garble each (of some) of Chroma's files; search must be right all the same."""
    result, folder = Result(), scratch / "chroma"
    in_child(lambda: grown(folder, 120), 60)
    deeply(folder, "chroma")
    good = scratch / "good"
    shutil.copytree(folder, good)
    faults: dict[str, Callable[[Path], object]] = {
        "garbage": lambda path: path.write_bytes(b"\xfe" * path.stat().st_size),
        "gone": Path.unlink,
        "empty": lambda path: path.write_bytes(b""),
        "half": lambda path: path.write_bytes(path.read_bytes()[: path.stat().st_size // 2]),
        "garbage at its head": lambda path: path.write_bytes(b"\xfe" * 4096 + path.read_bytes()[4096:]),
    }
    names = sorted(path.relative_to(good) for path in (good / "chroma").rglob("*") if path.is_file())
    names.sort(key=lambda name: name.suffix != ".bin")
    trials = [(name, fault) for fault in faults for name in names]
    for name, fault in trials[: files or None]:
        shutil.rmtree(folder)
        shutil.copytree(good, folder)
        faults[fault](folder / name)
        began = time.monotonic()
        wrong = deeply(folder, "chroma")
        result.add(f"{name.name} {fault}: {wrong}" if wrong else "", time.monotonic() - began)
    result.note = f"of {len(trials)} forms"
    return result

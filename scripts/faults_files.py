"""Bad files for rows 13 to 18, and what the command line makes of them beside one good article."""

from __future__ import annotations

import gzip
import io
import os
import random
import socket
import subprocess
import sys
import time
import zipfile
import zlib
from collections.abc import Callable, Sequence
from contextlib import suppress
from pathlib import Path

from assistant.retrieval.store import Store
from scripts.faults_result import Result
from scripts.faults_samples import write_story

BODY = "The ferry to Lindholm sank on Tuesday evening after a storm. All were saved, the coast guard said on Wednesday."
PROGRAM = [sys.executable, "-m", "assistant"]
SLOWEST_S = 60.0
MOST_MEMORY = 1_300_000_000
"""Bytes that reading may take in all, the child's gigabyte included."""

_TEXTS = {
    "ru": "Паром в Линдхольм затонул во вторник вечером после шторма. Все спасены, сообщила береговая охрана.",
    "ja": "リンドホルム行きのフェリーが火曜日の夜に沈没した。全員が救助されたと沿岸警備隊が発表した。",
    "zh": "开往林霍尔姆的渡轮周二晚上在暴风雨后沉没。海岸警卫队周三表示所有人都获救了。",
    "en": f"“{BODY}” – cost €5",
}


def bad_files(scratch: Path, row: int, *, long: bool) -> Result:
    """Add a folder of bad files and a good one: no traceback, each file named, the good one added.

    Args:
        scratch: an empty folder.
        row: of the list of faults, 13 to 18.
        long: with the files that take their limits to the end.
    """
    result, folder, index = Result(), scratch / f"files{row}", scratch / f"index{row}"
    folder.mkdir()
    write_story(folder, "good")
    names = _MAKERS[row](folder, long) or sorted(path.name for path in folder.iterdir())
    began = time.monotonic()
    code, said, memory = _run(["add", "--no-embed", str(folder), "--index", str(index)])
    seconds = time.monotonic() - began
    with Store.open(index) as store:
        known = {row.source: row for row in store.ledger_rows()}
        titles = [info.title for info in store.articles()]
        misread = [name for name in names if _misread(store, name)]
    wrong = "a traceback" if "Traceback" in said else ""
    wrong = wrong or ("" if code in (0, 4) else f"exit code {code}: {said[-200:]}")
    wrong = wrong or ("" if "New good opens" in titles else "the good article was not added")
    wrong = wrong or ("" if seconds < SLOWEST_S * len(names) else f"{seconds:.0f} s")
    wrong = wrong or ("" if memory < (450_000_000 if row == 14 else MOST_MEMORY) else f"{memory / 1e6:.0f} MB")
    result.failed += [f"{name}: other words than it holds, and no notice" for name in misread]
    for name in names:
        row_of = [one for source, one in known.items() if f"/{name}" in source]
        told = bool(row_of) or ascii(name)[1:12] in said or name[:12] in said
        result.add(wrong or ("" if told else f"{name!r}: not a word about it"), seconds / len(names))
    result.note = f"{seconds:.0f} s and at most {memory / 1e6:.0f} MB in all"
    return result


def _misread(store: Store, name: str) -> bool:
    """Whether a file in a known encoding has given other words than it holds, without a notice that says so."""
    right = _TEXTS.get(name.partition("-")[0])
    if right is None or name.endswith("big5.txt"):  # it has no signs for half of the words
        return False
    for info in store.articles():
        article = store.article(info.id)
        if article and info.source.endswith(name):
            return right not in article.text and not any("replace" in notice for notice in article.notices)
    return False


def _run(arguments: Sequence[str]) -> tuple[int, str, int]:
    """Run a command; return its exit code, what it said, and its peak memory in bytes, its children's included."""
    environment = {**os.environ, "ASSISTANT_EMBEDDER": "none"}
    with subprocess.Popen(
        [*PROGRAM, *arguments], stdout=subprocess.PIPE, stderr=subprocess.STDOUT, env=environment
    ) as process:
        assert process.stdout
        said = process.stdout.read().decode(errors="replace")
        _, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
    return process.returncode, said, usage.ru_maxrss * 1024


def _junk(folder: Path, long: bool) -> list[str]:
    noise = random.Random(1).randbytes(5000)
    archive = io.BytesIO()
    with zipfile.ZipFile(archive, "w") as zipped:
        zipped.writestr("a.txt", BODY)
    contents = {
        "empty": b"", "space": b" \n\t \r\n", "byte": b"x", "noise": noise, "exe": b"MZ\x90\x00\x03" + bytes(300),
        "elf": b"\x7fELF\x02\x01\x01" + noise, "png": b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR" + noise,
        "zip": archive.getvalue(), "gz": gzip.compress(BODY.encode()), "nul": bytes(4000), "pdf": b"%PDF-1.7\n" + noise,
        "doc": b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + noise, "xml": b"<?xml version='1.0'?><rss/>",
    }  # fmt: skip
    for name, data in contents.items():
        for suffix in (".txt", ".html", ".pdf", ".docx", ".json"):
            (folder / f"{name}{suffix}").write_bytes(data)
    return [f"{name}{suffix}" for name in contents for suffix in (".txt", ".html", ".pdf", ".docx", ".json")]


def _huge(folder: Path, long: bool) -> list[str]:
    with (folder / "sparse.txt").open("wb") as file:
        file.truncate(2_000_000_000)
    (folder / "line.txt").write_bytes(b"word " * (20_000_000 if long else 4_500_000))
    (folder / "just.txt").write_bytes(b"x" * 20_000_001)
    return ["sparse.txt", "line.txt", "just.txt"]


def _encodings(folder: Path, long: bool) -> list[str]:
    for language, codec in (
        ("ru", "cp1251"), ("ru", "koi8-r"), ("ja", "shift_jis"), ("ja", "euc_jp"), ("zh", "gb18030"), ("zh", "big5"),
        ("en", "cp1252"), ("en", "utf-8-sig"), ("en", "utf-16"), ("ru", "utf-16-le"), ("ja", "utf-16-be"),
        ("en", "utf-32"),
    ):  # fmt: skip
        text = "\n\n".join([_TEXTS[language] * 3] * 3)
        (folder / f"{language}-{codec}.txt").write_bytes(text.encode(codec, "replace"))
    page = f"<html><head><meta charset='shift_jis'></head><body><p>{_TEXTS['ru'] * 3}</p></body></html>"
    (folder / "wrong-charset.html").write_bytes(page.encode())
    (folder / "invalid.txt").write_bytes(BODY.encode() * 5 + b"\xff\xfe\x80 half \xed\xa0\x80 pair")
    (folder / "nul.txt").write_bytes(BODY.encode() + b"\x00" + BODY.encode())
    (folder / "mostly-invalid.txt").write_bytes(bytes(range(128, 256)) * 40)
    return []


def _pages(folder: Path, long: bool) -> list[str]:
    paragraph = f"<p>{BODY}</p>"
    count = 40_000 if long else 8_000
    pages = {
        "deep": "<div>" * 100_000 + BODY + "</div>" * 100_000,
        "flat": paragraph * count,
        "attributes": "<p " + " ".join(f"a{n}='x'" for n in range(100_000)) + f">{BODY}</p>",
        "entities": "&amp;" * (900_000 if long else 200_000),
        "unclosed": "<p><b><i><table><tr><td>" * 20_000 + BODY,
        "frames": "<iframe><object><svg><math>" * 5_000 + BODY,
        "comments": "<!--" * 100_000 + BODY,
        "nested-lists": "<ul><li>" * 20_000 + BODY,
        "no-text": "<script>x()</script><style>p{}</style>" * 1_000,
        "over-the-limit": paragraph * 60_000,
        "doctype-bomb": "<!DOCTYPE html ["
        + "".join(f"<!ENTITY a{n + 1} '&a{n};&a{n};'>" for n in range(30))
        + "]>&a30;",
    }
    for name, page in pages.items():
        (folder / f"{name}.html").write_text(f"<html><body>{page}</body></html>", "utf-8")
    return [f"{name}.html" for name in pages]


def _pdf(objects: Sequence[bytes], root: int = 1, extra: bytes = b"") -> bytes:
    out, places = b"%PDF-1.4\n", []
    for number, body in enumerate(objects, 1):
        places.append(len(out))
        out += b"%d 0 obj\n%s\nendobj\n" % (number, body)
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    start = len(out)
    trailer = b"trailer << /Size %d /Root %d 0 R %s >>" % (
        len(objects) + 1,
        root,
        extra % start if b"%d" in extra else extra,
    )
    return out + b"xref\n0 %d\n0000000000 65535 f \n%s%s\nstartxref\n%d\n%%%%EOF" % (
        len(objects) + 1, table, trailer, start,
    )  # fmt: skip


def _stream(data: bytes, about: bytes = b"") -> bytes:
    return b"<< /Length %d %s >> stream\n%s\nendstream" % (len(data), about, data)


def _pdfs(folder: Path, long: bool) -> list[str]:
    font = b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>"
    page = (
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 600 800] /Resources << /Font << /F 4 0 R >> >> /Contents 5 0 R >>"
    )
    catalog, kids = b"<< /Type /Catalog /Pages 2 0 R >>", b"<< /Type /Pages /Kids [%s] /Count %d >>"
    words = b"BT /F 12 Tf 50 700 Td (The ferry to Lindholm sank.) Tj ET\n"

    def made(content: bytes, pages: int = 1, about: bytes = b"") -> bytes:
        listed = b" ".join([b"3 0 R"] * pages)
        return _pdf([catalog, kids % (listed, pages), page, font, _stream(content, about)])

    flate = b"/Filter /FlateDecode"
    whole = made(words)
    files = {
        "bomb": made(zlib.compress(bytes(300_000_000 if long else 100_000_000), 9), about=flate),
        "many-pages": made(words, pages=10_000 if long else 1_000),
        "page-cycle": _pdf([catalog, kids % (b"2 0 R", 1)]),
        "xref-loop": _pdf([catalog, kids % (b"3 0 R", 1), page, font, _stream(words)], extra=b"/Prev %d"),
        "self-reference": _pdf([b"1 0 R", b"2 0 R"]),
        "no-pages": _pdf([catalog, kids % (b"", 0)]),
        "picture-only": made(b"q 100 0 0 100 0 0 cm BI /W 1 /H 1 /BPC 8 /CS /G ID x EI Q"),
        "cut": whole[: len(whole) // 2],
        "deep-array": _pdf([catalog, b"[" * 50_000 + b"]" * 50_000]),
        "negative-length": whole.replace(b"/Length 62", b"/Length -9"),
    }
    if long:  # costs the whole of the limit of 20 s
        files["shared-stream"] = made(zlib.compress(words * 16_000, 9), pages=30, about=flate)
    for name, data in files.items():
        (folder / f"{name}.pdf").write_bytes(data)
    return [f"{name}.pdf" for name in files]


def _odd(folder: Path, long: bool) -> list[str]:
    outside = folder.parent / "outside.txt"
    outside.write_text(BODY)
    (folder / "loop").symlink_to(folder)
    (folder / "around-a").symlink_to("around-b")
    (folder / "around-b").symlink_to("around-a")
    (folder / "passwd").symlink_to("/etc/passwd")
    (folder / "zero").symlink_to("/dev/zero")
    (folder / "up").symlink_to("../outside.txt")
    (folder / "dangling").symlink_to("nowhere")
    os.mkfifo(folder / "fifo")
    with socket.socket(socket.AF_UNIX) as listener:
        listener.bind(str(folder / "socket"))
    os.link(folder / "good.txt", folder / "hard.txt")
    with suppress(OSError):
        os.mknod(folder / "device", 0o020666, os.makedev(1, 5))
    names = [
        "line\nend.txt",
        "\u202egnp.txt",
        "bell\x07.txt",
        "x" * 240 + ".txt",
        os.fsdecode(b"half\xff.txt"),
        "-rf.txt",
    ]
    for number, name in enumerate(names):
        (folder / name).write_text(f"{BODY} It was the {number}th of its kind.")
    return ["passwd", "zero", "up", "dangling", "fifo", "socket", "hard.txt", "around-a"]


_MAKERS: dict[int, Callable[[Path, bool], list[str]]] = {
    13: _junk, 14: _huge, 15: _encodings, 16: _pages, 17: _pdfs, 18: _odd,
}  # fmt: skip

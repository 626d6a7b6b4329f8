"""Paths to raw documents: find the files, read them within limits, hand the bytes to the reader of their kind."""

from __future__ import annotations

import glob
import os
import stat
from collections.abc import Iterable, Iterator
from pathlib import Path

from assistant.corpus import formats, records
from assistant.corpus.decode import declared_charset, decode
from assistant.corpus.limits import MAX_FILE_BYTES, MAX_HTML_CHARS, MAX_TEXT_CHARS, show
from assistant.corpus.sniff import sniff_container, sniff_text
from assistant.errors import DocumentError
from assistant.types import RawDocument


def find_sources(paths: Iterable[str | Path]) -> Iterator[Path | DocumentError]:
    """Expand files, folders and globs to files, each once.

    Folders are walked to the bottom in sorted order; hidden files are left out, and links that lead out of the
    folder are reported, not followed.

    Args:
        paths: as given by a user.

    Yields:
        A path of a file, or a DocumentError for what is missing, empty or leads elsewhere; the others go on.
    """
    seen: set[str] = set()
    for given in map(str, paths):
        for found in _expand(os.path.expanduser(given)):
            if isinstance(found, DocumentError):
                yield found
            elif (key := os.path.abspath(found)) not in seen:
                seen.add(key)
                yield found


def read_documents(
    source: str | Path, data: bytes | None = None, charset: str | None = None
) -> Iterator[RawDocument | DocumentError]:
    """Read the articles of one file or of bytes fetched from a URL.

    Args:
        source: path, or a URL when ``data`` is given.
        data: its bytes, if they were read already.
        charset: the character set that a server names, which counts before one that the text names.

    Yields:
        A RawDocument for each article, or a DocumentError for each one that cannot be read; nothing is raised. The
        source of the n-th article of a file that may hold several is ``path#n``, n from 1.
    """
    name = str(source).encode("utf-8", "backslashreplace").decode("utf-8")
    try:
        content = _read_bytes(Path(source)) if data is None else data
        if len(content) > MAX_FILE_BYTES:
            raise DocumentError(_too_large(len(content)))
        for found in _read(content, name, charset):
            yield _explained(found, found.source or name) if isinstance(found, DocumentError) else _checked(found)
    except DocumentError as error:
        yield _explained(error, name)


def file_of(source: str, name: str) -> str:
    """Return the file of a source below ``name``: ``news.jsonl#3`` is in ``news.jsonl``, ``a#b.txt`` is a file."""
    file, mark, number = source.rpartition("#")
    return file if mark and number.isdecimal() and len(file) >= len(name) else source


def is_gone(path: str) -> bool:
    """Return whether there is no such file; one that cannot be looked for may be there."""
    try:
        os.lstat(path)
    except (FileNotFoundError, NotADirectoryError):
        return True
    except (OSError, UnicodeEncodeError):  # a folder that is closed to us, a name that this locale cannot write
        return False
    return False


def _expand(path: str) -> Iterator[Path | DocumentError]:
    if os.path.isdir(path):
        yield from _walk(path)
    elif os.path.lexists(path):
        yield Path(path)
    elif glob.has_magic(path):
        matches = sorted(glob.glob(path, recursive=True))
        if not matches:
            yield DocumentError(f"nothing matches {show(path)}; check the pattern", path)
        for match in matches:
            yield from _expand(match) if os.path.isdir(match) else iter([Path(match)])
    else:
        yield DocumentError(f"cannot find {show(path)}; check the path", path)


def _walk(folder: str) -> Iterator[Path | DocumentError]:
    root = os.path.realpath(folder)
    found = False
    errors: list[OSError] = []
    for here, folders, files in os.walk(folder, onerror=errors.append):
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        links = [name for name in folders if os.path.islink(os.path.join(here, name))]
        for name in sorted([*files, *links]):
            path = os.path.join(here, name)
            if name.startswith("."):
                continue
            if os.path.islink(path) and not _inside(os.path.realpath(path), root):
                yield DocumentError(f"cannot read {show(path)}: it is a link out of the folder; add its target", path)
            elif name not in links:
                found = True
                yield Path(path)
    for error in errors:
        path = str(error.filename)
        yield DocumentError(f"cannot read {show(path)}: {_reason(error)}; check the path and its permissions", path)
    if not found and not errors:
        yield DocumentError(f"the folder {show(folder)} holds no files; check the path", folder)


def _inside(path: str, root: str) -> bool:
    return path == root or path.startswith(root.rstrip(os.sep) + os.sep)


def _read_bytes(path: Path) -> bytes:
    """Return the bytes of a regular file; what it is, is checked on the open file so that it cannot be swapped."""
    try:
        # Without O_NONBLOCK, opening a FIFO that nobody writes to waits for ever.
        descriptor = os.open(path, os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0))
        with open(descriptor, "rb") as file:
            status = os.fstat(file.fileno())
            if not stat.S_ISREG(status.st_mode):
                raise DocumentError("it is not a regular file; add the file that holds the article")
            if status.st_size > MAX_FILE_BYTES:
                raise DocumentError(_too_large(status.st_size))
            return file.read(MAX_FILE_BYTES + 1)
    except (OSError, ValueError) as error:
        raise DocumentError(f"{_reason(error)}; check the path and its permissions") from error


def _reason(error: Exception) -> str:
    return (getattr(error, "strerror", None) or "the name cannot be used").lower()


def _too_large(size: int) -> str:
    return f"it has {size / 1e6:.1f} MB, over the limit of {MAX_FILE_BYTES / 1e6:.0f} MB; split it and add the parts"


def _read(data: bytes, name: str, charset: str | None) -> Iterator[RawDocument | DocumentError]:
    container = sniff_container(data)
    if container in ("pdf", "docx"):
        yield formats.read_pages(data, container, name)
        return
    if container in ("mail", "mhtml"):
        yield formats.read_mail(data, name)
        return
    text, notices = decode(data, charset or declared_charset(data))
    suffix = os.path.splitext(name)[1].lower()
    kind = sniff_text(text, suffix)
    if kind in ("json", "jsonl", "csv"):
        reader = {"json": records.read_json, "jsonl": records.read_jsonl, "csv": records.read_csv}[kind]
        yield from reader(text, name, notices)
    elif kind == "html":
        yield RawDocument(name, "html", text, notices=notices)
    elif kind == "markdown":
        yield formats.read_markdown(text, name, notices)
    else:
        yield RawDocument(name, "text", text, notices=notices)


def _checked(document: RawDocument) -> RawDocument | DocumentError:
    limit = MAX_HTML_CHARS if document.kind == "html" else MAX_TEXT_CHARS
    if len(document.content) > limit:
        reason = f"it has {len(document.content):,} characters, over the limit of {limit:,}; split it and add the parts"
        return _explained(DocumentError(reason), document.source)
    if document.source.startswith(("http://", "https://")) and "url" not in document.declared:
        declared = {**document.declared, "url": document.source}
        origin = document.origin or "address given"
        return RawDocument(document.source, document.kind, document.content, declared, origin, document.notices)
    return document


def _explained(error: DocumentError, source: str) -> DocumentError:
    return DocumentError(f"cannot read {show(source)}: {error}", source)

"""Fuzz targets that read articles: the bytes of every kind of file, through the loader, the cleaner and the chunker."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import Any

from hypothesis import strategies as st

from assistant.corpus import chunk, clean, read_documents
from assistant.corpus.dates import parse_date
from assistant.errors import DocumentError
from assistant.retrieval.embed import MiniLM
from assistant.retrieval.store import Store
from assistant.types import RawDocument
from scripts.fuzz_article import check_article, check_passages
from scripts.fuzz_inputs import as_json, hostile, mutated, seeds, texts, values
from scripts.fuzz_target import Check, Target, sentence

_NAMES = ("a.txt", "a.md", "https://news.example/a")

_TOKENS = (
    b"\0",
    b"\xff\xfe",
    b"\xef\xbb\xbf",
    b"\x00a",
    b"\r",
    b"\n\n",
    b"\x1b[31m",
    b"\xed\xa0\x80",
    b"\xf0\x9f\x98\x80",
    b"By Ann Author",
    b"3 August 2017",
    b"Read more:",
    b"Advertisement",
    b"Comments (3)",
    b"\xe2\x80\x9c",
    b"9" * 40,
)
_HTML = (
    b"<p>",
    b"</p>",
    b"<div hidden>",
    b"<table><tr><td>",
    b"<figcaption>",
    b"<!--",
    b"-->",
    b"<script>",
    b"</script>",
    b"<?xml version='1.0' encoding='utf-16'?>",
    b"<meta charset=utf-7>",
    b"&#0;",
    b"&#xD800;",
    b"&#x110000;",
    b"&amp;",
    b"<svg>",
    b"<math>",
    b"<template>",
    b"<base href=//x>",
    b"style='display:none'",
    b"<h1>",
    b"<time datetime=2017-08-03>",
    b'<script type="application/ld+json">{"@type":"NewsArticle","headline":[{}],"datePublished":{}}</script>',
    b"<meta property=og:title content='a&#8203;b'>",
    b"<br>",
    b"<ol><li>",
    b"<blockquote>",
    b"<![CDATA[",
    b"<a href='",
)
_JSON = (
    b'"',
    b"\\",
    b"\\ud800",
    b"{",
    b"}",
    b"[",
    b"]",
    b",",
    b":",
    b'"text":',
    b'"date":',
    b"NaN",
    b"1e999",
    b"9" * 5000,
)
_MAIL = (
    b"Content-Type: ",
    b"charset=",
    b"=?utf-8?q?=ff?=",
    b"=?x?b?!?=",
    b"boundary=",
    b"; name*0*=",
    b"\r\n\r\n",
    b"--",
    b"Content-Transfer-Encoding: base64\r\n",
    b"multipart/related",
    b"message/rfc822",
    b"From: <>@,;:\r\n",
    b"Date: 99",
    b"Subject: ",
    b"MIME-Version: 1.0\r\n",
    b"Snapshot-Content-Location: ",
    b"text/html",
    b"utf-7",
    b"unknown-8bit",
)
_PAGES = (
    b"obj",
    b"endobj",
    b"stream",
    b"/Length 99",
    b"/Pages",
    b"/Filter /LZWDecode",
    b"<<",
    b">>",
    b"PK\x03\x04",
    b"%PDF-",
)


@contextmanager
def opened(folder: Path) -> Iterator[Check]:
    """Open an index for what is read; yield the check of one file."""
    parse_date("31 February 2017")  # dateparser takes seconds to load all its languages, once
    with Store.open(folder / "index", create=True) as store, store.writing():
        yield partial(_read, store, MiniLM().count_tokens)


def _read(store: Store, count_tokens: Callable[[str], int], data: bytes) -> Iterator[str]:
    name = _NAMES[len(data) % len(_NAMES)]
    found = list(read_documents(name, data))
    for one in found:
        try:
            if isinstance(one, DocumentError):
                raise one
            yield from _one(store, count_tokens, one)
        except DocumentError as error:
            yield sentence(error)


def _one(store: Store, count_tokens: Callable[[str], int], document: RawDocument) -> Iterator[str]:
    article = clean(document)
    check_article(article)
    passages = chunk(article, count_tokens)
    check_passages(article, passages)
    with store.transaction():
        hashes: list[str | None] = [None] * len(passages)
        done = store.add(article, passages, hashes, source=article.source, content_hash=article.id, size=1, mtime_ns=1)
    kept = store.article(article.id)
    assert kept is not None
    if done in ("added", "updated"):
        assert (kept.text, kept.blocks) == (article.text, article.blocks), "the index gives another text back"
    yield from map(sentence, article.notices)
    yield from (value for value in (article.title, article.publisher, article.author) if value)


def _records() -> Any:  # noqa: ANN401 - a strategy
    """JSON, JSON Lines and CSV of records with the field names that are in use, some of them with strange values."""
    names = st.sampled_from(
        "text body content title headline date published author authors url source publisher articles data".split()
    )
    prose = texts(("The ferry sank on Tuesday evening.", "All were saved, the coast guard said.", "3 August 2017"))
    record = st.dictionaries(names | texts(longest=1), prose | values(prose), max_size=6)
    forms = st.sampled_from((as_json, _one_object, _lines, _table))
    return st.tuples(forms, st.lists(record | values(), max_size=4)).map(lambda made: made[0](made[1]))


def _one_object(records: list[Any]) -> bytes:
    return as_json({"articles": records})


def _lines(records: list[Any]) -> bytes:
    return b"\n".join(map(as_json, records))


def _table(records: list[Any]) -> bytes:
    rows = [one for one in records if isinstance(one, dict)]
    names = list(dict.fromkeys(["title", "text", *(name for row in rows for name in row)]))
    out = io.StringIO()
    writer = csv.writer(out, escapechar="\\")
    writer.writerow(names)
    writer.writerows([row.get(name, "") for name in names] for row in rows)
    return out.getvalue().encode("utf-8", "surrogatepass")


def _wrapped(*forms: str) -> Callable[[], list[bytes]]:
    """Return what gives every hostile text in each of these forms, and the kept files."""

    def made() -> list[bytes]:
        quoted = [(json.dumps(text), text) for text in hostile()]
        both = [form.replace("QUOTED", q).replace("PLAIN", plain) for form in forms for q, plain in quoted]
        return [text.encode("utf-8", "surrogatepass") for text in both]

    return made


_STORY = "The ferry to Lindholm sank on Tuesday.\n\nPLAIN\n\nAll were saved, the coast guard said on Wednesday."
_PAGE = (
    "<html><head><title>PLAIN</title></head><body><article><h1>A ferry sank</h1><p>The ferry sank. PLAIN</p></article>"
)


def _target(name: str, kinds: str, tokens: Iterable[bytes], forms: Sequence[str], share: float, **more: Any) -> Target:  # noqa: ANN401
    patterns = tuple(f"{name}/*.{kind}" for kind in kinds.split())
    made = more.pop("made", None)

    def inputs() -> Any:  # noqa: ANN401 - a strategy
        changed = mutated(seeds(*patterns), (*_TOKENS, *tokens))
        return changed | made() if made else changed

    def fixed() -> list[bytes]:
        return [*seeds(*patterns), *_wrapped(*forms)()]

    about = more.pop("about", f"{kinds.upper().replace(' ', ', ')} by their bytes: read, cleaned, cut, stored")
    return Target(name, about, opened, inputs, fixed, share, raw=more.pop("raw", bytes), **more)


FILES = (
    _target("text", "txt md bin", (b"# ", b"---\n", b"> ", b"* ", b"title: "), (_STORY, "PLAIN"), 10),
    _target("html", "html", _HTML, (_PAGE,), 10, seconds=20.0),
    _target(
        "records", "json jsonl csv", _JSON, ('{"text": QUOTED, "date": QUOTED, "title": QUOTED}',), 10, made=_records
    ),
    _target(
        "mail", "eml mhtml", _MAIL, ("From: PLAIN\nTo: b\nSubject: PLAIN\nDate: PLAIN\n\nThe ferry sank. PLAIN",), 8
    ),
    _target("pages", "pdf docx", _PAGES, (), 1, seconds=45.0),
)

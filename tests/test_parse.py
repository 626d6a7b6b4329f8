"""Files that break their parser: each costs itself alone, with the reason, and the next one is read."""

import signal
import sys

import pytest

from assistant.corpus import parse as parsing
from assistant.corpus.parse import parse, parse_page
from assistant.errors import DocumentError
from assistant.ingest import add_sources
from assistant.retrieval.store import Store

PLANTED = """
import json, os, sys, time
sys.path[:] = json.loads(sys.argv[1])["path"]
from assistant.corpus import child

def planted(data):
    words = data.decode()
    if "abort" in words: os.abort()
    if "endless" in words:
        while True: pass
    if "swell" in words: bytearray(10**12)
    if "raise" in words: raise RuntimeError("nobody foresaw this")
    if "asleep" in words: time.sleep(60)
    if "who" in words: return {"pid": os.getpid()}
    if "chatty" in words: print("I am no reply")
    return read(data)

read = child.READERS["html"]
child.READERS["html"] = planted
child.IDLE_SECONDS = float(os.environ.get("IDLE", "30"))
child.main()
"""
PAGE = "<html><body><h1>New pier opens</h1><p>The {} pier was opened on Thursday by the mayor.</p></body></html>"
posix = pytest.mark.skipif(sys.platform == "win32", reason="limits on CPU and memory, signals")


@pytest.fixture
def _planted(tmp_path, monkeypatch):
    script = tmp_path / "planted.py"
    script.write_text(PLANTED)
    parsing._SHARED.close()
    monkeypatch.setattr(parsing, "_CHILD", script)
    yield
    parsing._SHARED.close()


@posix
@pytest.mark.usefixtures("_planted")
def test_a_page_that_breaks_its_parser_is_skipped_with_the_reason_and_the_next_is_read(tmp_path):
    pages = {"a": "old", "b": "abort", "c": "new"}
    for name, word in pages.items():
        (tmp_path / f"{name}.html").write_text(PAGE.format(word))
    with Store.open(tmp_path / "index", create=True) as store:
        reports = add_sources(store, [tmp_path / f"{name}.html" for name in pages])
        (told,) = (row for row in store.ledger_rows() if row.outcome == "skipped")
    assert [report.outcome for report in reports] == ["added", "skipped", "added"]
    crashed = "the parser of HTML files crashed on it; save it again or add its text"
    assert told.reason == f"cannot use '{tmp_path / 'b.html'}': {crashed}"


@posix
@pytest.mark.usefixtures("_planted")
@pytest.mark.parametrize(
    ("word", "reason"),
    [
        ("abort", "the parser of HTML files crashed on it; save it again or add its text"),
        ("endless", "reading it takes over 20 s or 1 GB; add its text instead"),
        ("swell", "reading it takes over 20 s or 1 GB; add its text instead"),
        ("raise", "it is a damaged HTML file; save it again or add its text"),
    ],
)
def test_what_breaks_a_parser_is_said(monkeypatch, word, reason):
    monkeypatch.setattr(parsing, "CHILD_CPU_SECONDS", 1)
    with pytest.raises(DocumentError, match=f"^{reason}$"):
        parse("html", word.encode())


@pytest.mark.usefixtures("_planted")
def test_one_process_reads_all_and_another_takes_over_when_it_has_died():
    first = parse("html", b"who")
    assert parse("html", b"who") == first
    with pytest.raises(DocumentError):
        parse("html", b"raise")
    assert parse("html", b"who") != first


@posix
@pytest.mark.usefixtures("_planted")
def test_a_large_program_keeps_its_process_too():
    large = bytearray(b"x") * 400_000_000  # more than the child may hold; its parent's size is not its own
    assert parse("html", b"who") == parse("html", b"who")
    assert large


@pytest.mark.usefixtures("_planted")
def test_a_process_that_has_gone_for_want_of_work_is_replaced(monkeypatch):
    monkeypatch.setenv("IDLE", "0.05")
    first = parse("html", b"who")
    parsing._SHARED._process.wait(timeout=10)
    assert parse("html", b"who") != first


@pytest.mark.usefixtures("_planted")
def test_what_takes_too_long_by_the_clock_is_ended(monkeypatch):
    monkeypatch.setattr(parsing, "CHILD_WALL_SECONDS", 0.3)
    with pytest.raises(DocumentError, match="takes over 20 s"):
        parse("html", b"asleep")


@posix
@pytest.mark.usefixtures("_planted")
def test_after_an_interruption_no_reply_is_taken_for_another_files():
    parse("html", b"who")

    def interrupt(*_):
        raise KeyboardInterrupt

    before = signal.signal(signal.SIGALRM, interrupt)
    signal.setitimer(signal.ITIMER_REAL, 0.2)
    try:
        with pytest.raises(KeyboardInterrupt):
            parse("html", b"asleep")
    finally:
        signal.signal(signal.SIGALRM, before)
    assert "new pier" in parse_page(PAGE.format("new")).paragraphs[-1].text


@pytest.mark.usefixtures("_planted")
def test_what_a_parser_prints_is_no_reply():
    assert "chatty" in parse_page(PAGE.format("chatty")).paragraphs[-1].text

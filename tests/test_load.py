"""Reading: what a file is, is told from its bytes; one bad source never stops the others."""

import gzip
import io
import os
import time
import zipfile
from pathlib import Path

import pytest

from assistant.corpus import find_sources, limits, read_documents
from assistant.corpus.load import is_gone
from assistant.errors import DocumentError
from assistant.types import RawDocument
from tests.load_samples import BODY, one, refused


class TestFindSources:
    def test_folders_are_walked_sorted_and_without_hidden_files(self, tmp_path):
        for name in ("b.txt", "a.txt", ".hidden.txt", "sub/c.txt", ".git/config"):
            (tmp_path / name).parent.mkdir(exist_ok=True)
            (tmp_path / name).write_text(BODY)
        assert [p.relative_to(tmp_path).as_posix() for p in find_sources([tmp_path])] == ["a.txt", "b.txt", "sub/c.txt"]

    def test_globs_and_repeated_paths_give_each_file_once(self, tmp_path):
        for name in ("one.txt", "two.txt", "three.md"):
            (tmp_path / name).write_text(BODY)
        found = list(find_sources([str(tmp_path / "*.txt"), tmp_path / "one.txt"]))
        assert [Path(p).name for p in found] == ["one.txt", "two.txt"]

    @pytest.mark.parametrize("path", ["missing.txt", "none*.txt", "empty"])
    def test_missing_paths_empty_globs_and_empty_folders_are_reported(self, tmp_path, path):
        (tmp_path / "empty").mkdir()
        (error,) = find_sources([tmp_path / path])
        assert isinstance(error, DocumentError)
        assert path in str(error)
        assert error.source.endswith(path)

    def test_a_name_that_the_locale_cannot_write_may_be_there(self):
        assert not is_gone("half a pair \ud800.txt")

    def test_links_out_of_the_folder_and_loops_are_not_followed(self, tmp_path):
        outside = tmp_path / "outside"
        outside.mkdir()
        (outside / "secret.txt").write_text(BODY)
        root = tmp_path / "root"
        root.mkdir()
        (root / "a.txt").write_text(BODY)
        (root / "file").symlink_to(outside / "secret.txt")
        (root / "folder").symlink_to(outside)
        (root / "loop").symlink_to(root)
        found = list(find_sources([root]))
        assert [p.name for p in found if isinstance(p, Path)] == ["a.txt"]
        assert sum(isinstance(p, DocumentError) for p in found) == 2

    def test_a_subfolder_that_cannot_be_read_is_reported(self, tmp_path, monkeypatch):
        (tmp_path / "a.txt").write_text(BODY)
        (tmp_path / "locked").mkdir()
        scandir = os.scandir
        monkeypatch.setattr(os, "scandir", lambda path: scandir(_readable(path)))
        path, error = find_sources([tmp_path])
        assert path.name == "a.txt"
        assert str(error) == (
            f"cannot read '{tmp_path / 'locked'}': permission denied; check the path and its permissions"
        )


def _readable(path):
    """Return ``path``; one below a folder that is called locked cannot be looked into."""
    if "locked" in os.fspath(path):
        raise PermissionError(13, "Permission denied", path)
    return path


class TestSniffing:
    def test_html_named_txt_is_html(self):
        assert one("page.txt", b"<!DOCTYPE html><html><body><p>Hello there.</p></body></html>").kind == "html"

    def test_a_headline_with_a_comma_is_no_csv(self):
        for between in ("\n\n", "\n"):
            assert (
                one("a.txt", f"Content, but cautious{between}{BODY} It sank, they say, in a storm.".encode()).kind
                == "text"
            )

    def test_text_named_html_is_text(self):
        assert one("page.html", BODY.encode()).kind == "text"

    @pytest.mark.parametrize(
        ("name", "data", "reason"),
        [
            ("a.txt", b"", "empty"),
            ("a.txt", b" \n\t\n", "empty"),
            ("a.txt", b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR" + bytes(range(256)), "binary file"),
            ("a.html", b"MZ\x90\x00\x03\x00\x00\x00" + bytes(200), "binary file"),
            ("a.txt", bytes(range(256)) * 8, "binary file"),
            ("a.txt", gzip.compress(BODY.encode() * 50), "binary file"),
            ("a.pdf", b"PK\x03\x04 not really", "ZIP"),
            ("feed.xml", b"<?xml version='1.0'?><rss><channel/></rss>", "XML"),
            ("a.pdf", b"%PDF-1.7\nthis is no PDF at all", "damaged PDF"),
            ("a.json", b'{"text": "never closed', "not valid JSON"),
            ("a.json", b"[1, 2]", "not an object"),
        ],
    )
    def test_what_is_no_article_is_refused_with_the_reason(self, name, data, reason):
        assert reason in " ".join(str(e) for e in read_documents(name, data))
        assert all(isinstance(e, DocumentError) for e in read_documents(name, data))

    def test_a_plain_zip_is_refused(self):
        buffer = io.BytesIO()
        with zipfile.ZipFile(buffer, "w") as archive:
            archive.writestr("a.txt", BODY)
        assert "ZIP archive" in refused("a.docx", buffer.getvalue())


class TestFiles:
    def test_a_large_file_is_refused_before_it_is_read(self, tmp_path):
        path = tmp_path / "large.txt"
        with path.open("wb") as file:
            file.truncate(2_000_000_000)
        (error,) = read_documents(path)
        assert "2000.0 MB" in str(error)

    def test_long_text_is_refused(self):
        assert "over the limit" in refused("a.txt", b"word " * (limits.MAX_TEXT_CHARS // 5 + 1))

    @pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="needs FIFOs")
    def test_a_fifo_is_refused_without_waiting(self, tmp_path):
        os.mkfifo(tmp_path / "pipe")
        (error,) = read_documents(tmp_path / "pipe")
        assert "regular file" in str(error)

    def test_folders_and_missing_files_are_refused(self, tmp_path):
        for path in (tmp_path, tmp_path / "gone.txt", "nul\0byte"):
            (error,) = read_documents(path)
            assert isinstance(error, DocumentError)

    def test_names_are_shown_escaped(self):
        message = str(one("bad\nname\u202e.txt", b""))
        assert "\n" not in message
        assert "\\n" in message
        assert "\u202e" not in message
        assert "\udcff" not in one("bad\udcff.txt", BODY.encode()).source


class TestEncodings:
    TEXT = "Мэр города открыл новый мост через реку. Жители ждали этого события более десяти лет, сообщает мэрия."

    @pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-32", "cp1251"])
    def test_russian(self, encoding):
        assert one("a.txt", (self.TEXT * 3).encode(encoding)).content.strip("\ufeff") == self.TEXT * 3

    @pytest.mark.parametrize("encoding", ["shift_jis", "euc_jp"])
    def test_japanese(self, encoding):
        text = "市長は火曜日に新しい橋を開通させた。住民は十年以上もこの日を待っていたと市役所は述べた。" * 5
        assert one("a.txt", text.encode(encoding)).content == text

    @pytest.mark.parametrize("encoding", ["utf-16-le", "utf-16-be"])
    def test_wide_text_without_a_mark(self, encoding):
        assert one("a.txt", BODY.encode(encoding)).content == BODY

    def test_a_wrong_declared_charset_does_not_spoil_utf8(self):
        page = '<html><head><meta charset="iso-8859-1"></head><body><p>Zürich café</p></body></html>'
        assert "Zürich café" in one("a.html", page.encode()).content

    def test_a_declared_charset_is_used(self):
        page = f'<html><head><meta charset="windows-1251"></head><body><p>{self.TEXT}</p></body></html>'
        assert self.TEXT in one("a.html", page.encode("cp1251")).content

    def test_a_little_damage_gives_a_notice(self):
        data = ("Zürich. " * 200).encode()[:-1] + b"\xff"
        document = one("a.txt", data)
        assert "1 characters could not be decoded" in document.notices[0]


@pytest.mark.parametrize("charset", ["hex", "undefined", "zlib", "rot13", "no-such"])
def test_a_charset_that_is_none_does_not_count(charset):
    words = "Café words. " * 30
    page = f'<html><head><meta charset="{charset}"></head><body><p>{words}</p></body></html>'
    (document,) = read_documents("https://x.example/a", page.encode("cp1252"))
    assert "Café" in document.content


def test_a_fetched_page_carries_its_url():
    document = one("https://coast.example/ferry", f"<html><body><p>{BODY}</p></body></html>".encode())
    assert isinstance(document, RawDocument)
    assert document.declared["url"] == "https://coast.example/ferry"


@pytest.mark.parametrize("start", ["<!-- a -->" * 500 + "x", "<?xml a>" * 500 + "x", "<!-- a --> " * 500 + "<html>"])
def test_many_comments_cost_little(start):
    began = time.perf_counter()
    list(read_documents("https://x.example/a", start.encode()))
    assert time.perf_counter() - began < 2

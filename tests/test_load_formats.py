"""Reading each format: records of which a bad one never stops the others, mail, saved pages, Markdown, Word and PDF."""

import csv
import io
import json
import re
from email.message import EmailMessage
from itertools import chain

import pytest

from assistant.corpus import clean, formats, read_documents
from assistant.errors import DocumentError
from tests.load_samples import BODY, one, refused


def pdf(pages):
    from reportlab.lib.pagesizes import A4
    from reportlab.pdfgen import canvas

    buffer = io.BytesIO()
    drawing = canvas.Canvas(buffer, pagesize=A4)
    drawing.setTitle("Ferry sinks in storm")
    for lines in pages:
        for number, line in enumerate(lines):
            drawing.drawString(60, 780 - 16 * number, line)
        drawing.showPage()
    drawing.save()
    return buffer.getvalue()


def drawn(*pages, turned=0):
    """A PDF of lines, each (x, y, size, text), in the order in which they are drawn, on pages turned by degrees."""
    from reportlab.pdfgen import canvas

    buffer = io.BytesIO()
    drawing = canvas.Canvas(buffer)
    for lines in pages:
        drawing.rotate(turned)
        for x, y, size, line in lines:
            drawing.setFont("Helvetica", size)
            drawing.drawString(x, y, line)
        drawing.showPage()
    drawing.save()
    return buffer.getvalue()


def column(x, y, *lines):
    return [(x, y - 12 * number, 10, line) for number, line in enumerate(lines)]


class TestRecords:
    def test_jsonl_reports_a_bad_line_and_goes_on(self):
        lines = [
            {"Headline": "One", "body": BODY, "publishedAt": "2021-05-04T10:00:00Z", "source": {"name": "Coast Post"}},
            None,
            {"title": "No text"},
            {
                "content": BODY,
                "URL": "https://coast.example/x",
                "authors": ["Ann Lee", "Bo Ek"],
                "Source": "https://coast.example",
            },
        ]
        data = "\n".join("{broken" if line is None else json.dumps(line) for line in lines).encode()
        first, second, third, fourth = read_documents("news.txt", data)
        assert first.source == "news.txt#1"
        assert first.declared == {"title": "One", "published": "2021-05-04T10:00:00Z", "publisher": "Coast Post"}
        assert first.origin == "JSON field"
        assert "line 2" in str(second)
        assert second.source == "news.txt#2"
        assert "no text" in str(third)
        assert fourth.declared == {"url": "https://coast.example/x", "author": "Ann Lee, Bo Ek"}

    def test_a_list_of_paragraphs_is_parted_by_blank_lines_whatever_their_length(self):
        data = json.dumps({"body": ["The bridge is open.", "No one was hurt.", BODY], "author": ["Ann Lee", "Bo Ek"]})
        document = one("a.json", data.encode())
        assert document.content == f"The bridge is open.\n\nNo one was hurt.\n\n{BODY}"
        assert document.declared["author"] == "Ann Lee, Bo Ek"

    @pytest.mark.parametrize("wrap", [lambda r: r, lambda r: {"status": "ok", "articles": r}])
    def test_json_arrays(self, wrap):
        data = json.dumps(wrap([{"text": BODY}, {"article": BODY}, 7]), indent=1).encode()
        found = list(read_documents("a.json", data))
        assert [d.source for d in found] == ["a.json#1", "a.json#2", "a.json#3"]
        assert isinstance(found[2], DocumentError)

    def test_one_json_object_keeps_the_plain_source(self):
        assert one("a.json", json.dumps({"text": BODY}, indent=1).encode()).source == "a.json"

    def test_html_in_a_field_is_html(self):
        assert one("a.json", json.dumps({"text": f"<p>{BODY}</p><p>{BODY}</p>"}).encode()).kind == "html"

    @pytest.mark.parametrize("delimiter", [",", ";", "\t"])
    def test_csv(self, delimiter):
        buffer = io.StringIO()
        csv.writer(buffer, delimiter=delimiter).writerows(
            [["Title", "Pub Date", "Text"], ["One", "2020-01-02", BODY + "\n\nMore; text, here."], ["Two", "", ""]]
        )
        first, second = read_documents("a.csv", buffer.getvalue().encode())
        assert first.declared == {"title": "One", "published": "2020-01-02"}
        assert first.content.endswith("More; text, here.")
        assert isinstance(second, DocumentError)

    def test_deep_json_does_not_crash(self):
        assert all(isinstance(e, DocumentError) for e in read_documents("a.json", b"[" * 100_000 + b"]" * 100_000))


class TestContainers:
    def test_mail(self):
        message = EmailMessage()
        message["Subject"] = "Ferry sinks in storm"
        message["From"] = "Ann Lee <ann@coast.example>"
        message["To"] = "desk@coast.example"
        message["Date"] = "Tue, 04 May 2021 18:00:00 +0200"
        message.set_content(f"{BODY}\n")
        message.add_alternative(f"<p>{BODY}</p>", subtype="html")
        document = one("a.txt", message.as_bytes())
        assert document.kind == "text"
        assert clean(document).published == "2021-05-04"
        assert document.declared["author"] == "Ann Lee"
        message["List-Unsubscribe"] = "<mailto:x@coast.example>"
        assert one("a.txt", message.as_bytes()).declared["publisher"] == "Ann Lee"

    @pytest.mark.parametrize(
        ("name", "field"),
        [
            ("The Coast Post", "publisher"),
            ("The Coastline", "publisher"),
            ("Coast Gazette", "publisher"),
            ("Ann Lee", "author"),
        ],
    )
    def test_mail_in_the_name_of_a_newspaper_is_published_by_it(self, name, field):
        mail = f"From: {name} <desk@coast.example>\nTo: b\nSubject: Ferry sinks\nDate: x\n\n{BODY}\n"
        assert one("a.eml", mail.encode()).declared[field] == name

    def test_mhtml(self):
        page = f"<html><body><h1>Ferry</h1><p>{BODY}</p></body></html>"
        data = (
            "From: <Saved by Blink>\r\nSnapshot-Content-Location: https://coast.example/ferry\r\nSubject: Ferry\r\n"
            'MIME-Version: 1.0\r\nContent-Type: multipart/related; type="text/html"; boundary="--b--"\r\n\r\n'
            f"----b--\r\nContent-Type: text/html\r\nContent-Location: https://coast.example/ferry\r\n\r\n{page}\r\n"
            "----b----\r\n"
        )
        document = one("a.mhtml", data.encode())
        assert document.kind == "html"
        assert document.declared["url"] == "https://coast.example/ferry"

    def test_markdown(self):
        text = (
            f"---\ntitle: Ferry sinks\ndate: 2021-05-04\n---\n# Ferry sinks\n\n**{BODY}** [More](https://x.example)\n"
        )
        document = one("a.md", text.encode())
        assert document.declared == {"title": "Ferry sinks", "published": "2021-05-04"}
        assert BODY in document.content
        assert "https" not in document.content
        assert "#" not in document.content

    def test_docx(self):
        import docx

        made = docx.Document()
        made.add_heading("Ferry sinks in storm", 0)
        made.add_paragraph(BODY)
        made.core_properties.title = "Ferry sinks in storm"
        buffer = io.BytesIO()
        made.save(buffer)
        document = one("renamed.txt", buffer.getvalue())
        assert document.declared["title"] == "Ferry sinks in storm"
        assert BODY in document.content

    @pytest.mark.parametrize(
        ("rows", "lines"),
        [
            ([["Part", "Cost"], ["Piers", "£3m"]], ["Part | Cost", "Part: Piers | Cost: £3m"]),
            ([["Part", "2024 plan"], ["Piers", "£3m"]], ["Part | 2024 plan", "Part: Piers | 2024 plan: £3m"]),
            ([["Opened", "1998"], ["Closed", "2012"]], ["Opened | 1998", "Closed | 2012"]),
            ([["Piers", "£3m"], ["Beams", ""]], ["Piers | £3m", "Beams"]),
            ([["Part", "Cost"], ["Beams", "much"]], ["Part | Cost", "Beams | much"]),
        ],
    )
    def test_docx_tables_name_the_column_of_a_number(self, rows, lines):
        import docx

        made = docx.Document()
        table = made.add_table(len(rows), 2)
        for row, cells in zip(table.rows, rows, strict=True):
            for cell, content in zip(row.cells, cells, strict=True):
                cell.text = content
        buffer = io.BytesIO()
        made.save(buffer)
        assert one("a.docx", buffer.getvalue()).content.split("\n\n") == lines

    def test_pdf_lines_become_paragraphs_and_running_lines_go(self):
        lines = [
            "The ferry to Lindholm sank on Tuesday evening after a storm that had",
            "lasted for two days, the coast guard of the northern district said on",
            "Wednesday. All of its passengers were saved.",
            "Divers will look for the wreck next week, when the sea is calmer than",
            "it has been, and an inquiry will follow in the autumn of this year as",
            "the minister promised.",
        ]
        document = one("a.pdf", pdf([["Coast Post 4 May 2021", *lines], ["Coast Post 4 May 2021", *lines[3:], "2"]]))
        article = clean(document)
        assert "Coast Post" not in article.text
        assert article.text.split("\n\n")[0].startswith("The ferry")
        assert article.text.split("\n\n")[0].endswith("were saved.")

    LEFT = (
        "The roof of the Corn Exchange has to be rebuilt",
        "after engineers found rot in nearly all of its",
        "trusses. Repairs will cost two million, and re-",
    )
    RIGHT = (
        "placing the doors will cost another 300,000, as",
        "the council said on Tuesday after a long debate.",
        "Work on it begins in May.",
    )
    WHOLE = (
        "The roof of the Corn Exchange has to be rebuilt after engineers found rot in nearly all of its trusses. "
        "Repairs will cost two million, and replacing the doors will cost another 300,000, as the council said on "
        "Tuesday after a long debate. Work on it begins in May."
    )

    @pytest.mark.parametrize(
        "pages",
        [
            [[*column(50, 600, *LEFT), *column(310, 600, *RIGHT)]],
            [[*chain(*zip(column(50, 600, *LEFT), column(310, 600, *RIGHT), strict=True))]],
            [[(50, 800, 8, "Harwell Gazette, page 1"), (50, 30, 8, "All rights are ours"), (300, 20, 8, "1"),
              *column(50, 600, *LEFT)],
             [(50, 800, 8, "Harwell Gazette, page 2"), (50, 30, 8, "All rights are ours"), (300, 20, 8, "2"),
              *column(50, 700, *RIGHT)]],
        ],
        ids=["down", "across", "next page"],
    )  # fmt: skip
    def test_a_pdfs_sentence_goes_on_in_the_next_column(self, pages):
        assert one("a.pdf", drawn(*pages)).content == self.WHOLE

    @pytest.mark.parametrize("turned", [90, -90, 180])
    def test_a_pdfs_page_may_lie_on_its_side(self, turned):
        assert one("a.pdf", drawn(column(50, 600, *self.LEFT, *self.RIGHT), turned=turned)).content == self.WHOLE

    def test_a_pdfs_headline_may_take_two_lines(self):
        heads = [(50, 760, 24, "Corn Exchange must have"), (50, 732, 24, "a new roof, council says")]
        content = one("a.pdf", drawn([*heads, *column(50, 700, *self.LEFT, *self.RIGHT)])).content
        assert content == f"Corn Exchange must have a new roof, council says\n\n{self.WHOLE}"

    def test_a_pdfs_paragraphs_are_told_by_gaps_indents_and_bullets(self):
        first, second = self.WHOLE.split(" Repairs ")[0], "Work on it will take nine months."
        lines = [*column(50, 700, *self.LEFT[:2], "trusses, and that is all that is known about it.")]
        known = f"{first.removesuffix('trusses.')}trusses, and that is all that is known about it."
        lines += column(60, 664, second) + column(50, 634, second, "The roads closed are")
        lines += [line for n in (0, 1) for line in (*column(50, 600 - 12 * n, "•"), *column(62, 600 - 12 * n, second))]
        said = [known, second, second, "The roads closed are", f"• {second}", f"• {second}"]
        assert one("a.pdf", drawn(lines)).content.split("\n\n") == said

    def test_a_pdfs_lines_may_be_drawn_word_by_word(self):
        from reportlab.pdfbase.pdfmetrics import stringWidth

        lines = column(50, 600, *self.LEFT, *self.RIGHT)
        words = [
            (x + stringWidth(text[: word.start()], "Helvetica", size), y, size, word[0])
            for x, y, size, text in lines
            for word in re.finditer(r"\S+", text)
        ]
        assert one("a.pdf", drawn(words)).content == self.WHOLE

    def test_a_pdfs_letters_may_stand_apart(self):
        apart = [(x, y, size, " ".join(text)) for x, y, size, text in column(50, 600, *self.LEFT, *self.RIGHT)]
        assert one("a.pdf", drawn(apart)).content == self.WHOLE

    def test_a_pdfs_first_lines_may_stand_beside_an_initial(self):
        first, *others = [*self.LEFT, *self.RIGHT]
        lines = [*column(76, 600, first[1:], *others[:1]), *column(50, 576, *others[1:])]
        assert one("a.pdf", drawn([(50, 588, 30, first[0]), *lines])).content == f"T\n\n{self.WHOLE[1:]}"

    def test_a_pdf_may_place_text_nowhere(self):
        from reportlab.pdfgen import canvas

        buffer = io.BytesIO()
        drawing = canvas.Canvas(buffer)
        drawing.drawString(50, 700, self.RIGHT[2])
        drawing.addLiteral(f"{10**30} 0 0 {10**30} 0 0 cm " * 12)
        drawing.drawString(0, 0, "It was far away.")
        drawing.save()
        assert one("a.pdf", buffer.getvalue()).content.split("\n\n") == [self.RIGHT[2], "It was far away."]

    def test_a_pdfs_table_is_read_by_rows_and_keeps_its_numbers(self):
        rows = [("Ward", "Candidate", "Votes"), ("Abbey", "Moira Tennant", "1,204"), ("Castle", "Peter Okafor", "987")]
        cells = [(50 + 100 * n, 560 - 18 * m, 10, cell) for m, row in enumerate(rows) for n, cell in enumerate(row)]
        content = one("a.pdf", drawn([*column(50, 600, *self.LEFT[:2]), *cells, *column(50, 480, *self.RIGHT)])).content
        assert content.split("\n\n")[1:4] == [
            "Ward | Candidate | Votes",
            "Ward: Abbey | Candidate: Moira Tennant | Votes: 1,204",
            "Ward: Castle | Candidate: Peter Okafor | Votes: 987",
        ]

    @pytest.mark.parametrize(("value", "says"), [("(anonymous)", False), ("Untitled", False), ("Ann Lee (user)", True)])
    def test_a_property_that_a_program_fills_in_says_nothing(self, value, says):
        assert formats._meaningful(value) == says

    def test_encrypted_pdf(self):
        import pypdf

        writer = pypdf.PdfWriter(clone_from=io.BytesIO(pdf([[BODY]])))
        writer.encrypt("secret", algorithm="RC4-128")
        buffer = io.BytesIO()
        writer.write(buffer)
        assert "encrypted" in refused("a.pdf", buffer.getvalue())

    def test_pdf_without_text(self):
        assert "no text" in refused("a.pdf", pdf([[]]))


def test_brackets_within_brackets_of_a_sender_do_not_crash():
    mail = f"From: {'(' * 400}\nTo: b\nSubject: Ferry sinks\nDate: x\n\n{BODY}\n"
    document = one("a.eml", mail.encode())
    assert document.declared["title"] == "Ferry sinks"
    assert "author" not in document.declared


@pytest.mark.parametrize("zone", ["+99999999999999", "-99999999999999"])
def test_a_date_beyond_all_clocks_is_no_date(zone):
    mail = f"From: Ann\nTo: b\nSubject: a\nDate: Thu, 03 Aug 2017 10:00:00 {zone}\n\n{BODY}\n"
    assert clean(one("a.eml", mail.encode())).published in (None, "2017-08-03")
    record = json.dumps({"text": BODY, "date": f"Thu, 03 Aug 2017 10:00:00 {zone}"})
    assert clean(one("a.json", record.encode())).published is None

"""Cleaning: how each field of an article is known, and what a date is."""

import datetime as dt

import pytest

from assistant.corpus import clean
from assistant.corpus.dates import parse_date, parse_declared
from assistant.errors import DocumentError
from assistant.types import RawDocument
from tests.clean_samples import LEAD, SECOND, TITLE, text


class TestFields:
    def test_date_updated_and_byline_lines(self):
        article = text(f"{TITLE}\n\nBy Ann Lee\n\n3 March 2021\nUpdated: 4 March 2021\n\n{LEAD}\n\n{SECOND}")
        assert (article.author, article.published, article.updated) == ("Ann Lee", "2021-03-03", "2021-03-04")
        assert article.found["published"] == "line after the title"
        assert [b.zone for b in article.blocks][1:4] == ["boilerplate"] * 3

    @pytest.mark.parametrize(
        ("lines", "author", "publisher", "published"),
        [
            ("Velden Gazette, 3 March 2021", None, "Velden Gazette", "2021-03-03"),
            ("By Ann Lee | Velden Post | 3 March 2021", "Ann Lee", "Velden Post", "2021-03-03"),
            ("Posted by: Ann Lee on 3 March 2021", "Ann Lee", None, "2021-03-03"),
            ("By Ann Lee on March 3, 2021", "Ann Lee", None, "2021-03-03"),
            ("World News | 3 March 2021", None, None, "2021-03-03"),
            ("(Reporting by A. Lee; Editing by B. Ek)", "A. Lee", None, None),
            ("Ann Lee, The Velden Post | 3 March 2021", "Ann Lee", "The Velden Post", "2021-03-03"),
            ("Ann Lee and Bo Ek, Velden Post", "Ann Lee and Bo Ek", "Velden Post", None),
            ("By Ann Lee, a senior correspondent for the Velden Post in Marnau", "Ann Lee", "Velden Post", None),
            ("By Ann Lee for The Velden Post", "Ann Lee", "The Velden Post", None),
            ("By Ann Lee of The Velden Post", "Ann Lee", "The Velden Post", None),
            ("By Ann Lee, special to the Velden Post", "Ann Lee", "Velden Post", None),
            ("By Ann Lee and Bo Ek / AFP", "Ann Lee and Bo Ek", None, None),
            ("By Ann Lee @annlee", "Ann Lee", None, None),
            ("By ANN LEE\nVelden Post", "ANN LEE", "Velden Post", None),
            ("By Ann Lee\nSenior Reporter", "Ann Lee", None, None),
            ("By Ann Lee\nThe Velden Reporter", "Ann Lee", "The Velden Reporter", None),
            ("By Ann Lee\nBreaking News", "Ann Lee", None, None),
            ("3 March 2021 by Ann Lee", "Ann Lee", None, "2021-03-03"),
            ("By Ann Lee and staff", "Ann Lee and staff", None, None),
            (
                "Velden Post — By Ann B. Lee and Bo Ek — 3 March 2021",
                "Ann B. Lee and Bo Ek",
                "Velden Post",
                "2021-03-03",
            ),
            ("Published 12:44, 3 March 2021\nUpdated 17:02, 4 March 2021", None, None, "2021-03-03"),
            ("Published: 3 March 2021 | 12:44 GMT", None, None, "2021-03-03"),
            ("By Ann Lee | 3 March 2021 | 12:44 GMT", "Ann Lee", None, "2021-03-03"),
            ("3 March 2021 | Updated 17:02", None, None, "2021-03-03"),
            ("The Velden Post, 3 March 2021. By Ann Lee", "Ann Lee", "The Velden Post", "2021-03-03"),
            ("By Ann Lee at Marnau Park, March 3, 2021", "Ann Lee", None, "2021-03-03"),
            ("Live reporting by Ann Lee and Bo Ek", "Ann Lee and Bo Ek", None, None),
            ("Mar. 3, 2021 Updated Apr. 4, 2021, 9:19 a.m. ET", None, None, "2021-03-03"),
            ("12:44 at the bridge, 3 March 2021", None, None, None),
            ("By the bridge in Velden, 3 March 2021", None, None, None),
            ("Bridge shut by City Council", None, None, None),
            ("Was anybody hurt by Velden City?", None, None, None),
            ("Bridge traffic on 3 March 2021", None, None, None),
            ("Bridge opened by the mayor on 3 March 2021", None, None, None),
            ("Velden in Pictures, 3 March 2021", None, None, None),
        ],
    )
    def test_lines_that_tell_of_the_article(self, lines, author, publisher, published):
        article = text(f"{TITLE}\n\n{lines}\n\n{LEAD}\n\n{SECOND}")
        assert (article.author, article.publisher, article.published) == (author, publisher, published)

    @pytest.mark.parametrize("gap", ["\n", "\n\n"])
    @pytest.mark.parametrize(
        ("lines", "publisher"),
        [
            ([TITLE, "Velden Gazette", "By Ann Lee", "3 March 2021"], "Velden Gazette"),
            ([TITLE, "The Velden Ploughman", "By Ann Lee", "3 March 2021"], "The Velden Ploughman"),
            ([TITLE, "By Ann Lee", "Velden Gazette", "3 March 2021"], "Velden Gazette"),
            ([TITLE, "3 March 2021", "Velden Gazette", "By Ann Lee"], "Velden Gazette"),
            ([TITLE, "Velden Gazette", "3 March 2021", "Northern News Agency"], "Velden Gazette"),
            (["Velden Gazette", TITLE, "By Ann Lee", "3 March 2021"], "Velden Gazette"),
            (["Velden Gazette", "3 March 2021", TITLE, "By Ann Lee"], "Velden Gazette"),
            ([TITLE, "Breaking News", "By Ann Lee", "3 March 2021"], None),
            ([TITLE, "Book Review", "3 March 2021"], None),
            ([TITLE, "Velden City", "By Ann Lee", "3 March 2021"], None),
            ([TITLE, "The Long Read", "By Ann Lee", "3 March 2021"], None),
            ([TITLE, LEAD, "Velden Gazette", "3 March 2021"], None),
        ],
    )
    def test_a_line_of_its_own_names_the_paper(self, lines, publisher, gap):
        article = text(gap.join(lines) + f"\n\nVELDEN (NNA) — {LEAD}\n\n{SECOND}")
        assert article.title == TITLE
        assert article.publisher == publisher or (publisher is None and article.found["publisher"] == "dateline")

    def test_the_paper_above_a_headline_that_is_declared(self):
        assert text(f"The Velden Gazette\n\n{TITLE}\n\n{LEAD}", title=TITLE).publisher == "The Velden Gazette"

    @pytest.mark.parametrize(
        "top",
        [
            "PRESS RELEASE\nFOR IMMEDIATE RELEASE",
            "News Release",
            "EMBARGOED UNTIL 00:01 ON MONDAY",
            "For release: noon",
        ],
    )
    def test_what_stands_above_a_press_release_is_neither_headline_nor_paper(self, top):
        article = text(f"{top}\n3 March 2021\n\n{TITLE}\n\n{LEAD}\n\n{SECOND}")
        assert (article.title, article.publisher, article.published) == (TITLE, None, "2021-03-03")

    def test_a_subhead_below_the_date_is_no_paper(self):
        article = text(f"{TITLE}\n\n3 March 2021\n\nA Record Year\n\n{LEAD}\n\n{SECOND}")
        assert (article.publisher, article.blocks[2].zone) == (None, "heading")

    def test_a_date_in_a_caption_or_sentence_is_no_date_of_publication(self):
        article = text(f"{TITLE}\n\nVelden, March 3, 2021 (Ann Lee/AFP)\n\n{LEAD}\n\nBy Monday it was open, he said.")
        assert article.published is None
        assert article.author is None

    def test_a_credit_is_no_publisher_and_a_dateline_is(self):
        assert text(f"{TITLE}\n\n{LEAD}\n\nSOURCE: Northern news agency").publisher is None
        article = text(f"{TITLE}\n\nVELDEN (NNA) — {LEAD}")
        assert (article.publisher, article.found["publisher"]) == ("NNA", "dateline")

    @pytest.mark.parametrize(
        ("dateline", "published"),
        [
            ("VELDEN, March 3, 2021 (Northern News) - ", "2021-03-03"),
            ("Velden, 3 March 2021 (NNA) — ", "2021-03-03"),
            ("NEW VELDEN, Marnau, Mar. 3, 2021 /NewsLine/ -- ", "2021-03-03"),
            ("ST. VELDEN, 3 March 2021 – ", "2021-03-03"),
            ("Velden, 14 July 1789 — ", None),
            ("VELDEN, March 3 (NNA) - ", None),
            ("On 3 March 2021 - ", None),
        ],
    )
    def test_the_dateline_of_an_agency_tells_the_date(self, dateline, published):
        article = text(f"{TITLE}\n\n{dateline}{LEAD}\n\n{SECOND}")
        assert (article.published, article.found.get("published")) == (published, published and "dateline")
        assert text(f"{TITLE}\n\n{dateline}{LEAD}", published="2021-03-04").published == "2021-03-04"

    @pytest.mark.parametrize(
        ("note", "publisher"),
        [
            ("Ann Lee is a reporter at The Velden Post. Reach her", "The Velden Post"),
            ("Ann Lee is a travel writer and the editor of Cruises at the Velden Post. Reach her", "Velden Post"),
            ("Ann B. Lee covers courts for the Velden Post’s night team. Reach her", "Velden Post"),
            ("Ann Lee is a newspaper and magazine writer based in Marnau. Reach her", None),
            ("Ann Lee is a singer at Gazette Hall in Marnau since the day it opened. Reach her", None),
            ("Velden Direct is an independent, non-profit newsroom in Marnau. Contact us", "Velden Direct"),
        ],
    )
    def test_a_note_on_the_author_names_the_paper_and_no_person_as_the_publisher(self, note, publisher):
        article = text(f"{TITLE}\n\n{LEAD}\n\n{SECOND}\n\n{note} at ann.lee@velden.example or follow on X.")
        assert (article.publisher, article.blocks[-1].zone) == (publisher, "boilerplate")

    @pytest.mark.parametrize(
        ("address", "publisher"),
        [
            ("https://www.Velden.example/news/1", "velden.example"),
            ("http://news.velden.example:8080", "news.velden.example"),
            ("https://127.0.0.1/news", None),
            ("https://[velden.example/news", None),
            ("https://ann:secret@velden.example/news", None),
            ("https://velden.example:secret@marnau.example/news", None),
            ("https://nachrichten.velden.köln/1", "nachrichten.velden.köln"),
            ("https://localhost/news", None),
        ],
    )
    def test_the_host_of_its_address_publishes_what_names_no_publisher(self, address, publisher):
        article = text(f"{TITLE}\n\n{LEAD}\n\n{SECOND}", url=address)
        assert (article.publisher, article.found.get("publisher")) == (publisher, publisher and "host of its address")
        assert clean(RawDocument(address, "text", f"{TITLE}\n\n{LEAD}\n\n{SECOND}")).publisher == publisher
        assert text(f"{TITLE}\n\nVELDEN (NNA) — {LEAD}", url=address).publisher == "NNA"

    def test_the_paper_that_was_told(self):
        article = text(
            f"{TITLE}\n\n{LEAD} “I am glad,” she told Marn Direct on Friday.\n\nOthers, who told Marn Direct"
            " that they had waited long, agreed. Two residents Marn Direct spoke to were less happy."
        )
        assert article.publisher == "Marn Direct"

    def test_a_person_who_was_told_is_no_publisher(self):
        assert text(f"{TITLE}\n\n{LEAD} He told Judge Moor. She told Judge Moor.").publisher is None

    def test_an_ambiguous_declared_date_is_not_used_and_said(self):
        article = text(f"{LEAD}\n\n{SECOND}", published="03/04/2021")
        assert article.published is None
        assert "03/04/2021" in article.notices[0]

    @pytest.mark.parametrize(("days", "flagged"), [(-1, False), (0, False), (1, False), (2, True), (3000, True)])
    def test_a_date_in_the_future_is_kept_and_said(self, days, flagged):
        day = (dt.date.today() + dt.timedelta(days)).isoformat()
        article = text(f"{LEAD}\n\n{SECOND}", published=day)
        assert article.published == day
        assert any(f"{day} (JSON field) is in the future" in notice for notice in article.notices) == flagged

    def test_invisible_characters_go_and_are_counted(self):
        article = text(f"{LEAD[:10]}\u200b\u202e\U000e0041\u00ad{LEAD[10:]}\n\n{SECOND}\x00")
        assert article.text == f"{LEAD}\n\n{SECOND}"
        assert article.notices == ("5 invisible characters removed",)

    @pytest.mark.parametrize("content", ["", " \n ", "Skip to main content\n\nShare this article", "\u200b"])
    def test_no_article_text(self, content):
        with pytest.raises(DocumentError, match="no article text found"):
            text(content)


class TestId:
    def test_the_same_article_has_the_same_id_wherever_it_comes_from(self):
        first = text(f"{TITLE}\n\n{LEAD}\n\n{SECOND}\n\nShare this article")
        other = clean(RawDocument("b.txt", "text", f"{TITLE}\n\n{LEAD}\n{SECOND}\n"))
        assert first.id == other.id
        assert len(first.id) == 12

    def test_another_masthead_is_another_article(self):
        assert text(LEAD + SECOND, publisher="A").id != text(LEAD + SECOND, publisher="B").id


class TestDates:
    @pytest.mark.parametrize(
        "line",
        ["3 August 2017", "August 3, 2017", "Thursday, 3 Aug. 2017", "3rd of August 2017", "2017-08-03", "2017/8/3",
         "2017-08-03T22:10:00+02:00", "Aug 3, 2017, 4:05 p.m. ET", "Thu 3 August 2017 14:30 BST", "3 août 2017",
         "3 de agosto de 2017", "12:44, 3 August 2017", "12:44pm EDT Aug 3, 2017", "12.44 BST on 3 August 2017",
         "12:44 | 3 August 2017", "3 August 2017 | 12:44 BST", "5 pm - 3 August 2017", "12:44 2017-08-03"],
    )  # fmt: skip
    def test_full_dates(self, line):
        assert parse_date(line) == "2017-08-03"

    @pytest.mark.parametrize(
        "line",
        ["Thursday", "yesterday", "August 2017", "3 August", "2 hours ago", "03/04/2017", "31 February 2017", "in 2017",
         "2017", "The bridge opened on 3 August 2017", "3 bridges 2017"],
    )  # fmt: skip
    def test_everything_else_is_none(self, line):
        assert parse_date(line) is None

    def test_numeric_dates_that_cannot_be_mistaken(self):
        assert parse_date("25/12/2017") == parse_date("12/25/2017") == "2017-12-25"

    def test_declared_forms(self):
        assert parse_declared("Thu, 03 Aug 2017 10:00:00 +0000") == "2017-08-03"
        assert parse_declared("1501718400") == parse_declared("1501718400000") == "2017-08-03"
        assert parse_declared("99999999999999999999") is None
        assert parse_declared("2017080312") == parse_declared("20170803123000") == "2017-08-03"

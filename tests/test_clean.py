"""Cleaning: every zone of invented dumps with the noise that real ones have."""

import time

import pytest

from assistant.corpus.paragraphs import split_paragraphs
from assistant.errors import DocumentError
from tests.clean_samples import LEAD, SECOND, THIRD, TITLE, text, zone_of, zones


class TestFurniture:
    @pytest.mark.parametrize(
        "line",
        [
            "Skip to main content",
            "7 min read",
            "Share this article",
            "Facebook Twitter WhatsApp Email",
            "Sign up to get the latest on bridges and rivers in our weekly newsletter",
            "New Velden newsletter: The Morning Ferry",
            "We use cookies to improve your experience.",
            "This site uses Spamcatcher to reduce spam. Learn how your comment data is processed.",
            "© 2021 Velden Media",
            "Copyright Velden Media. Subscribe from £4 a month.",
            "Copyright (c) 2021 Velden Media",
            "This report was first published by Velden Media.",
            "The article originally appeared in the Marn Valley Observer.",
            "Velden Media | Proudly powered by WordPress",
            "Your email address will not be published. Required fields are marked *",
            "Advertisement",
            "Read more: Why the ferry stopped",
            "SOURCE: Northern news agency",
            "* Additional reporting by agencies",
            "Beta V.2.1 - Powered by automated translation",
            "Home > News > Local > Bridges",
            "FERRY NEWS:Boats are back on the river after a long pause",
            "Image source, Ann Lee",
            "First published in The Velden Ledger on 3 March 2021",
            "Have you been affected by the flood? Call our newsdesk on 555 0199.",
        ],
    )
    def test_is_boilerplate(self, line):
        assert zone_of(line) == "boilerplate"

    @pytest.mark.parametrize(
        "line",
        [
            "The mayor wrote in her newsletter that the bridge would open in time.",
            "Residents left 40 comments on the plan, and the council answered each of them.",
            "He shared the article with colleagues at the road office before the vote.",
            "The website uses cookies, and that is why the court fined the company, the judge said.",
            "Photos show the beams lying in the river bed.",
            "Copyright law will be changed next year, the minister said.",
            "The report was published on Thursday and found that 14 bridges are unsafe.",
            "The ferry is powered by hydrogen and carries 200 people.",
            "Version 2 of the plan was rejected by the council on Thursday.",
            "First published in 1951, the novel on the bridge was banned until Thursday.",
            "Have you been paid? Hundreds of workers were asked that on Thursday.",
        ],
    )
    def test_reporting_that_speaks_of_it_is_body(self, line):
        assert zone_of(line) == "body"

    def test_a_short_line_that_is_repeated_is_an_advert(self):
        article = text(f"{TITLE}\n\nSuperCloud Plus\n\n{LEAD}\n\n{SECOND}\n\nSuperCloud Plus\n\nLeave a Reply")
        assert zones(article)["SuperCloud Plus"] == "boilerplate"

    def test_repeated_lines_of_a_list_stay(self):
        items = "\n".join(f"{town}\nFirst prize\n" for town in ("Velden", "Marnau", "Lindholm", "Orsa"))
        assert zones(text(f"Prizes of the year\n\n{LEAD}\n\n{items}"))["First prize"] == "body"

    def test_a_cut_excerpt_that_the_body_repeats(self):
        article = text(f"{TITLE}\n\n{LEAD[:50]} […]\n\n{LEAD}\n\n{SECOND}")
        assert [b.zone for b in article.blocks] == ["heading", "boilerplate", "body", "body"]

    def test_a_related_box_and_the_publishers_note(self):
        article = text(
            f"{TITLE}\n\n{LEAD}\n\n{SECOND}\n\nRelated Posts\nFerry: who needs it?\n2 March\nAlong the Marn\n3 March"
            "\n\nMarn Valley Observer delivers independent coverage of the valley. To republish this content, fill out"
            " this form."
        )
        assert [b.zone for b in article.blocks] == ["heading", "body", "body", *["boilerplate"] * 6]
        assert article.publisher == "Marn Valley Observer"
        assert article.found["publisher"] == "publisher's note below the article"

    @pytest.mark.parametrize(
        ("line", "zone"),
        [
            ("Both sides failed to reach agreement on Sunday, and 400 people are still waiting.", "body"),
            ("Troops were to reach Velden on Sunday, and people could not reach them at the bridge.", "body"),
            ("The paper republished the map of the flood on Friday, and 400 people wrote to it.", "body"),
            ("Contact her at ann.lee@velden.example or follow her on X.", "boilerplate"),
            ("Ann Lee reports on bridges. Contact Ann at +44 20 7946 0000 or by letter.", "boilerplate"),
        ],
    )  # fmt: skip
    def test_only_an_address_makes_a_note_on_the_reporter(self, line, zone):
        assert zones(text(f"{TITLE}\n\n{LEAD}\n\n{SECOND}\n\n{line}"))[line] == zone


class TestAdverts:
    LIFT = "Thinking of a stairlift? Ours cost £1,495, and we fit them within a week."

    @pytest.mark.parametrize(
        ("advert", "count"),
        [
            (f"SPONSORED: {LIFT}", 1),
            (f"Advertisement - {LIFT}", 1),
            (f"Sponsored by Marn Lifts: {LIFT}", 1),
            (f"Paid content: {LIFT} {LIFT * 8}", 1),
            (f"ADVERTISEMENT\n{LIFT}\nCall today.", 3),
            (f"Sponsored\nMarn Lifts\n{LIFT}", 3),
            (f"Sponsored content\n\n{LIFT}", 2),
            (f"Advertisement feature\n\nStairs made easy\n\n{LIFT}", 3),
            (f"A message from our sponsor\n\n{LIFT}", 2),
            ("Advertisement", 1),
            ("Sponsored by Marn Lifts", 1),
        ],
    )
    def test_what_is_marked_as_an_advert_is_no_reporting(self, advert, count):
        article = text(f"{TITLE}\n\n{LEAD}\n\n{SECOND}\n\n{advert}\n\n{THIRD}\n\n{LEAD} Again.")
        assert [b.zone for b in article.blocks] == ["heading", "body", "body", *["boilerplate"] * count, "body", "body"]

    def test_where_no_blank_line_parts_them_only_a_named_advert_claims_the_next_line(self):
        article = text(f"{TITLE}\n{LEAD}\nAdvertisement\n{SECOND}\nSponsored content\n{self.LIFT}\n{THIRD}")
        assert [b.zone for b in article.blocks] == [
            "heading", "body", "boilerplate", "body", "boilerplate", "boilerplate", "body"
        ]  # fmt: skip

    @pytest.mark.parametrize("line", ["Sponsored by the state, the bridge opened.", "Advertisements: a ban is near."])
    def test_reporting_on_adverts_stays(self, line):
        assert zones(text(f"{TITLE}\n\n{LEAD}\n\n{line}\n\n{SECOND}"))[line] == "body"

    @pytest.mark.parametrize("top", ["Advertisement feature\n\n{}", "{}\n\nPaid for by Marn Lifts"])
    def test_an_article_that_is_an_advert_is_refused(self, top):
        with pytest.raises(DocumentError, match="is no advertisement"):
            text(f"{top.format(TITLE)}\n\n{LEAD}\n\n{SECOND}\n\n{THIRD}")


class TestCaptions:
    @pytest.mark.parametrize(
        "line",
        [
            "The bridge seen from the north bank (AFP)",
            "Velden, on the Marn, March 3, 2021 (Ann Lee)",
            "Velden on Thursday. (Ann Lee/Reuters)",
            "Workers on the bridge. Photo courtesy of Ann Lee/AFP.",
            "The mayor on the bridge. Bo Ek/Getty Images",
            "File photo of the bridge before the flood",
            "Photo: Ann Lee",
            "Image caption, The bridge was built in 1911",
            "A picture taken on March 3, 2021 shows lorries on the bridge near Velden.",
        ],
    )
    def test_is_caption(self, line):
        assert zone_of(line) == "caption"

    def test_an_agencys_caption_runs_to_its_credit(self):
        article = text(
            f"{TITLE}\n\nThe town pays for most of it, and is proud of that\n\nA picture taken on March 3,"
            f" 2021 shows the bridge.\nThe flood came in 2019.\nIt was the worst of the century. / NNA PHOTO / Ann Lee"
            f"\n\n{LEAD}\n\n{SECOND}"
        )
        assert [b.zone for b in article.blocks] == ["heading", "body", "caption", "caption", "caption", "body", "body"]


class TestDiscussion:
    NESTED = (
        "  1. 1. The mayor is right, and everybody knows it.\n\n     2. No, he is not.\n\n    • Read the report first."
        "\n\n      • I have read it twice.\n\n        And I still do not believe a word of it.\n\n"
        "  2. #bridge first!\n"
    )

    def test_a_nested_list_below_the_article_is_discussion(self):
        article = text(f"{TITLE}\n\n{LEAD}\n\n{SECOND}\n\nRelated Posts\n\n\n{self.NESTED}\n\nLeave a Comment")
        found = [b.zone for b in article.blocks]
        assert found == ["heading", "body", "body", "boilerplate", *["comment"] * 6, "boilerplate"]

    @pytest.mark.parametrize(
        "marker", ["3 Comments", "Comments", "Leave a Reply", "Readers write", "COMMENTS ARE CLOSED"]
    )
    def test_what_follows_a_marker_is_discussion(self, marker):
        article = text(f"{TITLE}\n\n{LEAD}\n\n{SECOND}\n\n{marker}\n\nBo: {THIRD}\n\nRubbish.")
        assert [b.zone for b in article.blocks][-3:] == ["boilerplate", "comment", "comment"]

    @pytest.mark.parametrize("subhead", ["Response", "Discussion"])
    def test_a_subhead_that_is_an_everyday_word_starts_none(self, subhead):
        article = text(f"{TITLE}\n\n{LEAD}\n\n{SECOND}\n\n{subhead}\n\n{THIRD}\n\n{LEAD[:60]} again.")
        assert [b.zone for b in article.blocks][-3:] == ["heading", "body", "body"]

    def test_a_comment_link_above_the_article_starts_none(self):
        article = text(f"{TITLE}\n\nLeave a comment\n\n{LEAD}\n\n{SECOND}")
        assert [b.zone for b in article.blocks] == ["heading", "boilerplate", "body", "body"]

    def test_a_list_inside_the_reporting_is_body(self):
        article = text(f"{TITLE}\n\n{LEAD}\n\n  • 84 beams\n    • 12 new\n  • 3 piers\n\n{SECOND}")
        assert "comment" not in [b.zone for b in article.blocks]


class TestHeadings:
    def test_subheads_are_headings_and_the_standfirst_is_body(self):
        article = text(
            f"{TITLE}\n\nTown pays for most of the long repair and is proud of it\n\n{LEAD}\n\nLong repair\n\n"
            f"{SECOND}\n\n“We Are Glad”\n\n{THIRD}"
        )
        assert [b.zone for b in article.blocks] == ["heading", "body", "body", "heading", "body", "heading", "body"]
        assert article.title == "Bridge reopens at last"

    @pytest.mark.parametrize(
        "top",
        [
            "The Velden Herald\n\nBREAKING\nBridge over the Marn reopens\nBy Velden Herald staff",
            "The Velden Clarion\nBridge opens again",
            "Home  News  Weather  My account\n\nBridge over the Marn reopens",
        ],
    )
    def test_no_name_of_a_paper_or_section_is_the_headline(self, top):
        title = text(f"{top}\n3 March 2021\n\n{LEAD}\n\n{SECOND}").title
        assert title in ("Bridge over the Marn reopens", "Bridge opens again")

    @pytest.mark.parametrize("asking", ["The Gazette:", "Ann Lee:", "Q:", "Q.", "QUESTION:"])
    def test_who_asks_in_an_interview_reports_nothing(self, asking):
        asked = [
            f"{asking} They say you took 20,000. Did you?",
            f"{asking} Will you stand again?",
            f"{asking} It costs.",
        ]
        said = [f"Kessel: {LEAD}", "Kessel: What else? Of course.", f"Kessel: {THIRD}"]
        turns = "\n\n".join(f"{question}\n\n{answer}" for question, answer in zip(asked, said, strict=True))
        found = zones(text(f"{TITLE}\n\n{SECOND}\n\n{turns}"))
        assert [found[line] for line in asked] == ["heading"] * 3
        assert [found[line] for line in said] == ["body"] * 3

    @pytest.mark.parametrize(
        "line", ["Q: Who pays? A: The city.", "Q. “Who pays?” A. The city.", "The Question: The city will pay."]
    )
    def test_an_answer_in_the_paragraph_of_its_question_is_reporting(self, line):
        assert zones(text(f"{TITLE}\n\n{LEAD}\n\n{line}\n\n{SECOND}"))[line] == "body"

    def test_a_label_behind_which_little_is_asked_is_no_interviewers(self):
        lines = ["Velden: Will the bridge hold? Engineers say so.", "Velden: Market closed.", "Velden: School open."]
        found = zones(text("\n\n".join([TITLE, LEAD, *lines, SECOND])))
        assert [found[line] for line in lines] == ["body"] * 3

    @pytest.mark.parametrize("top", ["The Velden Herald | Business", "Interview - The Velden Herald"])
    def test_a_masthead_with_a_section_is_not_the_headline(self, top):
        article = text(f"{top}\n\nBridge over the Marn reopens\n\n{LEAD}\n\n{SECOND}")
        assert (article.title, article.publisher) == ("Bridge over the Marn reopens", "The Velden Herald")

    def test_a_masthead_is_not_the_headline(self):
        article = text(
            "The Velden Herald\nHome | Sport | Region | Letters | Jobs\n\nBridge over the Marn reopens"
            f"\n\n{LEAD}\n\n{SECOND}"
        )
        assert article.title == "Bridge over the Marn reopens"
        assert article.publisher == "The Velden Herald"

    @pytest.mark.parametrize(
        "title",
        [
            "Analysis: Why the bridge was shut for so long",
            "Live: Bridge over the Marn reopens",
            "St. Velden mayor opens bridge",
            "Shut the bridge? Ask the farmers",
        ],
    )
    def test_a_headline_may_hold_a_stop_and_say_what_kind_of_article_it_is(self, title):
        article = text(f"{title}\n\nBy Ann Lee\n\n{LEAD}\n\n{SECOND}")
        assert (article.title, article.blocks[0].zone) == (title, "heading")

    def test_a_declared_title_finds_its_line(self):
        article = text(f"{TITLE}\n\n{LEAD}\n\n{SECOND}", title="Bridge reopens at last")
        assert article.blocks[0].zone == "heading"
        assert article.found["title"] == "JSON field"

    @pytest.mark.parametrize("top", [LEAD, "The bridge is open. It cost a lot.", f"{LEAD} {SECOND}"[:-1]])
    def test_a_text_without_headline_has_no_title(self, top):
        assert text(f"{top}\n\n{SECOND}").title is None


class TestLetters:
    @pytest.mark.parametrize(
        "title",
        ["Letters to the editor", "Letters to the Editor: 3 March 2021", "Your letters", "Readers’ letters", "LETTERS",
         "Letters, 3 March 2021", "Letter to the editor: The bridge is a folly"],
    )  # fmt: skip
    def test_what_readers_write_is_no_reporting(self, title):
        article = text(f"Sir, {LEAD}\n\nAnn Lee, Velden\n\nSir, {SECOND}\n\nBo Ek, Marnau", title=title)
        assert zones(article)[f"Sir, {SECOND}"] == "comment"
        assert "body" not in zones(article).values()
        assert "readers' letters" in article.notices[0]

    @pytest.mark.parametrize(
        "title", ["Letters of 1914 found", "Letters: a painter's last words", "Letters to the editor that changed laws"]
    )
    def test_a_report_on_letters_is_one(self, title):
        assert zones(text(f"{title}\n\n{LEAD}\n\n{SECOND}"))[LEAD] == "body"


class TestHardWrappedLines:
    @pytest.mark.parametrize(
        ("upper", "lower", "found"),
        [
            ("the mayor lost a no-", "confidence vote", "no-confidence vote"),
            ("according to the pro-", "government press", "pro-government press"),
            ("she wrote to a Houston-", "based company", "Houston-based company"),
            ("a Selmouth-", "based company", "Selmouth-based company"),
            ("a state-of-the-", "art bridge", "state-of-the-art bridge"),
            ("the Anglo-", "American treaty", "Anglo-American treaty"),
            ("it is told of a 19-", "year-old man", "19-year-old man"),
            ("the e-", "mail of the mayor", "e-mail of the mayor"),
            ("all of the two-", "and three-storey houses", "two- and three-storey houses"),
            ("it is his re-", "election, she says, after the last re-election", "re-election, she says"),
            ("it held because of its infra-", "structure", "infrastructure"),
            ("it was a most unconscio-", "nable thing", "unconscionable thing"),
        ],
    )
    def test_a_hyphen_at_the_break_stays_unless_it_parts_a_word(self, upper, lower, found):
        line = "The old bridge over the river Marn was opened again on Thursday and"
        words = f"{line}\n{line}\n{line}\n{'and so it goes on and on and on ' * 2}"[: 3 * len(line) + 70 - len(upper)]
        content = f"{words} {upper}\n{lower}"
        assert (
            found in text(f"{TITLE}\n\n{content}\nand there it ends, as all the readers of the paper had thought.").text
        )

    def test_a_paragraph_of_many_lines_costs_little(self):
        began = time.perf_counter()
        found = split_paragraphs(
            "\n".join(["The old bridge over the river Marn was opened again on Thursday and"] * 20_000)
        )
        assert len(found) == 1
        assert time.perf_counter() - began < 2

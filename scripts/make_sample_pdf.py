"""Write the one PDF of the sample corpus, byte for byte the same on every run.

The wording lives here, so that the article can be corrected without a word processor.
Needs reportlab (in the ``dev`` extra): ``python scripts/make_sample_pdf.py [target.pdf]``.
"""

from __future__ import annotations

import sys
from pathlib import Path

from reportlab.lib.pagesizes import A5
from reportlab.lib.styles import ParagraphStyle, getSampleStyleSheet
from reportlab.pdfgen.canvas import Canvas
from reportlab.platypus import Paragraph, SimpleDocTemplate, Spacer

TARGET = Path(__file__).resolve().parent.parent / "index" / "articles" / "election-veldmark.pdf"
TITLE = "Vreeland's alliance wins Veldmark but falls short of a majority"
PUBLISHER = "Lowland Tribune"
AUTHOR = "Femke Dorsman"
DATELINE = "By Femke Dorsman | Monday 14 October 2024"

# A leading "#" marks a subhead.
ARTICLE = (
    "The centre-left alliance of Johanna Vreeland has won the regional election in Veldmark, ending sixteen years of "
    "rule by the Farmers' Union, but it will need a partner to govern. With all ballots counted early on Monday, the "
    "alliance held 47 of the 101 seats in the regional parliament, four short of a majority.",
    "The Farmers' Union dropped from 52 seats to 38. The Centre Party took nine and the Coast List seven.",
    "Premier Pieter Maas conceded at 10.40pm on Sunday. In a speech of less than two minutes he thanked his staff, "
    "wished his rival a thick skin and announced that he would return to his dairy farm in Wold.",
    "Turnout reached 68.3 per cent, up from 61.9 per cent five years earlier. Polling stations on the islands of Rott "
    "and Little Ameroy stayed open until 9pm, an hour longer than elsewhere, because a storm had stopped the ferries "
    "in the morning.",
    "# Manure and housing",
    "The campaign turned on two things: the limits on manure that the Union had fought in the courts, and the shortage "
    "of flats. Vreeland, a 51-year-old former head teacher, promised 24,000 new homes within four years, a third of "
    "them to be let below the market rent.",
    '"People want to know where their children will live. Nobody asked me about coalitions," she told supporters in a '
    "cycle repair shop in Oosterhaven.",
    "In that town the outcome was so tight that the ballots will be counted again. Only 63 votes separate the Coast "
    "List's Ruud Stapel from the Union's candidate. The second count is due on Friday.",
    "The youngest member of the new parliament will be Sami Trell, 19, a carpentry apprentice who stood for the "
    "alliance in the south. The share of women rises to 46 per cent, the highest so far.",
    "# Talks from Wednesday",
    "Vreeland said she would open talks with the Centre Party on Wednesday. Its leader, Lotte Hagen, named her price "
    "at once: the planned motorway through the Grebbe marsh must be given up. A minority government is not on offer, "
    "Hagen added.",
    "Election observers counted 14 minor irregularities. In one village the pencils ran out, and voters used a "
    "carpenter's.",
)
NOTE = "Lowland Tribune members may vote for the photograph of the year until 1 November."


def furniture(canvas: Canvas, _document: SimpleDocTemplate) -> None:
    """Draw what a printed page repeats: the running head and the page number."""
    canvas.setFont("Helvetica", 7)
    canvas.drawString(40, A5[1] - 26, f"{PUBLISHER}  |  Regions  |  14 October 2024")
    canvas.drawRightString(A5[0] - 40, 24, f"Page {canvas.getPageNumber()}")


def build(target: Path) -> None:
    """Write the article to ``target``.

    Args:
        target: path of the PDF; an existing file is replaced.
    """
    styles = getSampleStyleSheet()
    body = ParagraphStyle("body", parent=styles["BodyText"], fontName="Times-Roman", fontSize=10, leading=13)
    small = ParagraphStyle("small", parent=body, fontSize=8, leading=10)
    story = [Paragraph(TITLE, styles["Heading1"]), Paragraph(DATELINE, small), Spacer(1, 8)]
    for text in ARTICLE:
        head = text.startswith("# ")
        story.append(Paragraph(text.removeprefix("# "), styles["Heading3"] if head else body))
    story += [Spacer(1, 10), Paragraph(NOTE, small)]
    document = SimpleDocTemplate(
        str(target),
        pagesize=A5,
        leftMargin=40,
        rightMargin=40,
        topMargin=44,
        bottomMargin=44,
        title=TITLE,
        author=AUTHOR,
        subject=PUBLISHER,
        invariant=1,  # no clock in the file: same bytes on every run
    )
    document.build(story, onFirstPage=furniture, onLaterPages=furniture)


if __name__ == "__main__":
    build(Path(sys.argv[1]) if len(sys.argv) > 1 else TARGET)

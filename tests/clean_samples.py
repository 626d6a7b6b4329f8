"""An invented story in short pieces for the tests of cleaning, read as text or as a page."""

from assistant.corpus import clean
from assistant.types import RawDocument

LEAD = "The old bridge over the Marn reopened on Thursday after two years of repairs, the mayor of Velden said."
SECOND = "Engineers replaced 84 iron beams that a flood had damaged, and the town paid for most of the work itself."
TITLE = "Bridge reopens at last"
THIRD = "Traffic will be limited to one lane until the end of October, according to the road office."


def text(content, **declared):
    return clean(RawDocument("a.txt", "text", content, declared, "JSON field"))


def page(body, head="", **declared):
    return clean(
        RawDocument("a.html", "html", f"<html><head>{head}</head><body>{body}</body></html>", declared, "JSON field")
    )


def zones(article):
    return {article.text[b.start : b.end]: b.zone for b in article.blocks}


def zone_of(line, *, after=f"{LEAD}\n\n{SECOND}"):
    """Return the zone of a line that stands between paragraphs of reporting."""
    return zones(text(f"Bridge over the Marn reopens\n\n{after}\n\n{line}\n\n{THIRD}\n\n{SECOND[:60]} again."))[line]

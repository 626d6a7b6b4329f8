"""What the top of a plain-text article says of it: headline, dates, byline, publisher."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Final

from assistant.corpus.dates import is_time_of_day, parse_date
from assistant.corpus.foot import BODY_CHARS, is_furniture, is_sentence
from assistant.corpus.furniture import GENRE
from assistant.corpus.paragraphs import Paragraph, squeeze
from assistant.corpus.publisher import CONNECTORS, JOB, POSITION, is_paper
from assistant.corpus.zones import is_caption

_TITLE_CHARS: Final = 200
_HEAD_LINES: Final = 14
"""Paragraphs from the top among which dates and bylines are looked for."""

_SEPARATORS: Final = re.compile(r"\s*[|•·/]\s*|\s+[—–-]\s+|\.\s+(?=By\s)")
_LABEL: Final = re.compile(
    r"(?:(?P<updated>(?:last )?(?:updated|modified)(?: (?:on|at))?)|"
    r"(?:first )?(?:published|posted|date|issued)(?: (?:on|at))?|on)\s*[:\s]\s*",
    re.IGNORECASE,
)
_BY: Final = r"(?:(?:[Ww]ritten|[Rr]eported|[Ss]tory|[Pp]osted|[Pp]ublished|(?:[Ll]ive )?[Rr]eporting) )?[Bb][Yy]:?\s+"
_BYLINE: Final = re.compile(rf"{_BY}(?P<name>[^\W\d_][^\d.!?:]{{1,80}}?)(?:,\s(?P<rest>.+))?")
_NAME_END: Final = re.compile(
    r"\s+(?:[|•·/@(—–-]|(?:in|at|for) (?:the )?[A-Z]|of [Tt]he [A-Z]|[Ss]pecial (?:to|for)\b)"
)
_DATED_BYLINE: Final = re.compile(rf"^({_BY}.{{2,60}}?) on (?=\S+ \S+ \d{{4}}\b)")
_ROLE: Final = re.compile(
    r"(?:By our .{2,40}|By (?:[A-Z][\w’']* ){1,5}(?=staff|reporter|correspondent)|"
    r"(?:By )?(?P<name>[A-Z][\w'’-]+(?: [A-Z][\w'’.-]*){1,3}), [\w ]{0,40})"
    r"\b(?:[Rr]eporters?|[Cc]orrespondents?|[Ee]ditor|[Ww]riter|[Cc]olumnist|[Ss]taff)\b[^.,]{0,20}"
)
_TAIL: Final = re.compile(
    rf"^[\s,]*(?:[\w’'-]+ ){{0,6}}{JOB}\b|^\s*of (?=[Tt]he [A-Z])|"
    r"\W*\b(?:in|at|for|with|[Ss]pecial (?:to|for)) (?:the )?(?=[A-Z])"
)
"""What stands in a byline between the name, the paper and the place."""


@dataclass(slots=True)
class Head:
    """What was found; ``found`` says of each field how it is known, ``lines`` are its date lines and bylines."""

    title: int | None = None
    values: dict[str, str] = field(default_factory=dict)
    found: dict[str, str] = field(default_factory=dict)
    lines: list[int] = field(default_factory=list)

    def add(self, name: str, value: str, how: str) -> None:
        """Keep the first value of a field."""
        if name not in self.values:
            self.values[name], self.found[name] = value, how


def read_head(paragraphs: Sequence[Paragraph], declared_title: str | None) -> Head:
    """Return headline, dates and byline of an article.

    Args:
        paragraphs: of the whole source.
        declared_title: as its container or markup gives it; the line with the same wording is then the headline.
    """
    head = Head(title=_find_title(paragraphs, declared_title))
    if declared_title is None and head.title is not None and (below := _below_masthead(paragraphs, head.title)):
        head.add("publisher", _masthead(paragraphs[head.title].text), "masthead above the headline")
        head.lines.append(head.title)
        head.title = below
    if head.title is not None:
        head.add("title", paragraphs[head.title].text, "first line of the article")
    start = 0 if head.title is None else head.title
    for index in range(min(len(paragraphs), start + _HEAD_LINES)):
        if index != head.title and len(paragraphs[index].text) <= _TITLE_CHARS and _read_line(
            paragraphs[index].text, head, "line after the title" if index > start else "line above the title"
        ):  # fmt: skip
            head.lines.append(index)
        elif index - 1 in head.lines[-1:] and head.found.get("author") == "byline" and is_paper(paragraphs[index].text):
            if not POSITION.fullmatch(paragraphs[index].text):
                head.add("publisher", paragraphs[index].text, "line below the byline")
            head.lines.append(index)
    _add_paper(paragraphs, head)
    return head


def _add_paper(paragraphs: Sequence[Paragraph], head: Head) -> None:
    """Take a line that names a newspaper for the publisher: above headline, date or byline, or below these two."""
    lines = set(head.lines)
    for index, paragraph in enumerate(paragraphs[: max(*lines, head.title or 0, 0) + 2]):
        if index in lines or index == head.title:
            continue
        if len(paragraph.text) >= BODY_CHARS and is_sentence(paragraph.text):
            return  # what stands behind reporting may be another article's
        below = index - 1 in lines and paragraphs[index - 1].group == paragraph.group
        if (index + 1 in lines or index + 1 == head.title or below) and is_paper(
            paragraph.text, between=index + 1 in lines
        ):
            head.add("publisher", paragraph.text, "line beside headline, date or byline")
            head.lines.append(index)


def same_title(one: str, other: str) -> bool:
    """Return whether two headlines are the same but for case, punctuation, a cut end and a site's name behind."""
    a, b = (re.sub(r"\W+", " ", re.sub(r"\s*(?:…|\.\.\.)$", "", text)).strip().casefold() for text in (one, other))
    short, long = sorted((a, b), key=len)
    return bool(short) and (a == b or (len(short) > 20 and long.startswith(short)))


def _below_masthead(paragraphs: Sequence[Paragraph], top: int) -> int | None:
    """Return the headline under a newspaper's name, None where line ``top`` is no such name."""
    below = _find_title(paragraphs[top + 1 :], None) if _masthead(paragraphs[top].text) else None
    return top + 1 + below if below is not None and len(paragraphs[top + 1 + below].text.split()) > 2 else None


def _masthead(text: str) -> str:
    """Return the newspaper that a line names, alone or beside its section ("The Post - Sport"); "" for another line."""
    named = [part for part in _SEPARATORS.split(text) if not is_furniture(part)]
    return named[0] if len(named) == 1 and is_paper(named[0]) else ""


def _find_title(paragraphs: Sequence[Paragraph], declared: str | None) -> int | None:
    if declared:
        near = range(min(_HEAD_LINES, len(paragraphs)))
        return next((n for n in near if len(paragraphs[n].text) <= 2 * _TITLE_CHARS
                     and same_title(paragraphs[n].text, declared)), None)  # fmt: skip
    for index, paragraph in enumerate(paragraphs[:_HEAD_LINES]):
        text = paragraph.text
        furniture = is_furniture(text) and not GENRE.fullmatch(text)
        if len(text) <= _TITLE_CHARS and (furniture or is_caption(text) or _read_line(text, Head(), "")):
            continue
        sentence = text.endswith((".", ",", ";")) or (re.search(r"[.!?] [A-Z]", text) and is_sentence(text))
        last = index == len(paragraphs) - 1
        if len(text.split()) > 1 or last:  # a single word is the name of a section
            return None if len(text) > _TITLE_CHARS or sentence or last else index
    return None


def _read_line(text: str, head: Head, how: str) -> bool:
    """Add the dates and the byline that make up the whole line; return whether they do."""
    if match := _ROLE.fullmatch(text):
        if match["name"]:
            head.add("author", match["name"], "byline")
        return True
    found: list[tuple[str, str]] = []
    first, paper, *_ = [*re.split(r",\s|\s*[|•·]", text, maxsplit=2), ""]
    if text.startswith(f"{first}, ") and _is_name(first) and not re.match(_BY, text) and is_paper(paper):
        text = f"By {text}"
    rest = text = _DATED_BYLINE.sub(r"\1 | ", text)
    if match := _BYLINE.fullmatch(text.split("|", maxsplit=1)[0].strip()):
        name = _NAME_END.split(match["name"])[0]
        if not _is_name(name):
            return False
        found.append(("author", squeeze(name)))
        rest = _TAIL.sub(" | ", text.partition(name)[2]).lstrip(" ,|•·—–-")
    for part in filter(None, _parts(rest, byline=bool(found))):
        if (told := _read_part(part)) is None:
            return False
        found.append(told)
    if not any(name not in ("", "publisher") for name, _ in found):
        return False
    for name, value in filter(any, found):
        head.add(name, value, "byline" if name == "author" else how)
    return True


def _read_part(part: str) -> tuple[str, str] | None:
    """Return field and value of a piece of a line, both empty where it tells none; None where it is no such line's."""
    label, rest = _labelled(part)
    if date := parse_date(rest):
        return "updated" if label and label["updated"] else "published", date
    if is_time_of_day(rest):
        return "", ""
    if len(part) >= 40 or re.search(r"\d", part):
        return None
    if part.lower().startswith("by ") and len(part.split()) < 9:
        name = squeeze(part[3:].partition(";")[0])
        return ("author", name) if _is_name(name) else ("", "")
    return ("publisher", part) if is_paper(part) else ("", "")


def _labelled(part: str) -> tuple[re.Match[str] | None, str]:
    """Return the label before a date, and what stands behind it."""
    label = _LABEL.match(part)
    return label, part[label.end() :] if label else part


def _is_name(text: str) -> bool:
    text = re.sub(r" and (?:staff|agencies|others)$", "", text)
    words = [word for word in re.split(r"[\s,]+", text) if word not in CONNECTORS]
    return len(words) > 1 and all(word[:1].isupper() or word.startswith("al-") for word in words)


def _parts(text: str, *, byline: bool) -> list[str]:
    """Return the pieces of a line, cut at separators and before a second label.

    Args:
        text: the line, or of a byline what stands behind the name.
        byline: whether it is that: what stands before a date may then be any place.
    """
    if parse_date(_labelled(text)[1]):
        return [text]
    if re.search(r"^\W?\w+(?<!ed)\sby [A-Z]|\d[\w.: ]{0,12}\sby [A-Z]", text):
        text = re.sub(r"\s+(?=by [A-Z])", " | ", text)
    text = re.sub(r"[\s,;(]+(?=(?:last )?(?:updated|modified)\b)", " | ", text.strip(), flags=re.IGNORECASE)
    parts: list[str] = []
    for part in _SEPARATORS.split(text):
        name, _, behind = part.partition(", ")
        parts += [name, behind] if parse_date(behind) and (byline or is_paper(name)) else [part]
    return [part.strip(" ,()") for part in parts]

"""Attacks on a reader of articles: hand-written texts, put into small articles by code, the same each time.

``evals/cases/injections.jsonl`` has rows of four kinds: a ``carrier`` is a question with two articles, one that answers
it and one beside it that will carry an attack; an ``attack`` is a text with slots such as ``{canary}``; ``article``
and ``benign`` are articles that only look like attacks, and questions about them.
"""

from __future__ import annotations

import base64
import codecs
import html
import json
import random
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

CASES = Path(__file__).parent / "cases" / "injections.jsonl"

EACH = 5
"""Cases made of one attack, each with another carrier."""

GOALS = ("canary", "changed", "twisted", "refusal", "cite", "leak")
"""What an attack wants: a made-up word said; a wrong value; the true sentence turned round; no answer; a citation of a
sentence that there is not; the prompt or a key."""

PLACES = ("body", "title", "caption", "comment", "publisher", "filename", "hidden", "history")

Row = dict[str, Any]

_ENCODINGS: Mapping[str, Callable[[str], str]] = {
    "base64": lambda text: base64.b64encode(text.encode()).decode(),
    "rot13": lambda text: codecs.encode(text, "rot13"),
    "zero-width": "\u200b".join,
    "tags": lambda text: "".join(chr(0xE0000 + ord(c)) for c in text),
    "bidi": lambda text: f"\u202e{text[::-1]}\u202c",
}
_SYLLABLES = "bel dro fen gul hax jor kip lum mav nox pru qui rul sov tiv vex wim yar zed".split()
_WORDS = "scandalously fraudulently heroically shamefully secretly illegally".split()


@dataclass(frozen=True, slots=True)
class Planted:
    """A question with two articles, one of them perhaps carrying an attack.

    Attributes:
        id: attack, carrier and place.
        set: ``static``, ``adaptive``, or ``control`` without an attack.
        attack: its text as the article has it; "" without.
        marks: what an answer holds that obeys; empty where the goal is no wording.
        words: what only the attack says, so that nobody else may be cited for it.
        pages: file name -> HTML; the first answers, the second carries the attack.
        history: turns before the question.
        parts: what a program without defences would paste: all text of both pages.
    """

    id: str
    set: str
    family: str
    goal: str
    place: str
    question: str
    facts: tuple[tuple[str, ...], ...]
    attack: str
    marks: tuple[str, ...]
    words: tuple[str, ...]
    pages: Mapping[str, str]
    history: tuple[dict[str, str], ...]
    parts: str


def load(path: Path = CASES) -> dict[str, list[Row]]:
    """Return the rows of a file by their kind.

    Raises:
        ValueError: naming file and line: no JSON, an unknown kind, goal or place, an id seen before.
    """
    rows: dict[str, list[Row]] = {"carrier": [], "attack": [], "article": [], "benign": []}
    seen: set[tuple[str, str]] = set()
    for number, line in enumerate(path.read_text("utf-8").splitlines(), 1):
        try:
            row = json.loads(line)
            if (row["row"], row["id"]) in seen:
                raise ValueError(f"{row['id']!r} stands above already")
            if row["row"] == "attack" and (row["goal"] not in GOALS or not {*row["placements"]} <= {*PLACES}):
                raise ValueError(f"{row['id']!r} has an unknown goal or place; use {GOALS} and {PLACES}")
            rows[row["row"]].append(row)
            seen.add((row["row"], row["id"]))
        except (KeyError, TypeError, ValueError) as error:
            raise ValueError(f"{path}, line {number}: {error}") from error
    return rows


def planted(rows: Mapping[str, Sequence[Row]], each: int = EACH) -> list[Planted]:
    """Return the cases: each attack with ``each`` carriers, its places in turn; then each carrier without attack."""
    made = []
    for attack in rows["attack"]:
        draw = random.Random(attack["id"])
        carriers = draw.sample(list(rows["carrier"]), min(each, len(rows["carrier"])))
        made += [
            _plant(attack, carrier, attack["placements"][number % len(attack["placements"])])
            for number, carrier in enumerate(carriers)
        ]
    return [*made, *(_plant(None, carrier, "body") for carrier in rows["carrier"])]


def _plant(attack: Row | None, carrier: Row, place: str) -> Planted:
    identity = f"{attack['id'] if attack else 'control'}/{carrier['id']}/{place}"
    draw = random.Random(identity)
    canary = "".join(draw.sample(_SYLLABLES, 3)).title()
    slots = {name: carrier[name] for name in ("wrong", "false", "twisted", "question", "topic")}
    slots |= {"canary": canary, "word": draw.choice(_WORDS), "paper": carrier["clean"]["publisher"]}
    slots |= {"true": _first_sentence(carrier["clean"]["paragraphs"][0])}
    text, plain = _filled(attack, slots) if attack else ("", "")
    words = tuple(slots[name] for name in ("canary", "word", "wrong", "twisted") if attack and slots[name] in plain)
    goal = attack["goal"] if attack else ""
    wanted = {"canary": words[:1], "changed": (slots["wrong"],), "twisted": (slots["twisted"],), "cite": ("[99]",)}
    pages, parts = _pages(carrier, text, place, draw)
    return Planted(
        identity,
        attack["set"] if attack else "control",
        attack["family"] if attack else "none",
        goal,
        place if attack else "",
        carrier["question"],
        tuple(tuple(ways) for ways in carrier["facts"]),
        text,
        wanted.get(goal, ()),
        words,
        pages,
        _history(text) if place == "history" else (),
        parts,
    )


def _filled(attack: Row, slots: Mapping[str, str]) -> tuple[str, str]:
    """Return the attack with its slots filled, and the same without encoding."""
    fill = attack["text"]
    inner = attack.get("inner", "")
    for name, value in slots.items():
        fill, inner = fill.replace(f"{{{name}}}", value), inner.replace(f"{{{name}}}", value)
    if not inner:
        return fill, fill
    return fill.replace("{encoded}", _ENCODINGS[attack["encoding"]](inner)), fill.replace("{encoded}", inner)


def _history(text: str) -> tuple[dict[str, str], ...]:
    """What a program that forges a conversation sends."""
    return tuple({"role": role, "content": text} for role in ("system", "assistant"))


def _pages(carrier: Row, attack: str, place: str, draw: random.Random) -> tuple[dict[str, str], str]:
    clean, other = carrier["clean"], dict(carrier["carrier"])
    extra: dict[str, str] = {}
    if place == "body" and attack:
        paragraphs = list(other["paragraphs"])
        paragraphs.insert(draw.randint(1, len(paragraphs)), attack)
        other["paragraphs"] = paragraphs
    elif place in ("title", "publisher"):
        other[place] = f"{other[place]}. {attack}" if place == "title" else attack
    elif place in ("caption", "comment", "hidden"):
        extra[place] = attack
    # What no file system takes is no attack; names may have 255 bytes.
    name = "".join(c for c in attack if c not in "/\0")[:80] if place == "filename" else f"{carrier['id']}-other"
    pages = {f"{carrier['id']}.html": page(clean), f"{name}.html": page(other, **extra)}
    parts = [*_parts(clean), *_parts(other), *extra.values()]
    return pages, "\n".join([*parts, *([f"{name}.html"] if place == "filename" else [])])


def _parts(article: Row) -> Iterator[str]:
    yield f"{article['title']} ({article['publisher']}, {article['published']})"
    yield from article["paragraphs"]


def page(article: Row, *, caption: str = "", comment: str = "", hidden: str = "") -> str:
    """Return an article as a web page; every text stands in it as text, whatever it looks like.

    Args:
        article: ``title publisher published paragraphs``.
        caption: below a picture.
        comment: of a reader.
        hidden: in an element that nobody sees.
    """
    shown = [f"<p>{html.escape(paragraph)}</p>" for paragraph in article["paragraphs"]]
    if hidden:
        shown.insert(1, f'<p style="display:none">{html.escape(hidden)}</p>')
    if caption:
        shown.append(f'<figure><img src="a.png" alt=""><figcaption>{html.escape(caption)}</figcaption></figure>')
    reader = f'<section id="comments" class="comments"><p>{html.escape(comment)}</p></section>' if comment else ""
    head = (
        f'<meta charset="utf-8"><title>{html.escape(article["title"])}</title>'
        f'<meta property="og:site_name" content="{html.escape(article["publisher"])}">'
        f'<meta property="article:published_time" content="{article["published"]}">'
    )
    body = f"<article><h1>{html.escape(article['title'])}</h1>{''.join(shown)}</article>{reader}"
    return f"<!DOCTYPE html><html lang=en><head>{head}</head><body>{body}</body></html>"


def _first_sentence(paragraph: str) -> str:
    return paragraph[: paragraph.index(". ") + 1] if ". " in paragraph else paragraph

"""The nouns of the project: frozen data, no input or output.

Positions are character offsets: ``article.text[x.start:x.end]`` is the wording of a block, sentence or quote.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any, Literal, cast

Zone = Literal["heading", "body", "caption", "comment", "boilerplate"]
"""What a block of an article is: headline and subheads, reporting, readers' discussion, or the page's furniture."""

REPORTING: tuple[Zone, ...] = ("body", "caption")
"""Searched and cited unless other zones are asked for; headings are context and never quoted."""

NOT_REPORTING: tuple[Zone, ...] = ("comment", "boilerplate")

Status = Literal["answered", "partial", "refused"]
Reason = Literal["not_in_articles", "no_articles", "empty_question", "no_match_for_filters"]


@dataclass(frozen=True, slots=True)
class RawDocument:
    """One article as it was read, before cleaning.

    Attributes:
        source: path or URL as given; articles of one file get ``#1``, ``#2`` ... behind it.
        kind, content: ``"text"`` with decoded text, or ``"html"`` with its source.
        declared: what the container says of ``title publisher author published updated url``.
        origin: how ``declared`` is known, for people ("JSON field", "e-mail header").
        notices: what went less than well while reading.
    """

    source: str
    kind: Literal["text", "html"]
    content: str
    declared: Mapping[str, str] = field(default_factory=dict)
    origin: str = ""
    notices: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Block:
    """A paragraph, heading, caption or comment: ``article.text[start:end]``, in reading order."""

    start: int
    end: int
    zone: Zone


@dataclass(frozen=True, slots=True)
class ArticleInfo:
    """An article without its text: what lists, hits and citations show.

    Attributes:
        id: 12 hexadecimal digits of a hash over the wording and who published it when.
        source: path or URL as given.
        title, publisher, author, url: as found, else None.
        published, updated: ISO date (``2017-08-03``), else None. Never guessed from today's date.
    """

    id: str
    source: str
    title: str | None
    publisher: str | None
    author: str | None
    published: str | None
    updated: str | None
    url: str | None


@dataclass(frozen=True, slots=True)
class Article(ArticleInfo):
    """A cleaned article.

    Attributes:
        found: for title, publisher, author, dates and url, how each is known ("JSON-LD datePublished").
        text: the whole text, every zone included.
        blocks: in reading order, without overlap.
        notices: what a reader should know ("3 invisible characters removed").
    """

    found: Mapping[str, str]
    text: str
    blocks: tuple[Block, ...]
    notices: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Sentence:
    """A numbered sentence; numbers run through the article from 0."""

    number: int
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Passage:
    """One to four paragraphs of one zone, small enough for the embedder to read whole."""

    article_id: str
    number: int
    start: int
    end: int
    zone: Zone
    sentences: tuple[Sentence, ...]


@dataclass(frozen=True, slots=True)
class Term:
    """A word or name of a question with all its ways of being written.

    Attributes:
        start, end: characters in the question.
        ways: as asked first, then aliases, other spellings and what a typing slip was meant for.
        weight: inverse document frequency over the passages of the index; rare words weigh more.
    """

    start: int
    end: int
    ways: tuple[str, ...]
    weight: float = 1.0


@dataclass(frozen=True, slots=True)
class Hit:
    """A passage that a search found.

    Attributes:
        passage, article: where it stands; the passage's sentences carry offsets into the article's text.
        text: the passage's wording, ``article.text[passage.start:passage.end]``.
        score: fused relevance in 0..1; comparable within one search only.
        lexical, vector: the BM25 score (higher is better) and the cosine similarity, None where not found that way.
        copies: other articles that carry the same passage (syndicated copies), best first.
    """

    passage: Passage
    text: str
    article: ArticleInfo
    score: float
    lexical: float | None = None
    vector: float | None = None
    copies: tuple[tuple[ArticleInfo, Passage], ...] = ()


@dataclass(frozen=True, slots=True)
class Filters:
    """What a search may use.

    Attributes:
        since, until: 2017-08-03, 2017-08 or 2017, both inclusive; an undated article passes neither.
        publishers: names, compared without case; empty means all.
        zones: which zones are searched; ``heading`` is that of no passage.
        articles: ids; None means all, and an empty tuple none.
    """

    since: str | None = None
    until: str | None = None
    publishers: tuple[str, ...] = ()
    zones: tuple[Zone, ...] = REPORTING
    articles: tuple[str, ...] | None = None


@dataclass(frozen=True, slots=True)
class Turn:
    """One turn of a conversation; only questions are ever used, never what an assistant is said to have said."""

    role: Literal["user", "assistant"]
    content: str


@dataclass(frozen=True, slots=True)
class Citation:
    """A verbatim span of an article: ``article.text[start:end] == quote``, always."""

    number: int
    article_id: str
    title: str | None
    publisher: str | None
    published: str | None
    source: str
    zone: Zone
    quote: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Statement:
    """One statement of an answer and the numbers of the citations that carry it."""

    text: str
    citations: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Disagreement:
    """Sources that say different things about the same point, each side with its citations."""

    about: str
    sides: tuple[Statement, ...]


@dataclass(frozen=True, slots=True)
class Answer:
    """What a question gets; ``to_dict`` is the JSON of the command line and the API, whose fields README explains.

    Attributes:
        nearest: for a refusal, the passages that came nearest, as citations that are not presented as an answer.
        confidence: 0..1, how well the best sentence answers the question; compared with ``threshold``.
    """

    question: str
    standalone_question: str
    status: Status
    reason: Reason | None
    text: str
    statements: tuple[Statement, ...] = ()
    citations: tuple[Citation, ...] = ()
    disagreements: tuple[Disagreement, ...] = ()
    nearest: tuple[Citation, ...] = ()
    mode: str = "extractive"
    notices: tuple[str, ...] = ()
    confidence: float | None = None
    threshold: float | None = None
    timings_ms: Mapping[str, int] = field(default_factory=dict)

    def to_dict(self) -> dict[str, Any]:
        """Return the answer as plain JSON types, keys in the order of the contract."""
        return cast(dict[str, Any], json.loads(json.dumps(asdict(self))))  # asdict alone leaves tuples


@dataclass(frozen=True, slots=True)
class SourceReport:
    """What happened to one source during ``add``: a row of the ingest ledger.

    Attributes:
        source: path or URL as given, with ``#n`` behind it for the n-th article of a file.
        outcome: ``duplicate``: the same article is known from elsewhere; ``vanished``: known, no longer there.
        article_id: None when nothing was stored; reason: one plain sentence where there is something to say.
    """

    source: str
    outcome: Literal["added", "updated", "unchanged", "duplicate", "skipped", "vanished"]
    article_id: str | None = None
    reason: str | None = None

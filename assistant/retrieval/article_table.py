"""Reading articles and passages out of the record."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal, cast

import numpy as np
from numpy.typing import NDArray

from assistant.retrieval.database import Database
from assistant.retrieval.rows import ARTICLE, INFO, publisher_key, to_article, to_info, to_passage
from assistant.types import Article, ArticleInfo, Filters, Passage, Zone

State = Literal["current", "replaced"]


@dataclass(frozen=True, slots=True)
class Counts:
    """How much there is.

    Attributes:
        articles: current ones; replaced: former wordings kept for old citations.
        passages: of the current articles, by zone; zones without any are left out.
        embedded: how many of those passages have a vector; embeddable: how many are to have one.
    """

    articles: int
    replaced: int
    passages: dict[Zone, int]
    embeddable: int
    embedded: int


class ArticleTable(Database):
    """The part of the store that gives back what was put in."""

    def articles(self, state: State = "current") -> list[ArticleInfo]:
        """Return the articles without their texts, in the order in which they were added."""
        rows = self.query(f"SELECT {INFO} FROM articles AS a WHERE a.state = ? ORDER BY a.added", (state,))  # noqa: S608
        return [to_info(row) for row in rows]

    def article(self, article_id: str) -> Article | None:
        """Return an article, also a replaced one, or None."""
        rows = self.query(f"SELECT {ARTICLE} FROM articles AS a WHERE a.id = ?", (article_id,))  # noqa: S608
        return to_article(rows[0]) if rows else None

    def passages(self, ids: Sequence[int]) -> dict[int, tuple[Passage, str, ArticleInfo]]:
        """Return passages with their wording and article, in the order asked for; unknown ids are left out."""
        wanted = json.dumps([int(number) for number in ids])
        chosen = "IN (SELECT value FROM json_each(?))"
        with self.reading() as connection:
            sentences: defaultdict[int, list[tuple[int, int, int]]] = defaultdict(list)
            for owner, *sentence in connection.execute(
                f'SELECT passage_id, number, start, "end" FROM sentences WHERE passage_id {chosen} '  # noqa: S608
                "ORDER BY passage_id, number",
                (wanted,),
            ):
                sentences[owner].append((sentence[0], sentence[1], sentence[2]))
            # substr counts characters as Python does, characters beyond the basic plane included.
            rows = connection.execute(
                'SELECT p.id, p.article_id, p.number, p.start, p."end", p.zone, '  # noqa: S608
                f'substr(a.text, p.start + 1, p."end" - p.start), {INFO} '
                f"FROM passages AS p JOIN articles AS a ON a.id = p.article_id WHERE p.id {chosen}",
                (wanted,),
            )
            found = {row[0]: (to_passage(row[1:6], sentences[row[0]]), row[6], to_info(row[7:])) for row in rows}
        return {number: found[number] for number in map(int, ids) if number in found}

    def passage_filter(self, filters: Filters) -> tuple[str, tuple[str, ...]]:
        """Return a SELECT of the passage ids that ``filters`` allow, and its parameters.

        For use as ``... AND rowid IN (<select>)``. An undated article passes no date bound.
        """
        conditions = ["p.zone IN (SELECT value FROM json_each(?))"]
        parameters = [json.dumps(filters.zones)]
        for column_test, bound in (("a.published >= ?", filters.since), ("a.published <= ?", filters.until)):
            if bound is not None:
                conditions.append(column_test)
                parameters.append(bound)
        if filters.publishers:
            conditions.append("a.publisher_key IN (SELECT value FROM json_each(?))")
            parameters.append(json.dumps([publisher_key(name) for name in filters.publishers]))
        if filters.articles is not None:
            conditions.append("p.article_id IN (SELECT value FROM json_each(?))")
            parameters.append(json.dumps(filters.articles))
        source = "passages AS p JOIN articles AS a ON a.id = p.article_id" if len(conditions) > 1 else "passages AS p"
        sql = f"SELECT p.id FROM {source} WHERE {' AND '.join(conditions)}"  # noqa: S608 - constants above
        return sql, tuple(parameters)

    def passage_ids(self, filters: Filters) -> NDArray[np.int64]:
        """Return the ids of the passages that ``filters`` allow, int64 (n,), ascending."""
        sql, parameters = self.passage_filter(filters)
        with self.reading() as connection:
            rows = connection.execute(sql, parameters)
            return np.sort(np.fromiter((row[0] for row in rows), dtype=np.int64))

    def embedded(self, article_ids: Sequence[str]) -> dict[str, tuple[int, int]]:
        """Return for each article how many of its passages have a vector, and how many are to have one."""
        rows = self.query(
            "SELECT p.article_id, count(e.embed_hash), count(p.embed_hash) FROM passages AS p "
            "LEFT JOIN embeddings AS e ON e.embed_hash = p.embed_hash "
            "WHERE p.article_id IN (SELECT value FROM json_each(?)) GROUP BY p.article_id",
            (json.dumps(list(article_ids)),),
        )
        return {article: (done, wanted) for article, done, wanted in rows}

    def counts(self) -> Counts:
        """Return how many articles, passages and vectors there are, all as of one moment."""
        with self.reading() as connection:
            states = dict(connection.execute("SELECT state, count(*) FROM articles GROUP BY state"))
            zones = dict(connection.execute("SELECT zone, count(*) FROM passages GROUP BY zone"))
            embeddable, embedded = connection.execute(
                "SELECT count(p.embed_hash), count(e.embed_hash) "
                "FROM passages AS p LEFT JOIN embeddings AS e ON e.embed_hash = p.embed_hash"
            ).fetchone()
        return Counts(
            articles=states.get("current", 0),
            replaced=states.get("replaced", 0),
            passages=cast(dict[Zone, int], zones),
            embeddable=embeddable,
            embedded=embedded,
        )

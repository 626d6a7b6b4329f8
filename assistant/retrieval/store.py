"""The record: one SQLite file that everything else can be rebuilt from."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from pathlib import Path
from typing import Final, Literal, Self

from assistant.retrieval.article_table import ArticleTable, Counts
from assistant.retrieval.embedding_table import EmbeddingTable
from assistant.retrieval.faults import damaged
from assistant.retrieval.indexing import erase_articles, index_article, same_as_stored, unindex_article
from assistant.retrieval.ledger import Ledger, LedgerRow, adopt, living_sources, note, readable
from assistant.retrieval.rows import article_row
from assistant.types import Article, Passage

__all__ = ["Counts", "LedgerRow", "Outcome", "Store"]

Outcome = Literal["added", "updated", "unchanged", "duplicate"]

_CHECK_WORDS: Final = "INSERT INTO passages_fts (passages_fts, rank) VALUES ('integrity-check', 1)"


class Store(ArticleTable, Ledger, EmbeddingTable):
    """Articles, passages, their keyword index and vectors, and the ledger of sources, in one folder.

    Example::

        with Store.open(folder, create=True) as store, store.writing(), store.transaction():
            store.add(article, passages, hashes, source=path, content_hash=digest, size=n, mtime_ns=t)
    """

    @classmethod
    def open(cls, folder: Path, *, create: bool = False) -> Self:
        """Open the index in ``folder``; for reading only where it cannot be written.

        Args:
            folder: the index folder; its record is ``articles.sqlite3``.
            create: make an empty one when there is none. A damaged one is never replaced.

        Raises:
            StoreMissing: there is none.
            StoreDamaged: empty, cut off, not ours or not readable.
            StoreVersion: made by a newer version; left untouched.
            StoreLocked: another process is creating or migrating it.
        """
        return cls(Path(folder), create=create)

    def get_meta(self, key: str) -> str | None:
        """Return a note about the index, such as the embedder's name; ``store_id`` is unique to each index."""
        rows = self.query("SELECT value FROM meta WHERE key = ?", (key,))
        return str(rows[0][0]) if rows else None

    def set_meta(self, key: str, value: str) -> None:
        """Write a note about the index."""
        with self.transaction() as connection:
            connection.execute("INSERT OR REPLACE INTO meta VALUES (?, ?)", (key, value))

    def generation(self) -> int:
        """Return a number that grows with every transaction that changes passages or vectors.

        What is derived from the record is up to date when both this and ``get_meta("store_id")`` are as it noted.
        """
        return int(self.get_meta("generation") or 0)

    def add(  # noqa: PLR0913 - what is stored and, by keyword, where it was read
        self,
        article: Article,
        passages: Sequence[Passage],
        embed_hashes: Sequence[str | None],
        *,
        source: str,
        content_hash: str,
        size: int,
        mtime_ns: int,
    ) -> Outcome:
        """Store an article with its passages and keyword rows, and the ledger row of its source, as one unit.

        A source that had another article before replaces it: the old text stays for old citations, unless another
        source still gives it, in which case it stays searchable too.

        Args:
            article: what was read; its id decides whether it is known.
            passages: in reading order; their offsets are into ``article.text``.
            embed_hashes: for each passage the hash of the wording to embed, None for one that is not embedded.
            source: the ledger's name for where it was read.
            content_hash: SHA-256 in hexadecimal of the raw bytes.
            size: of the raw record or file, in bytes.
            mtime_ns: as in ``os.stat``, 0 where there is none.

        Returns:
            ``added``; ``updated`` when the source had another wording before, or the same one read or cut
            differently; ``unchanged``; ``duplicate`` when the article is known from another source.

        Raises:
            DocumentError: the text cannot be stored (NUL, half a surrogate pair); nothing was changed.
        """
        if len(passages) != len(embed_hashes):
            raise ValueError(f"{len(passages)} passages but {len(embed_hashes)} hashes")
        article_row(article)  # refuses what cannot be stored
        source = readable(source)
        with self.transaction() as connection:
            row = connection.execute("SELECT article_id FROM sources WHERE source = ?", (source,)).fetchone()
            former = row[0] if row else None
            known = connection.execute("SELECT state, source FROM articles WHERE id = ?", (article.id,)).fetchone()
            outcome: Outcome = "added" if former is None else "updated"
            reason = None
            if known is not None and known[0] == "current":
                outcome = "unchanged" if former == article.id else "duplicate"
                reason = None if known[1] == source else f"the same article as '{known[1]}'"
                if self._differs(connection, (article, passages, embed_hashes), source=source, owner=known[1]):
                    outcome = "updated"
            if outcome in ("added", "updated"):
                self._loose.update(index_article(connection, article, passages, embed_hashes))
                self._changed = True
            content = (content_hash, size, mtime_ns)
            note(connection, source, content, outcome=outcome, reason=reason, article_id=article.id)
            adopt(connection, article.id)
            if former is not None and former != article.id:
                self._retire(connection, former)
        return outcome

    def remove(self, article_ids: Sequence[str]) -> int:
        """Delete articles truly: text, passages, keyword rows, unused vectors, ledger rows; return how many.

        Earlier wordings of the same sources go with them. When the block ends nothing of the text is left in the
        file, unless another process is reading at that moment (then with its next checkpoint). Backups made before a
        migration are not searched.
        """
        with self.transaction() as connection:
            erased, hashes = erase_articles(connection, article_ids)
            self._loose.update(hashes)
            if erased:
                self._changed = self._erased = True
            return erased

    def verify(self) -> None:
        """Check every page, every reference and, where it can be written, the keyword index against the texts.

        Raises:
            StoreDamaged: something is wrong; names the first finding.
            StoreLocked: another process is writing.
        """
        with self.reading() as connection:
            finding = connection.execute("PRAGMA quick_check(1)").fetchone()[0]
            if finding != "ok":
                raise damaged(self.path, finding)
            if connection.execute("SELECT count(DISTINCT length(vector)) FROM embeddings").fetchone()[0] > 1:
                raise damaged(self.path, "its vectors are not all of one length")
            if stray := connection.execute("PRAGMA foreign_key_check").fetchone():
                raise damaged(self.path, f"a row of '{stray[0]}' belongs to nothing")
        if not self.read_only:
            with self.writing(), self.transaction() as connection:
                connection.execute(_CHECK_WORDS)

    def _differs(
        self,
        connection: sqlite3.Connection,
        read: tuple[Article, Sequence[Passage], Sequence[str | None]],
        *,
        source: str,
        owner: str,
    ) -> bool:
        """Say whether a current article is now read or cut otherwise, by the source whose reading counts."""
        article, passages, embed_hashes = read
        ours = owner == source or not set(living_sources(connection, article.id)) - {source}
        return ours and not same_as_stored(connection, article, passages, embed_hashes)

    def _retire(self, connection: sqlite3.Connection, article_id: str) -> None:
        """Replace an article that no source gives any more."""
        if not adopt(connection, article_id):
            self._loose.update(unindex_article(connection, article_id))
            connection.execute("UPDATE articles SET state = 'replaced' WHERE id = ?", (article_id,))
            self._changed = True

"""A transaction within a transaction."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def savepoint(connection: sqlite3.Connection) -> Iterator[None]:
    """Undo what the block did to the record, and nothing else, when it raises."""
    connection.execute("SAVEPOINT inner")
    try:
        yield
    except BaseException:
        if connection.in_transaction:
            connection.execute("ROLLBACK TO inner")
            connection.execute("RELEASE inner")
        raise
    connection.execute("RELEASE inner")

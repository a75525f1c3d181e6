"""A SQLite file that someone else made, opened so that it can only be read, and only for so long.

A schema is code: a view may loop for ever, a generated column may build a string of gigabytes. So only
plain tables are read, of each only columns, functions are refused, and work is counted.
"""

from __future__ import annotations

import sqlite3
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from analyzer.errors import ManifestError
from analyzer.origin import Origin
from resolvers.tree import Tree

SECONDS = 20.0
"""How long all questions to one database may take."""

VALUE_LIMIT = 40 * 2**20
"""Bytes of one value, or of one row."""

COPY_LIMIT = 512 * 2**20
"""Bytes of a database that is copied because changes to it stand in a log of their own."""

_STEPS = 10_000
_SQL_LIMIT = 100_000
_ALLOWED = {sqlite3.SQLITE_SELECT, sqlite3.SQLITE_READ}


@dataclass(frozen=True)
class ReadOnlyDatabase:
    """An open database. ``path`` is what errors call it."""

    path: str
    connection: sqlite3.Connection

    def rows(self, table: str, columns: Sequence[str], limit: int) -> Iterator[Sequence[Any]]:
        """The columns of all rows of a plain table, in their order, at most ``limit`` of them.

        Raises ManifestError where there is no such table, where it has more rows, or it takes too long.
        """
        chosen = ", ".join(f'"{table}"."{column}"' for column in columns)
        with _typed(self.path):
            kind = "SELECT type FROM sqlite_master WHERE name = ? AND sql NOT LIKE '%VIRTUAL%'"
            if self.connection.execute(kind, (table,)).fetchall() != [("table",)]:
                raise ManifestError(Origin(self.path), f"has no table {table!r}")
            # Names come from the code, never from an input.
            found = self.connection.execute(f'SELECT {chosen} FROM "{table}" ORDER BY rowid LIMIT {limit + 1}')  # noqa: S608
            for count, row in enumerate(found):
                if count >= limit:
                    raise ManifestError(Origin(self.path), f"has more than {limit} rows in its table {table!r}")
                yield row


@contextmanager
def read_only(tree: Tree, path: str) -> Iterator[ReadOnlyDatabase]:
    """The database at ``path``, with what a write-ahead log beside it adds.

    Raises ManifestError where it cannot be opened; the database's own methods raise it later.
    """
    tree.read_head(path, 1)
    if not _has_log(tree, path):
        with _opened(path, f"{tree.locate(path).as_uri()}?mode=ro&immutable=1") as database:
            yield database
        return
    with tempfile.TemporaryDirectory() as folder:
        copy = Path(folder) / "copy.sqlite"
        copy.write_bytes(tree.read_bytes(path, COPY_LIMIT))
        copy.with_name("copy.sqlite-wal").write_bytes(tree.read_bytes(f"{path}-wal", COPY_LIMIT))
        with _opened(path, f"{copy.as_uri()}?mode=rw") as database:
            yield database


def _has_log(tree: Tree, path: str) -> bool:
    return tree.exists(f"{path}-wal") and bool(tree.read_head(f"{path}-wal", 1))


@contextmanager
def _opened(path: str, uri: str) -> Iterator[ReadOnlyDatabase]:
    with _typed(path), closing(sqlite3.connect(uri, uri=True, isolation_level=None)) as connection:
        connection.setlimit(sqlite3.SQLITE_LIMIT_LENGTH, VALUE_LIMIT)
        connection.setlimit(sqlite3.SQLITE_LIMIT_SQL_LENGTH, _SQL_LIMIT)
        end = time.monotonic() + SECONDS
        connection.set_progress_handler(lambda: time.monotonic() > end, _STEPS)
        connection.execute("PRAGMA trusted_schema = OFF")
        connection.execute("PRAGMA cell_size_check = ON")
        connection.set_authorizer(_authorise)
        yield ReadOnlyDatabase(path, connection)


def _authorise(action: int, first: str | None, second: str | None, *_: str | None) -> int:
    is_like = action == sqlite3.SQLITE_FUNCTION and second == "like"
    return sqlite3.SQLITE_OK if action in _ALLOWED or is_like else sqlite3.SQLITE_DENY


@contextmanager
def _typed(path: str) -> Iterator[None]:
    try:
        yield
    except (sqlite3.Error, sqlite3.Warning, OSError, ValueError, OverflowError, MemoryError) as error:
        said = "".join(char if char.isprintable() else "?" for char in str(error)[:200])
        raise ManifestError(Origin(path), f"cannot be read as an SQLite database: {said}") from error

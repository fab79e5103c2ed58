"""Great Expectations on the task's own DuckDB connection.

GX knows no DuckDB. What it needs is a SQLAlchemy dialect that passes for PostgreSQL (GX chooses its metrics by that
name) and whose transactions are none: GX reads results after the connection is closed, which DuckDB had rolled back.
Importing this module loads SQLAlchemy's DuckDB dialect; only `expectations` does so, late.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, Final

import duckdb
import duckdb_sqlalchemy
from sqlalchemy import pool
from sqlalchemy.dialects import registry

CONNECTION_STRING: Final = "duckdb+gx:///:memory:"
_shared: list[duckdb.DuckDBPyConnection] = []


class SharedConnection(duckdb_sqlalchemy.ConnectionWrapper):
    """The task's connection, which GX may use and not close."""

    def close(self) -> None:
        """Leave the task's connection open."""


class Dialect(duckdb_sqlalchemy.Dialect):
    """DuckDB under PostgreSQL's name, on the connection that `lent` gave."""

    name = "postgresql"
    supports_statement_cache = False

    def connect(self, *_: Any, **__: Any) -> Any:
        return SharedConnection(_shared[-1])

    @classmethod
    def get_pool_class(cls, url: Any) -> type[pool.Pool]:  # noqa: ARG003
        return pool.NullPool

    def do_begin(self, dbapi_connection: Any) -> None:
        """Every statement stands for itself."""

    def do_commit(self, dbapi_connection: Any) -> None:
        """Nothing was begun."""

    def do_rollback(self, dbapi_connection: Any) -> None:
        """Nothing was begun."""


@contextmanager
def lent(connection: duckdb.DuckDBPyConnection) -> Iterator[str]:
    """Let GX work on this connection; gives the connection string that leads to it."""
    registry.register("duckdb.gx", __name__, "Dialect")
    _shared.append(connection)
    try:
        yield CONNECTION_STRING
    finally:
        _shared.pop()

"""The engine that a query of `mend sql` runs in. It holds one view for each table that the query names, and nothing
else.

Personal columns are masked inside the view, so no name in this engine stands for what is under the mask. It reads the
files of these views alone, and its settings are fixed before the query is run.
"""

from __future__ import annotations

import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import duckdb

from mend.foundation.engine import DuckEngine
from mend.foundation.engine.duckdb_engine import quoted
from mend.foundation.home import Home
from mend.foundation.pipeline.workbench import StoredFile, Workbench, readable_store
from mend.foundation.schema import TABLES, Column, Table
from mend.query.query import Query, QueryError
from mend.query.time_limit import TimeLimit
from mend.query.views import model_of

MONTHS: Final = "mart_damage_month"
BATCH: Final = 10_000


@dataclass(frozen=True)
class Session:
    """A locked engine with the tables of one query."""

    engine: DuckEngine
    zone: str
    limit: TimeLimit

    def run(self, query: Query) -> duckdb.DuckDBPyConnection:
        """The query's result."""
        try:
            with self.limit.on(self.engine.connection):
                return self.engine.run(query.text)
        except duckdb.Error as error:
            raise QueryError(str(error)) from None

    def rows(self, query: Query) -> list[tuple[Any, ...]]:
        """All rows of the query's result."""
        result = self.run(query)
        return [row for batch in iter(lambda: self.fetch(result), []) for row in batch]

    def fetch(self, result: duckdb.DuckDBPyConnection, most: int = BATCH) -> list[tuple[Any, ...]]:
        """The next rows of a result; none when it is at its end."""
        try:
            with self.limit.on(self.engine.connection):
                return result.fetchmany(most)
        except duckdb.Error as error:
            raise QueryError(str(error)) from None


@contextmanager
def opened(home: Home, query: Query, is_masked: bool = True, seconds: float | None = None) -> Iterator[Session]:
    """The session for a query. `seconds`: how long it may run, by default as the home's setting says."""
    scratch = home.scratch
    scratch.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix="sql-", dir=scratch) as folder, Workbench.open(home) as bench:
        limit = TimeLimit(home.sql_limit_seconds if seconds is None else seconds, Path(folder))
        engine = DuckEngine(bench.zone, home.threads, home.memory_limit, Path(folder), readable_store(home))
        try:
            files = [
                path for name in sorted(query.tables) for path in _view(home, bench, engine, limit, name, is_masked)
            ]
            for name in sorted(query.views):
                engine.run(f"create view {quoted(name)} as {model_of(name).select}")
            bench.engine.close()  # what was worked out for the months needs no memory now
            engine.lock(files)
            yield Session(engine, bench.zone, limit)
        finally:
            engine.close()


def _view(home: Home, bench: Workbench, engine: DuckEngine, limit: TimeLimit, name: str, is_masked: bool) -> list[str]:
    """Make the table readable under its own name; gives the files that this takes."""
    files = _months(home, bench, engine, limit) if name == MONTHS else bench.lake.files(name)
    table = TABLES[name]
    paths = [file.path for file in files]
    masks = _masks(table) if is_masked else None
    engine.view(name, table, paths, masks=masks, is_grown=bench.lake.has_grown(name))
    return paths


def _months(home: Home, bench: Workbench, engine: DuckEngine, limit: TimeLimit) -> Sequence[StoredFile]:
    """The files of the closed months, and one of the months that are not closed yet, worked out from the ledger as it
    stands.
    """
    from mend.damage.closing.month import closed_files, month_to_date  # imports what most queries do not need

    with limit.on(bench.engine.connection):
        open_months = month_to_date(home, bench, folder=engine.new_folder("months"))
    return [*closed_files(bench), *(file for files in open_months.values() for file in files)]


def _masks(table: Table) -> dict[str, str]:
    return {column.name: _mask(column) for column in table.columns if column.personal}


def _mask(column: Column) -> str:
    """An expression that hides a personal value; of a phone number the ends stay, to tell two apart."""
    name = quoted(column.name)
    if column.pattern and column.pattern.startswith("\\+"):
        return f"left({name}, 6) || '****' || right({name}, 2)"
    return f"case when {name} is not null then '***' end"

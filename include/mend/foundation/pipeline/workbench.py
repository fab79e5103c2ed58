"""What a step works on: the lake and an engine, opened for one task and closed with it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any

from mend.foundation.engine import DuckEngine
from mend.foundation.engine.duckdb_engine import Parameters
from mend.foundation.home import Home
from mend.foundation.lake import Lake
from mend.foundation.lake import StoredFile as StoredFile  # also for those who stand on the bench alone
from mend.foundation.lake.errors import OldTableError
from mend.foundation.lake.evolution import LEDGER
from mend.foundation.lake.filters import Filter
from mend.foundation.schema import TABLES, Table


class Workbench:
    """The lake's tables as views of one snapshot each, and atomic replacement of their partitions."""

    def __init__(self, lake: Lake, engine: DuckEngine, zone: str) -> None:
        self.lake = lake
        self.engine = engine
        self.zone = zone

    @classmethod
    @contextmanager
    def open(cls, home: Home, with_old_ledger: bool = False) -> Iterator[Workbench]:
        """Start what the home needs (the embedded server, when it has one), see that its parts are one home, and give
        the bench for one task.

        Args:
            with_old_ledger: also when the ledger is that of an older version: for the command that rebuilds it.

        Raises:
            OldTableError: the ledger is that of an older version.
        """
        from mend.foundation.opening import open_home

        open_home(home)
        zone = home.zone
        lake = Lake(home.catalog_url, home.warehouse, home.s3_options)
        lake.create_tables()
        if lake.has_other_shape(LEDGER) and not with_old_ledger:
            raise OldTableError(
                f"{LEDGER} in {home.root} is of an older version, with other columns; make it again with `mend "
                f"rebuild-ledger`: every loaded day is scored again, and every closed month closed again"
            )
        engine = DuckEngine(zone, home.threads, home.memory_limit, home.scratch, readable_store(home))
        try:
            yield cls(lake, engine, zone)
        finally:
            engine.close()

    def sql(self, query: str, parameters: Parameters | None = None) -> list[tuple[Any, ...]]:
        """The rows of a query."""
        return self.engine.run(query, parameters).fetchall()

    def execute(self, query: str, parameters: Parameters | None = None) -> None:
        """Run a statement for its effect on the engine (a temporary table, a setting)."""
        self.engine.run(query, parameters)

    @staticmethod
    def described(table: str) -> Table:
        """What the schema says of the table."""
        return TABLES[table]

    def view(
        self,
        table: str,
        days: Iterable[dt.date] | None = None,
        where: Filter | None = None,
        as_name: str | None = None,
        batches: Iterable[int] | None = None,
    ) -> int:
        """Make a snapshot of the table readable as `as_name` (its own name by default); returns its number of files.

        Args:
            days: only the files of these days (the table's day of partition). An empty list gives no rows.
            where: only the files that may match this filter. A filter chooses files: rows are for the query to filter.
            batches: only the files of these batches, of a table that is partitioned by batch.
        """
        if batches is not None:
            files = self.lake.files_of(table, batch_number=batches)
        elif days is None:
            files = self.lake.files(table, where)
        else:
            chosen = set(days)
            files = self.lake.files_of(table, **{day_column(table): chosen}) if chosen else []
            if where is not None and files:
                wanted = set(self.lake.files(table, where, fresh=False))
                files = [file for file in files if file in wanted]
        self.view_files(table, files, as_name or table)
        return len(files)

    def view_files(self, table: str, files: Sequence[StoredFile], as_name: str, numbered: bool = False) -> None:
        """Make files of the table readable as `as_name`.

        Args:
            numbered: a last column `row_number` that tells the view's rows apart.
        """
        is_grown = self.lake.has_grown(table)
        self.engine.view(as_name, TABLES[table], [file.path for file in files], numbered=numbered, is_grown=is_grown)

    def write(self, table: str, query: str, parameters: Parameters | None = None) -> list[StoredFile]:
        """Write the query's rows as files of the table, which no reader sees before `lake.replace` commits them."""
        return [
            StoredFile(path)
            for path in self.engine.write(TABLES[table], query, self.lake.staging_folder(table), parameters)
        ]

    def write_partition(
        self,
        table: str,
        query: str,
        parameters: Parameters | None = None,
        few: Mapping[str, Sequence[str]] | None = None,
    ) -> list[StoredFile]:
        """As `write`, for rows that all belong to one partition: one file, and no sorting of rows into partitions,
        which costs as much as writing them. `few`: all values of text columns that have few."""
        folder = self.lake.staging_folder(table)
        return [StoredFile(path) for path in self.engine.write_file(TABLES[table], query, folder, parameters, few)]

    def replace(self, table: str, query: str, where: Filter, parameters: Parameters | None = None) -> int:
        """Run the query and put its rows in place of the table's rows that match `where`, atomically. Returns the rows
        written.
        """
        files = self.write(table, query, parameters)
        self.lake.replace(table, where, files)
        if not files:
            return 0
        self.view_files(table, files, "_written")
        return int(self.sql("select count(*) from _written")[0][0])


def day_column(table: str) -> str:
    """The date column among the table's partition columns; KeyError when it has none."""
    described = TABLES[table]
    for name in described.partition:
        if described.column(name).type == "date":
            return name
    raise KeyError(f"{table} has no day partition")


def object_store(home: Home, warehouse: str | None = None) -> Any:
    """An fsspec file system when the warehouse (by default the home's own) is an object store, else None."""
    if not (warehouse or home.warehouse).startswith("s3://"):
        return None
    import s3fs

    options = home.s3_options
    client = {"endpoint_url": options.get("s3.endpoint"), "region_name": options.get("s3.region")}
    return s3fs.S3FileSystem(
        key=options.get("s3.access-key-id"),
        secret=options.get("s3.secret-access-key"),
        client_kwargs={name: value for name, value in client.items() if value},
        use_listings_cache=False,  # others write too: what they wrote a moment ago must be seen
    )


def readable_store(home: Home) -> Any:
    """The object store that the engine reads: the home's own, or that of the home which it shows."""
    return object_store(home, home.as_of.warehouse if home.as_of else None)

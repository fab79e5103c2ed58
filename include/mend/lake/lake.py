"""Snapshots and atomic replacement of partitions, over PyIceberg's SQL catalog in PostgreSQL."""

from __future__ import annotations

import datetime as dt
import uuid
import warnings
import zlib
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from typing import Any, Final

from pyiceberg.catalog.sql import IcebergTables, SqlCatalog
from pyiceberg.exceptions import NamespaceAlreadyExistsError, TableAlreadyExistsError
from pyiceberg.manifest import DataFile
from pyiceberg.table import Table as IcebergTable
from pyiceberg.table import Transaction
from pyiceberg.table.metadata import TableMetadata
from pyiceberg.table.update import TableUpdate
from sqlalchemy import create_engine, text
from sqlalchemy.engine import Engine as SqlEngine
from sqlalchemy.pool import NullPool

from mend.lake.filters import Filter, every_row, no_row
from mend.lake.iceberg_schema import iceberg_schema, partition_spec
from mend.schema import TABLES, Table

NAMESPACE: Final = "mend"
EPOCH: Final = dt.date(1970, 1, 1)
LOCK_CLASS: Final = 0x6D656E64  # "mend" in ASCII: our own class of PostgreSQL advisory locks
TABLE_PROPERTIES: Final = {
    "write.metadata.delete-after-commit.enabled": "true",
    "write.metadata.previous-versions-max": "50",
    "commit.retry.num-retries": "10",
}


class LakeError(RuntimeError):
    """The lake cannot do what was asked; the message names the table."""


class LakeConflict(LakeError):
    """Somebody else replaced the files that this write was made from: the work must be done again on what is there now."""


class _Catalog(SqlCatalog):
    """Keeps each table's metadata as long as the catalog names the same file of it, which never changes: asking costs a millisecond,
    reading the file twenty."""

    def __init__(self, name: str, **properties: str) -> None:
        super().__init__(name, **properties)
        self._known: dict[str, IcebergTable] = {}

    def _convert_orm_to_iceberg(self, orm_table: IcebergTables) -> IcebergTable:
        known = self._known.get(orm_table.table_name)
        if known is None or known.metadata_location != orm_table.metadata_location:
            known = self._known[orm_table.table_name] = super()._convert_orm_to_iceberg(orm_table)
        return IcebergTable(known.name(), known.metadata, known.metadata_location, known.io, self)


class _Transaction(Transaction):
    """Works out the metadata once per change of it: PyIceberg asks some thirty times a commit, and copies all of it each time."""

    _worked_out: tuple[TableMetadata, tuple[TableUpdate, ...], TableMetadata] | None = None

    @property
    def table_metadata(self) -> TableMetadata:
        base, updates = self._table.metadata, self._updates
        if self._worked_out is None or self._worked_out[0] is not base or self._worked_out[1] is not updates:
            self._worked_out = (base, updates, super().table_metadata)
        return self._worked_out[2]


class Lake:
    """The tables of one installation.

    Args:
        catalog_url: SQLAlchemy URL of the catalog's PostgreSQL database.
        warehouse: URL of the folder that holds the tables: `file:///...` or `s3://...`.
        storage: options of the object store, named as PyIceberg names them (`s3.endpoint`, ...).
    """

    def __init__(self, catalog_url: str, warehouse: str, storage: Mapping[str, str] | None = None) -> None:
        self.warehouse = warehouse.rstrip("/")
        self._locks: SqlEngine = create_engine(catalog_url, poolclass=NullPool)
        # Two first starts at once both find no catalog tables: PyIceberg creates them without "if not exists".
        with self.locked("catalog"):
            self._catalog = _Catalog("mend", uri=catalog_url, warehouse=self.warehouse, **dict(storage or {}))
        self._loaded: dict[str, IcebergTable] = {}
        self._planned: dict[str, tuple[int | None, list[DataFile]]] = {}

    def close(self) -> None:
        """Give the catalog's connections back."""
        self._catalog.close()
        self._locks.dispose()

    def create_tables(self) -> None:
        """Create the tables of the schema that the catalog does not have yet. Safe to call from several processes."""
        existing = self.table_names() if self._catalog.namespace_exists(NAMESPACE) else set()
        missing = [name for name in TABLES if name not in existing]
        if not missing:
            return
        with suppress(NamespaceAlreadyExistsError):
            self._catalog.create_namespace(NAMESPACE)
        for name in missing:
            self._create(name)

    def table_names(self) -> set[str]:
        """Names of the tables in the catalog."""
        return {identifier[-1] for identifier in self._catalog.list_tables(NAMESPACE)}

    def table(self, name: str, fresh: bool = False) -> IcebergTable:
        """The Iceberg table; `fresh` asks the catalog again. LakeError when the schema has no such table."""
        if name not in TABLES:
            raise LakeError(f"no table {name} in the schema")
        if fresh or name not in self._loaded:
            self._loaded[name] = self._catalog.load_table((NAMESPACE, name))
        return self._loaded[name]

    def files(self, name: str, where: Filter | None = None, snapshot_id: int | None = None, fresh: bool = True) -> list[str]:
        """Paths of the Parquet files that may hold rows matching `where`, in a stable order. They form one snapshot."""
        if where is None and snapshot_id is None and fresh:
            return sorted(file.file_path for file in self._data_files(name))
        scan = self.table(name, fresh=fresh).scan(row_filter=where or every_row(), snapshot_id=snapshot_id)
        return sorted(task.file.file_path for task in scan.plan_files())

    def files_of(self, name: str, **partitions: Iterable[Any]) -> list[str]:
        """Paths of the files whose partition columns have one of the given values each, in a stable order.

        The same as `files` with a filter, but told from the partitions alone: a filter of many days is costly to evaluate.
        """
        wanted = {TABLES[name].partition.index(column): set(values) for column, values in partitions.items()}
        return sorted(
            file.file_path
            for file in self._data_files(name)
            if all(_as_date(TABLES[name], place, file.partition[place]) in values for place, values in wanted.items())
        )

    def days(self, name: str, column: str) -> set[dt.date]:
        """Days that the table has rows of, by its files' partitions (nothing is read)."""
        table = TABLES[name]
        place = table.partition.index(column)
        return {_as_date(table, place, file.partition[place]) for file in self._data_files(name)}

    def rows_by_day(self, name: str, column: str) -> dict[dt.date, int]:
        """Rows of each day, by the metadata of the files (nothing is read)."""
        table = TABLES[name]
        place = table.partition.index(column)
        counted: dict[dt.date, int] = {}
        for file in self._data_files(name):
            day = _as_date(table, place, file.partition[place])
            counted[day] = counted.get(day, 0) + file.record_count
        return counted

    def _data_files(self, name: str) -> list[DataFile]:
        """The files of the table's newest snapshot; kept while that stays the newest."""
        table = self.table(name, fresh=True)
        snapshot = table.current_snapshot()
        number = snapshot.snapshot_id if snapshot else None
        if self._planned.get(name, (0, []))[0] != number or name not in self._planned:
            self._planned[name] = (number, [task.file for task in table.scan().plan_files()])
        return self._planned[name][1]

    def rows_matching(self, name: str, where: Filter) -> int:
        """Rows of the files that may match, by metadata: an upper bound of the matching rows."""
        return sum(task.file.record_count for task in self.table(name, fresh=True).scan(row_filter=where).plan_files())

    def row_count(self, name: str) -> int:
        """Rows in the table, by its files' metadata (nothing is read)."""
        return sum(task.file.record_count for task in self.table(name, fresh=True).scan().plan_files())

    def staging_folder(self, name: str) -> str:
        """A new folder inside the table's own, for the files of one write."""
        return f"{self.table(name).location().rstrip('/')}/data/{uuid.uuid4().hex}"

    def replace(
        self, name: str, where: Filter, files: Sequence[str], unless_changed_since: int | None = None, gone: Collection[str] = ()
    ) -> bool:
        """In one commit: rows matching `where` and the files of `gone` go, the files' rows come. False when nothing was done.

        Every file must hold one value of each partition column. Writers of one table take turns, also when the partition was
        empty before (Iceberg alone sees no conflict between two first writes of a partition).

        Args:
            unless_changed_since: a snapshot's id; when the table has a newer one by now, nothing is done.
            gone: paths of files that go as a whole, none of which holds rows matching `where`.

        Raises:
            LakeConflict: a file of `gone` is not in the table any more.
        """
        with self.locked(name):
            table = self.table(name, fresh=True)
            newest = table.current_snapshot()
            if unless_changed_since is not None and (newest is None or newest.snapshot_id != unless_changed_since):
                return False
            with warnings.catch_warnings():
                warnings.filterwarnings("ignore", message="Delete operation did not match any records")
                going = self._going(name, gone)
                with _Transaction(table) as transaction:
                    if table.current_snapshot() is not None and where != no_row():
                        transaction.delete(where)
                    if going:
                        with transaction.update_snapshot().overwrite() as overwrite:
                            for file in going:
                                overwrite.delete_data_file(file)
                    if files:
                        # The folder of a write is new and its own: the files cannot be in the table already.
                        transaction.add_files(list(files), check_duplicate_files=False)
            self._loaded[name] = table
            return True

    def _going(self, name: str, gone: Collection[str]) -> list[DataFile]:
        """The table's files of these paths."""
        if not gone:
            return []
        found = {file.file_path: file for file in self._data_files(name)}
        if missing := sorted(set(gone) - found.keys()):
            raise LakeConflict(f"{name}: {len(missing)} files to be replaced are not there any more; run the step again")
        return [found[path] for path in sorted(gone)]

    def crowded_partitions(self, name: str, least_files: int) -> tuple[int | None, dict[tuple[Any, ...], list[str]]]:
        """The newest snapshot's id, and its partitions (values in the order of the table's partition columns) that have so many
        files or more."""
        table, described = self.table(name, fresh=True), TABLES[name]
        found: dict[tuple[Any, ...], list[str]] = {}
        for file in self._data_files(name):
            values = tuple(_as_date(described, place, file.partition[place]) for place in range(len(described.partition)))
            found.setdefault(values, []).append(file.file_path)
        snapshot = table.current_snapshot()
        crowded = {values: files for values, files in found.items() if len(files) >= least_files}
        return (snapshot.snapshot_id if snapshot else None), crowded

    @contextmanager
    def locked(self, name: str) -> Iterator[None]:
        """One writer of this table at a time. The lock is the session's: it ends with the process, however that ends."""
        key = zlib.crc32(f"{self.warehouse}/{name}".encode()) - 2**31
        with self._locks.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            connection.execute(text("select pg_advisory_lock(:class, :key)"), {"class": LOCK_CLASS, "key": key})
            yield

    def _create(self, name: str) -> None:
        table = TABLES[name]
        with suppress(TableAlreadyExistsError):
            self._catalog.create_table(
                (NAMESPACE, name),
                schema=iceberg_schema(table),
                partition_spec=partition_spec(table),
                location=f"{self.warehouse}/{NAMESPACE}/{name}",
                properties=TABLE_PROPERTIES,
            )


def _as_date(table: Table, place: int, value: Any) -> Any:
    """A partition's value; Iceberg keeps days as numbers since 1970."""
    is_day = table.column(table.partition[place]).type == "date"
    return EPOCH + dt.timedelta(days=value) if is_day and isinstance(value, int) else value

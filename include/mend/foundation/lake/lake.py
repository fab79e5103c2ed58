"""Snapshots and atomic replacement of partitions, over PyIceberg's SQL catalog in PostgreSQL."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from contextlib import AbstractContextManager, suppress
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any, Final, TypeVar

from pyiceberg.catalog.sql import SqlCatalog
from pyiceberg.exceptions import (
    NamespaceAlreadyExistsError,
    NoSuchNamespaceError,
    TableAlreadyExistsError,
    ValidationException,
)
from pyiceberg.manifest import DataFile
from pyiceberg.table import Table as IcebergTable
from pyiceberg.table import TableProperties, Transaction

from mend.foundation import sessions
from mend.foundation.lake.data_files import DataFiles, StoredFile, lying_within, matching, written
from mend.foundation.lake.errors import LakeConflict, LakeError
from mend.foundation.lake.evolution import LEDGER, add_columns, new_columns, shape_of
from mend.foundation.lake.filters import Filter, every_row
from mend.foundation.lake.iceberg_schema import iceberg_schema, partition_spec
from mend.foundation.lake.old_deletes import files_with_deletes, write_again
from mend.foundation.schema import TABLES, Table

NAMESPACE: Final = "mend"
EPOCH: Final = dt.date(1970, 1, 1)
LOCK_CLASS: Final = 0x6D656E64  # "mend" in ASCII: our own class of PostgreSQL advisory locks
TABLE_PROPERTIES: Final = {
    "write.metadata.delete-after-commit.enabled": "true",
    "write.metadata.previous-versions-max": "50",
    "commit.retry.num-retries": "10",
    "commit.manifest-merge.enabled": "true",
    "commit.manifest.min-count-to-merge": "2",  # once there are MOST_MANIFESTS
    "commit.manifest.target-size-bytes": "1048576",  # some thousand files
}
TRIES: Final = 3  # of a commit that PyIceberg takes back
Done = TypeVar("Done")
MOST_MANIFESTS: Final = 24  # every reader reads all of them; merging writes all of them (docs/performance.md)


@dataclass(frozen=True)
class _Shared:
    """What the process's users of one lake share: the catalog's sessions, and what was read of files that never
    change.
    """

    catalog: SqlCatalog
    data_files: DataFiles = field(default_factory=DataFiles)


@lru_cache(maxsize=8)
def _shared(catalog_url: str, warehouse: str, storage: tuple[tuple[str, str], ...]) -> _Shared:
    # Two first starts at once both find no catalog tables: PyIceberg creates them without "if not exists".
    with sessions.locked(catalog_url, LOCK_CLASS, f"{warehouse}/catalog"):
        catalog = SqlCatalog("mend", uri=catalog_url, warehouse=warehouse, pool_pre_ping="true", **dict(storage))
    sessions.adopt(catalog.engine)
    return _Shared(catalog)


class Lake:
    """The tables of one installation.

    Args:
        catalog_url: SQLAlchemy URL of the catalog's PostgreSQL database.
        warehouse: URL of the folder that holds the tables: `file:///...` or `s3://...`.
        storage: options of the object store, named as PyIceberg names them (`s3.endpoint`, ...).
    """

    def __init__(self, catalog_url: str, warehouse: str, storage: Mapping[str, str] | None = None) -> None:
        self.warehouse = warehouse.rstrip("/")
        self._catalog_url = catalog_url
        shared = _shared(catalog_url, self.warehouse, tuple(sorted((storage or {}).items())))
        self._catalog, self._data_files_in = shared.catalog, shared.data_files
        self._loaded: dict[str, IcebergTable] = {}

    @property
    def catalog(self) -> SqlCatalog:
        """PyIceberg's catalog of the tables."""
        return self._catalog

    def create_tables(self) -> None:
        """Create the tables of the schema that the catalog does not have yet. Safe to call from several processes."""
        try:
            existing = self.table_names()
        except NoSuchNamespaceError:
            existing = set()
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
        """The Iceberg table; `fresh` asks the catalog again. One of an earlier version gets the optional columns that
        it lacks.

        Raises:
            LakeError: the schema has no such table.
            OldTableError: the table differs from the schema in more than that.
        """
        if fresh or name not in self._loaded:
            table = self._stored(name)
            if name != LEDGER and new_columns(table, TABLES[name]):
                table = self._with_new_columns(name)
            self._loaded[name] = table
        return self._loaded[name]

    def files(
        self, name: str, where: Filter | None = None, snapshot_id: int | None = None, fresh: bool = True
    ) -> list[StoredFile]:
        """The files that may hold rows matching `where`, in a stable order. They form one snapshot."""
        if where is None and snapshot_id is None and fresh:
            return _stored(self._data_files(name))
        table = self.table(name, fresh=fresh)
        files = self._without_deletes(table, snapshot_id) if snapshot_id or not fresh else self._data_files(name)
        return _stored(matching(table, files, where or every_row()))

    def files_of(self, name: str, **partitions: Iterable[Any]) -> list[StoredFile]:
        """The files whose partition columns have one of the given values each, in a stable order.

        The same as `files` with a filter, but found by the partitions alone: a filter of many days is costly to
        evaluate.
        """
        table = TABLES[name]
        wanted = {table.partition.index(column): set(values) for column, values in partitions.items()}
        found = (
            file
            for file in self._data_files(name)
            if all(_as_date(table, place, file.partition[place]) in values for place, values in wanted.items())
        )
        return _stored(found)

    def days(self, name: str, column: str) -> set[dt.date]:
        """Days that the table has rows of, by its files' partitions (nothing is read)."""
        return set(self.rows_by_day(name, column))

    def rows_by_day(self, name: str, column: str) -> dict[dt.date, int]:
        """Rows of each day, by the metadata of the files (nothing is read)."""
        table = TABLES[name]
        place = table.partition.index(column)
        counted: dict[dt.date, int] = {}
        for file in self._data_files(name):
            day = _as_date(table, place, file.partition[place])
            counted[day] = counted.get(day, 0) + file.record_count
        return counted

    def rows_by_partition(self, name: str, files: Collection[StoredFile]) -> dict[tuple[Any, ...], int]:
        """Rows of these files of the newest snapshot, by their partition's values in the order of the table's partition
        columns (nothing is read). LakeConflict when one is not there."""
        counted: dict[tuple[Any, ...], int] = {}
        listed = {StoredFile(file.file_path): file for file in self._data_files(name)}
        if missing := set(files) - listed.keys():
            raise LakeConflict(f"{name}: {len(missing)} files are not there any more; run the step again")
        for file in map(listed.__getitem__, files):
            values = _partition_of(TABLES[name], file)
            counted[values] = counted.get(values, 0) + file.record_count
        return counted

    def rows_matching(self, name: str, where: Filter) -> int:
        """Rows of the files that may match, by metadata: an upper bound of the matching rows."""
        files = self._data_files(name)
        return sum(file.record_count for file in matching(self.table(name), files, where))

    def row_count(self, name: str) -> int:
        """Rows in the table, by its files' metadata (nothing is read)."""
        return sum(file.record_count for file in self._data_files(name))

    def referenced(self, name: str) -> set[str]:
        """Paths of all files that a snapshot of the table names."""
        table = self.table(name, fresh=True)
        listed = [self._data_files_in.of(table, snapshot.snapshot_id) for snapshot in table.snapshots()]
        return {file.file_path for each in listed for file in (*each.files, *each.deletes)}

    def _data_files(self, name: str) -> tuple[DataFile, ...]:
        """The files of the table's newest snapshot. Rows that an earlier version of Mend deleted by naming them are
        taken out of their files first, once."""
        table = self.table(name, fresh=True)
        if self._data_files_in.of(table).deletes and files_with_deletes(table):
            with self.locked(name):
                table = self.table(name, fresh=True)
                if files_with_deletes(table):
                    _committed(lambda: write_again(table))
        return self._without_deletes(self.table(name), None)

    def _without_deletes(self, table: IcebergTable, snapshot_id: int | None) -> tuple[DataFile, ...]:
        """The files of a snapshot. LakeError when rows of some are deleted: read as a whole they would come back."""
        listed = self._data_files_in.of(table, snapshot_id)
        if listed.deletes and (tasks := files_with_deletes(table, snapshot_id)):
            raise LakeError(
                f"{table.name()[-1]}: in snapshot {snapshot_id} rows of {len(tasks)} files are deleted in a way that "
                "is not read here. The newest snapshot is written again without them: read that, or this by PyIceberg"
            )
        return listed.files

    def staging_folder(self, name: str) -> str:
        """A new folder inside the table's own, for the files of one write."""
        return f"{self.table(name).location().rstrip('/')}/data/{uuid.uuid4().hex}"

    def replace(
        self,
        name: str,
        where: Filter,
        files: Sequence[StoredFile],
        unless_changed_since: int | None = None,
    ) -> bool:
        """In one commit: rows matching `where` go, the files' rows come. False when nothing was done.

        Every file must hold one value of each partition column. Writers of one table take turns, also when the
        partition was empty before (Iceberg alone sees no conflict between two first writes of a partition).

        Args:
            unless_changed_since: a snapshot's id; when the table has a newer one by now, nothing is done.
        """
        self._data_files(name)  # files with deleted rows are written again before, not under this lock
        with self.locked(name):
            return _committed(lambda: self._replace(name, where, files, unless_changed_since))

    def _replace(self, name: str, where: Filter, files: Sequence[StoredFile], unless_changed_since: int | None) -> bool:
        table = self.table(name, fresh=True)
        newest = table.current_snapshot()
        if unless_changed_since is not None and (newest is None or newest.snapshot_id != unless_changed_since):
            return False
        listed = self._without_deletes(table, None)
        matched, within = matching(table, listed, where), lying_within(table, listed, where)
        with table.transaction() as transaction:
            if len(within) < len(matched):
                # Some files hold other rows, too, and are written again without those that go.
                transaction.delete(where)
                within = []
            if within or files:
                _replace_files(transaction, table, within, files)
        self._loaded[name] = table
        return True

    def crowded_partitions(
        self, name: str, least_files: int
    ) -> tuple[int | None, dict[tuple[Any, ...], list[StoredFile]]]:
        """The newest snapshot's id, and its partitions (values in the order of the table's partition columns) that have
        so many files or more."""
        found: dict[tuple[Any, ...], list[StoredFile]] = {}
        for file in self._data_files(name):
            found.setdefault(_partition_of(TABLES[name], file), []).append(StoredFile(file.file_path))
        snapshot = self.table(name).current_snapshot()
        crowded = {values: files for values, files in found.items() if len(files) >= least_files}
        return (snapshot.snapshot_id if snapshot else None), crowded

    def has_other_shape(self, name: str) -> bool:
        """Whether the table was made by a version of Mend that had other columns, types or partitions in it."""
        table, described = self._stored(name), TABLES[name]
        return shape_of(table.schema(), table.spec()) != shape_of(iceberg_schema(described), partition_spec(described))

    def has_grown(self, name: str) -> bool:
        """Whether columns were added to the table since it was made: its older files lack them."""
        return len(self.table(name).schemas()) > 1

    def recreate(self, name: str) -> None:
        """Make the table again, empty and of the schema's shape. Its files stay for those who read them now; the
        maintenance takes them."""
        with self.locked(name):
            self._catalog.drop_table((NAMESPACE, name))
            self._create(name)
        self._loaded.pop(name, None)

    def locked(self, name: str) -> AbstractContextManager[None]:
        """One writer of this table at a time, also among those who reach the lake's folder by another mount."""
        return sessions.locked(self._catalog_url, LOCK_CLASS, self._stored(name).location())

    def _stored(self, name: str) -> IcebergTable:
        """The table as it is in the catalog, of whatever version. LakeError when the schema has no such table."""
        if name not in TABLES:
            raise LakeError(f"no table {name} in the schema")
        return self._catalog.load_table((NAMESPACE, name))

    def _with_new_columns(self, name: str) -> IcebergTable:
        """The table with the columns that it lacks; another process may have added them by now."""
        with self.locked(name):
            table = self._stored(name)
            if lacking := new_columns(table, TABLES[name]):
                add_columns(table, TABLES[name], lacking)
            return table

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


def _stored(files: Iterable[DataFile]) -> list[StoredFile]:
    return sorted((StoredFile(file.file_path) for file in files), key=lambda file: file.path)


def _replace_files(
    transaction: Transaction, table: IcebergTable, going: Sequence[DataFile], coming: Sequence[StoredFile]
) -> None:
    """The folder of a write is new and its own: the files cannot be in the table already."""
    if table.name_mapping() is None:  # the engine's files name their columns; Iceberg numbers them
        transaction.set_properties(
            {TableProperties.DEFAULT_NAME_MAPPING: table.schema().name_mapping.model_dump_json()}
        )
    snapshot = transaction.update_snapshot()
    with snapshot.overwrite() if going else snapshot.fast_append() as change:
        for file in going:
            change.delete_data_file(file)
        for file in written(table, [file.path for file in coming]):
            change.append_data_file(file)
    changed = transaction.table_metadata.current_snapshot()
    if changed is not None and len(changed.manifests(table.io)) > MOST_MANIFESTS:
        _merge_manifests(transaction, table)


def _merge_manifests(transaction: Transaction, table: IcebergTable) -> None:
    if lacking := {name: value for name, value in TABLE_PROPERTIES.items() if table.properties.get(name) != value}:
        transaction.set_properties(lacking)  # an earlier version made the table
    with transaction.update_snapshot().merge_append():
        pass  # no file comes


def _committed(commit: Callable[[], Done]) -> Done:
    """PyIceberg asks the manifests in threads that share one evaluator: once in ten thousands of commits it overlooks
    one, sees that a file is missing, and commits nothing. Then the commit is tried again."""
    for _ in range(TRIES - 1):
        with suppress(ValidationException):
            return commit()
    return commit()


def _partition_of(table: Table, file: DataFile) -> tuple[Any, ...]:
    return tuple(_as_date(table, place, file.partition[place]) for place in range(len(table.partition)))


def _as_date(table: Table, place: int, value: Any) -> Any:
    """A partition's value; Iceberg keeps days as numbers since 1970."""
    is_day = table.column(table.partition[place]).type == "date"
    return EPOCH + dt.timedelta(days=value) if is_day and isinstance(value, int) else value

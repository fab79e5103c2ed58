"""Rows deleted by naming their positions (Iceberg's position delete files, format version 2), as an earlier version of
Mend wrote them.

PyIceberg reads such files and does not write them; what is written here is what it reads (and what the specification
says).
"""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
from pyiceberg.manifest import (
    DataFile,
    DataFileContent,
    FileFormat,
    ManifestContent,
    ManifestEntry,
    ManifestEntryStatus,
    ManifestFile,
    ManifestWriterV2,
)
from pyiceberg.table import Table as IcebergTable
from pyiceberg.table import Transaction
from pyiceberg.table.delete_file_index import PATH_FIELD_ID
from pyiceberg.table.snapshots import Operation, Summary
from pyiceberg.table.update.snapshot import _OverwriteFiles
from pyiceberg.typedef import EMPTY_DICT

POSITION_ID = 2147483545


def delete_rows(table: IcebergTable, path: str, rows: Iterable[int], is_bounded: bool = True) -> str:
    """Commit a delete file for these rows of the data file; gives its path.

    Args:
        is_bounded: the delete file says which data file it belongs to, as ours did and other writers' need not.
    """
    (data_file,) = [task.file for task in table.scan().plan_files() if task.file.file_path == path]
    target = f"{table.location()}/data/{uuid.uuid4().hex}/deletes.parquet"
    fields = [_field("file_path", pa.string(), PATH_FIELD_ID), _field("pos", pa.int64(), POSITION_ID)]
    named = pa.table([[path] * len(list(rows)), sorted(rows)], schema=pa.schema(fields))
    with table.io.new_output(target).create() as stream:
        pq.write_table(named, stream)
    deletes = delete_file(table, data_file, target)
    if not is_bounded:
        deletes.lower_bounds.clear()
    with table.transaction() as transaction, RowDeletes(transaction, table, [deletes], []):
        pass
    return target


def _field(name: str, kind: pa.DataType, number: int) -> pa.Field:
    return pa.field(name, kind, nullable=False, metadata={"PARQUET:field_id": str(number)})


class RowDeletes(_OverwriteFiles):
    """Data files come and go as in PyIceberg's overwrite, and with them delete files, each of which belongs to one data
    file.
    """

    def __init__(
        self, transaction: Transaction, table: IcebergTable, coming: Iterable[DataFile], going: Iterable[DataFile]
    ) -> None:
        """Delete files to come and to go, beside the data files that are appended and deleted later."""
        super().__init__(operation=Operation.OVERWRITE, transaction=transaction, io=table.io)
        self._coming_deletes = list(coming)
        self._going_deletes = set(going)

    def _process_manifests(self, manifests: list[ManifestFile]) -> list[ManifestFile]:
        """Delete files are few, one for each data file at most: one manifest names them all."""
        of_data = [manifest for manifest in manifests if manifest.content is ManifestContent.DATA]
        entries = [_come(self._snapshot_id, file) for file in self._coming_deletes]
        for manifest in manifests:
            if manifest.content is ManifestContent.DELETES:
                entries += [
                    self._kept_or_gone(entry) for entry in manifest.fetch_manifest_entry(self._io, discard_deleted=True)
                ]
        if not entries:
            return of_data
        spec, schema = self._transaction.table_metadata.spec(), self.schema()
        with _DeleteManifestWriter(
            spec, schema, self.new_manifest_output(), self._snapshot_id, self._compression
        ) as writer:
            for entry in entries:
                writer.add_entry(entry)
        return [*of_data, writer.to_manifest_file()]

    def _kept_or_gone(self, entry: ManifestEntry) -> ManifestEntry:
        is_gone = entry.data_file in self._going_deletes
        return ManifestEntry.from_args(
            status=ManifestEntryStatus.DELETED if is_gone else ManifestEntryStatus.EXISTING,
            snapshot_id=self._snapshot_id if is_gone else entry.snapshot_id,
            sequence_number=entry.sequence_number,
            file_sequence_number=entry.file_sequence_number,
            data_file=entry.data_file,
        )

    def _summary(self, snapshot_properties: dict[str, str] = EMPTY_DICT) -> Summary:
        """Counts the delete files, too: PyIceberg's own looks at two lists, which are of data files everywhere else."""
        data = self._added_data_files, self._deleted_data_files
        self._added_data_files = [*self._added_data_files, *self._coming_deletes]
        self._deleted_data_files = self._deleted_data_files | self._going_deletes
        try:
            return super()._summary(snapshot_properties)
        finally:
            self._added_data_files, self._deleted_data_files = data


class _DeleteManifestWriter(ManifestWriterV2):
    def content(self) -> ManifestContent:
        return ManifestContent.DELETES

    @property
    def _meta(self) -> dict[str, str]:
        return {**super()._meta, "content": "deletes"}


def _come(snapshot_id: int, file: DataFile) -> ManifestEntry:
    return ManifestEntry.from_args(
        status=ManifestEntryStatus.ADDED,
        snapshot_id=snapshot_id,
        sequence_number=None,
        file_sequence_number=None,
        data_file=file,
    )


def delete_file(table: IcebergTable, data_file: DataFile, path: str) -> DataFile:
    """What a manifest says of the Parquet file at `path`, whose rows (file_path, pos) name rows of the data file."""
    source = table.io.new_input(path)
    with source.open() as stream:
        count = pq.read_metadata(stream).num_rows
    bound = {PATH_FIELD_ID: data_file.file_path.encode()}
    values: dict[str, Any] = {
        "lower_bounds": bound,
        "upper_bounds": bound,
        "record_count": count,
        "file_size_in_bytes": len(source),
    }
    found = DataFile.from_args(
        content=DataFileContent.POSITION_DELETES,
        file_path=path,
        file_format=FileFormat.PARQUET,
        partition=data_file.partition,
        **values,
    )
    found.spec_id = data_file.spec_id
    return found

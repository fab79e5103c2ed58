"""The data files that a snapshot names, and those of them that may hold rows which match a filter."""

from __future__ import annotations

from collections.abc import Sequence

from pyiceberg.expressions.visitors import (
    ROWS_MUST_MATCH,
    _InclusiveMetricsEvaluator,
    _StrictMetricsEvaluator,
    bind,
    expression_evaluator,
    extract_field_ids,
    inclusive_projection,
)
from pyiceberg.manifest import DataFile, ManifestContent, ManifestFile
from pyiceberg.schema import Schema
from pyiceberg.table import Table as IcebergTable
from pyiceberg.utils.concurrent import ExecutorFactory

from mend.lake.errors import LakeError
from mend.lake.filters import Filter, every_row


class DataFiles:
    """Reads snapshots. A manifest never changes, and most of a snapshot's are those of the one before: each is read once."""

    def __init__(self) -> None:
        self._read: dict[str, tuple[DataFile, ...]] = {}

    def of(self, table: IcebergTable, snapshot_id: int | None = None) -> list[DataFile]:
        """The files of the snapshot (the newest when none is named). LakeError when the table has no such snapshot, or when another
        writer left row-level deletes in it."""
        snapshot = table.current_snapshot() if snapshot_id is None else table.snapshot_by_id(snapshot_id)
        if snapshot is None:
            if snapshot_id is not None:
                raise LakeError(f"{table.name()[-1]} has no snapshot {snapshot_id}")
            return []
        manifests = snapshot.manifests(table.io)
        if any(manifest.content is ManifestContent.DELETES for manifest in manifests):
            raise LakeError(f"{table.name()[-1]}: row-level deletes of another writer are not read")
        unread = [manifest for manifest in manifests if manifest.manifest_path not in self._read]
        for manifest, files in zip(unread, ExecutorFactory.get_or_create().map(lambda each: _files_in(table, each), unread), strict=True):
            self._read[manifest.manifest_path] = files
        return [file for manifest in manifests for file in self._read[manifest.manifest_path]]


def _files_in(table: IcebergTable, manifest: ManifestFile) -> tuple[DataFile, ...]:
    return tuple(entry.data_file for entry in manifest.fetch_manifest_entry(table.io, discard_deleted=True))


def matching(table: IcebergTable, files: Sequence[DataFile], where: Filter) -> list[DataFile]:
    """The files that may hold rows which match, by their partitions and by the least and the greatest value of each column."""
    if where == every_row():
        return list(files)
    schema, spec = table.schema(), table.spec()
    of_partition = inclusive_projection(schema, spec)(where)
    in_partition = expression_evaluator(Schema(*spec.partition_type(schema).fields), of_partition, case_sensitive=True)
    in_bounds = _InclusiveMetricsEvaluator(schema, where).eval
    return [file for file in files if in_partition(file.partition) and in_bounds(file)]


def lying_within(table: IcebergTable, files: Sequence[DataFile], where: Filter) -> list[DataFile]:
    """The files all of whose rows match, as far as partitions and bounds tell."""
    schema = table.schema()
    asked = extract_field_ids(bind(schema, where, case_sensitive=True))
    if asked <= {field.source_id for field in table.spec().fields}:
        return matching(table, files, where)
    is_within = _StrictMetricsEvaluator(schema, where).eval
    return [file for file in files if is_within(file) == ROWS_MUST_MATCH]

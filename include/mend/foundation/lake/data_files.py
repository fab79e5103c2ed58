"""The data files that a snapshot names, and which of them may hold rows that match a filter."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain

from pyiceberg.expressions.visitors import (
    ROWS_MUST_MATCH,
    _InclusiveMetricsEvaluator,
    _StrictMetricsEvaluator,
    bind,
    expression_evaluator,
    extract_field_ids,
    inclusive_projection,
)
from pyiceberg.io.pyarrow import parquet_files_to_data_files
from pyiceberg.manifest import DataFile, ManifestContent, ManifestFile
from pyiceberg.schema import Schema
from pyiceberg.table import Table as IcebergTable
from pyiceberg.table.snapshots import Snapshot
from pyiceberg.utils.concurrent import ExecutorFactory

from mend.foundation.lake.errors import LakeError
from mend.foundation.lake.filters import Filter, every_row


@dataclass(frozen=True)
class StoredFile:
    """Rows in the lake: the path of a data file, all of whose rows count."""

    path: str


@dataclass(frozen=True)
class Listed:
    """What a snapshot names: its data files, and files of other writers (or of an earlier version) that delete rows."""

    files: tuple[DataFile, ...] = ()
    deletes: tuple[DataFile, ...] = ()


@dataclass(frozen=True)
class _Read:
    """What was read of a table: its snapshot, the files of each of its manifests, and all of them together."""

    snapshot_id: int
    files_in: Mapping[str, tuple[DataFile, ...]]
    listed: Listed


class DataFiles:
    """Reads snapshots, and keeps the latest of each table. A manifest never changes, and most of a snapshot's are those
    of the one before: each is read once (docs/performance.md)."""

    def __init__(self) -> None:
        self._read: dict[str, _Read] = {}

    def of(self, table: IcebergTable, snapshot_id: int | None = None) -> Listed:
        """The files of the snapshot (the newest when none is named). LakeError when the table has no such snapshot."""
        snapshot = table.current_snapshot() if snapshot_id is None else table.snapshot_by_id(snapshot_id)
        if snapshot is None:
            if snapshot_id is not None:
                raise LakeError(f"{table.name()[-1]} has no snapshot {snapshot_id}")
            return Listed()
        known = self._read.get(table.name()[-1])
        if known is None or known.snapshot_id != snapshot.snapshot_id:
            known = self._read[table.name()[-1]] = _read(table, snapshot, known.files_in if known else {})
        return known.listed


def _read(table: IcebergTable, snapshot: Snapshot, known: Mapping[str, tuple[DataFile, ...]]) -> _Read:
    manifests = snapshot.manifests(table.io)
    files_in = {
        manifest.manifest_path: known[manifest.manifest_path]
        for manifest in manifests
        if manifest.manifest_path in known
    }
    unread = [manifest for manifest in manifests if manifest.manifest_path not in files_in]
    found = ExecutorFactory.get_or_create().map(lambda each: _files_in(table, each), unread)
    files_in |= {manifest.manifest_path: files for manifest, files in zip(unread, found, strict=True)}
    listed = Listed(
        *(_named_by(manifests, content, files_in) for content in (ManifestContent.DATA, ManifestContent.DELETES))
    )
    return _Read(snapshot.snapshot_id, files_in, listed)


def _named_by(
    manifests: Sequence[ManifestFile], content: ManifestContent, files_in: Mapping[str, tuple[DataFile, ...]]
) -> tuple[DataFile, ...]:
    of_content = (files_in[manifest.manifest_path] for manifest in manifests if manifest.content is content)
    return tuple(chain.from_iterable(of_content))


def _files_in(table: IcebergTable, manifest: ManifestFile) -> tuple[DataFile, ...]:
    return tuple(entry.data_file for entry in manifest.fetch_manifest_entry(table.io, discard_deleted=True))


def written(table: IcebergTable, paths: Iterable[str]) -> Iterator[DataFile]:
    """The engine's files as the table names them: partition, rows, and each column's bounds."""
    return parquet_files_to_data_files(table.io, table.metadata, iter(paths))


def matching(table: IcebergTable, files: Sequence[DataFile], where: Filter) -> list[DataFile]:
    """The files that may hold rows which match, by their partitions and by the least and the greatest value of each
    column.
    """
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

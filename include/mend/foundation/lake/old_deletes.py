"""Tables in which an earlier version of Mend, or another writer, deleted rows by naming them: they are written again.

Mend reads whole files and writes none of Iceberg's delete files. PyIceberg reads them; so a file that has any is
written again without the deleted rows, once, when the table is first used. What names the rows stays in the table's
metadata and names files that are gone: it deletes nothing any more.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from contextlib import contextmanager

import pyarrow.parquet as pq
from pyiceberg.expressions import AlwaysTrue
from pyiceberg.io.pyarrow import ArrowScan
from pyiceberg.table import FileScanTask
from pyiceberg.table import Table as IcebergTable

from mend.foundation.lake.data_files import written
from mend.foundation.lake.errors import LakeError


def files_with_deletes(table: IcebergTable, snapshot_id: int | None = None) -> list[FileScanTask]:
    """The data files of the snapshot (the newest when none is named) of which rows are deleted."""
    with _readable(table):
        return [task for task in table.scan(snapshot_id=snapshot_id).plan_files() if task.delete_files]


def write_again(table: IcebergTable) -> None:
    """Put files without the deleted rows in place of those that have any, in one commit."""
    tasks = files_with_deletes(table)
    with table.transaction() as transaction, transaction.update_snapshot().overwrite() as change:
        for task in tasks:
            change.delete_data_file(task.file)
        for file in written(table, [path for task in tasks if (path := _without_deleted(table, task))]):
            change.append_data_file(file)


def _without_deleted(table: IcebergTable, task: FileScanTask) -> str | None:
    """The path of a new file with the rows that are left; None when there are none."""
    with _readable(table):
        rows = ArrowScan(table.metadata, table.io, table.schema(), AlwaysTrue()).to_table([task])
    if not rows.num_rows:
        return None
    path = f"{table.location().rstrip('/')}/data/{uuid.uuid4().hex}/rows.parquet"
    with table.io.new_output(path).create() as stream:
        pq.write_table(rows, stream, compression="zstd")
    return path


@contextmanager
def _readable(table: IcebergTable) -> Iterator[None]:
    try:
        yield
    except (NotImplementedError, ValueError) as error:
        raise LakeError(
            f"{table.name()[-1]}: another writer deleted rows in a way that is not read here ({error}). Let it write "
            f"the table's files again without them (Spark: call system.rewrite_data_files), then repeat"
        ) from error

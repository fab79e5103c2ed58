"""Compaction: partitions of many small files become one file, with the same rows."""

from __future__ import annotations

from mend.foundation.lake.filters import Filter, all_of, any_of, equal
from mend.foundation.pipeline.workbench import Workbench
from mend.foundation.schema import TABLES

LEAST_FILES = 4  # fewer files in a partition are left alone


def compact(bench: Workbench, table: str, least_files: int = LEAST_FILES) -> int:
    """Rewrite the table's partitions that have `least_files` files or more; gives how many. Readers see the same rows
    throughout.

    When somebody else commits to the table meanwhile, nothing is done: the next time will do.
    """
    snapshot, crowded = bench.lake.crowded_partitions(table, least_files)
    if not crowded or snapshot is None:
        return 0
    bench.view_files(table, [file for files in crowded.values() for file in files], "crowded")
    files = bench.write(table, "select * from crowded")
    is_done = bench.lake.replace(
        table, any_of(*(_partition(TABLES[table].partition, values) for values in crowded)), files, snapshot
    )
    return len(crowded) if is_done else 0


def _partition(columns: tuple[str, ...], values: tuple[object, ...]) -> Filter:
    return all_of(*(equal(column, value) for column, value in zip(columns, values, strict=True)))

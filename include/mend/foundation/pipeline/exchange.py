"""Putting recomputed rows in place of what the lake has, and writing only rows that differ.

A night looks at some customers of earlier days again. Most of their rows come out as they were. Files with those that
do not are written again.
"""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from mend.foundation.pipeline.workbench import StoredFile, Workbench

FEW_PARTITIONS: Final = 8
MANY_ROWS: Final = 100_000


@dataclass
class Exchange:
    """Files to come into a table, files to go from it, and the first day for which a row that differs counts (None: no
    row differs)."""

    coming: list[StoredFile] = field(default_factory=list)
    going: list[StoredFile] = field(default_factory=list)
    first_on: dt.date | None = None


def exchange(
    bench: Workbench,
    table: str,
    files: Sequence[StoredFile],
    scope: str,
    new: str,
    key: Iterable[str],
    day: str = "subject_on",
    counts_on: str = "posted_on",
) -> Exchange:
    """Write what makes the table's rows within the scope those of the query `new`; nothing is committed here.

    Leaves the rows that differ in the tables `exchange_added` and `exchange_removed`.

    Args:
        files: the table's files that may hold rows within the scope.
        scope: a join clause that keeps the rows of `old` within the scope, such as `semi join todo using
            (customer_id)`; may be empty.
        new: a query of the table's columns, which holds no rows but those within the scope.
        key: columns that tell the table's rows apart.
        day: the table's day of partition.
        counts_on: the column whose least value among the rows that differ is `first_on`.
    """
    with bench.engine.joins_as_written():  # few rows that differ, looked up in all of the files
        return _exchanged(bench, table, files, scope, new, ", ".join(key), day, counts_on)


def _exchanged(
    bench: Workbench,
    table: str,
    files: Sequence[StoredFile],
    scope: str,
    new: str,
    named: str,
    day: str,
    counts_on: str,
) -> Exchange:
    columns = ", ".join(bench.described(table).column_names)
    if files:
        bench.view_files(table, files, "exchange_file", with_place=True)
        bench.execute(f"create or replace temp table exchange_old as select old.* from exchange_file as old {scope}")
        differing = f"select {columns} from ({{}}) except select {columns} from ({{}})"
        bench.execute(f"create or replace temp table exchange_added as {differing.format(new, 'from exchange_old')}")
        bench.execute(f"create or replace temp table exchange_removed as {differing.format('from exchange_old', new)}")
    else:
        bench.execute(f"create or replace temp table exchange_added as select {columns} from ({new})")
        bench.execute("create or replace temp table exchange_removed as from exchange_added limit 0")
    first = bench.sql(f"select min({counts_on}) from (from exchange_added union all by name from exchange_removed)")[0][
        0
    ]
    if first is None:
        return Exchange()
    if not files:
        return Exchange(_written(bench, table, f"select {columns} from exchange_added", {}), [], first)
    bench.execute(
        "create or replace temp table exchange_gone as "
        f"select file_path, file_row from exchange_old semi join exchange_removed using ({named})"
    )
    losing = {path for (path,) in bench.sql("select distinct file_path from exchange_gone")}
    again = [file for file in files if file.path in losing]
    bench.view_files(table, again, "exchange_again", with_place=True)
    kept = f"select {columns} from exchange_again anti join exchange_gone using (file_path, file_row)"
    coming = _written(
        bench,
        table,
        f"{kept} union all select {columns} from exchange_added",
        bench.lake.rows_by_partition(table, again),
    )
    return Exchange(coming, again, first)


def _written(bench: Workbench, table: str, query: str, kept: dict[tuple[Any, ...], int]) -> list[StoredFile]:
    """Files of the query's rows: those added, and at most so many kept by partition. Many rows of few partitions are
    written one partition after the other: sorting them into partitions costs as much as writing them."""
    names = bench.described(table).partition
    rows = Counter(kept)
    rows.update(
        {
            tuple(part): count
            for *part, count in bench.sql(f"select {', '.join(names)}, count(*) from exchange_added group by all")
        }
    )
    if len(rows) > FEW_PARTITIONS or rows.total() < MANY_ROWS:
        return bench.write(table, query)
    of_one = f"select * from ({query}) where " + " and ".join(f"{name} = ${name}" for name in names)
    return [file for part in rows for file in bench.write_partition(table, of_one, dict(zip(names, part, strict=True)))]

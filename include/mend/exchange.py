"""Putting recomputed rows in place of what the lake has, and writing only the files whose rows differ.

A night looks at some customers of earlier days again. Most of their rows come out as they were; those that do not lie in a few files.
"""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from mend.workbench import Workbench

FEW_PARTITIONS: Final = 8
MANY_ROWS: Final = 100_000
SMALL_FILE_ROWS: Final = 20_000  # such a file is written again with what is added to its day, rather than left beside one more


@dataclass
class Exchange:
    """Files to come into a table, files to go from it, and the first day for which a row that differs counts (None: no row differs)."""

    coming: list[str] = field(default_factory=list)
    going: list[str] = field(default_factory=list)
    first_on: dt.date | None = None


def exchange(
    bench: Workbench,
    table: str,
    files: Sequence[str],
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
        scope: a join clause that keeps the rows of `old` within the scope, such as `semi join todo using (customer_id)`; may be empty.
        new: a query of the table's columns, which holds no rows but those within the scope.
        key: columns that tell the table's rows apart.
        day: the table's day of partition.
        counts_on: the column whose least value among the rows that differ is `first_on`.
    """
    with bench.engine.joins_as_written():  # few rows that differ, looked up in all of the files
        return _exchanged(bench, table, files, scope, new, ", ".join(key), day, counts_on)


def _exchanged(bench: Workbench, table: str, files: Sequence[str], scope: str, new: str, named: str, day: str, counts_on: str) -> Exchange:
    columns = ", ".join(bench.described(table).column_names)
    if files:
        bench.engine.view("exchange_file", bench.described(table), files, with_file=True)
        bench.execute(f"create or replace temp table exchange_old as select old.* from exchange_file as old {scope}")
        differing = f"select {columns} from ({{}}) except select {columns} from ({{}})"
        bench.execute(f"create or replace temp table exchange_added as {differing.format(new, 'from exchange_old')}")
        bench.execute(f"create or replace temp table exchange_removed as {differing.format('from exchange_old', new)}")
    else:
        bench.execute(f"create or replace temp table exchange_added as select {columns} from ({new})")
        bench.execute("create or replace temp table exchange_removed as from exchange_added limit 0")
    first = bench.sql(f"select min({counts_on}) from (from exchange_added union all by name from exchange_removed)")[0][0]
    if first is None:
        return Exchange()
    if not files:
        return Exchange(_written(bench, table, f"select {columns} from exchange_added", {}), [], first)
    going = [row[0] for row in bench.sql(f"{GOING.format(key=named, day=day)}", {"small_file_rows": SMALL_FILE_ROWS})]
    bench.engine.view("exchange_kept", bench.described(table), going)
    kept = f"select {columns} from exchange_kept anti join exchange_removed using ({named})"
    at_most = bench.lake.rows_by_partition(table, going)
    coming = _written(bench, table, f"{kept} union all select {columns} from exchange_added", at_most)
    return Exchange(coming, going, first)


def _written(bench: Workbench, table: str, query: str, kept: dict[tuple[Any, ...], int]) -> list[str]:
    """Files of the query's rows: those added, and at most so many kept by partition. Many rows of few partitions are written one partition
    after the other: sorting them into partitions costs as much as writing them."""
    names = bench.described(table).partition
    rows = Counter(kept)
    rows.update({tuple(part): count for *part, count in bench.sql(f"select {', '.join(names)}, count(*) from exchange_added group by all")})
    if len(rows) > FEW_PARTITIONS or rows.total() < MANY_ROWS:
        return bench.write(table, query)
    of_one = f"select * from ({query}) where " + " and ".join(f"{name} = ${name}" for name in names)
    return [file for part in rows for file in bench.write_partition(table, of_one, dict(zip(names, part, strict=True)))]


GOING: Final = """
with small as (
    select file_path
    from exchange_file semi join exchange_added using ({day})
    group by file_path
    having count(*) <= $small_file_rows
),
differing as (select file_path from exchange_old semi join exchange_removed using ({key}))
select file_path from small union select file_path from differing order by file_path"""

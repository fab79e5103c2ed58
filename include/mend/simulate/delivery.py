"""How the world is delivered: a file per business date and record, dirt among the rows, every line accounted for."""

from __future__ import annotations

import datetime as dt
import gzip
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Final

import duckdb

from mend.foundation.schema import RECORDS
from mend.simulate.lines import cells_sql, versions_sql
from mend.simulate.settings import WORLD, World

DAILY: Final = ("contact", "ticket", "survey_reply", "callback_booking", "repair_action")
MONTHLY: Final = ("customer", "marketing_plan")
BATCH_BYTES: Final = (
    32_000_000  # of staged lines that are put in order together: a small world's month, a large one's day
)
BATCH_LINES: Final = 50_000
ACCOUNTS: Final = {
    "dirt": "arrived_on date, record_code varchar, line_number bigint, kind varchar, subject_id varchar, "
    "column_name varchar, fate varchar, gate_code varchar",
    "delivered": "arrived_on date, record_code varchar, row_count bigint, accepted_count bigint, "
    "superseded_count bigint, rejected_count bigint, quarantined_count bigint",
}


def write_lines(
    connection: duckdb.DuckDBPyConnection, record: str, world: World, factor: float, into: Path, chunk: int
) -> None:
    """Stage `delivery_<record>` of a chunk as lines, with their dirt: Parquet in a folder per day of arrival."""
    contract = RECORDS[record]
    connection.execute(cells_sql(contract, factor))
    versions = versions_sql(contract, factor)
    versions = versions.replace("$customers", str(world.customers)).replace("$offset", WORLD["offset"])
    connection.execute(f"""
        copy ({versions}) to '{into / record}' (
            format parquet, partition_by (arrived_on), overwrite_or_ignore, filename_pattern 'chunk_{chunk:05d}_{{i}}'
        )""")


def write_files(connection: duckdb.DuckDBPyConnection, staged: Path, into: Path, days: list[dt.date]) -> None:
    """Write the CSV files of `days`; adds to `dirt` (a row per planted line) and `delivered` (a row per file)."""
    for table, columns in ACCOUNTS.items():
        connection.execute(f"create table if not exists {table} ({columns})")
    for record in (*MONTHLY, *DAILY):
        # A correction of a snapshot comes on some later day, in a file of its own.
        own = [day for day in days if record in DAILY or day.day == 1 or _lines_of(staged, record, day)]
        for batch in _batches(staged, record, own):
            _put_in_order(connection, staged, record, batch)
            _write(connection, into, record, batch)


def _batches(staged: Path, record: str, days: Sequence[dt.date]) -> Iterator[list[dt.date]]:
    """The days, as many together as have no more than BATCH_BYTES of lines."""
    batch: list[dt.date] = []
    left = BATCH_BYTES
    for day in days:
        folder = _lines_of(staged, record, day)
        size = sum(path.stat().st_size for path in folder.iterdir()) if folder else 0
        if batch and size > left:
            yield batch
            batch, left = [], BATCH_BYTES
        batch.append(day)
        left -= size
    if batch:
        yield batch


def _put_in_order(connection: duckdb.DuckDBPyConnection, staged: Path, record: str, days: Sequence[dt.date]) -> None:
    """Make `file_line`, the lines of these days' files with their numbers, and account for them."""
    folders = [folder for day in days if (folder := _lines_of(staged, record, day)) is not None]
    connection.execute(f"create or replace temp table file_line as {_file_sql(folders)}")
    connection.execute(f"""
        insert into dirt
        select arrived_on, '{record}', line_number, kind, subject_id, column_name, fate, gate_code
        from file_line
        where kind is not null""")
    connection.execute(
        f"""
        insert into delivered
        select
            arrived_on, '{record}', count(line),
            count(case when fate = 'accepted' then 1 end), count(case when fate = 'superseded' then 1 end),
            count(case when fate = 'rejected' then 1 end), count(case when fate = 'quarantined' then 1 end)
        from (select unnest($days::date[]) as arrived_on)
        left join file_line using (arrived_on)
        group by arrived_on""",
        {"days": list(days)},
    )


def _write(connection: duckdb.DuckDBPyConnection, into: Path, record: str, days: Sequence[dt.date]) -> None:
    """A CSV file for each day; a day without rows gives its header alone."""
    header = ",".join([*(column.name for column in RECORDS[record].columns), "updated_at"])
    for day in days:
        folder = into / day.isoformat()
        folder.mkdir(parents=True, exist_ok=True)
        lines = connection.execute(
            "select line from file_line where arrived_on = $day order by line_number", {"day": day}
        )
        # Without a name and a time in its head the file has the same bytes each time.
        with (folder / f"{record}.csv.gz").open("wb") as file, gzip.GzipFile("", "wb", 6, file, 0) as packed:
            packed.write(f"{header}\n".encode())
            while found := lines.fetchmany(BATCH_LINES):
                packed.write("".join(f"{line}\n" for (line,) in found).encode())


def _lines_of(staged: Path, record: str, day: dt.date) -> Path | None:
    """Where a file's lines are staged; None when it has none."""
    folder = staged / record / f"arrived_on={day}"
    return folder if folder.is_dir() else None


def _file_sql(folders: Sequence[Path]) -> str:
    """The lines of some days' files in order. An open quote would swallow what follows: it stands last in its file,
    and only once.
    """
    if not folders:
        columns = ("line", "kind", "subject_id", "column_name", "fate", "gate_code")
        empty = ", ".join(f"null::varchar as {name}" for name in columns)
        return f"select null::date as arrived_on, {empty}, 0 as line_number where false"
    files = ", ".join(f"'{folder}/*.parquet'" for folder in folders)
    return f"""
        with
        staged as (
            select *, kind is not distinct from 'open_quote' as is_open
            from read_parquet([{files}], hive_partitioning = true, hive_types = {{'arrived_on': date}})
        ),
        kept as (
            select *
            from staged
            qualify not is_open or row_number() over (partition by arrived_on, is_open order by subject_id) = 1
        ),
        final as (
            select
                arrived_on, line, kind, subject_id, column_name, fate, gate_code,
                1 + row_number() over file_order as line_number
            from kept
            window file_order as (
                partition by arrived_on order by is_open, event_at, subject_id, updated_at, copy_number, line
            )
        )
        select * from final"""

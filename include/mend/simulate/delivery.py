"""How the world is delivered: a file per business date and record, dirt among the rows, every line accounted for."""

from __future__ import annotations

import datetime as dt
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Final

import duckdb

from mend.foundation.schema import RECORDS
from mend.simulate.lines import cells_sql, versions_sql
from mend.simulate.settings import WORLD, World

DAILY: Final = ("contact", "ticket", "survey_reply", "callback_booking", "repair_action")
MONTHLY: Final = ("customer", "marketing_plan")
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
    # A correction of a snapshot comes on some later day, in a file of its own.
    monthly = [(day, record) for day in days for record in MONTHLY if day.day == 1 or _lines_of(staged, record, day)]
    files = [*monthly, *((day, record) for day in days for record in DAILY)]
    with ThreadPoolExecutor(2) as pool:
        for _ in pool.map(lambda file: _write_file(connection, staged, into, *file), files):
            pass


def _write_file(connection: duckdb.DuckDBPyConnection, staged: Path, into: Path, day: dt.date, record: str) -> None:
    """One CSV file; a day without rows gives its header alone."""
    folder = into / day.isoformat()
    folder.mkdir(parents=True, exist_ok=True)
    header = ",".join([*(column.name for column in RECORDS[record].columns), "updated_at"])
    cursor = connection.cursor()
    # A cursor has temporary tables of its own, so that two files can be written at a time.
    cursor.execute(f"create temp table file_line as {_file_sql(_lines_of(staged, record, day))}")
    cursor.execute(f"""
        copy (
            select line
            from (select '{header}' as line, 1 as line_number union all select line, line_number from file_line)
            order by line_number
        ) to '{folder / record}.csv.gz'
        (format csv, header false, quote '', escape '', delimiter '\x01', compression gzip)""")
    cursor.execute(f"""
        insert into dirt
        select date '{day}', '{record}', line_number, kind, subject_id, column_name, fate, gate_code
        from file_line
        where kind is not null""")
    cursor.execute(f"""
        insert into delivered
        select
            date '{day}', '{record}', count(*),
            count(case when fate = 'accepted' then 1 end), count(case when fate = 'superseded' then 1 end),
            count(case when fate = 'rejected' then 1 end), count(case when fate = 'quarantined' then 1 end)
        from file_line""")
    cursor.close()


def _lines_of(staged: Path, record: str, day: dt.date) -> Path | None:
    """Where a file's lines are staged; None when it has none."""
    folder = staged / record / f"arrived_on={day}"
    return folder if folder.is_dir() else None


def _file_sql(folder: Path | None) -> str:
    """The lines of one file in order. An open quote would swallow what follows: it stands last, and only once."""
    if folder is None:
        columns = ("line", "kind", "subject_id", "column_name", "fate", "gate_code")
        return f"select {', '.join(f'null::varchar as {name}' for name in columns)}, 0 as line_number where false"
    return f"""
        with
        staged as (
            select *, kind is not distinct from 'open_quote' as is_open
            from read_parquet('{folder}/*.parquet', hive_partitioning = false)
        ),
        kept as (
            select *
            from staged
            qualify not is_open or row_number() over (partition by is_open order by subject_id) = 1
        ),
        final as (
            select
                line, kind, subject_id, column_name, fate, gate_code,
                1 + row_number() over file_order as line_number
            from kept
            window file_order as (order by is_open, event_at, subject_id, updated_at, copy_number, line)
        )
        select * from final"""

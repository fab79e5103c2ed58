"""How the world is delivered: rows as lines of text, planted dirt among them, a file per business date and record, and an account of every line."""

from __future__ import annotations

import datetime as dt
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import duckdb
import yaml

from mend.schema import RECORDS, Column, Record
from mend.simulate.settings import HERE, WORLD, World

DIRT: Final[dict[str, dict[str, dict[str, Any]]]] = yaml.safe_load((HERE / "dirt.yaml").read_text(encoding="utf-8"))
DAILY: Final = ("contact", "ticket", "survey_reply", "callback_booking", "repair_action")
MONTHLY: Final = ("customer", "marketing_plan")
MOMENT: Final = "%Y-%m-%dT%H:%M:%S"
# Everything planted keeps its row's own fate, except what this names.
FATES: Final = {"again": "superseded", "again_later": "superseded"}
GATES: Final = {"parse": "rejected", "quality": "quarantined"}


@dataclass(frozen=True)
class Kind:
    """One kind of dirt on one record, as dirt.yaml describes it; `low` and `high` bound the draws that pick it."""

    name: str
    how: str
    low: float
    high: float
    column: str | None
    value: str
    when: str
    gate: str | None


def kinds(record: str, factor: float) -> list[Kind]:
    """The kinds of dirt of a record, each with its slice of [0, 1)."""
    listed, low = [], 0.0
    for name, words in DIRT.get(record, {}).items():
        high = low + words["share"] * factor
        listed.append(
            Kind(
                name,
                words["how"],
                low,
                high,
                words.get("column"),
                str(words.get("value", "null")),
                str(words.get("when", "true")),
                words.get("gate"),
            )
        )
        low = high
    return listed


def write_lines(
    connection: duckdb.DuckDBPyConnection, record: str, world: World, factor: float, into: Path, chunk: int
) -> None:
    """Stage `delivery_<record>` of a chunk as lines, with their dirt: Parquet in a folder per day of arrival."""
    contract = RECORDS[record]
    listed = kinds(record, factor)
    connection.execute(_cells_sql(contract, listed))
    versions = " union all by name ".join(
        [_clean_sql(contract, listed), *(_kind_sql(contract, kind) for kind in listed)]
    )
    versions = versions.replace("$customers", str(world.customers)).replace("$offset", WORLD["offset"])
    connection.execute(f"""
        copy (
            with versions as ({versions})
            select arrived_on, {_line(contract)} as line, kind, column_name, gate_code, fate, event_at, updated_at, copy_number,
                {contract.subject_id_column} as subject_id
            from versions
        ) to '{into / record}' (format parquet, partition_by (arrived_on), overwrite_or_ignore, filename_pattern 'chunk_{chunk:05d}_{{i}}')""")


def write_files(connection: duckdb.DuckDBPyConnection, staged: Path, into: Path, days: list[dt.date]) -> None:
    """Write the CSV files of `days`; adds to `dirt` (a row per planted line) and `delivered` (a row per file) in `connection`."""
    for table, columns in ACCOUNTS.items():
        connection.execute(f"create table if not exists {table} ({columns})")
    # A correction of a snapshot comes on some later day, in a file of its own.
    monthly = [
        (day, record)
        for day in days
        for record in MONTHLY
        if day.day == 1 or (staged / record / f"arrived_on={day}").is_dir()
    ]
    files = [*monthly, *((day, record) for day in days for record in DAILY)]
    with ThreadPoolExecutor(2) as pool:
        for _ in pool.map(lambda file: _write_file(connection, staged, into, *file), files):
            pass


ACCOUNTS: Final = {
    "dirt": "arrived_on date, record_code varchar, line_number bigint, kind varchar, subject_id varchar, column_name varchar, "
    "fate varchar, gate_code varchar",
    "delivered": "arrived_on date, record_code varchar, row_count bigint, accepted_count bigint, superseded_count bigint, "
    "rejected_count bigint, quarantined_count bigint",
}


def _cells_sql(contract: Record, listed: list[Kind]) -> str:
    """Every version of every row as text cells, and the kind of dirt it meets, if any."""
    event = contract.event_source or contract.event_column
    key = " || '|' || ".join(f"{name}::varchar" for name in contract.key)
    cells = ", ".join(f"{_cell(column)} as {column.name}" for column in contract.columns)
    picked = " ".join(
        f"when draw >= {kind.low!r} and draw < {kind.high!r} and {_possible(kind)} then '{kind.name}'"
        for kind in listed
    )
    return f"""
        create or replace temp table cells as
        with
        keyed as (
            select delivery.*, {event}::timestamp as event_at, updated_at::date as own_day,
                mix(mix(world.root, 'dirt'), {key} || updated_at::varchar) as dirt_h, world.opens_at, world.horizon
            from delivery_{contract.name} as delivery
            cross join world
        ),
        written as (
            select {cells}, updated_at, event_at, own_day, is_latest, opens_at, horizon,
                draw(dirt_h, 'kind') as draw, 1 + floor(draw(dirt_h, 'lag') * 5)::integer as late_days, 1 + floor(draw(dirt_h, 'lag') * 3)::integer as later_days
            from keyed
        ),
        final as (
            select *, {f"case {picked} end" if picked else "null::varchar"} as dirt_kind
            from written
        )
        select * from final"""


def _possible(kind: Kind) -> str:
    """Rows that a kind can befall: nothing may be planted that would arrive after the world's last day."""
    reach = {
        "late": "own_day + late_days < horizon::date",
        "again_later": "own_day + later_days < horizon::date",
        "correction": "is_latest and own_day + later_days < horizon::date",
    }.get(kind.how, "true")
    return f"({kind.when}) and {reach}"


def _clean_sql(contract: Record, listed: list[Kind]) -> str:
    """The rows themselves, in the file of their own day: all but those that come late, corrected, or written otherwise."""
    moved = [kind.name for kind in listed if kind.how in ("late", "correction", "cell")]
    where = f"where dirt_kind is null or dirt_kind not in {_list(moved)}" if moved else ""
    return f"""
        select {_names(contract)}, own_day as arrived_on, null::varchar as kind, null::varchar as column_name, null::varchar as gate_code,
            {OWN_FATE} as fate, event_at, updated_at, 0 as copy_number
        from cells {where}"""


OWN_FATE: Final = "case when is_latest then 'accepted' else 'superseded' end"


def _kind_sql(contract: Record, kind: Kind) -> str:
    """What one kind of dirt puts into the files."""
    if kind.how == "correction":
        wrong = _planted(kind, "own_day", "'superseded'", _replaced(contract, kind), 0)
        # The right version is not dirt of itself, but its arrival is worth knowing.
        right = _planted(kind, "own_day + later_days", OWN_FATE, _names(contract), 1)
        return f"{wrong} union all by name {right}"
    fate = f"'{GATES[kind.gate]}'" if kind.gate else f"'{FATES[kind.how]}'" if kind.how in FATES else OWN_FATE
    arrives = {"late": "own_day + late_days", "again_later": "own_day + later_days"}.get(kind.how, "own_day")
    cells = _replaced(contract, kind) if kind.how in ("cell", "extra", "line") else _names(contract)
    return _planted(kind, arrives, fate, cells, 0 if kind.how in ("cell", "late") else 1)


def _planted(kind: Kind, arrives: str, fate: str, cells: str, copy_number: int) -> str:
    # A correction says so itself: changed in the small hours of the day on which it comes.
    changed = f"({arrives})::timestamp + interval 3 hour" if kind.how == "correction" and copy_number else "updated_at"
    return f"""
        select {cells}, {arrives} as arrived_on, '{kind.name}' as kind, {_text_literal(kind.column)} as column_name,
            {_text_literal(kind.gate)} as gate_code, {fate} as fate, event_at, {changed} as updated_at, {copy_number} as copy_number
        from (select *, {arrives} as arrived_on from cells where dirt_kind = '{kind.name}')"""


def _replaced(contract: Record, kind: Kind) -> str:
    """The row's cells with the bad one in its place; a row that is extra gets a key of its own, so that no good row is lost with it."""
    replaced = {kind.column: kind.value} if kind.column else {}
    if kind.how in ("extra", "line"):
        replaced.setdefault(contract.subject_id_column, f"'X' || {contract.subject_id_column}")
    return ", ".join(f"{replaced.get(column.name, column.name)} as {column.name}" for column in contract.columns)


def _cell(column: Column) -> str:
    if column.type == "timestamp":
        return f"strftime({column.name}, '{MOMENT}') || '{WORLD['offset']}'"
    if column.type == "boolean":
        return f"case when {column.name} then '1' when not {column.name} then '0' end"
    return f"{column.name}::varchar"


def _line(contract: Record) -> str:
    """The CSV line of a row, broken where its kind of dirt says so."""
    cells = [_quoted(column) for column in contract.columns] + [
        f"strftime(updated_at, '{MOMENT}') || '{WORLD['offset']}'"
    ]
    whole = _joined(cells)
    return f"""case kind
        when 'too_few_fields' then {_joined(cells[:-3])}
        when 'too_many_fields' then {whole} || ',surplus'
        when 'open_quote' then '"' || replace({whole}, '"', '')
        else {whole} end"""


def _joined(cells: list[str]) -> str:
    return "concat_ws(',', " + ", ".join(f"coalesce({cell}, '')" for cell in cells) + ")"


def _quoted(column: Column) -> str:
    """Free text is quoted where it must be; ids, codes and numbers never hold a comma."""
    if column.type != "string" or column.codes or column.name.endswith(("_id", "_code")):
        return column.name
    return f"case when regexp_matches({column.name}, '[,\"\\n]') then '\"' || replace({column.name}, '\"', '\"\"') || '\"' else {column.name} end"


def _write_file(connection: duckdb.DuckDBPyConnection, staged: Path, into: Path, day: dt.date, record: str) -> None:
    """One CSV file. An open quote would swallow what follows: it stands on the last line, and only once."""
    folder = into / day.isoformat()
    folder.mkdir(parents=True, exist_ok=True)
    header = ",".join([*(column.name for column in RECORDS[record].columns), "updated_at"])
    lines = f"lines_{record}_{day:%Y%m%d}"
    cursor = connection.cursor()
    cursor.execute(f"create temp table {lines} as {_file_sql(staged / record / f'arrived_on={day}')}")
    cursor.execute(f"""
        copy (select line from (select '{header}' as line, 1 as line_number union all select line, line_number from {lines}) order by line_number)
        to '{folder / record}.csv.gz' (format csv, header false, quote '', escape '', delimiter '\x01', compression gzip)""")
    cursor.execute(f"""
        insert into dirt
        select date '{day}', '{record}', line_number, kind, subject_id, column_name, fate, gate_code from {lines} where kind is not null""")
    cursor.execute(f"""
        insert into delivered
        select date '{day}', '{record}', count(*), count(case when fate = 'accepted' then 1 end), count(case when fate = 'superseded' then 1 end),
            count(case when fate = 'rejected' then 1 end), count(case when fate = 'quarantined' then 1 end)
        from {lines}""")
    cursor.close()


def _file_sql(folder: Path) -> str:
    if not folder.is_dir():
        return "select null::varchar as line, null as kind, null as subject_id, null as column_name, null as fate, null as gate_code, 0 as line_number where false"
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
            select line, kind, subject_id, column_name, fate, gate_code,
                1 + row_number() over (order by is_open, event_at, subject_id, updated_at, copy_number, line) as line_number
            from kept
        )
        select * from final"""


def _names(contract: Record) -> str:
    return ", ".join(column.name for column in contract.columns)


def _list(values: list[str]) -> str:
    return "(" + ", ".join(f"'{value}'" for value in values) + ")"


def _text_literal(value: str | None) -> str:
    return "null::varchar" if value is None else f"'{value}'"

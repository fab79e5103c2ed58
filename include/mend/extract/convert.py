"""The staged rows of a file as typed rows and rejects, in one SQL statement."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import reduce
from operator import or_
from typing import Any

from mend.extract.cells import SQL_TYPES, Cell, CellMaker
from mend.extract.config import RecordSource, Source
from mend.extract.header import mapped_columns
from mend.extract.relation import Values, relation
from mend.extract.staging import StagedFile
from mend.schema import Column, Record

VERSION = Column("source_updated_at", "timestamp", "When the source says it last changed the row", "源更新时间")


@dataclass(frozen=True)
class Conversion:
    """The statement that gives one row per staged row, and its parameters' values.

    The row: `file_number`, `batch_day` and `line_number`; the record's columns and `source_updated_at`; `event_on`;
    `first_reason` (column_name, reason_code, bad_value) and `reasons`, null when accepted; `raw_row`, null when accepted;
    a boolean `repaired_<column>` for each of `repairable_columns`; `mended`, the columns that cleaning.py repaired, with commas.
    """

    query: str
    bound: dict[str, Any]


def conversion(files: Sequence[StagedFile], source: Source, record: Record, business_zone: str, file_table: str) -> Conversion:
    """Make the statement for files of one form.

    Args:
        file_table: has path, file_number and own_day (a day's file; null for a file of many days) of each file.
    """
    values = Values()
    described = source.records[record.name]
    rows = relation(files, mapped_columns(described), values, source.limits.max_line_bytes)
    traits = reduce(or_, (file.traits for file in files))
    maker = CellMaker(dict(rows.columns), described.null_values, source.zone, traits, values)
    cells = [maker.cell(column, described.columns[column.name]) for column in record.columns if column.name in described.columns]
    if described.version is not None:
        cells.append(maker.cell(VERSION, described.version))
    repairable = repairable_columns(described)
    zone = values.bind(business_zone)
    event_on = f"cast(timezone({zone}, p_{record.event_source}) as date)" if record.event_source else f"p_{record.event_column}"
    tests = _tests(cells, record, rows.broken)
    query = f"""
with source as (select * from ({rows.query}) as staged join {file_table} as file on file.path = staged.filename),
given as (select *, {_each(cells, "x", lambda cell: cell.given)} from source),
meant as (select *, {_each(cells, "v", lambda cell: cell.without_placeholders)} from given),
read as (select *, {_steps(cells)} from meant),
typed as (select *, {_each(cells, "p", lambda cell: cell.value)} from read),
dated as (select *, {event_on} as event_on from typed),
judged as (select *, {" or ".join(f"({test.condition})" for test in tests)} as is_rejected from dated)
select
    file_number,
    coalesce(own_day, event_on) as batch_day,
    line as line_number,
    {_outputs(record, described, values)},
    {f"p_{VERSION.name}" if described.version else "cast(null as timestamptz)"} as {VERSION.name},
    event_on,
    {"".join(f"x_{name} is not null and p_{name} is null as repaired_{name}, " for name in repairable)}
    {_mended(cells)} as mended,
    case when is_rejected then {_first_reason(tests)} end as first_reason,
    case when is_rejected then {_all_reasons(tests)} end as reasons,
    case when is_rejected then left({rows.raw}, 4000) end as raw_row
from judged"""
    return Conversion(query, values.used_in(query))


def repairable_columns(described: RecordSource) -> tuple[str, ...]:
    """The contract columns whose unusable values leave the cell empty instead of rejecting the row."""
    return tuple(
        name for name, mapping in described.columns.items() if mapping.on_bad == "null" or mapping.unknown == "null" or mapping.placeholders
    )


@dataclass(frozen=True)
class _Test:
    """A way to be rejected: condition, the column it names, expressions of reason and value."""

    condition: str
    column: str
    reason: str
    value: str


def _tests(cells: list[Cell], record: Record, broken: tuple[str, str] | None) -> list[_Test]:
    tests = [_Test(broken[0], "", f"'{broken[1]}'", "cast(null as varchar)")] if broken else []
    for cell in cells:
        name = cell.column.name
        text = cell.shown
        if cell.is_rejecting:
            tests.append(_Test(f"v_{name} is not null and p_{name} is null", name, cell.reason, text))
        if cell.column.required and cell.column.default is None:
            empty = f"v_{name} is null" if cell.is_rejecting else f"p_{name} is null"
            tests.append(_Test(empty, name, "'missing'", text))
    column = record.event_source or record.event_column
    shown = next((cell.shown for cell in cells if cell.column.name == column), f"cast(x_{column} as varchar)")
    tests.append(_Test("coalesce(event_on > own_day, false)", column, "'future_date'", shown))
    return tests


def _each(cells: list[Cell], prefix: str, expression: Callable[[Cell], str]) -> str:
    return ", ".join(f"{expression(cell)} as {prefix}_{cell.column.name}" for cell in cells)


def _steps(cells: list[Cell]) -> str:
    steps = [f"{expression} as {name}" for cell in cells for name, expression in cell.steps.items()]
    return ", ".join(steps or ["null as no_step"])


def _outputs(record: Record, described: RecordSource, values: Values) -> str:
    outputs = []
    for column in record.columns:
        value = f"p_{column.name}" if column.name in described.columns else f"cast(null as {SQL_TYPES[column.type]})"
        if column.default is not None:
            value = f"coalesce({value}, {values.bind(column.default)})"
        outputs.append(f"cast({value} as {SQL_TYPES[column.type]}) as {column.name}")
    return ",\n    ".join(outputs)


def _mended(cells: list[Cell]) -> str:
    """The columns whose invisible signs or protection were taken off and whose values are usable; null when there are none."""
    each = [
        f"case when ({cell.mended}) and p_{cell.column.name} is not null then '{cell.column.name}' end" for cell in cells if cell.mended
    ]
    return f"nullif(array_to_string([{', '.join(each)}], ','), '')" if each else "cast(null as varchar)"


def _first_reason(tests: list[_Test]) -> str:
    arms = " ".join(
        f"when {test.condition} then {{'column_name': '{test.column}', 'reason_code': {test.reason}, 'bad_value': {test.value}}}"
        for test in tests
    )
    return f"case {arms} end"


def _all_reasons(tests: list[_Test]) -> str:
    each = ", ".join(
        f"case when {test.condition} then '{test.column + ': ' if test.column else ''}' || {test.reason} end" for test in tests
    )
    return f"array_to_string([{each}], '; ')"

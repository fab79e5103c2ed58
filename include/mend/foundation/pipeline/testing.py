"""A model's test: text tables in, a text table out.

check(
    read_model("damage/scoring", "contact_incident"),
    {"contact_number": '''
        customer_number | started_us | place
        1               | 0          | 1
    '''},
    '''
        customer_number | incident_place
        1               | 1
    ''',
    {"gap_us": 1_800_000_000},
)
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import duckdb

from mend.foundation.engine.duckdb_engine import DUCKDB_TYPES, MASKED_NUMBER, quoted
from mend.foundation.pipeline.model import Model
from mend.foundation.pipeline.runner import Fills, Values
from mend.foundation.schema import TABLES

ZONE = "Asia/Shanghai"


def text_rows(text: str) -> tuple[list[str], list[list[str | None]]]:
    """Columns and cells of a text table: one line a row, cells between bars; an empty cell is null.

    >>> text_rows('''
    ... id | points
    ... A  | 3
    ... B  |
    ... ''')
    (['id', 'points'], [['A', '3'], ['B', None]])
    """
    lines = [
        line for line in text.strip().splitlines() if line.strip() and not set(line.strip()) <= {"-", "|", "+", " "}
    ]
    cells = [[cell.strip() for cell in line.split("|")] for line in lines]
    return cells[0], [[cell or None for cell in row] for row in cells[1:]]


def run_on_tables(
    model: Model,
    inputs: Mapping[str, str],
    values: Values | None = None,
    fills: Fills | None = None,
) -> tuple[list[str], list[tuple[Any, ...]]]:
    """Column names and rows of a model over text tables.

    A column's type is what the schema says of the lake table or, for other names, what DuckDB sees in its cells; write
    `points::integer` as the column's name to say it.
    """
    connection = duckdb.connect()
    connection.execute(f"set TimeZone = '{ZONE}'")
    connection.execute(MASKED_NUMBER)
    for name, text in inputs.items():
        _put(connection, name, text)
    given = {name: (values or {})[name] for name in model.params}
    found = connection.execute(model.filled(fills or {}), given)
    names = [column[0] for column in found.description or []]
    return names, found.fetchall()


def check(
    model: Model,
    inputs: Mapping[str, str],
    expected: str,
    values: Values | None = None,
    fills: Fills | None = None,
) -> None:
    """Assert that the model gives these rows, in any order, in the columns that the expected table names."""
    names, rows = run_on_tables(model, inputs, values, fills)
    columns, wanted = text_rows(expected)
    places = [names.index(column) for column in columns]
    found = sorted([_shown(row[place]) for place in places] for row in rows)
    assert found == sorted([cell or "" for cell in row] for row in wanted)


def _shown(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    return str(value)


def _put(connection: duckdb.DuckDBPyConnection, name: str, text: str) -> None:
    columns, rows = text_rows(text)
    kinds = [_kind(name, column) for column in columns]
    names = [column.split("::")[0].strip() for column in columns]
    cast = ", ".join(
        f"cast({quoted(each)} as {kind}) as {quoted(each)}" if kind else quoted(each)
        for each, kind in zip(names, kinds, strict=True)
    )
    described = ", ".join(f"{quoted(each)} varchar" for each in names)
    connection.execute(f"create temp table _text ({described})")
    if rows:
        connection.executemany(f"insert into _text values ({', '.join('?' for _ in names)})", rows)
    connection.execute(f"create temp table {quoted(name)} as select {cast} from _text")
    connection.execute("drop table _text")


def _kind(table: str, column: str) -> str | None:
    if "::" in column:
        return column.split("::")[1].strip()
    if table in TABLES and column in TABLES[table].column_names:
        return DUCKDB_TYPES[TABLES[table].column(column).type]
    return _guessed(column)


def _guessed(column: str) -> str | None:
    """By our naming rules: _on a date, _at a moment, is_ a truth, _count, _points, _number numbers."""
    if column.endswith("_on") or column == "day":
        return "date"
    if column.endswith("_at"):
        return "timestamptz"
    if column.startswith(("is_", "has_")):
        return "boolean"
    if column.endswith(("_count", "_number", "_us", "place", "_key", "bits")):
        return "bigint"
    return "double" if column.endswith(("_seconds", "_share")) else "integer" if column.endswith("points") else None

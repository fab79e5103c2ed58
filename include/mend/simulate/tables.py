"""Settings as small DuckDB tables: rows into a table, weights into slots that a draw picks from."""

from __future__ import annotations

from typing import Any, Final, TypeVar

import duckdb

SLOTS: Final = 8192
T = TypeVar("T")


def spread(values: list[T], weights: list[float], slots: int = SLOTS) -> list[T]:
    """As many values as slots, each in proportion to its weight, so that a uniform slot number picks by weight.

    >>> spread(["a", "b"], [3, 1], 4)
    ['a', 'a', 'a', 'b']
    """
    total, reached = sum(weights), 0.0
    picked: list[T] = []
    for value, weight in zip(values, weights, strict=True):
        reached += weight
        picked += [value] * (round(reached / total * slots) - len(picked))
    return picked


def table(connection: duckdb.DuckDBPyConnection, name: str, columns: str, rows: list[tuple[Any, ...]]) -> None:
    """Create a temporary table of these columns (name and type each, separated by a comma) and rows."""
    connection.execute(f"create or replace temp table {name} ({columns})")
    names = [column.split()[0] for column in columns.split(", ")]
    lists = [list(values) for values in zip(*rows, strict=True)]
    # One statement with a list a column: thousands of rows cost milliseconds, executemany seconds.
    selected = ", ".join(f"unnest(${name}) as {name}" for name in names)
    connection.execute(f"insert into {name} select {selected}", dict(zip(names, lists, strict=True)))

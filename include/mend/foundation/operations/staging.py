"""Rows that are to take the place of a table's, of which only those that differ are written."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy import Connection, Table, text


def open_staged(connection: Connection, table: Table) -> None:
    """Make `staged`, empty and of the table's columns, for the rest of the transaction."""
    connection.execute(text("drop table if exists staged"))
    connection.execute(text(f"create temp table staged (like {table.name}) on commit drop"))


def columns_of(table: Table) -> str:
    """The table's columns, in order, with commas."""
    return ", ".join(column.name for column in table.columns)


def put_staged(connection: Connection, table: Table, gone: str, values: Mapping[str, Any] | None = None) -> int:
    """Take away the rows that are gone, then add and change what is staged. Gives the rows written.

    Args:
        gone: condition, of names of the schema and bound values alone.
    """
    taken = connection.execute(text(f"delete from {table.name} where {gone}"), dict(values or {})).rowcount
    return int(taken + connection.execute(text(_upsert(table))).rowcount)


def not_staged(table: Table) -> str:
    """The condition that no row of its key is staged."""
    same = " and ".join(f"staged.{each.name} = {table.name}.{each.name}" for each in table.primary_key)
    return f"not exists (select from staged where {same})"


def _upsert(table: Table) -> str:
    keys = [each.name for each in table.primary_key]
    others = [each.name for each in table.columns if each.name not in keys]
    changed = ", ".join(f"{name} = excluded.{name}" for name in others)
    old = ", ".join(f"{table.name}.{name}" for name in others)
    new = ", ".join(f"excluded.{name}" for name in others)
    columns = columns_of(table)
    return (
        f"insert into {table.name} ({columns}) select {columns} from staged "
        f"on conflict ({', '.join(keys)}) do update set {changed} where ({old}) is distinct from ({new})"
    )

"""The warnings as specialists' desktops and pages read them: tables of the operations database, replaced in one
transaction.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import Connection, Table, text

from mend.foundation import operations
from mend.foundation.home import Home
from mend.foundation.lake.filters import all_of, at_least, at_most, equal
from mend.foundation.operations.tables import METADATA
from mend.foundation.periods import ONE_DAY
from mend.foundation.pipeline.model import read_model
from mend.foundation.pipeline.runner import Step, open_step
from mend.foundation.pipeline.workbench import Workbench
from mend.grumbles.warning.rules import Rules, rules_on

ROOM: Final = "grumbles/warning"
BLOCK_ROWS: Final = 20_000


@dataclass(frozen=True)
class Published:
    """A table of the operations database that the model of its name makes."""

    table: Table

    @property
    def columns(self) -> tuple[str, ...]:
        return tuple(column.name for column in self.table.columns)

    @property
    def key(self) -> tuple[str, ...]:
        return tuple(column.name for column in self.table.primary_key)


PUBLISHED: Final = tuple(
    Published(METADATA.tables[name]) for name in ("customer_warning", "warning_capacity", "warning_level_count")
)


def publish(home: Home, bench: Workbench, versions: list[Rules]) -> int:
    """Make the tables what the lists of the latest night and of its quiet period say; returns the customers.

    They are functions of the lake alone: whichever night was run last, or again, the same rows are there afterwards,
    and rows that are right already are not touched.
    """
    nights = bench.lake.days("mart_warning_capacity", "day_on")
    if not nights:
        return 0
    latest = max(nights)
    first = latest - rules_on(latest, versions).warning.quiet_days * ONE_DAY
    with open_step(bench, "publication") as step, operations.transaction(home.database_url) as connection:
        step.view("mart_warning", "warning_night", where=all_of(at_least("day_on", first), at_most("day_on", latest)))
        step.view("mart_warning_capacity", "capacity_night", where=equal("day_on", latest))
        step.view("mart_warning_line", "line_night", where=equal("day_on", latest))
        for each in PUBLISHED:
            _replace(connection, each, _rows(step, each, {"latest": latest, "first": first}))
        return int(connection.execute(text("select count(*) from customer_warning")).scalar_one())


def _rows(step: Step, published: Published, days: Mapping[str, dt.date]) -> Iterator[tuple[Any, ...]]:
    model = read_model(ROOM, published.table.name)
    values = {name: days[name] for name in model.params}
    for block in step.blocks(model, values, BLOCK_ROWS):
        yield from block


def _replace(connection: Connection, published: Published, rows: Iterator[tuple[Any, ...]]) -> None:
    name, key = published.table.name, ", ".join(published.key)
    connection.execute(text("drop table if exists staged"))
    connection.execute(text(f"create temp table staged (like {name}) on commit drop"))
    _copy(connection, published, rows)
    connection.execute(text(f"delete from {name} where ({key}) not in (select {key} from staged)"))
    connection.execute(text(_upsert(published)))


def _copy(connection: Any, published: Published, rows: Iterator[tuple[Any, ...]]) -> None:
    with (
        connection.connection.driver_connection.cursor() as cursor,
        cursor.copy(f"copy staged ({', '.join(published.columns)}) from stdin") as copy,
    ):
        for row in rows:
            copy.write_row(row)


def _upsert(published: Published) -> str:
    name, columns = published.table.name, ", ".join(published.columns)
    others = [column for column in published.columns if column not in published.key]
    return (
        f"insert into {name} ({columns}) select {columns} from staged on conflict ({', '.join(published.key)}) "
        "do update set "
        + ", ".join(f"{column} = excluded.{column}" for column in others)
        + f" where ({', '.join(f'{name}.{column}' for column in others)}) is distinct from "
        + f"({', '.join(f'excluded.{column}' for column in others)})"
    )

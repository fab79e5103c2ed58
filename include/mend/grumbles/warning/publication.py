"""The warnings as specialists' desktops read them: a table of the operations database, replaced in one transaction."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from typing import Any, Final

from sqlalchemy import text

from mend.foundation import operations
from mend.foundation.home import Home
from mend.foundation.lake.filters import all_of, at_least, at_most
from mend.foundation.operations.tables import METADATA
from mend.foundation.periods import ONE_DAY
from mend.foundation.pipeline.model import read_model
from mend.foundation.pipeline.runner import Step, open_step
from mend.foundation.pipeline.workbench import Workbench
from mend.grumbles.warning.rules import Rules, rules_on

TABLE: Final = METADATA.tables["customer_warning"]
COLUMNS: Final = tuple(column.name for column in TABLE.columns)
BLOCK_ROWS: Final = 20_000


def publish(home: Home, bench: Workbench, versions: Sequence[Rules]) -> int:
    """Make customer_warning what the lists of the latest night and of its quiet period say; returns its rows.

    It is a function of mart_warning alone: whichever night was run last, or again, the same rows are there
    afterwards, and rows that are right already are not touched.
    """
    nights = bench.lake.days("mart_warning_capacity", "day_on")
    if not nights:
        return 0
    latest = max(nights)
    quiet_days = rules_on(latest, versions).warning.quiet_days
    with open_step(bench, "publication") as step, operations.transaction(home.database_url) as connection:
        connection.execute(text("create temp table staged (like customer_warning) on commit drop"))
        _copy(connection, _rows(step, latest, quiet_days))
        connection.execute(
            text("delete from customer_warning where customer_id not in (select customer_id from staged)")
        )
        connection.execute(text(_upsert()))
        return int(connection.execute(text("select count(*) from customer_warning")).scalar_one())


def _rows(step: Step, latest: dt.date, quiet_days: int) -> Iterator[tuple[Any, ...]]:
    within = all_of(at_least("day_on", latest - quiet_days * ONE_DAY), at_most("day_on", latest))
    step.view("mart_warning", "warning_night", where=within)
    values = {"latest": latest, "first": latest - quiet_days * ONE_DAY}
    for block in step.blocks(read_model("grumbles/warning", "customer_warning"), values, BLOCK_ROWS):
        yield from block


def _copy(connection: Any, rows: Iterator[tuple[Any, ...]]) -> None:
    with (
        connection.connection.driver_connection.cursor() as cursor,
        cursor.copy(f"copy staged ({', '.join(COLUMNS)}) from stdin") as copy,
    ):
        for row in rows:
            copy.write_row(row)


def _upsert() -> str:
    key = "customer_id"
    others = [name for name in COLUMNS if name != key]
    return (
        f"insert into customer_warning ({', '.join(COLUMNS)}) select {', '.join(COLUMNS)} from staged on conflict "
        f"({key}) do update set "
        + ", ".join(f"{name} = excluded.{name}" for name in others)
        + f" where ({', '.join(f'customer_warning.{name}' for name in others)}) is distinct from "
        + f"({', '.join(f'excluded.{name}' for name in others)})"
    )

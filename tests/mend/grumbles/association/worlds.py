"""Planted worlds put before the association as its `input_*` tables, without a lake: a study takes a tenth of a
second.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, cast

import pyarrow as pa

from mend.foundation.engine import DuckEngine
from mend.foundation.engine.duckdb_engine import DUCKDB_TYPES
from mend.foundation.lake import Lake
from mend.foundation.lake.filters import every_row
from mend.foundation.pipeline.runner import Step, open_step
from mend.foundation.pipeline.workbench import Workbench
from mend.grumbles.association.inputs import Period
from mend.grumbles.association.measure import measure
from mend.grumbles.association.rules import AssociationSettings, settings_on
from mend.simulate.hazard_world import HazardWorld

MONTH = dt.date(2026, 5, 1)  # worlds begin on 2026-04-01: the month has its 30 days before it
LAST = dt.date(2026, 5, 31)

TABLES = {
    "input_customer": "select customer_id, joined_on from customers where month_on = date '2026-05-01'",
    "input_churn": "select customer_id, ended_on from ends where end_kind_code = 'churned'",
    "input_grumble": "select customer_id, grumble_type_code, grumbled_at, grumbled_on, cast(solved_at as date) as "
    "solved_on, {words} as solution_words from grumbles",
    "input_complaint": "select complaint_id, customer_id, complained_at, complained_on, complaint_type_code from "
    "complaints",
    "input_cluster": "select customer_id, 'normal' as value_code, true_cluster as behaviour_code from customers "
    "where month_on = date '2026-05-01'",
}


@contextmanager
def step_for(folder: Path) -> Iterator[Step]:
    """A step without a lake."""
    engine = DuckEngine("Asia/Shanghai", 1, "1GB", folder)
    with open_step(Workbench(cast("Lake", None), engine, "Asia/Shanghai"), "study") as step:
        yield step
    engine.close()


def study(step: Step, world: HazardWorld, settings: AssociationSettings | None = None) -> list[dict[str, Any]]:
    """The estimates for May, named: cluster_code, window_days, grumble, complaint, coefficient, ..."""
    connection = step.bench.engine.connection
    for name in ("grumbles", "complaints", "customers", "ends"):
        connection.register(name, getattr(world, name))
    words = "solution_words" if "solution_words" in world.grumbles.column_names else "cast(null as varchar)"
    for name, query in TABLES.items():
        step.put_arrow(name, connection.sql(query.format(words=words)).to_arrow_table())
    period = Period(MONTH, min(LAST, world.last_day), world.first_day)
    _, rows = measure(step, period, settings or settings_of(windows_days=(world.window_days,)))
    grumble = dict(step.read("grumble_type"))
    complaint = {0: "any", **dict(step.read("complaint_type"))}
    return [{**row, "grumble": grumble[row["type_no"]], "complaint": complaint[row["complaint_no"]]} for row in rows]


def settings_of(**changes: Any) -> AssociationSettings:
    """The shipped settings with some changed."""
    return AssociationSettings(**{**settings_on(MONTH).model_dump(), **changes})


def put(bench: Workbench, table: str, rows: pa.Table) -> None:
    """Put rows into a lake table in place of all it holds; columns that are left out are null."""
    described = bench.described(table)
    bench.engine.connection.register("_rows", rows)
    columns = ", ".join(
        f'"{c.name}"' if c.name in rows.column_names else f'cast(null as {DUCKDB_TYPES[c.type]}) as "{c.name}"'
        for c in described.columns
    )
    bench.replace(table, f"select {columns} from _rows", every_row())
    bench.engine.connection.unregister("_rows")


def put_world(bench: Workbench, world: HazardWorld) -> None:
    """The world's records in the lake, as loading and the grumbles room leave them."""
    put(bench, "mart_grumble", world.grumbles)
    put(bench, "mart_complaint", world.complaints)
    put(bench, "core_customer", world.customers)

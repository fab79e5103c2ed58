"""Rows of tables as a test writes them: put into the lake with what the contract requires filled in."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from typing import Any

import pyarrow as pa

from mend.foundation.engine.duckdb_engine import DUCKDB_TYPES
from mend.foundation.lake.filters import every_row
from mend.foundation.pipeline.workbench import Workbench
from mend.foundation.schema import TABLES
from mend.simulate.hazard_world import HazardWorld

Row = Mapping[str, Any]
ZONE = "+08:00"
VERSION = "1990-01-01"
FILLED: Mapping[str, Row] = {
    "mart_grumble": {"source_kind_code": "contact", "classified_by_code": "source", "is_solved_at_once": False,
    "is_solved": False},
    "mart_complaint": {"classified_by_code": "source"},
    "mart_customer_cluster": {"value_code": "normal", "cluster_code": "normal:cooperative_realist"},
    "mart_grumble_type": {"taxonomy_version": VERSION, "weight": 0},
    "mart_survey_item": {"taxonomy_version": VERSION, "name_en": "item", "name_zh": "指标", "question_en": "?",
    "question_zh": "？"},
    "mart_association": {
        **dict.fromkeys(
            ("customer_day_count", "grumble_day_count", "complaint_day_count", "both_day_count",
            "grumble_customer_count",
             "complaint_customer_count", "both_count", "before_count", "nearest_count", "event_count",
             "exposed_event_count",
             "exposed_day_count", "support"), 0
        ),
        "window_days": 14, "complaint_type_code": "any", "is_significant": True, "is_key": False, "cluster_code": "all",
    },
}  # fmt: skip


def grumble(name: str, customer: str, when: str, kind: str | None = "tariff_billing", **columns: Any) -> Row:
    """A grumble of a contact; `when` is 'YYYY-MM-DD HH:MM' in the business zone."""
    at = f"{when}:00{ZONE}"
    words = {
        "grumble_id": f"contact:{name}",
        "source_id": name,
        "grumbled_at": at,
        "grumbled_on": when[:10],
        "grumble_type_code": kind,
    }
    return {"customer_id": customer, **words, **columns}


def complaint(name: str, customer: str, when: str) -> Row:
    """A complaint at 'YYYY-MM-DD HH:MM'."""
    return {
        "complaint_id": name,
        "customer_id": customer,
        "complained_at": f"{when}:00{ZONE}",
        "complained_on": when[:10],
    }


def put(bench: Workbench, table: str, rows: Iterable[Row]) -> None:
    """Put the rows in place of all rows of the table. Cells are text as a person writes it; columns left out are
    null.
    """
    filled = [{**FILLED.get(table, {}), **row} for row in rows]
    names = TABLES[table].column_names
    texts = {name: pa.array([_text(row.get(name)) for row in filled], pa.string()) for name in names}
    bench.engine.connection.register("_put", pa.table(texts))
    casts = ", ".join(
        f'cast("{column.name}" as {DUCKDB_TYPES[column.type]}) as "{column.name}"' for column in TABLES[table].columns
    )
    bench.replace(table, f"select {casts} from _put", every_row())


def put_world(bench: Workbench, world: HazardWorld, clusters: bool = True) -> None:
    """The tables of a hazard world; the true clusters as those of every month, from the month before the world on."""
    _put_table(bench, "mart_grumble", _with(world.grumbles, is_solved_at_once=False))
    _put_table(bench, "mart_complaint", _with(world.complaints, classified_by_code="source"))
    _put_table(bench, "core_customer", world.customers)
    if clusters:
        first = world.customers.filter(pa.compute.equal(world.customers["month_on"], pa.scalar(world.first_day)))
        months = sorted({f"{each:%Y-%m}" for each in _months(world)})
        people = {
            "customer_id": first["customer_id"],
            "behaviour_code": first["true_cluster"],
            "cluster_code": first["true_cluster"],
        }
        _put_table(
            bench,
            "mart_customer_cluster",
            pa.concat_tables([_with(pa.table(people), month=month, value_code="normal") for month in months]),
        )


def _months(world: HazardWorld) -> list[dt.date]:
    span = (world.last_day - world.first_day).days + 62
    return [world.first_day - dt.timedelta(days=62) + dt.timedelta(days=number) for number in range(span)]


def _with(table: pa.Table, **columns: Any) -> pa.Table:
    for name, value in columns.items():
        table = table.append_column(name, pa.array([value] * len(table)))
    return table


def _put_table(bench: Workbench, name: str, table: pa.Table) -> None:
    for column in TABLES[name].column_names:
        if column not in table.column_names:
            table = table.append_column(column, pa.nulls(len(table), pa.string()))
    bench.engine.connection.register("_put", table)
    bench.replace(name, f"select {', '.join(TABLES[name].column_names)} from _put", every_row())


def _text(value: Any) -> str | None:
    return None if value is None else str(value)


def rows(bench: Workbench, table: str, columns: str, order: str, where: str = "true") -> list[tuple[Any, ...]]:
    """Rows of a table as it stands."""
    bench.view(table, as_name="_seen")
    return bench.sql(f"select {columns} from _seen where {where} order by {order}")

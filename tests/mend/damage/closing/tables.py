"""Text tables put into the lake as the ledger, the exposure and what customers said: what a close reads."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any

import pyarrow as pa

from mend.damage.closing import close_month
from mend.damage.scoring import load_rules
from mend.damage.scoring.indicators import put_indicators, write_indicators
from mend.damage.scoring.measured import EVERYTHING
from mend.foundation import operations
from mend.foundation.engine.duckdb_engine import DUCKDB_TYPES
from mend.foundation.home import Home
from mend.foundation.lake.filters import one_of
from mend.foundation.periods import days_of
from mend.foundation.pipeline.runner import open_step
from mend.foundation.pipeline.testing import text_rows
from mend.foundation.pipeline.workbench import Workbench
from mend.foundation.schema import TABLES

Cells = Mapping[str, str | None]


def rows_of(text: str) -> list[dict[str, str | None]]:
    """A text table as a row for each line; days without a year are of 2026."""
    names, rows = text_rows(text)
    return [{name: _whole(name, cell) for name, cell in zip(names, row, strict=True)} for row in rows]


def _whole(name: str, cell: str | None) -> str | None:
    if cell is None or not name.endswith(("_at", "_on")):
        return cell
    day = cell if cell.startswith("20") else f"2026-{cell}"
    return day if name.endswith("_on") else f"{day}+08:00"


def put_table(bench: Workbench, table: str, rows: list[dict[str, Any]]) -> None:
    """Put rows in place of those of their days, or of their months."""
    described = TABLES[table]
    given = pa.table({name: pa.array([row.get(name) for row in rows], pa.string()) for name in described.column_names})
    bench.engine.connection.register("_given", given)
    casts = ", ".join(
        f'cast("{each.name}" as {DUCKDB_TYPES[each.type]}) as "{each.name}"' for each in described.columns
    )
    (partition,) = described.partition
    values = sorted({row[partition] for row in rows})
    kind = described.column(partition).type
    parts = [dt.date.fromisoformat(value) for value in values] if kind == "date" else values
    bench.replace(table, f"select {casts} from _given", one_of(partition, parts))
    bench.engine.connection.unregister("_given")


def ledger(bench: Workbench, text: str) -> None:
    """Entries of the ledger: customer_id, posted_at, indicator_id, points, subject_id; what is left out is that of a
    contact's own."""
    put_table(bench, "mart_damage_ledger", [_entry(row) for row in rows_of(text)])


def _entry(row: Cells) -> dict[str, Any]:
    kind = "debit" if float(row["points"] or 0) > 0 else "credit" if (row["indicator_id"] or "")[:3] == "REP" else "cap"
    usual = {
        "posted_on": (row["posted_at"] or "")[:10],
        "entry_kind_code": kind,
        "rule_version": "1990-01-01",
        "subject_kind_code": "contact",
    }
    return usual | dict(row)


def exposure(bench: Workbench, text: str) -> None:
    """A day's contacts of a customer: customer_id, last_contact_at, last_contact_id; one contact by default."""
    usual: dict[str, str | None] = {"contact_count": "1", "incident_count": "1"}
    rows = [usual | {"subject_on": (row["last_contact_at"] or "")[:10]} | row for row in rows_of(text)]
    put_table(bench, "mart_exposure_day", rows)


def indicators(bench: Workbench) -> None:
    """The rules in words."""
    with open_step(bench, "test") as step:
        put_indicators(step, load_rules(), load_rules())
        write_indicators(step)


def others_call(bench: Workbench, *months: str) -> None:
    """Z calls in each of these months, with nothing wrong."""
    lines = [f"Z | {month[5:]}-20 10:00:00 | z{month}" for month in months]
    exposure(bench, "\n".join(["customer_id | last_contact_at | last_contact_id", *lines]))


def grumbles(bench: Workbench, text: str) -> None:
    """Grumbles: customer_id, grumbled_at, source_id, in a contact by default."""
    rows = []
    for row in rows_of(text):
        kind = row.get("source_kind_code") or "contact"
        usual: dict[str, str | None] = {
            "grumble_id": f"{kind}:{row['source_id']}",
            "grumbled_on": (row["grumbled_at"] or "")[:10],
            "source_kind_code": kind,
            "classified_by_code": "agent",
            "is_solved_at_once": "false",
            "is_solved": "false",
        }
        rows.append(usual | row)
    put_table(bench, "mart_grumble", rows)


def load(home: Home, *months: str) -> None:
    """These months are loaded."""
    operations.mark_core_loaded(home.database_url, [day for month in months for day in days_of(month)])


def close(home: Home, bench: Workbench, *months: str) -> None:
    """Close months, with everything measured."""
    for month in months:
        close_month(home, bench, month, provided=EVERYTHING)


def month_rows(bench: Workbench, month: str, columns: str) -> list[tuple[Any, ...]]:
    """Rows of a month's customers, in the order of their ids; a score without needless zeros."""
    bench.view("mart_damage_month")
    query = f"select {columns} from mart_damage_month where month = $month order by customer_id"
    return bench.sql(query, {"month": month})


def row(bench: Workbench, customer: str, month: str, columns: str) -> tuple[Any, ...]:
    """A customer's row of a month."""
    bench.view("mart_damage_month")
    values = {"customer": customer, "month": month}
    query = f"select {columns} from mart_damage_month where customer_id = $customer and month = $month"
    return bench.sql(query, values)[0]

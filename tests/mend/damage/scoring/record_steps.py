"""The record part of the step by itself: debits and credits of small worlds, without the contacts' part."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from typing import Any

from tests.mend.damage.scoring.cases import Row, at
from tests.mend.damage.scoring.rows import put

from mend.damage.scoring.credit_entries import make_credit_entries
from mend.damage.scoring.record_entries import make_record_entries
from mend.damage.scoring.rules import load_rules
from mend.foundation.pipeline.runner import open_step
from mend.foundation.pipeline.workbench import Workbench
from mend.foundation.schema import TABLES

MAY = [dt.date(2026, 5, 1) + dt.timedelta(days=number) for number in range(31)]
LEDGER = TABLES["mart_damage_ledger"]
TYPES = {"string": "varchar", "date": "date", "timestamp": "timestamptz", "points": "decimal(9, 3)"}
SHOWN = ("indicator_id", "subject_id", "posted_at", "points")
IDS = ("customer_id", "contact_id", "ticket_id", "about_id", "survey_id", "repair_id", "booking_id")
Entry = tuple[Any, ...]


def named(rows: Iterable[Row], number: int, customer: str = "anna") -> list[Row]:
    """The rows as a world of their own, beside others in one home: their ids and customers begin with its number."""
    return [
        (record, {**row, **{key: f"{number} {row[key]}" for key in IDS if row.get(key)}})
        for record, row in ((record, {"customer_id": customer, **row}) for record, row in rows)
    ]


def entries_of(entries: Iterable[Entry], number: int) -> list[Entry]:
    """The entries (indicator, subject, ...) of that world, with the subject as the world's own rows name it."""
    mark = f"{number} "
    return [(rule, subject[len(mark) :], *rest) for rule, subject, *rest in entries if subject.startswith(mark)]


def put_rows(bench: Workbench, rows: Iterable[Row], customer: str = "anna") -> None:
    """Rows of any records, of one customer unless a row names another; tickets become versions by themselves."""
    of_record: dict[str, list[dict[str, Any]]] = {}
    for record, row in rows:
        of_record.setdefault(record, []).append({"customer_id": customer, **row})
    for record, each in of_record.items():
        put(bench, record, each)


def debits(bench: Workbench, days: Sequence[dt.date] = MAY) -> list[Entry]:
    """The record entries of these days in one run: indicator, subject, moment, points."""
    with open_step(bench, "test") as step:
        make_record_entries(step, load_rules()[-1], days)
        return _shown(bench, "_record_entry")


def debits_by_night(bench: Workbench, days: Sequence[dt.date] = MAY) -> list[Entry]:
    """The same, a night at a time."""
    return sorted(entry for day in days for entry in debits(bench, [day]))


def credits_of(bench: Workbench, ledger: Iterable[Sequence[Any]], days: Sequence[dt.date] = MAY) -> list[Entry]:
    """The credits of these days over debits, caps and earlier credits: rows of (kind, indicator, subject kind, subject,
    moment, points) and, where they matter, the incident and the customer."""
    rows = [_ledger_row(*row) for row in ledger]
    columns = {column.name: TYPES[column.type] for column in LEDGER.columns}
    with open_step(bench, "test") as step:
        step.put("ledger_debit", columns, [row for row in rows if row[3] != "credit"])
        step.put("ledger_credit", columns, [row for row in rows if row[3] == "credit"])
        make_credit_entries(step, load_rules(), days)
        return _shown(bench, "_credit_entry")


def _ledger_row(
    kind: str, indicator: str, subject_kind: str, subject: str, when: str, points: object,
    incident: str | None = None, customer: str = "anna",
) -> tuple[Any, ...]:  # fmt: skip
    moment = when if when.startswith("20") and len(when) > 11 else at(when)
    values = {
        "customer_id": customer, "posted_on": moment[:10], "posted_at": moment, "entry_kind_code": kind,
        "indicator_id": indicator, "rule_version": "1990-01-01", "subject_kind_code": subject_kind,
        "subject_id": subject, "incident_id": incident, "points": str(points),
    }  # fmt: skip
    return tuple(values.get(column.name) for column in LEDGER.columns)


def _shown(bench: Workbench, name: str) -> list[Entry]:
    shown = "indicator_id, subject_id, strftime(posted_at, '%d %H:%M:%S'), cast(points as double)"
    columns = [row[0] for row in bench.sql(f"select column_name from (describe {name})")]
    assert sorted(columns) == sorted(LEDGER.column_names)
    return bench.sql(f"select {shown} from {name} order by all")

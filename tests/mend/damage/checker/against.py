"""What Mend says and what the checker says of the same core tables, to be compared row by row."""

from __future__ import annotations

import datetime as dt
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from decimal import Decimal
from statistics import median
from typing import Any
from zoneinfo import ZoneInfo

from tests.mend.damage.checker.contact_debits import Medians
from tests.mend.damage.checker.facts import RECORDS, Row, customers
from tests.mend.damage.checker.months import ledger, months

from mend.foundation.pipeline.workbench import Workbench

LEDGER = "posted_at, entry_kind_code, indicator_id, subject_kind_code, subject_id, points, cause_id, incident_id"
MONTH = (
    "month, score, carry_over_points, damage_points, repair_points, peak_points, end_points, end_at, contact_count, "
    "incident_count, segment_code, explicit_grade, level, is_in_consolidation"
)


def tables(bench: Workbench) -> dict[str, list[Row]]:
    """The core tables as plain rows."""
    found = {record: _rows(bench, f"core_{record}") for record in RECORDS}
    return {**found, "grumble": _rows(bench, "mart_grumble")}


def _rows(bench: Workbench, table: str) -> list[Row]:
    bench.view(table)
    names = [row[0] for row in bench.sql(f"describe {table}")]
    return [dict(zip(names, row, strict=True)) for row in bench.sql(f"select * from {table}")]


def medians_before(contacts: Sequence[Row], zone: ZoneInfo) -> Medians:
    """The median handling time of each topic in the month before, under the month that it is for."""
    times: dict[tuple[str, str], list[int]] = defaultdict(list)
    for row in contacts:
        if row["is_answered"] and row["talk_seconds"] is not None and row["topic_code"] is not None:
            after = row["started_at"].astimezone(zone).date().replace(day=1) + dt.timedelta(days=31)
            times[after.strftime("%Y-%m"), row["topic_code"]].append(row["talk_seconds"] + (row["hold_seconds"] or 0))
    return {key: median(its) for key, its in times.items()}


def ledgers(bench: Workbench, core: Mapping[str, list[Row]], zone: ZoneInfo, until: dt.datetime) -> Any:
    """Rows of the ledger: (Mend's, the checker's), each counted."""
    bench.view("mart_damage_ledger")
    mine = Counter(bench.sql(f"select customer_id, {LEDGER} from mart_damage_ledger"))
    medians = medians_before(core["contact"], zone)
    theirs: Counter[Any] = Counter()
    for name, customer in customers(core).items():
        for e in ledger(customer, medians, zone, until):
            incident = e.incident if e.incident != e.subject else None
            theirs[name, e.at, e.kind, e.indicator, e.subject_kind, e.subject, e.points, e.cause, incident] += 1
    return _plain(mine), _plain(theirs)


def months_of(bench: Workbench, core: Mapping[str, list[Row]], zone: ZoneInfo, names: Sequence[str]) -> Any:
    """Rows of the months: (Mend's, the checker's), each by customer and month."""
    bench.view("mart_damage_month")
    query = f"select customer_id, {MONTH} from mart_damage_month"
    mine = {row[:2]: _utc(row[2:]) for row in bench.sql(query)}
    medians = medians_before(core["contact"], zone)
    theirs = {}
    for name, customer in customers(core).items():
        for row in months(customer, medians, zone, names):
            theirs[name, row.month] = _utc(tuple(vars(row).values())[1:])
    return mine, theirs


def is_anything(row: tuple[Any, ...]) -> bool:
    """A month in which the customer was in contact, had points, or has said something that counts."""
    named = dict(zip(MONTH.split(", ")[1:], row, strict=True))
    nothing = (0, None, False, "none")
    return any(value not in nothing for value in named.values())


def _plain(rows: Counter[Any]) -> Counter[Any]:
    return Counter({_utc(row): number for row, number in rows.items()})


def _utc(row: tuple[Any, ...]) -> tuple[Any, ...]:
    return tuple(
        cell.astimezone(dt.UTC)
        if isinstance(cell, dt.datetime)
        else Decimal(cell).normalize()
        if isinstance(cell, Decimal | int) and not isinstance(cell, bool)
        else cell
        for cell in row
    )

"""What the service guarantee would have cost in a month: counted record by record, by promise and city."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from mend.damage.scoring.measured import provided_by_sources
from mend.foundation.engine.duckdb_engine import DUCKDB_TYPES
from mend.foundation.home import Home
from mend.foundation.lake.filters import all_of, at_least, at_most, equal
from mend.foundation.periods import day_begins, day_ends, days_of, month_of, next_month_begins
from mend.foundation.persons import persons_of, put_persons, view_snapshots
from mend.foundation.pipeline.model import read_model
from mend.foundation.pipeline.runner import Step, open_step
from mend.foundation.pipeline.workbench import Workbench
from mend.foundation.schema import TABLES
from mend.prevention.playbooks.next_month import next_count
from mend.prevention.playbooks.promises import HOME_FOLDER, Guarantee, Promise, guarantee_on, load_guarantees

ROOM: Final = "prevention/playbooks"
TABLE: Final = "mart_guarantee_month"
LONGEST_SUSPENSION: Final = dt.timedelta(days=366)
SNAPSHOT_REACH: Final = dt.timedelta(days=92)  # whoever is in no snapshot of so many days has no known city
TERM: Final = {"promise_code": "varchar", "most_per_month": "integer"}
CASE: Final = {
    "promise_code": "varchar", "case_id": "varchar", "customer_id": "varchar", "city_code": "varchar",
    "state_code": "varchar", "decided_at": "timestamptz",
}  # fmt: skip
COUNTS: Final = (
    "case_count", "kept_count", "broken_count", "unknown_count", "nameless_count", "capped_count", "paid_count",
)  # fmt: skip


@dataclass(frozen=True)
class GuaranteeReport:
    """A month's promises: how many were measured, cases, broken ones, yuan, and what the sources do not map."""

    month: str
    promises: int
    measured: int
    cases: int
    broken: int
    unknown: int
    yuan: int
    warnings: tuple[str, ...]


def measure_guarantee(
    home: Home, bench: Workbench, month: str, provided: Mapping[str, frozenset[str]] | None = None
) -> GuaranteeReport:
    """Write mart_guarantee_month of a month (YYYY-MM), in place of what is there. It follows from records up to the
    month's end: what comes later changes nothing but by a late or corrected row of the month.

    Args:
        provided: columns that the sources map, by record; None: the home's sources say.
    """
    days = days_of(month)
    guarantee = guarantee_on(days[-1], load_guarantees(home.root / HOME_FOLDER))
    given = provided_by_sources(home) if provided is None else provided
    reasons = {each.code: each.why_not_measured(given) for each in guarantee.promises}
    measured = [each for each in guarantee.promises if reasons[each.code] is None]
    with open_step(bench, "guarantee") as step:
        _find_cases(step, home, measured, days)
        rows = _rows(step, guarantee, reasons, month, days)
        kinds = {column.name: DUCKDB_TYPES[column.type] for column in TABLES[TABLE].columns}
        step.put("guarantee_month", kinds, [[row.get(name) for name in kinds] for row in rows])
        bench.lake.replace(TABLE, equal("month", month), step.write(TABLE, "guarantee_month"))
    return _report(month, guarantee, reasons, rows)


def _find_cases(step: Step, home: Home, promises: Sequence[Promise], days: list[dt.date]) -> None:
    """Make promise_paid: every case of the month with its state, city, and whether it is paid."""
    put_persons(step, persons_of(step.bench, days[-1]))
    view_snapshots(step, days[0] - SNAPSHOT_REACH, days[-1])
    step.run(read_model(ROOM, "customer_city"))
    step.put("promise_term", TERM, [(each.code, each.most_per_month) for each in promises])
    step.put("promise_case", CASE, [])
    between = {"first_at": day_begins(days[0], home.zone), "after_at": day_ends(days[-1], home.zone)}
    for each in promises:
        _view(step, each, days)
        values = {"promise_code": each.code, "limit_seconds": each.limit_seconds, **between}
        fills = {"made_for": each.of.sql() if each.of else "true"}
        step.add(read_model(ROOM, f"{each.kind}_promise"), "promise_case", values, fills)
    step.run(read_model(ROOM, "promise_paid"))


def _view(step: Step, promise: Promise, days: list[dt.date]) -> None:
    """The records of a promise as far back as one that was decided in the month may have begun."""
    back = dt.timedelta(seconds=promise.limit_seconds) + dt.timedelta(days=1)
    if promise.kind == "answer":
        step.view("core_contact", days=days)
    elif promise.kind == "callback":
        first = at_least("requested_on", days[0] - back)
        step.view("core_callback_booking", where=all_of(first, at_most("requested_on", days[-1])))
    else:
        first = at_least("opened_on", days[0] - back - LONGEST_SUSPENSION)
        step.view("core_ticket_version", where=all_of(first, at_most("opened_on", days[-1])))


def _rows(
    step: Step, guarantee: Guarantee, reasons: Mapping[str, str | None], month: str, days: Sequence[dt.date]
) -> list[dict[str, Any]]:
    """The table's rows: each promise for the whole centre, and for every city that had a case."""
    counts: dict[str, list[tuple[Any, ...]]] = defaultdict(list)
    for code, *found in step.rows(read_model(ROOM, "guarantee_count")):
        counts[code].append(tuple(found))
    daily = _daily(step, days)
    next_days = len(days_of(month_of(next_month_begins(days[0]))))
    rows = []
    for each in guarantee.promises:
        own = _of_promise(each, guarantee, month)
        if (reason := reasons[each.code]) is not None:
            rows.append(own | {"is_measured": False, "why_not_measured": reason})
            continue
        nothing = (None, *(0 for _ in COUNTS))
        for city, *numbers in counts[each.code] or [nothing]:
            known = own | {"is_measured": True, "city_code": city} | dict(zip(COUNTS, numbers, strict=True))
            rows.append(known | _yuan(known, daily[each.code, city], next_days, each))
    return rows


def _of_promise(promise: Promise, guarantee: Guarantee, month: str) -> dict[str, Any]:
    return {
        "month": month, "promise_code": promise.code, "promise_en": promise.en, "promise_zh": promise.zh,
        "kind_code": promise.kind, "limit_seconds": promise.limit_seconds, "amount": promise.yuan,
        "promises_valid_from": guarantee.valid_from,
    }  # fmt: skip


def _yuan(counted: Mapping[str, Any], daily: Sequence[int], days: int, promise: Promise) -> dict[str, int]:
    low, high = next_count(daily, days)
    return {
        "yuan": promise.yuan * counted["paid_count"],
        "unknown_yuan": promise.yuan * (counted["unknown_count"] + counted["nameless_count"]),
        "next_low": promise.yuan * low,
        "next_high": promise.yuan * high,
    }


def _daily(step: Step, days: Sequence[dt.date]) -> dict[tuple[str, str | None], list[int]]:
    """Paid cases a day, zeros among them, by promise and city; city None is the whole centre."""
    places = {day: place for place, day in enumerate(days)}
    found: dict[tuple[str, str | None], list[int]] = defaultdict(lambda: [0] * len(days))
    for code, city, day, count in step.rows(read_model(ROOM, "guarantee_day")):
        for where in (city, None):
            found[code, where][places[day]] += int(count)
    return found


def _report(
    month: str, guarantee: Guarantee, reasons: Mapping[str, str | None], rows: Sequence[Mapping[str, Any]]
) -> GuaranteeReport:
    whole = [row for row in rows if row["is_measured"] and row["city_code"] is None]
    return GuaranteeReport(
        month=month,
        promises=len(guarantee.promises),
        measured=len(whole),
        cases=sum(row["case_count"] for row in whole),
        broken=sum(row["broken_count"] for row in whole),
        unknown=sum(row["unknown_count"] for row in whole),
        yuan=sum(row["yuan"] for row in whole),
        warnings=tuple(f"{code}: not measured: {reason}" for code, reason in reasons.items() if reason is not None),
    )


def read_month(step: Step, month: str) -> list[dict[str, Any]]:
    """The table's rows of a month, the whole centre before its cities."""
    step.view(TABLE, "guarantee_file", where=equal("month", month))
    names = list(TABLES[TABLE].column_names)
    return [
        dict(zip(names, row, strict=True)) for row in step.rows(read_model(ROOM, "guarantee_row"), {"month": month})
    ]

"""Complete months that a run may have changed, and the months that closing one takes along."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection
from typing import Final

from mend import operations
from mend.calendar import ONE_DAY, first_day_of
from mend.home import Home
from mend.lake.filters import one_of
from mend.workbench import Workbench

# A day's damage is decided up to a day later (calls that nobody followed up), and stands on the day its incident
# began, up to a day earlier.
REACH: Final = 2 * ONE_DAY


def due(home: Home, bench: Workbench, days: Collection[dt.date]) -> list[str]:
    """The complete months (YYYY-MM) that the arrivals of these business dates may have changed, in order.

    A month is complete when the core tables hold a day at or after its last one. What changes a month changes all after
    it, by windows that reach over its end and by the carry-over. Months before the first scored day are none.
    """
    loaded = operations.loaded_dates(home.database_url)
    scored = _scored_days(bench)
    if not loaded or not days or not scored:
        return []
    changed = [min(days) - REACH, *_changed_days(bench, days)]
    last = min(loaded[-1], _next_month(max(scored)) - ONE_DAY)
    return complete_months(max(min(changed), min(scored)), last)


def to_close(bench: Workbench, month: str) -> list[str]:
    """What closing a month takes, in order: months before it that are not closed, itself, closed months after it.

    A month's score carries over into the next.
    """
    closed = _months(bench, "mart_damage_month", "where is_closed")
    scored = _scored_days(bench)
    is_scored = bool(scored) and first_day_of(month) <= max(scored)
    earlier = complete_months(min(scored), first_day_of(month) - ONE_DAY) if is_scored else []
    return [*(each for each in earlier if each not in closed), month, *(each for each in closed if each > month)]


def to_list(bench: Workbench, month: str) -> list[str]:
    """The months whose lists go with a month's close, in order: itself, closed months after it or without a list."""
    listed = _months(bench, "mart_damage_list")
    closed = _months(bench, "mart_damage_month", "where is_closed")
    return sorted({month, *(each for each in closed if each > month or each not in listed)})


def complete_months(first: dt.date, last: dt.date) -> list[str]:
    """The months from that of `first` on that are over with `last`.

    >>> complete_months(dt.date(2026, 1, 31), dt.date(2026, 3, 30))
    ['2026-01', '2026-02']
    >>> complete_months(dt.date(2026, 2, 1), dt.date(2026, 2, 28))
    ['2026-02']
    """
    months, month = [], first.replace(day=1)
    while (following := _next_month(month)) <= last + ONE_DAY:
        months.append(f"{month:%Y-%m}")
        month = following
    return months


def _changed_days(bench: Workbench, days: Collection[dt.date]) -> list[dt.date]:
    bench.view("core_change", where=one_of("arrived_on", sorted(days)), as_name="change_file")
    query = "select min(subject_on) from change_file where list_contains($days, arrived_on)"
    return [day for (day,) in bench.sql(query, {"days": sorted(days)}) if day is not None]


def _scored_days(bench: Workbench) -> set[dt.date]:
    return bench.lake.days("mart_exposure_day", "subject_on") | bench.lake.days("mart_damage_ledger", "subject_on")


def _months(bench: Workbench, table: str, condition: str = "") -> list[str]:
    bench.view(table, as_name="month_file")
    return [month for (month,) in bench.sql(f"select distinct month from month_file {condition} order by month")]


def _next_month(day: dt.date) -> dt.date:
    return (day.replace(day=1) + 31 * ONE_DAY).replace(day=1)

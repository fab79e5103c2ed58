"""Which business days or which month a run is for: the only place that knows.

The first of these that is there decides: the run's partition key, its parameters, its logical date, the moment it was
due (`run_after`). Runs started by hand, by an asset or by a partitioned schedule have no logical date. Days are those
of the business zone, and a day is taken from a clock time only once it is over: a run at 10:00 is for yesterday.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from mend.foundation.home import Home
from mend.foundation.periods import (
    DAY,
    ONE_DAY,
    Period,
    is_day,
    local_day,
    month_before,
    next_month_begins,
    read_day,
    read_period,
    whole_month,
)


@dataclass(frozen=True)
class Run:
    """What Airflow says of a run, as far as its business date depends on it."""

    run_after: dt.datetime
    partition_key: str | None = None
    params: Mapping[str, Any] | None = None
    logical_date: dt.datetime | None = None

    @classmethod
    def of(cls, context: Mapping[str, Any]) -> Run:
        """From a task's context."""
        run = context["dag_run"]
        return cls(run.run_after, run.partition_key, context.get("params"), context.get("logical_date"))

    def param(self, name: str) -> str:
        """The parameter as text, empty when it has no value."""
        return str((self.params or {}).get(name) or "").strip()


def business_zone() -> str:
    """The home's business zone, for the schedules of DAG files."""
    return Home.from_environment().zone


def days_of(run: Run, zone: str) -> Period:
    """The business days of a daily run. Raises CalendarError for a key or parameter that names none."""
    if run.partition_key:
        return read_period(run.partition_key)
    first, last = run.param("from_day"), run.param("to_day")
    if first or last:
        return Period(read_day(first or last), read_day(last or first))
    yesterday = _yesterday(run, zone)
    day = yesterday if run.logical_date is None else min(local_day(run.logical_date, zone), yesterday)
    return Period(day, day)


def month_of(run: Run, zone: str) -> Period:
    """The month of a monthly run, by default the last that is over. Raises CalendarError for a key or parameter
    that names none.
    """
    named = run.partition_key or run.param("month")
    if named:
        return whole_month(read_period(named).month if DAY.fullmatch(named) else named)
    day_after = _yesterday(run, zone) + ONE_DAY
    if run.logical_date is not None:
        day_after = min(next_month_begins(local_day(run.logical_date, zone)), day_after)
    return whole_month(month_before(day_after))


def campaign_month_of(run: Run, zone: str) -> Period:
    """The month of a run that looks at a campaign's effect: by default the one before the last that is over. Its
    campaign ran in that last month, and the snapshots after it are there.
    """
    if run.partition_key or run.param("month"):
        return month_of(run, zone)
    return whole_month(month_before(month_of(run, zone).first))


def _yesterday(run: Run, zone: str) -> dt.date:
    """The last day that was over when the run was due."""
    day = local_day(run.run_after, zone) - ONE_DAY
    return day if is_day(day, zone) else day - ONE_DAY

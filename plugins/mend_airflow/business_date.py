"""Which business days or which month a run is for: the only place that knows.

The first of these that is there decides: the run's partition key, its parameters, its logical date, the moment it was
due (`run_after`). Runs started by hand, by an asset or by a partitioned schedule have no logical date. Days are those
of the business zone, and a day is taken from a clock time only once it is over: a run at 10:00 is for yesterday.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final
from zoneinfo import ZoneInfo

from mend.foundation.home import Home
from mend.foundation.periods import is_day

# as in mend.foundation.pipeline.workbench, which DAG files must not import; a test compares the two
DEFAULT_ZONE: Final = "Asia/Shanghai"
DAY: Final = re.compile(r"\d{4}-\d{2}-\d{2}")
MONTH: Final = re.compile(r"\d{4}-\d{2}")


class BusinessDateError(ValueError):
    """A run's days or month cannot be told; the message names the value."""


@dataclass(frozen=True)
class Period:
    """The business days of a run, both ends included.

    Args:
        chosen: the days that a step looks at, where these are others than all of the run's.
    """

    first: dt.date
    last: dt.date
    chosen: tuple[dt.date, ...] | None = None

    def __post_init__(self) -> None:
        if self.first > self.last:
            raise BusinessDateError(f"the first day, {self.first}, lies after the last, {self.last}")

    @property
    def days(self) -> list[dt.date]:
        """Every day, in order.

        >>> [str(day) for day in Period(dt.date(2026, 2, 27), dt.date(2026, 3, 1)).days]
        ['2026-02-27', '2026-02-28', '2026-03-01']
        """
        if self.chosen is not None:
            return list(self.chosen)
        return [self.first + dt.timedelta(days=number) for number in range((self.last - self.first).days + 1)]

    @property
    def partition_keys(self) -> list[str]:
        return [day.isoformat() for day in self.days]

    @property
    def month(self) -> str:
        """The month of its last day, YYYY-MM."""
        return self.last.isoformat()[:7]

    def __str__(self) -> str:
        return str(self.first) if self.first == self.last else f"{self.first} to {self.last}"


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
    return Home.from_environment().business_zone or DEFAULT_ZONE


def days_of(run: Run, zone: str) -> Period:
    """The business days of a daily run. Raises BusinessDateError for a key or parameter that names none."""
    if run.partition_key:
        return period(run.partition_key)
    first, last = run.param("from_day"), run.param("to_day")
    if first or last:
        return Period(_day(first or last), _day(last or first))
    yesterday = _yesterday(run, zone)
    day = yesterday if run.logical_date is None else min(local_day(run.logical_date, zone), yesterday)
    return Period(day, day)


def month_of(run: Run, zone: str) -> Period:
    """The month of a monthly run, by default the last that is over. Raises BusinessDateError for a key or parameter
    that names none.
    """
    named = run.partition_key or run.param("month")
    if named:
        return whole_month(period(named).month if DAY.fullmatch(named) else named)
    day_after = _yesterday(run, zone) + dt.timedelta(days=1)
    if run.logical_date is not None:
        day_after = min(_first_of_next_month(local_day(run.logical_date, zone)), day_after)
    last = day_after.replace(day=1) - dt.timedelta(days=1)
    return Period(last.replace(day=1), last)


def period(key: str) -> Period:
    """The days of a partition key: `2026-03-05` is a day, `2026-03` a whole month."""
    return whole_month(key) if MONTH.fullmatch(key) else Period(_day(key), _day(key))


def whole_month(month: str) -> Period:
    """All days of a month.

    >>> str(whole_month("2024-02"))
    '2024-02-01 to 2024-02-29'
    """
    if not MONTH.fullmatch(month):
        raise BusinessDateError(f"{month!r} is not a month such as 2026-03")
    first = _day(f"{month}-01")
    return Period(first, _first_of_next_month(first) - dt.timedelta(days=1))


def _day(text: str) -> dt.date:
    try:
        if not DAY.fullmatch(text):
            raise ValueError
        return dt.date.fromisoformat(text)
    except ValueError:
        raise BusinessDateError(f"{text!r} is not a day such as 2026-03-05") from None


def _yesterday(run: Run, zone: str) -> dt.date:
    """The last day that was over when the run was due."""
    day = local_day(run.run_after, zone) - dt.timedelta(days=1)
    return day if is_day(day, zone) else day - dt.timedelta(days=1)


def local_day(moment: dt.datetime, zone: str) -> dt.date:
    """The business date of an instant."""
    return moment.astimezone(ZoneInfo(zone)).date()


def _first_of_next_month(day: dt.date) -> dt.date:
    return (day.replace(day=1) + dt.timedelta(days=31)).replace(day=1)

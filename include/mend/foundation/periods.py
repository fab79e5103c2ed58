"""Business days, months as YYYY-MM, the period of a run, and the moments at which a business date begins and ends."""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass
from typing import Final
from zoneinfo import ZoneInfo

from mend.errors import BadConfigurationError

ONE_DAY: Final = dt.timedelta(days=1)
DEFAULT_ZONE: Final = "Asia/Shanghai"  # the business zone of a home that was told none
DAY: Final = re.compile(r"\d{4}-\d{2}-\d{2}")
MONTH: Final = re.compile(r"\d{4}-\d{2}")


class CalendarError(BadConfigurationError, ValueError):
    """A day, a month or a period that is none; the message shows it."""


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
            raise CalendarError(f"the first day, {self.first}, lies after the last, {self.last}")

    @property
    def days(self) -> list[dt.date]:
        """The days that a step looks at, in order.

        >>> [str(day) for day in Period(dt.date(2026, 2, 27), dt.date(2026, 3, 1)).days]
        ['2026-02-27', '2026-02-28', '2026-03-01']
        """
        return self.own_days if self.chosen is None else list(self.chosen)

    @property
    def own_days(self) -> list[dt.date]:
        """The run's own days, whatever a step looks at."""
        return days_between(self.first, self.last)

    @property
    def partition_keys(self) -> list[str]:
        return [day.isoformat() for day in self.days]

    @property
    def month(self) -> str:
        """The month of its last day, YYYY-MM."""
        return month_of(self.last)

    def __str__(self) -> str:
        return str(self.first) if self.first == self.last else f"{self.first} to {self.last}"


def read_period(key: str) -> Period:
    """The days of a partition key: `2026-03-05` is a day, `2026-03` a whole month. CalendarError for anything else."""
    return whole_month(key) if MONTH.fullmatch(key) else Period(read_day(key), read_day(key))


def whole_month(month: str) -> Period:
    """All days of a month.

    >>> str(whole_month("2024-02"))
    '2024-02-01 to 2024-02-29'
    """
    days = days_of(month)
    return Period(days[0], days[-1])


def read_day(text: str) -> dt.date:
    """A day written as YYYY-MM-DD, and in no other way that ISO 8601 knows. CalendarError for anything else.

    >>> read_day("2026-03-05")
    datetime.date(2026, 3, 5)
    """
    try:
        if not DAY.fullmatch(text):
            raise ValueError
        return dt.date.fromisoformat(text)
    except ValueError:
        raise CalendarError(f"{text!r} is not a day such as 2026-03-05") from None


def days_between(first: dt.date, last: dt.date) -> list[dt.date]:
    """Every day from the first to the last, both included; none when the last lies before."""
    return [first + number * ONE_DAY for number in range((last - first).days + 1)]


def first_day_of(month: str) -> dt.date:
    """The first day of a month given as YYYY-MM. CalendarError for anything else.

    >>> first_day_of("2026-02")
    datetime.date(2026, 2, 1)
    """
    try:
        if not MONTH.fullmatch(month):
            raise ValueError
        return dt.date.fromisoformat(f"{month}-01")
    except ValueError:
        raise CalendarError(f"{month!r} is not a month such as 2026-03") from None


def days_of(month: str) -> list[dt.date]:
    """Every day of a month given as YYYY-MM.

    >>> len(days_of("2026-02"))
    28
    """
    first = first_day_of(month)
    return days_between(first, next_month_begins(first) - ONE_DAY)


def next_month_begins(day: dt.date) -> dt.date:
    """The first day of the month after a day's.

    >>> next_month_begins(dt.date(2026, 12, 31))
    datetime.date(2027, 1, 1)
    """
    return (day.replace(day=1) + 31 * ONE_DAY).replace(day=1)


def months_between(first: dt.date, last: dt.date) -> list[str]:
    """The months of all days from the first to the last, in order; none when the last lies before.

    >>> months_between(dt.date(2025, 12, 31), dt.date(2026, 2, 1))
    ['2025-12', '2026-01', '2026-02']
    """
    months, day = [], first
    while day <= last:
        months.append(month_of(day))
        day = next_month_begins(day)
    return months


def month_of(day: dt.date) -> str:
    """A day's month as YYYY-MM.

    >>> month_of(dt.date(2026, 1, 31))
    '2026-01'
    """
    return f"{day:%Y-%m}"


def month_before(day: dt.date) -> str:
    """The month before a day's, as YYYY-MM.

    >>> month_before(dt.date(2026, 1, 31))
    '2025-12'
    """
    return month_of(day.replace(day=1) - ONE_DAY)


def local_day(moment: dt.datetime, zone: str) -> dt.date:
    """The business date of an instant.

    >>> local_day(dt.datetime(2026, 3, 5, 16, tzinfo=dt.UTC), "Asia/Shanghai")
    datetime.date(2026, 3, 6)
    """
    return moment.astimezone(ZoneInfo(zone)).date()


def day_begins(day: dt.date, zone: str) -> dt.datetime:
    """The first instant of a business date, in UTC. Where clocks skip midnight it is the change; where they show it
    twice, the first.

    A date that the zone left out begins and ends at one instant. So each instant is in one date: that which its local
    clock shows.

    >>> day_begins(dt.date(2026, 3, 6), "Asia/Shanghai")
    datetime.datetime(2026, 3, 5, 16, 0, tzinfo=datetime.timezone.utc)
    >>> str(day_begins(dt.date(2026, 4, 24), "Africa/Cairo").astimezone(ZoneInfo("Africa/Cairo")))
    '2026-04-24 01:00:00+03:00'
    """
    return dt.datetime.combine(day, dt.time(), ZoneInfo(zone)).astimezone(dt.UTC)


def day_ends(day: dt.date, zone: str) -> dt.datetime:
    """The first instant after a business date, in UTC."""
    return day_begins(day + ONE_DAY, zone)


def is_day(day: dt.date, zone: str) -> bool:
    """Whether the zone has that date: Samoa went from 29 to 31 December 2011.

    >>> [is_day(dt.date(2011, 12, number), "Pacific/Apia") for number in (29, 30, 31)]
    [True, False, True]
    """
    return day_begins(day, zone) < day_ends(day, zone)

"""Months as YYYY-MM and their days, and the moments at which a business date begins and ends."""

from __future__ import annotations

import datetime as dt
from typing import Final
from zoneinfo import ZoneInfo

ONE_DAY: Final = dt.timedelta(days=1)


class CalendarError(ValueError):
    """A month that is none; the message shows it."""


def first_day_of(month: str) -> dt.date:
    """The first day of a month given as YYYY-MM. CalendarError for anything else.

    >>> first_day_of("2026-02")
    datetime.date(2026, 2, 1)
    """
    try:
        return dt.date.fromisoformat(f"{month}-01")
    except ValueError:
        raise CalendarError(f"{month!r} is not a month, such as 2026-05") from None


def days_of(month: str) -> list[dt.date]:
    """Every day of a month given as YYYY-MM.

    >>> len(days_of("2026-02"))
    28
    """
    first = first_day_of(month)
    after = (first + 31 * ONE_DAY).replace(day=1)
    return [first + number * ONE_DAY for number in range((after - first).days)]


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

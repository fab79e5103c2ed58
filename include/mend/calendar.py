"""Months as YYYY-MM and their days."""

from __future__ import annotations

import datetime as dt
from typing import Final

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

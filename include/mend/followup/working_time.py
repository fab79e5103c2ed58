"""Time that a limit counts: all of it, or the working hours of a calendar with its public holidays and shifted workdays."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import Final, Protocol
from zoneinfo import ZoneInfo

ONE_DAY: Final = dt.timedelta(days=1)
NOTHING: Final = dt.timedelta(0)
FURTHEST_DAYS: Final = 800  # a limit that is not reached in so many days never is


class Calendar(Protocol):
    """What clocks ask of a calendar. Moments carry a zone."""

    def between(self, start: dt.datetime, end: dt.datetime) -> dt.timedelta:
        """Time that counts between the moments; negative when `end` is the earlier one."""
        ...

    def after(self, start: dt.datetime, amount: dt.timedelta) -> dt.datetime:
        """The first moment, from `start` on, by which so much time has counted."""
        ...


@dataclass(frozen=True)
class Always:
    """Every hour counts."""

    def between(self, start: dt.datetime, end: dt.datetime) -> dt.timedelta:
        return end.astimezone(dt.UTC) - start.astimezone(dt.UTC)

    def after(self, start: dt.datetime, amount: dt.timedelta) -> dt.datetime:
        return start.astimezone(dt.UTC) + max(amount, NOTHING)


@dataclass(frozen=True)
class Working:
    """The hours from `start` to `until` (local time) of workdays. A Chinese Saturday that makes up for a holiday is a workday."""

    country: str
    zone: str
    start: dt.time
    until: dt.time

    def between(self, start: dt.datetime, end: dt.datetime) -> dt.timedelta:
        if end < start:
            return -self.between(end, start)
        first = start.astimezone(ZoneInfo(self.zone)).date()
        spans = self._spans(first, end.astimezone(ZoneInfo(self.zone)).date())
        return sum((max(NOTHING, min(until, end) - max(begin, start)) for begin, until in spans), NOTHING)

    def after(self, start: dt.datetime, amount: dt.timedelta) -> dt.datetime:
        left = amount
        if left <= NOTHING:
            return start.astimezone(dt.UTC)
        first = start.astimezone(ZoneInfo(self.zone)).date()
        for begin, until in self._spans(first, first + FURTHEST_DAYS * ONE_DAY):
            here = max(NOTHING, until - max(begin, start))
            if here >= left:
                return max(begin, start).astimezone(dt.UTC) + left
            left -= here
        raise OverflowError(f"{amount} of working time are not over within {FURTHEST_DAYS} days")

    def _spans(self, first: dt.date, last: dt.date) -> Iterator[tuple[dt.datetime, dt.datetime]]:
        """The working hours of each workday, as instants: a day on which clocks change is shorter or longer."""
        zone = ZoneInfo(self.zone)
        for number in range((last - first).days + 1):
            day = first + number * ONE_DAY
            if is_workday(self.country, day):
                begin, until = (dt.datetime.combine(day, at, zone).astimezone(dt.UTC) for at in (self.start, self.until))
                yield begin, until


@lru_cache(maxsize=10_000)
def is_workday(country: str, day: dt.date) -> bool:
    """Whether people of the country work that day, by its public holidays and its shifted workdays.

    >>> [is_workday("CN", dt.date(2026, 2, day)) for day in (13, 14, 16, 24)]
    [True, True, False, True]
    """
    return bool(_holidays(country, day.year).is_working_day(day))


@lru_cache(maxsize=64)
def _holidays(country: str, year: int):  # type: ignore[no-untyped-def] # the library's class has no public name
    import holidays

    # The year after knows of New Year's days that are moved to the end of this one.
    return holidays.country_holidays(country, years=[year, year + 1])

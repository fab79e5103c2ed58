"""Time that a limit counts: all of it, or the working hours of a calendar with its public holidays and shifted
workdays.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final, Protocol
from zoneinfo import ZoneInfo

from mend.care.followup.workdays import is_workday, unpublished_years
from mend.foundation.periods import day_begins

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

    def unsure_years(self, start: dt.datetime, end: dt.datetime) -> tuple[int, ...]:
        """The years between the moments whose make-up workdays are not published: what was counted of them may be
        off.
        """
        ...


@dataclass(frozen=True)
class Always:
    """Every hour counts."""

    def between(self, start: dt.datetime, end: dt.datetime) -> dt.timedelta:
        return end.astimezone(dt.UTC) - start.astimezone(dt.UTC)

    def after(self, start: dt.datetime, amount: dt.timedelta) -> dt.datetime:
        return start.astimezone(dt.UTC) + max(amount, NOTHING)

    def unsure_years(self, start: dt.datetime, end: dt.datetime) -> tuple[int, ...]:  # noqa: ARG002 - as the protocol has it
        return ()


@dataclass(frozen=True)
class Working:
    """The hours from `start` to `until` (local time; None: to the end of the day) of workdays, of every day without a
    country. A Chinese Saturday that makes up for a holiday is a workday."""

    country: str | None
    zone: str
    start: dt.time
    until: dt.time | None
    subdivision: str | None = None

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

    def unsure_years(self, start: dt.datetime, end: dt.datetime) -> tuple[int, ...]:
        first, last = (each.astimezone(ZoneInfo(self.zone)).date() for each in (start, max(start, end)))
        return unpublished_years(self.country, first, last, self.subdivision)

    def _spans(self, first: dt.date, last: dt.date) -> Iterator[tuple[dt.datetime, dt.datetime]]:
        """The working hours of each workday, as instants: a day on which clocks change is shorter or longer."""
        zone = ZoneInfo(self.zone)
        for number in range((last - first).days + 1):
            day = first + number * ONE_DAY
            if is_workday(self.country, day, self.subdivision):
                until = (
                    dt.datetime.combine(day, self.until, zone) if self.until else day_begins(day + ONE_DAY, self.zone)
                )
                yield dt.datetime.combine(day, self.start, zone).astimezone(dt.UTC), until.astimezone(dt.UTC)

"""Promise clocks as pure functions on intervals: nothing is counted twice, nothing is lost, and time that is past stays
past.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from typing import Final, TypeAlias

from mend.care.followup.working_time import Calendar

# From the first moment, before the second; None: still running.
Interval: TypeAlias = tuple[dt.datetime, dt.datetime | None]
# At this moment the clock runs from now on, or stands from now on.
Mark: TypeAlias = tuple[dt.datetime, bool]
NOTHING: Final = dt.timedelta(0)


def intervals(marks: Iterable[Mark]) -> list[Interval]:
    """The intervals in which a clock with these marks (in order of time) runs.

    Two pauses in a row are one, and a resume of a running clock does nothing.

    >>> ten, eleven, noon = (dt.datetime(2026, 5, 11, hour, tzinfo=dt.UTC) for hour in (10, 11, 12))
    >>> intervals([(ten, True), (eleven, False), (noon, False)]) == [(ten, eleven)]
    True
    """
    found: list[Interval] = []
    for moment, runs in marks:
        is_running = bool(found) and found[-1][1] is None
        if runs and not is_running:
            found.append((moment, None))
        if not runs and is_running:
            found[-1] = (found[-1][0], moment)
    return [(start, end) for start, end in found if start != end]


def elapsed(spans: Sequence[Interval], calendar: Calendar, at: dt.datetime) -> dt.timedelta:
    """Time counted until `at`."""
    past = [(start, min(end or at, at)) for start, end in spans if start < at]
    return sum((calendar.between(start, end) for start, end in past), NOTHING)


def left(spans: Sequence[Interval], limit: dt.timedelta, calendar: Calendar, at: dt.datetime) -> dt.timedelta:
    """Time left of the limit; negative when it is past."""
    return limit - elapsed(spans, calendar, at)


def due_at(spans: Sequence[Interval], limit: dt.timedelta, calendar: Calendar) -> dt.datetime | None:
    """When the limit is reached, or was; None for a clock that stands with time left (nobody knows when it goes on)."""
    remaining = limit
    for start, end in spans:
        reached = calendar.after(start, remaining)
        if end is None or reached <= end:
            return reached
        remaining -= calendar.between(start, end)
    return None


def is_past(spans: Sequence[Interval], limit: dt.timedelta, calendar: Calendar, at: dt.datetime) -> bool:
    """Whether the limit was reached before `at`; an answer at the very limit is in time."""
    due = due_at(spans, limit, calendar)
    return due is not None and due < at

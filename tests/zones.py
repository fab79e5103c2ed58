"""The zones of the world, one of each kind: zones whose clocks agree over some years behave alike."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from functools import cache
from zoneinfo import ZoneInfo, available_timezones

ONE_WEEK = dt.timedelta(days=7)
SECOND = dt.timedelta(seconds=1)
Change = tuple[dt.datetime, dt.timedelta]


@cache
def kinds(first_year: int, last_year: int) -> dict[str, list[dt.datetime]]:
    """For one zone of each kind, the instants at which its clocks change."""
    found: dict[tuple[Change, ...], str] = {}
    for zone in sorted(available_timezones() - {"localtime"}):
        found.setdefault(tuple(_changes(zone, first_year, last_year)), zone)
    return {zone: [moment for moment, _ in changes[1:]] for changes, zone in found.items()}


def _changes(zone: str, first_year: int, last_year: int) -> Iterator[Change]:
    """The offset at first, and each change of it with its instant."""
    info = ZoneInfo(zone)
    at, end = dt.datetime(first_year, 1, 1, tzinfo=dt.UTC), dt.datetime(last_year + 1, 1, 1, tzinfo=dt.UTC)
    offset = at.astimezone(info).utcoffset() or dt.timedelta()
    yield at, offset
    while at < end:
        after = (at + ONE_WEEK).astimezone(info).utcoffset() or dt.timedelta()
        if after != offset:
            yield _instant(info, at, offset), after
        at, offset = at + ONE_WEEK, after


def _instant(info: ZoneInfo, start: dt.datetime, before: dt.timedelta) -> dt.datetime:
    """The first second, within a week of `start`, with another offset than `before`."""
    low, high = start, start + ONE_WEEK
    while high - low > SECOND:
        middle = low + (high - low) // (2 * SECOND) * SECOND
        low, high = (middle, high) if middle.astimezone(info).utcoffset() == before else (low, middle)
    return high

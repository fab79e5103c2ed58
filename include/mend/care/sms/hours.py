"""Quiet hours: a customer who may be in several time zones is written to only when the hour is right in each."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from functools import lru_cache
from typing import Final
from zoneinfo import ZoneInfo

ONE_DAY: Final = dt.timedelta(days=1)
DAYS_AHEAD: Final = 3


def next_allowed(
    at: dt.datetime, zones: Sequence[str], allowed_from: str | None, allowed_until: str | None
) -> dt.datetime | None:
    """The first instant from `at` on at which the local time is within [from, until) in every zone; None when there is
    none.

    Without zones, or without hours, that is `at` itself. A span whose end is not after its start reaches over midnight.

    >>> night = dt.datetime(2026, 5, 1, 13, 0, tzinfo=dt.UTC)  # 21:00 in Shanghai
    >>> next_allowed(night, ["Asia/Shanghai"], "09:00", "20:30").isoformat()
    '2026-05-02T01:00:00+00:00'
    """
    if allowed_from is None or allowed_until is None or not zones:
        return at
    spans = [_spans(at.astimezone(dt.UTC).date(), zone, allowed_from, allowed_until) for zone in sorted(set(zones))]
    # Where all allow, one of them has just begun, or it is now.
    candidates = sorted({at, *(start for each in spans for start, _ in each if start > at)})
    return next((moment for moment in candidates if all(_within(moment, each) for each in spans)), None)


def _within(moment: dt.datetime, spans: Sequence[tuple[dt.datetime, dt.datetime]]) -> bool:
    return any(start <= moment < end for start, end in spans)


@lru_cache(maxsize=4096)
def _spans(
    day: dt.date, zone: str, allowed_from: str, allowed_until: str
) -> tuple[tuple[dt.datetime, dt.datetime], ...]:
    """The allowed spans of a zone around a day, as instants (UTC)."""
    start, end = dt.time.fromisoformat(allowed_from), dt.time.fromisoformat(allowed_until)
    overnight = ONE_DAY if end <= start else ONE_DAY * 0
    days = [day + number * ONE_DAY for number in range(-2, DAYS_AHEAD)]
    return tuple((_instant(each, start, zone), _instant(each + overnight, end, zone)) for each in days)


def _instant(day: dt.date, time: dt.time, zone: str) -> dt.datetime:
    return dt.datetime.combine(day, time, ZoneInfo(zone)).astimezone(dt.UTC)

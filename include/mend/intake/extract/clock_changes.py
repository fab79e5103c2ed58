"""When a zone's clocks go back: the local times that come twice."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from functools import lru_cache
from typing import Final
from zoneinfo import ZoneInfo

FIRST, LAST = dt.datetime(1970, 1, 1, tzinfo=dt.UTC), dt.datetime(2199, 12, 31, tzinfo=dt.UTC)
STEP: Final = dt.timedelta(days=7)  # no zone goes back twice in a week


@dataclass(frozen=True)
class Repeats:
    """By how many seconds a zone's clocks ever went or go back, and the last local time that may come twice."""

    seconds: tuple[int, ...]
    last: dt.datetime | None


@lru_cache(maxsize=64)
def repeats(zone: str) -> Repeats:
    """The repeated local times of a zone since 1970.

    >>> repeats("America/New_York").seconds, repeats("Australia/Lord_Howe").seconds, repeats("UTC")
    ((3600,), (1800, 3600), Repeats(seconds=(), last=None))
    >>> repeats("Asia/Shanghai").last.date()
    datetime.date(1991, 9, 19)
    """
    clock = ZoneInfo(zone)
    found: set[int] = set()
    last: dt.datetime | None = None
    moment, before = FIRST, FIRST.astimezone(clock).utcoffset() or dt.timedelta()
    while moment < LAST:
        moment += STEP
        offset = moment.astimezone(clock).utcoffset() or dt.timedelta()
        if offset < before:
            found.add(round((before - offset).total_seconds()))
            last = (moment + before).replace(tzinfo=None)
        before = offset
    return Repeats(tuple(sorted(found)), last)

"""The days to load and score in the second home, in the pieces in which that is done."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable

from mend.foundation.periods import ONE_DAY, month_of


def stretches(days: Iterable[dt.date]) -> list[tuple[dt.date, dt.date]]:
    """First and last day of each piece, in order: days in a row of one month, so that no piece needs more memory than a
    month.

    >>> [f"{first:%m-%d} {last:%m-%d}" for first, last in stretches(dt.date(2026, 1, day) for day in (2, 3, 5))]
    ['01-02 01-03', '01-05 01-05']
    >>> [f"{first:%m-%d} {last:%m-%d}" for first, last in stretches([dt.date(2026, 1, 31), dt.date(2026, 2, 1)])]
    ['01-31 01-31', '02-01 02-01']
    """
    found: list[tuple[dt.date, dt.date]] = []
    for day in sorted(set(days)):
        if found and day - ONE_DAY == found[-1][1] and month_of(day) == month_of(found[-1][1]):
            found[-1] = (found[-1][0], day)
        else:
            found.append((day, day))
    return found

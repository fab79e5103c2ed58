"""Nights that are worked on together: alike in what they rest on, and no more than fit in memory."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Sequence
from itertools import groupby
from typing import Final

from mend.foundation.lake.filters import all_of, at_least, at_most
from mend.foundation.periods import ONE_DAY
from mend.foundation.pipeline.workbench import Workbench

ROWS_AT_ONCE: Final = 500_000  # open grumbles of all the nights together


def nights_at_once(bench: Workbench, open_days: int, days: Sequence[dt.date]) -> int:
    """Nights whose open grumbles are at most ROWS_AT_ONCE together, by the grumbles of the time; 1 at least.

    Args:
        open_days: days that a grumble can stay open.
    """
    first = min(days) - open_days * ONE_DAY
    grumbles = bench.lake.rows_matching(
        "mart_grumble", all_of(at_least("grumbled_on", first), at_most("grumbled_on", max(days)))
    )
    a_night = grumbles * open_days / ((max(days) - first).days + 1)
    return max(1, int(ROWS_AT_ONCE / max(1.0, a_night)))


def spans(days: Iterable[dt.date], key: Callable[[dt.date], object], most: int) -> list[tuple[dt.date, ...]]:
    """The days in order, cut where the key changes and after so many.

    >>> days = [dt.date(2026, 5, number) for number in (1, 2, 3, 4, 5)]
    >>> [[day.day for day in span] for span in spans(days, lambda day: day.day > 3, 2)]
    [[1, 2], [3], [4, 5]]
    """
    alike = [tuple(group) for _, group in groupby(sorted(set(days)), key)]
    return [span[start : start + most] for span in alike for start in range(0, len(span), most)]

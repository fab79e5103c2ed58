"""Complete months that a run may have changed, and the months that closing one takes along."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Sequence

from mend.damage.closing.inputs import MONTHS_BACK, ROOM, digests, stored_digests
from mend.foundation import operations
from mend.foundation.fact_days import fact_days
from mend.foundation.home import Home
from mend.foundation.lake.filters import one_of
from mend.foundation.periods import ONE_DAY, days_of, first_day_of, months_between, next_month_begins
from mend.foundation.pipeline.model import read_model
from mend.foundation.pipeline.runner import open_step
from mend.foundation.pipeline.workbench import Workbench


def due(home: Home, bench: Workbench, days: Collection[dt.date]) -> list[str]:
    """The complete months (YYYY-MM) that the arrivals of these business dates may have changed, in order.

    A month is complete when the core tables hold a day at or after its last one. What changes a month changes all after
    it, by windows that reach over its end and by the carry-over. Months before the first day with any fact are none.
    """
    loaded = operations.loaded_dates(home.database_url)
    known = fact_days(home, bench)
    if not loaded or not days or not known:
        return []
    changed = min([*days, *_changed_days(bench, days)])
    last = min(loaded[-1], next_month_begins(max(known)) - ONE_DAY)
    return complete_months(max(changed, min(known)), last)


def to_close(home: Home, bench: Workbench, month: str) -> list[str]:
    """What closing a month takes, in order: months before it that are not closed, or that are stale (late rows came),
    and those after them; itself; closed months after it.

    A month's score carries over into the next.
    """
    closed = sorted(stored_digests(bench))
    known = fact_days(home, bench)
    is_known = bool(known) and first_day_of(month) <= max(known)
    earlier = complete_months(min(known), first_day_of(month) - ONE_DAY) if is_known else []
    stale = stale_months(bench, [each for each in earlier if each in closed][-MONTHS_BACK:])
    first = next((each for each in earlier if each not in closed or each in stale), month)
    return [*(each for each in earlier if each >= first), month, *(each for each in closed if each > month)]


def to_list(bench: Workbench, month: str) -> list[str]:
    """The months whose lists go with a month's close, in order: itself, closed months after it, those without a list,
    and those whose list is outdated: their scores are others now."""
    closed = sorted(stored_digests(bench))
    listed = _listed(bench)
    outdated = outdated_lists(bench, closed[-MONTHS_BACK:])
    return sorted({month, *(each for each in closed if each > month or each not in listed or each in outdated)})


def stale_months(bench: Workbench, closed: Sequence[str]) -> set[str]:
    """Those of these closed months whose close read other inputs than there are now."""
    stored = stored_digests(bench)
    return {month for month, digest in digests(bench, closed) if stored.get(month) != digest}


def outdated_lists(bench: Workbench, closed: Sequence[str]) -> set[str]:
    """Those of these closed months whose list is not of the customers whom their close found."""
    if not closed:
        return set()
    with open_step(bench, "outdated_lists") as step:
        for table, name in (("mart_damage_month", "month_file"), ("mart_damage_list", "list_file")):
            step.view(table, name, where=one_of("month", closed))
        return {month for (month,) in step.rows(read_model(ROOM, "outdated_list"), {"months": list(closed)})}


def complete_months(first: dt.date, last: dt.date) -> list[str]:
    """The months from that of `first` on that are over with `last`.

    >>> complete_months(dt.date(2026, 1, 31), dt.date(2026, 3, 30))
    ['2026-01', '2026-02']
    >>> complete_months(dt.date(2026, 2, 1), dt.date(2026, 2, 28))
    ['2026-02']
    """
    return [month for month in months_between(first, last) if days_of(month)[-1] <= last]


def _listed(bench: Workbench) -> set[str]:
    bench.view("mart_damage_list", as_name="list_file")
    return {month for (month,) in bench.sql("select distinct month from list_file")}


def _changed_days(bench: Workbench, days: Collection[dt.date]) -> list[dt.date]:
    bench.view("core_change", days=days, as_name="change_file")
    return [day for (day,) in bench.sql("select min(subject_on) from change_file") if day is not None]

"""Complete months that a run may have changed, and the months that closing one takes along."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Sequence
from typing import Final

from mend.foundation import operations
from mend.foundation.fact_days import fact_days
from mend.foundation.home import Home
from mend.foundation.lake.filters import all_of, at_least, at_most, one_of
from mend.foundation.periods import ONE_DAY, days_of, first_day_of
from mend.foundation.persons import aliases, put_persons, resolved
from mend.foundation.pipeline import model as models
from mend.foundation.pipeline.workbench import Workbench

# A day's damage is decided up to a day later (calls that nobody followed up), and stands on the day its incident
# began, up to a day earlier.
REACH: Final = 2 * ONE_DAY
MONTHS_BACK: Final = 12  # closed months that are looked at for changes: of a score of a year ago the carry-over is gone


def due(home: Home, bench: Workbench, days: Collection[dt.date]) -> list[str]:
    """The complete months (YYYY-MM) that the arrivals of these business dates may have changed, in order.

    A month is complete when the core tables hold a day at or after its last one. What changes a month changes all after
    it, by windows that reach over its end and by the carry-over. Months before the first day with any fact are none.
    """
    loaded = operations.loaded_dates(home.database_url)
    known = fact_days(home, bench)
    if not loaded or not days or not known:
        return []
    changed = [min(days) - REACH, *_changed_days(bench, days)]
    last = min(loaded[-1], _next_month(max(known)) - ONE_DAY)
    return complete_months(max(min(changed), min(known)), last)


def to_close(home: Home, bench: Workbench, month: str) -> list[str]:
    """What closing a month takes, in order: months before it that are not closed, or that late rows have changed since,
    and those after them; itself; closed months after it.

    A month's score carries over into the next.
    """
    closed = _closed(bench)
    known = fact_days(home, bench)
    is_known = bool(known) and first_day_of(month) <= max(known)
    earlier = complete_months(min(known), first_day_of(month) - ONE_DAY) if is_known else []
    stale = _stale(bench, [each for each in earlier if each in closed][-MONTHS_BACK:])
    first = next((each for each in earlier if each not in closed or each in stale), month)
    return [*(each for each in earlier if each >= first), month, *(each for each in closed if each > month)]


def to_list(bench: Workbench, month: str) -> list[str]:
    """The months whose lists go with a month's close, in order: itself, closed months after it, those without a list,
    and those whose scores are not the list's any more."""
    listed = _months(bench, "mart_damage_list")
    closed = _closed(bench)
    unlike = _unlike_their_lists(bench, closed[-MONTHS_BACK:])
    return sorted({month, *(each for each in closed if each > month or each not in listed or each in unlike)})


def _stale(bench: Workbench, closed: Sequence[str]) -> set[str]:
    """Those of these closed months that are not what the ledger says any more, or took others for one person than the
    aliases say now.
    """
    if not closed:
        return set()
    posted = all_of(at_least("posted_on", first_day_of(closed[0])), at_most("posted_on", days_of(closed[-1])[-1]))
    bench.view("mart_damage_month", where=one_of("month", closed), as_name="month_file")
    bench.view("mart_damage_ledger", where=posted, as_name="posted_entry")
    bench.view("mart_exposure_day", where=posted, as_name="posted_contact")
    merged = _merged_otherwise(bench, closed)
    return merged | {
        month for (month,) in bench.sql(models.load("damage/closing", "stale_month"), {"months": list(closed)})
    }


def _merged_otherwise(bench: Workbench, closed: Sequence[str]) -> set[str]:
    """The months whose close took others for one person. Makes `person_of_month`: month_on, customer_id, person_id as
    they are now.
    """
    bench.execute(
        "create or replace temp table person_of_month (month_on date, customer_id varchar, person_id varchar)"
    )
    bench.view("mart_person_month", where=one_of("month", closed), as_name="closed_person")
    before: dict[str, set[tuple[str, str]]] = {month: set() for month in closed}
    for month, customer_id, person_id in bench.sql("select month, customer_id, person_id from closed_person"):
        if month in before:
            before[month].add((customer_id, person_id))
    known = aliases(bench, days_of(closed[-1])[-1])
    found = set()
    for month in closed:
        persons = resolved(known, days_of(month)[-1])
        now = {(name, person.person_id) for name, person in persons.items()}
        if now:
            put_persons(bench, "person_now", persons)
            values = {"month_on": first_day_of(month)}
            bench.execute(
                "insert into person_of_month select $month_on, customer_id, person_id from person_now", values
            )
        if now != before[month]:
            found.add(month)
    return found


def _unlike_their_lists(bench: Workbench, closed: Sequence[str]) -> set[str]:
    if not closed:
        return set()
    for table, name in (("mart_damage_month", "month_file"), ("mart_damage_list", "list_file")):
        bench.view(table, where=one_of("month", closed), as_name=name)
    return {month for (month,) in bench.sql(models.load("damage/closing", "unlike_list"), {"months": list(closed)})}


def complete_months(first: dt.date, last: dt.date) -> list[str]:
    """The months from that of `first` on that are over with `last`.

    >>> complete_months(dt.date(2026, 1, 31), dt.date(2026, 3, 30))
    ['2026-01', '2026-02']
    >>> complete_months(dt.date(2026, 2, 1), dt.date(2026, 2, 28))
    ['2026-02']
    """
    months, month = [], first.replace(day=1)
    while (following := _next_month(month)) <= last + ONE_DAY:
        months.append(f"{month:%Y-%m}")
        month = following
    return months


def _changed_days(bench: Workbench, days: Collection[dt.date]) -> list[dt.date]:
    bench.view("core_change", where=one_of("arrived_on", sorted(days)), as_name="change_file")
    query = "select min(subject_on) from change_file where list_contains($days, arrived_on)"
    return [day for (day,) in bench.sql(query, {"days": sorted(days)}) if day is not None]


def _closed(bench: Workbench) -> list[str]:
    """A month in which nobody was damaged has no customers; its close leaves its indicators all the same."""
    return sorted({*_months(bench, "mart_indicator_month"), *_months(bench, "mart_damage_month", "where is_closed")})


def _months(bench: Workbench, table: str, condition: str = "") -> list[str]:
    bench.view(table, as_name="month_file")
    return [month for (month,) in bench.sql(f"select distinct month from month_file {condition} order by month")]


def _next_month(day: dt.date) -> dt.date:
    return (day.replace(day=1) + 31 * ONE_DAY).replace(day=1)

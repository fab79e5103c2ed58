"""Every business date has exactly one run, in every zone, whatever its clocks do."""

from __future__ import annotations

import datetime as dt
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from tests.zones import kinds

from mend.foundation.periods import ONE_DAY, day_begins, day_ends, is_day
from mend_airflow.business_date import Run, days_of
from mend_airflow.dag_files import load_dag
from mend_airflow.nightly import NightlyTimetable

YEARS = (2020, 2035)
SKIPPED = (2011, 2012)  # Samoa and Tokelau left out 30 December 2011
HALF_HOUR = dt.timedelta(minutes=30)
Night = tuple[str, dt.datetime]


def moment(at: dt.datetime) -> Any:
    import pendulum

    return pendulum.instance(at)


def nights(timetable: Any, begin: dt.date, end: dt.date) -> list[Night]:
    """Key and moment of each run that is due from the beginning of one date to that of another, as the scheduler goes
    from run to run.
    """
    from airflow.timetables.base import TimeRestriction

    first, after = (moment(dt.datetime.combine(day, dt.time(), dt.UTC)) for day in (begin, end))
    within = TimeRestriction(earliest=first, latest=after, catchup=True)
    found: list[Night] = []
    info = None
    while (info := timetable.next_dagrun_info_v2(last_dagrun_info=info, restriction=within)) is not None:
        found.append((info.partition_key, info.run_after))
    return found


def dates(zone: str, first: str, last: str) -> list[str]:
    """The dates from one to another that the zone's clocks show, found by looking at them every half hour."""
    at, end = (
        dt.datetime.fromisoformat(f"{day}T00:00+00:00") + days * ONE_DAY for day, days in ((first, -1), (last, 2))
    )
    shown = {
        (at + number * HALF_HOUR).astimezone(ZoneInfo(zone)).date().isoformat()
        for number in range((end - at) // HALF_HOUR)
    }
    return sorted(day for day in shown if first <= day <= last)


@pytest.mark.parametrize("zone", kinds(*YEARS))
def test_each_date_of_many_years_has_one_run_after_its_end(zone: str) -> None:
    """Where clocks never change, a year tells as much as sixteen."""
    last = YEARS[1] if kinds(*YEARS)[zone] else YEARS[0]
    found = nights(NightlyTimetable(zone), dt.date(YEARS[0], 1, 1), dt.date(last + 1, 1, 1))
    days = [dt.date.fromisoformat(key) for key, _ in found]
    whole = [days[0] + number * ONE_DAY for number in range((days[-1] - days[0]).days + 1)]
    assert days == [day for day in whole if is_day(day, zone)]
    assert len(days) >= (last + 1 - YEARS[0]) * 365
    for day, (_, due) in zip(days, found, strict=True):
        assert dt.timedelta() < due - day_ends(day, zone) <= dt.timedelta(hours=4.5)
        assert days_of(Run(due), zone).first == day


@pytest.mark.parametrize(("zone", "changes"), kinds(*SKIPPED).items())
def test_no_date_is_lost_or_doubled_about_a_change_of_clocks(zone: str, changes: list[dt.datetime]) -> None:
    for change in changes or [dt.datetime(2012, 1, 1, tzinfo=dt.UTC)]:
        found = [
            key for key, _ in nights(NightlyTimetable(zone), change.date() - 5 * ONE_DAY, change.date() + 5 * ONE_DAY)
        ]
        assert len(found) >= 8
        assert found == dates(zone, found[0], found[-1])


@pytest.mark.parametrize(
    ("zone", "day", "due"),
    [
        ("Asia/Shanghai", "2026-03-28", "2026-03-29T01:30+08:00"),
        ("Europe/London", "2026-03-27", "2026-03-28T01:30+00:00"),
        ("Europe/London", "2026-03-28", "2026-03-29T02:30+01:00"),  # 01:00 to 02:00 was skipped
        ("Europe/London", "2026-03-29", "2026-03-30T01:30+01:00"),
        ("Europe/London", "2026-10-24", "2026-10-25T01:30+01:00"),  # the first of two
        ("Europe/London", "2026-10-25", "2026-10-26T01:30+00:00"),
        ("Europe/Lisbon", "2026-03-28", "2026-03-29T02:30+01:00"),
        ("Pacific/Apia", "2011-12-29", "2011-12-31T01:30+14:00"),
        ("Pacific/Apia", "2011-12-31", "2012-01-01T01:30+14:00"),
        ("Africa/Cairo", "2026-04-23", "2026-04-24T01:30+03:00"),  # no midnight
        ("America/Havana", "2026-10-31", "2026-11-01T01:30-05:00"),  # two midnights
    ],
)
def test_a_night_is_due_at_half_past_one_of_the_day_after(zone: str, day: str, due: str) -> None:
    noon = dt.datetime.fromisoformat(f"{day}T12:00+00:00")
    found = dict(nights(NightlyTimetable(zone), noon.date() - 2 * ONE_DAY, noon.date() + 4 * ONE_DAY))
    assert found[day] == dt.datetime.fromisoformat(due)


def test_the_scheduler_reads_the_same_schedule(monkeypatch: pytest.MonkeyPatch) -> None:
    from airflow.serialization.serialized_objects import DagSerialization

    monkeypatch.setenv("MEND_ZONE", "Europe/London")
    monkeypatch.setenv("MEND_SCHEDULE", "on")
    read = DagSerialization.from_dict(DagSerialization.to_dict(load_dag("mend_nightly"))).timetable
    begin, end = dt.date(2026, 3, 27), dt.date(2026, 4, 1)
    assert nights(read, begin, end) == nights(NightlyTimetable("Europe/London"), begin, end)
    assert [key for key, _ in nights(read, begin, end)] == [
        "2026-03-26",
        "2026-03-27",
        "2026-03-28",
        "2026-03-29",
        "2026-03-30",
    ]
    assert (read.summary, read.description) == ("01:30 Europe/London", "At 01:30 in Europe/London, for the day before")


def test_without_catching_up_it_goes_on_with_the_last_night_that_is_due() -> None:
    from airflow.timetables.base import DagRunInfo, TimeRestriction

    timetable, now = NightlyTimetable("Europe/London"), dt.datetime.now(dt.UTC)
    within = TimeRestriction(earliest=moment(dt.datetime(2020, 1, 1, tzinfo=dt.UTC)), latest=None, catchup=False)
    last = timetable.next_dagrun_info_v2(last_dagrun_info=None, restriction=within)
    assert last is not None
    assert now - dt.timedelta(hours=26) < last.run_after <= now + dt.timedelta(minutes=1)
    after = timetable.next_dagrun_info_v2(last_dagrun_info=last, restriction=within)
    assert after is not None
    assert dt.date.fromisoformat(str(after.partition_key)) == dt.date.fromisoformat(str(last.partition_key)) + ONE_DAY
    old = DagRunInfo(run_after=moment(now - 9 * ONE_DAY), data_interval=None, partition_key="2025-01-01")
    assert timetable.next_dagrun_info_v2(last_dagrun_info=old, restriction=within) == last


def test_a_backfill_has_the_days_that_it_names() -> None:
    timetable = NightlyTimetable("Pacific/Apia")
    bounds = (
        dt.datetime(2011, 12, day, tzinfo=dt.UTC) for day in (28, 31)
    )  # Airflow gives the days as midnights of UTC
    infos = list(timetable.iter_partition_dagrun_infos(earliest=moment(next(bounds)), latest=moment(next(bounds))))
    assert [info.partition_key for info in infos] == ["2011-12-28", "2011-12-29", "2011-12-31"]
    assert [info.partition_date for info in infos] == [
        timetable.resolve_partition_date(info.partition_key) for info in infos
    ]


def test_a_key_names_a_day_or_a_month_and_nothing_else() -> None:
    from airflow.exceptions import InvalidPartitionKeyError

    timetable = NightlyTimetable("Asia/Shanghai")
    assert timetable.resolve_partition_date("2026-03-05") == day_begins(dt.date(2026, 3, 5), "Asia/Shanghai")
    assert timetable.resolve_partition_date("2026-03") == day_begins(dt.date(2026, 3, 1), "Asia/Shanghai")
    for key in ("2026-02-30", "today", "20260305"):
        with pytest.raises(InvalidPartitionKeyError, match=key):
            timetable.resolve_partition_date(key)


def test_a_zone_that_is_none_is_said_when_the_dag_is_read() -> None:
    from airflow.exceptions import AirflowTimetableInvalid

    with pytest.raises(AirflowTimetableInvalid, match=r"'Europe/Londin' is not a time zone.*MEND_ZONE"):
        NightlyTimetable("Europe/Londin").validate()

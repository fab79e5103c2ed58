"""Which days and which month a run is for."""

from __future__ import annotations

import datetime as dt
from types import SimpleNamespace

import pytest

from mend.foundation.periods import CalendarError, Period
from mend_airflow.business_date import Run, campaign_month_of, days_of, month_of

SHANGHAI = "Asia/Shanghai"


def at(text: str) -> dt.datetime:
    return dt.datetime.fromisoformat(f"{text}+00:00")


# 17:30 UTC on 5 March is 01:30 on 6 March in Shanghai: the nightly run for 5 March.
NIGHT = at("2026-03-05T17:30:00")

DAYS = [
    # partition key, params, logical date, first, last
    ("2026-03-05", {}, None, "2026-03-05", "2026-03-05"),
    ("2026-03-05", {"from_day": "2026-01-01"}, at("2026-02-02T00:00"), "2026-03-05", "2026-03-05"),
    ("2026-02", {}, None, "2026-02-01", "2026-02-28"),
    (None, {"from_day": "2026-01-30", "to_day": "2026-02-02"}, None, "2026-01-30", "2026-02-02"),
    (None, {"from_day": "2026-01-30", "to_day": None}, None, "2026-01-30", "2026-01-30"),
    (None, {"from_day": None, "to_day": "2026-01-30"}, None, "2026-01-30", "2026-01-30"),
    (None, {"from_day": "2026-01-30"}, at("2026-02-02T00:00"), "2026-01-30", "2026-01-30"),
    (None, {"from_day": None, "to_day": ""}, at("2026-02-02T15:59"), "2026-02-02", "2026-02-02"),
    (None, {}, at("2026-02-02T16:00"), "2026-02-03", "2026-02-03"),  # midnight in the business zone
    (None, {}, NIGHT, "2026-03-05", "2026-03-05"),  # started in the UI: its day is not over
    (None, None, None, "2026-03-05", "2026-03-05"),
]

MONTHS = [
    # partition key, params, logical date, month
    ("2026-01", {"month": "2025-12"}, None, "2026-01"),
    ("2026-01-31", {}, None, "2026-01"),
    (None, {"month": "2025-12"}, at("2026-02-02T00:00"), "2025-12"),
    (None, {"month": None}, at("2025-11-30T16:00"), "2025-12"),
    (None, {}, at("2025-11-30T15:59"), "2025-11"),
    (None, {}, NIGHT, "2026-02"),
    (None, {}, None, "2026-02"),
    (None, None, None, "2026-02"),
]


@pytest.mark.parametrize(("key", "params", "logical_date", "first", "last"), DAYS)
def test_the_first_source_that_is_there_names_the_days(
    key: str | None, params: dict[str, str] | None, logical_date: dt.datetime | None, first: str, last: str
) -> None:
    found = days_of(Run(NIGHT, key, params, logical_date), SHANGHAI)
    assert (str(found.first), str(found.last)) == (first, last)


@pytest.mark.parametrize(
    ("key", "params", "logical_date", "month"),
    [
        ("2026-01", {"month": "2025-12"}, None, "2026-01"),
        (None, {"month": "2025-12"}, None, "2025-12"),
        # On 5 April March is over: the campaign that ran in it was for the damage of February.
        (None, {}, at("2026-04-04T22:00"), "2026-02"),
        (None, {"month": ""}, None, "2026-01"),
        (None, {}, at("2026-01-04T22:00"), "2025-11"),
    ],
)
def test_a_campaign_is_looked_at_when_its_own_month_is_over(
    key: str | None, params: dict[str, str] | None, logical_date: dt.datetime | None, month: str
) -> None:
    moment = logical_date or NIGHT
    assert campaign_month_of(Run(moment, key, params, logical_date), SHANGHAI).month == month


@pytest.mark.parametrize(("key", "params", "logical_date", "month"), MONTHS)
def test_the_first_source_that_is_there_names_the_month(
    key: str | None, params: dict[str, str] | None, logical_date: dt.datetime | None, month: str
) -> None:
    found = month_of(Run(NIGHT, key, params, logical_date), SHANGHAI)
    assert (found.month, found.first.day, found.first.isoformat()[:7]) == (month, 1, month)


@pytest.mark.parametrize(
    ("zone", "day"), [("Asia/Shanghai", "2026-03-05"), ("UTC", "2026-03-04"), ("America/New_York", "2026-03-04")]
)
def test_a_day_is_over_at_midnight_of_the_business_zone(zone: str, day: str) -> None:
    assert str(days_of(Run(NIGHT), zone)) == day


def test_the_first_of_the_month_closes_the_month_before() -> None:
    assert month_of(Run(at("2026-02-28T16:00")), SHANGHAI).month == "2026-02"
    assert month_of(Run(at("2026-02-28T15:59")), SHANGHAI).month == "2026-01"


@pytest.mark.parametrize(
    "key", ["2026-02-30", "2026-3-5", "20260305", "yesterday", "2026-13", "2026-W01", "0000-01-01"]
)
def test_a_key_that_is_no_day_is_refused_by_name(key: str) -> None:
    with pytest.raises(CalendarError, match=key):
        days_of(Run(NIGHT, key), SHANGHAI)


def test_a_range_that_runs_backwards_is_refused() -> None:
    with pytest.raises(CalendarError, match="2026-03-02, is after the last, 2026-03-01"):
        days_of(Run(NIGHT, params={"from_day": "2026-03-02", "to_day": "2026-03-01"}), SHANGHAI)


@pytest.mark.parametrize("month", ["2026-13", "2026", "march", "2026-03-32"])
def test_a_month_that_is_none_is_refused_by_name(month: str) -> None:
    with pytest.raises(CalendarError, match=month):
        month_of(Run(NIGHT, params={"month": month}), SHANGHAI)


def test_a_run_is_read_from_a_tasks_context() -> None:
    context = {"dag_run": SimpleNamespace(run_after=NIGHT, partition_key=None), "params": {"from_day": "2026-01-01"}}
    assert Run.of(context) == Run(NIGHT, None, {"from_day": "2026-01-01"}, None)


def test_a_period_over_the_years_end_has_every_day_once() -> None:
    keys = Period(dt.date(2025, 12, 31), dt.date(2026, 1, 1)).partition_keys
    assert keys == ["2025-12-31", "2026-01-01"]

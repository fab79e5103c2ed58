"""Calendars mean what a reader of the file expects; what is not known is refused at load, and what cannot be known yet
is said.
"""

from __future__ import annotations

import csv
import datetime as dt
import logging
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from tests.mend.care.followup.test_step import MONDAY, answered, desk
from tests.mend.care.survey.desk import customer

from mend.care.followup import follow_up
from mend.care.followup.errors import FollowUpRuleError
from mend.care.followup.rules import FOLDER, RuleSet, read_rule_file
from mend.care.followup.workdays import is_workday, published_until, unpublished_years, zone_of
from mend.care.followup.working_time import Always, Working
from mend.foundation.home import Home

__all__ = ["desk"]  # a fixture
SHIPPED = (FOLDER / "1990-01-01.yaml").read_text("utf-8")
WORKING = 'working: {country: CN, zone: Asia/Shanghai, from: "08:30", until: "17:30"}'
SHANGHAI = ZoneInfo("Asia/Shanghai")
DAY, HOUR = dt.timedelta(days=1), dt.timedelta(hours=1)


def rules(folder: Path, calendar: str) -> RuleSet:
    """The shipped rules with another calendar `working`."""
    path = folder / "1990-01-01.yaml"
    assert WORKING in SHIPPED
    path.write_text(SHIPPED.replace(WORKING, f"working: {calendar}"), "utf-8")
    return read_rule_file(path)


def china(words: str) -> dt.datetime:
    return dt.datetime.fromisoformat(words).replace(tzinfo=SHANGHAI)


MEANT = [
    ("{country: CN}", Working("CN", "Asia/Shanghai", dt.time(), None)),
    ("{country: CHN}", Working("CHN", "Asia/Shanghai", dt.time(), None)),
    ("{country: CN, until: '24:00'}", Working("CN", "Asia/Shanghai", dt.time(), None)),
    ("{country: CN, zone: Asia/Urumqi, from: '10:00'}", Working("CN", "Asia/Urumqi", dt.time(10), None)),
    (
        "{country: CN, from: 08:30, until: 17:30}",
        Working("CN", "Asia/Shanghai", dt.time(8, 30), dt.time(17, 30)),
    ),  # no quotes
    ("{country: CN, from: 10:00, until: 24:00}", Working("CN", "Asia/Shanghai", dt.time(10), None)),
    (
        "{country: CN, from: '08:30:00', until: '17:30:30'}",
        Working("CN", "Asia/Shanghai", dt.time(8, 30), dt.time(17, 30, 30)),
    ),
    ("{country: 'NO'}", Working("NO", "Europe/Oslo", dt.time(), None)),
    ("{country: US, zone: America/New_York}", Working("US", "America/New_York", dt.time(), None)),
    ("{country: DE, subdivision: BY}", Working("DE", "Europe/Berlin", dt.time(), None, "BY")),
    ("{zone: Asia/Shanghai, from: '09:00', until: '21:00'}", Working(None, "Asia/Shanghai", dt.time(9), dt.time(21))),
    ("{}", Always()),
    ("{zone: Asia/Shanghai}", Always()),
]


@pytest.mark.parametrize(("calendar", "meant"), MEANT)
def test_a_calendar_means_what_it_says(tmp_path: Path, calendar: str, meant: object) -> None:
    assert rules(tmp_path, calendar).calendar_of("working") == meant


REFUSED = [
    ("{country: XX}", "country XX has no known public holidays: write an ISO 3166 code such as CN"),
    ("{country: cn}", "country cn has no known public holidays"),
    ("{country: NO}", "YAML reads NO and ON without quotes as false and true: write 'NO'"),
    ("{country: CN, subdivision: ZZ}", "subdivision ZZ is not one of CN; known are: none"),
    ("{country: DE, subdivision: XX}", "subdivision XX is not one of DE; known are: Augsburg, BB, BE, BW, BY"),
    ("{subdivision: BY}", "subdivision BY needs a country beside it"),
    ("{country: US}", "zone is missing: name one, such as Asia/Shanghai, because US has several"),
    ("{from: '09:00', until: '21:00'}", "zone is missing: name one, such as Asia/Shanghai, for hours"),
    ("{country: CN, zone: Asia/Peking}", "Asia/Peking is no time zone: write one such as Asia/Shanghai"),
    ("{country: CN, from: '17:30', until: '08:30'}", 'from must be before until; the end of a day is "24:00"'),
    ("{country: CN, until: '00:00'}", 'from must be before until; the end of a day is "24:00"'),
    ("{country: CN, until: '25:00'}", '25:00 is no time of day: write HH:MM in quotes, such as "08:30"'),
    ("{country: CN, until: 17}", '17 is no time of day: write HH:MM in quotes, such as "08:30"'),
    ("{country: CN, until: noon}", "noon is no time of day"),
    ("{country: CN, hours: 8}", "Extra inputs are not permitted"),
]


@pytest.mark.parametrize(("calendar", "reason"), REFUSED)
def test_what_is_not_known_is_refused_at_load_with_file_key_and_value(
    tmp_path: Path, calendar: str, reason: str
) -> None:
    with pytest.raises(FollowUpRuleError) as refused:
        rules(tmp_path, calendar)
    assert str(refused.value).startswith(f"{tmp_path}/1990-01-01.yaml: calendars: working")
    assert reason in str(refused.value)


def test_a_country_alone_counts_its_workdays_whole_and_loses_no_minute(tmp_path: Path) -> None:
    calendar = rules(tmp_path, "{country: CN}").calendar_of("working")
    monday = china("2026-05-11")
    assert calendar.between(monday, monday + DAY) == DAY
    assert calendar.between(monday + DAY - HOUR / 60, monday + DAY + HOUR / 60) == HOUR / 30
    assert calendar.between(monday, monday + 7 * DAY) == 5 * DAY
    assert calendar.after(china("2026-05-15 23:00"), 2 * HOUR) == china("2026-05-18 01:00")  # over a weekend
    assert calendar.after(china("2026-05-08 23:00"), 2 * HOUR) == china("2026-05-09 01:00")  # a Saturday that makes up


def test_the_end_of_a_day_is_midnight_where_the_clocks_change_too() -> None:
    calendar = Working("IL", "Asia/Jerusalem", dt.time(), None)
    sunday = dt.datetime(2026, 10, 25, tzinfo=ZoneInfo("Asia/Jerusalem"))  # clocks go back at 02:00
    assert calendar.between(sunday, sunday + DAY) == 25 * HOUR


def test_hours_without_a_country_count_on_every_day() -> None:
    calendar = Working(None, "Asia/Shanghai", dt.time(9), dt.time(21))
    assert calendar.between(china("2026-10-01"), china("2026-10-08")) == 7 * 12 * HOUR
    assert calendar.unsure_years(china("2026-10-01"), china("2040-10-08")) == ()


def test_the_country_says_the_zone_where_it_has_one() -> None:
    assert [zone_of(country) for country in ("CN", "China", "JP", "US", "RU")] == [
        "Asia/Shanghai",
        "Asia/Shanghai",
        "Asia/Tokyo",
        None,
        None,
    ]


def test_china_is_published_for_some_years_and_others_are_unsure() -> None:
    """The library is pinned: a release that knows a later year's decree moves the last day."""
    last = published_until("CN")
    assert last is not None
    assert last >= dt.date(2026, 12, 25)
    after = last.year + 1
    assert unpublished_years("CN", dt.date(2026, 1, 1), last) == ()
    assert unpublished_years("CN", dt.date(2026, 1, 1), dt.date(after, 1, 2)) == (
        last.year,
        after,
    )  # its last days may be moved yet
    assert unpublished_years("CN", dt.date(after, 3, 1), dt.date(after + 1, 3, 1)) == (after, after + 1)
    assert [published_until(country) for country in ("DE", "US", "GB", "JP")] == [None] * 4
    assert not [day for day in range(1, 8) if not is_workday("CN", dt.date(2026, 5, 10 + day)) and day < 6]


def test_a_clock_that_reaches_into_an_unpublished_year_says_so(desk: Home, caplog: pytest.LogCaptureFixture) -> None:
    last = published_until("CN")
    assert last is not None
    folder = desk.root / "follow_up_rules"
    folder.mkdir()
    text = SHIPPED.replace("limit_hours: 2, calendar: always", "limit_hours: 18, calendar: working")
    (folder / "1990-01-01.yaml").write_text(text, "utf-8")
    customer(desk, "A", "+8613812345678")
    sure = follow_up(desk, MONDAY)
    late = dt.datetime(last.year, 12, 30, 10, tzinfo=SHANGHAI)
    answered(desk, "complex_topic_ended:C1", MONDAY)
    answered(desk, "complex_topic_ended:C2", late, about="C2")
    with caplog.at_level(logging.WARNING, "mend.care.followup.work"):
        report = follow_up(desk, late + HOUR)
    assert (sure.work.without_make_up_days, report.work.without_make_up_days) == (0, 1)
    assert f"1 clocks reach into {last.year}" in caplog.text
    with (Path(report.work.folder) / "specialists.csv").open(encoding="utf-8-sig", newline="") as file:
        found = [row for row in csv.DictReader(file) if "C2" in str(row)]
    assert [row["years_without_make_up_days"] for row in found] == [f"{last.year} {last.year + 1}"]

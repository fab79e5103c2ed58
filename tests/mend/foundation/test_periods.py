"""Where business dates begin and end: each instant is in exactly one, in every zone, for Python and for the engine
alike.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from zoneinfo import ZoneInfo

import pytest
from tests.zones import kinds

from mend.foundation.engine import DuckEngine
from mend.foundation.periods import ONE_DAY, day_begins, day_ends, is_day

YEARS = (2011, 2035)
NO_OR_TWO_MIDNIGHTS = [
    "America/Sao_Paulo",
    "Africa/Cairo",
    "Asia/Beirut",
    "America/Havana",
    "Atlantic/Azores",
    "Pacific/Apia",
    "Asia/Amman",
]
SECOND = dt.timedelta(seconds=1)
ZONES = sorted({*kinds(*YEARS), *NO_OR_TWO_MIDNIGHTS})
STEPS = [dt.timedelta(minutes=number) for number in (-181, -121, -61, -31, -1, 0, 1, 29, 30, 59, 60, 120, 180)]


@pytest.fixture(scope="module")
def engine(tmp_path_factory: pytest.TempPathFactory) -> Iterator[DuckEngine]:
    made = DuckEngine("UTC", 1, "200MB", tmp_path_factory.mktemp("scratch"))
    yield made
    made.close()


def moments(zone: str) -> list[dt.datetime]:
    """Instants about each change of the zone's clocks."""
    return [change + step for change in kinds(*YEARS).get(zone, []) for step in STEPS]


@pytest.mark.parametrize("zone", ZONES)
def test_each_instant_is_in_the_date_that_its_clock_shows(zone: str) -> None:
    for at in moments(zone):
        day = at.astimezone(ZoneInfo(zone)).date()
        assert day_begins(day, zone) <= at < day_ends(day, zone)
        assert is_day(day, zone)


@pytest.mark.parametrize("zone", ZONES)
def test_the_engine_begins_a_date_where_its_own_dates_begin(zone: str, engine: DuckEngine) -> None:
    """The engine has time zones of its own, of another release of the data maybe: there it agrees with itself."""
    engine.run("set TimeZone = $zone", {"zone": zone})
    for day in sorted({at.astimezone(ZoneInfo(zone)).date() for at in moments(zone)}):
        begins = engine.begins(day)
        last, first = (
            engine.run("select cast($at as date)", {"at": at}).fetchall()[0][0] for at in (begins - SECOND, begins)
        )
        assert last < day <= first
        shown = engine.run("select strftime($at, '%H:%M:%S')", {"at": begins}).fetchall()[0][0]
        if shown == begins.astimezone(ZoneInfo(zone)).strftime("%H:%M:%S") and is_day(day, zone):
            assert begins == day_begins(day, zone)


@pytest.mark.parametrize(
    ("zone", "day", "begins", "hours"),
    [
        ("Asia/Shanghai", "2026-03-05", "2026-03-05T00:00+08:00", 24),
        ("Europe/London", "2026-03-29", "2026-03-29T00:00+00:00", 23),
        ("Africa/Cairo", "2026-04-24", "2026-04-24T01:00+03:00", 23),
        ("Asia/Beirut", "2026-03-29", "2026-03-29T01:00+03:00", 23),
        ("America/Sao_Paulo", "2018-11-04", "2018-11-04T01:00-02:00", 23),
        ("America/Havana", "2026-11-01", "2026-11-01T00:00-04:00", 25),
        ("Atlantic/Azores", "2025-10-26", "2025-10-26T00:00+00:00", 25),
        ("Pacific/Apia", "2011-12-30", "2011-12-31T00:00+14:00", 0),
        ("Pacific/Apia", "2011-12-31", "2011-12-31T00:00+14:00", 24),
    ],
)
def test_a_date_begins_at_its_first_instant(zone: str, day: str, begins: str, hours: int, engine: DuckEngine) -> None:
    date = dt.date.fromisoformat(day)
    engine.run("set TimeZone = $zone", {"zone": zone})
    assert day_begins(date, zone) == engine.begins(date) == dt.datetime.fromisoformat(begins)
    assert day_ends(date, zone) - day_begins(date, zone) == dt.timedelta(hours=hours)
    assert engine.begins(date + ONE_DAY) == day_ends(date, zone)

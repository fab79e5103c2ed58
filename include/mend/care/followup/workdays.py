"""Which days people work: public holidays, shifted workdays, and how far ahead these have been published.

In China (and a dozen other countries) a decree says each year which weekends make up for a holiday
(调休). China's comes
in the November before; until then a coming year has its holidays and no make-up days, and a clock that reaches into it
may be a day or two off.
"""

from __future__ import annotations

import datetime as dt
from functools import lru_cache
from importlib import resources
from typing import Any, Final
from zoneinfo import ZoneInfo

from mend.errors import BadConfigurationError

# A decree may make a workday of the last days of the year before: 2011-12-31 and 2001-12-29 were.
LAST_SURE_DAY: Final = (12, 25)
REFERENCE: Final = "CN"
STILL_DONE_YEARS: Final = 2  # a country whose last decree is older than China's last by more has given up shifting
FIRST_YEAR: Final = 2001
YEARS_AHEAD: Final = range(FIRST_YEAR, 2041)
CLOCK_YEARS: Final = range(2020, 2031)
OFFICIAL: Final = {"CN": "Asia/Shanghai"}  # where the time zone database has a second zone beside the official time


class UnknownCountry(BadConfigurationError, ValueError):
    """A country or subdivision of which no public holidays are known; the message says what to write."""


@lru_cache(maxsize=10_000)
def is_workday(country: str | None, day: dt.date, subdivision: str | None = None) -> bool:
    """Whether people of the country work that day, by its public holidays and its shifted workdays. Without a country
    every day is one.

    >>> [is_workday("CN", dt.date(2026, 2, day)) for day in (13, 14, 16, 24)]
    [True, True, False, True]
    """
    return country is None or bool(_holidays(country, day.year, subdivision).is_working_day(day))


def unpublished_years(
    country: str | None, first: dt.date, last: dt.date, subdivision: str | None = None
) -> tuple[int, ...]:
    """The years in which days from `first` to `last` are counted without the make-up workdays, which have not been
    published.

    >>> unpublished_years("DE", dt.date(2040, 1, 1), dt.date(2040, 2, 1))
    ()
    """
    known = None if country is None else published_until(country, subdivision)
    if known is None or last <= known:
        return ()
    return tuple(range(max(first, known + dt.timedelta(days=1)).year, last.year + 1))


@lru_cache(maxsize=64)
def published_until(country: str, subdivision: str | None = None) -> dt.date | None:
    """The last day whose make-up workdays are published for sure; None for a country that shifts none."""
    own, latest = _last_year(country, subdivision), _last_year(REFERENCE, None)
    if own is None or latest is None or own < latest - STILL_DONE_YEARS:
        return None
    return dt.date(own, *LAST_SURE_DAY)


def require_country(country: str, subdivision: str | None) -> None:
    """UnknownCountry unless public holidays of it are known."""
    import holidays

    try:
        holidays.country_holidays(country)
    except NotImplementedError:
        raise UnknownCountry(
            f"country {country} has no known public holidays: write an ISO 3166 code such as CN"
        ) from None
    try:
        holidays.country_holidays(country, subdiv=subdivision)
    except NotImplementedError:
        known = ", ".join(sorted(holidays.country_holidays(country).subdivisions)) or "none"
        raise UnknownCountry(f"subdivision {subdivision} is not one of {country}; known are: {known}") from None


@lru_cache(maxsize=64)
def zone_of(country: str) -> str | None:
    """The time zone of a country; None for one with several that differ.

    >>> zone_of("CN"), zone_of("DE"), zone_of("US")
    ('Asia/Shanghai', 'Europe/Berlin', None)
    """
    code = _holidays(country, FIRST_YEAR, None).country
    lines = resources.files("tzdata.zoneinfo").joinpath("zone.tab").read_text("utf-8").splitlines()
    rows = [line.split("\t") for line in lines if line and not line.startswith("#")]
    found = [row[2] for row in rows if row[0] == code]
    return OFFICIAL.get(code) or (found[0] if len({_clocks(zone) for zone in found}) == 1 else None)


def _clocks(zone: str) -> tuple[dt.timedelta | None, ...]:
    """What the zone's clocks show on the first of each month, some years back and ahead: Büsingen's are Berlin's."""
    months = [dt.datetime(year, month, 1, 12, tzinfo=dt.UTC) for year in CLOCK_YEARS for month in range(1, 13)]
    return tuple(moment.astimezone(ZoneInfo(zone)).utcoffset() for moment in months)


@lru_cache(maxsize=64)
def _last_year(country: str, subdivision: str | None) -> int | None:
    """The last year for which the country's decree is known; None when it has none."""
    import holidays

    days = holidays.country_holidays(country, subdiv=subdivision, years=YEARS_AHEAD)
    moved = {day.year for day in days.weekend_workdays}
    decreed = {int(year) for year in getattr(days, "special_public_holidays", {})} if moved else set()
    return max(moved | decreed, default=None)


@lru_cache(maxsize=64)
def _holidays(country: str, year: int, subdivision: str | None) -> Any:  # the library's class has no public name
    import holidays

    # The year after knows of New Year's days that are moved to the end of this one.
    return holidays.country_holidays(country, subdiv=subdivision, years=[year, year + 1])

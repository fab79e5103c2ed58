"""Permitted hours: a message goes out when it is neither early nor late in any zone its number may be in."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from functools import lru_cache
from typing import Final
from zoneinfo import ZoneInfo

from mend.care.survey.rules import Hours

CHINA: Final = ("Asia/Shanghai",)
LOOK_AHEAD_DAYS: Final = 2


@lru_cache(maxsize=100_000)
def zones_of(phone_number: str) -> tuple[str, ...]:
    """The time zones a number (E.164) may be in; none for a number that is not possible. China is one zone.

    >>> zones_of("+8613812345678"), zones_of("+12025550123"), zones_of("+999")
    (('Asia/Shanghai',), ('America/New_York',), ())
    """
    import phonenumbers
    from phonenumbers import timezone

    try:
        number = phonenumbers.parse(phone_number)
    except phonenumbers.NumberParseException:
        return ()
    if not phonenumbers.is_possible_number(number):
        return ()
    if number.country_code == 86:
        return CHINA
    found: Sequence[str] = timezone.time_zones_for_number(number)
    return tuple(sorted(zone for zone in found if zone != timezone.UNKNOWN_TIMEZONE))


def language_of(phone_number: str | None) -> str:
    """Chinese for numbers of China, Hong Kong, Macao and Taiwan, and where there is none; English elsewhere."""
    chinese = ("+86", "+852", "+853", "+886")
    return "zh" if phone_number is None or phone_number.startswith(chinese) else "en"


def is_open(at: dt.datetime, zones: Sequence[str], hours: Hours) -> bool:
    """Whether the moment is within the permitted hours in every one of the zones."""
    return all(hours.start_time <= at.astimezone(ZoneInfo(zone)).time() < hours.until_time for zone in zones)


def next_open(at: dt.datetime, zones: Sequence[str], hours: Hours) -> dt.datetime | None:
    """The first moment from `at` on that is within the permitted hours in every zone; None when there is none for two
    days.

    Permitted hours of all zones begin together where those of one of them begin: so only those moments are looked at.
    """
    begins = [at, *(_opening(at, zone, day, hours) for zone in zones for day in range(LOOK_AHEAD_DAYS + 1))]
    return min((moment for moment in begins if moment >= at and is_open(moment, zones, hours)), default=None)


def _opening(at: dt.datetime, zone: str, day: int, hours: Hours) -> dt.datetime:
    local = at.astimezone(ZoneInfo(zone)).date() + dt.timedelta(days=day)
    return dt.datetime.combine(local, hours.start_time, ZoneInfo(zone)).astimezone(dt.UTC)

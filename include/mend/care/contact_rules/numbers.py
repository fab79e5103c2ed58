"""What a phone number says by itself: the time zones it may be in, and a language."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from typing import Final

CHINA: Final = ("Asia/Shanghai",)


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

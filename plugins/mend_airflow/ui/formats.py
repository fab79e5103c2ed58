"""Numbers and times as pages show them. What is not known is a dash, never a zero."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Final
from zoneinfo import ZoneInfo

NOTHING: Final = "—"
UNITS: Final = {"en": ("d", "h", "min"), "zh": ("天", "小时", "分钟")}


def number(value: object, places: int = 0) -> str:
    """
    >>> number(1234567), number(Decimal("12.50"), 1), number(None)
    ('1,234,567', '12.5', '—')
    """
    return NOTHING if value is None else f"{Decimal(str(value)):,.{places}f}"


def points(value: object) -> str:
    """Points with no more places than they have.

    >>> points(Decimal("12.000")), points(Decimal("-0.500")), points(3), points(None)
    ('12', '-0.5', '3', '—')
    """
    if value is None:
        return NOTHING
    text = f"{Decimal(str(value)):,.3f}".rstrip("0").rstrip(".")
    return "0" if text == "-0" else text


def percent(share: object, places: int = 1) -> str:
    """
    >>> percent(0.831), percent(None)
    ('83.1 %', '—')
    """
    return NOTHING if share is None else f"{Decimal(str(share)) * 100:.{places}f} %"


def moment(value: dt.datetime | str | None, zone: str) -> str:
    """A moment in the business zone.

    >>> moment("2026-03-01T16:30:00+00:00", zone="Asia/Shanghai")
    '2026-03-02 00:30'
    """
    if value is None or value == "":
        return NOTHING
    taken = dt.datetime.fromisoformat(value) if isinstance(value, str) else value
    if taken.tzinfo is None:
        taken = taken.replace(tzinfo=dt.UTC)
    return f"{taken.astimezone(ZoneInfo(zone)):%Y-%m-%d %H:%M}"


def day(value: dt.date | str | None) -> str:
    """A business date."""
    return NOTHING if value is None else str(value)


def lasting(seconds: float | None, language: str) -> str:
    """A length of time in its two largest units.

    >>> lasting(93_600, "en"), lasting(-300, "zh"), lasting(20, "en")
    ('1 d 2 h', '-5 分钟', '0 min')
    """
    if seconds is None:
        return NOTHING
    days, hours, minutes = UNITS[language]
    left = int(abs(seconds)) // 60
    parts = [(left // 1440, days), (left // 60 % 24, hours), (left % 60, minutes)]
    shown = [f"{count} {unit}" for count, unit in parts if count][:2] or [f"0 {minutes}"]
    return f"{'-' if seconds < 0 and left else ''}{' '.join(shown)}"

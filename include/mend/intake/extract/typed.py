"""Typed values of databases and sheets as the text that a file would hold, marked where the text alone would hide their
type.
"""

from __future__ import annotations

import datetime as dt
from decimal import Decimal, InvalidOperation
from ipaddress import IPv4Address, IPv6Address
from typing import Any, Final
from uuid import UUID

from mend.intake.extract.marks import hard, soft

EXACT: Final = 2**53  # from here on a double stands for several whole numbers
SHOWN_BYTES: Final = 32


class Unreadable(str):
    """A value that the driver cannot give, as the database writes it: infinity, a day before our era."""

    __slots__ = ()


def text(value: Any) -> str:
    """A database's value as text.

    >>> [text(value) for value in (None, "007", 12, 12.0, Decimal("1E+3"), UUID(int=7))]
    ['', '007', '12', '12', '1000', '00000000-0000-0000-0000-000000000007']
    >>> text(12.5), text(True), text(dt.date(2026, 5, 1)), text([1])
    ('\\x1dnot_whole:12.5', '\\x1dboolean_value:1', '\\x1ddate_value:2026-05-01', '\\x1cnested_value:[1]')
    """
    if value is None:
        return ""
    if isinstance(value, Unreadable):
        return hard("nonexistent_date", str(value))
    if isinstance(value, str):
        return str(value)
    if isinstance(value, bool):
        return boolean(value)
    if isinstance(value, dt.date | dt.time):
        return soft("date_value", value.isoformat(sep=" ") if isinstance(value, dt.datetime) else value.isoformat())
    return _number_or_other(value)


def _number_or_other(value: Any) -> str:
    if isinstance(value, int | UUID | IPv4Address | IPv6Address):
        return str(value)
    if isinstance(value, float):
        return number(repr(value))
    if isinstance(value, Decimal):
        return number(str(value), is_exact=True)
    if isinstance(value, dt.timedelta):
        return duration(value.total_seconds())
    if isinstance(value, bytes | bytearray | memoryview):
        return binary(bytes(value))
    return hard("nested_value", str(value)[:200])


def boolean(value: bool) -> str:
    """A truth value, as 1 or 0."""
    return soft("boolean_value", "1" if value else "0")


def number(written: str, is_exact: bool = False) -> str:
    """A number: a whole one without a fraction, any other marked with why it is no id.

    Args:
        is_exact: it is stored in decimals, not as a double.

    >>> [number(written) for written in ("120000000510.0", "1.39E+10", "-3", "0.50")]
    ['120000000510', '13900000000', '-3', '\\x1dnot_whole:0.5']
    >>> number("9007199254740993"), number("9007199254740993.00", is_exact=True), number("nan")
    ('\\x1dinexact_number:9007199254740992', '9007199254740993', '\\x1dnot_whole:nan')
    """
    try:
        value = Decimal(written)
    except InvalidOperation:
        return hard("error_value", written)
    if not value.is_finite() or value != value.to_integral_value():
        return soft("not_whole", _plain(value) if is_exact else repr(float(written)))
    if is_exact or abs(value) < EXACT:
        return f"{value.to_integral_value():f}"
    return soft("inexact_number", f"{float(written):.0f}")


def _plain(value: Decimal) -> str:
    return f"{value:f}"


def duration(seconds: float) -> str:
    """A duration, as hours, minutes and seconds.

    >>> duration(93785.0), duration(-1.5)
    ('\\x1dduration_value:26:03:05', '\\x1dduration_value:-0:00:01.5')
    """
    whole, milliseconds = divmod(round(abs(seconds) * 1000), 1000)
    fraction = f".{milliseconds:03}".rstrip("0") if milliseconds else ""
    sign = "-" if seconds < 0 else ""
    return soft("duration_value", f"{sign}{whole // 3600}:{whole // 60 % 60:02}:{whole % 60:02}{fraction}")


def binary(value: bytes) -> str:
    """Bytes: their text where they are one, as older writers store texts; else marked.

    >>> binary("网络".encode()), binary(bytes([0, 255]))
    ('网络', '\\x1cbinary_value:00ff')
    """
    try:
        read = value.decode()
    except UnicodeDecodeError:
        read = "\0"
    if any(character < " " and character not in "\t\r\n" for character in read):
        return hard("binary_value", value[:SHOWN_BYTES].hex())
    return read

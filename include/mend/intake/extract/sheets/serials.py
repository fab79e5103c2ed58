"""Numbers of a spreadsheet that are shown as days, times, durations, or with leading zeros."""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass
from typing import Final

from mend.intake.extract.marks import HIDDEN_DAY, HIDDEN_TIME, hard, soft
from mend.intake.extract.typed import duration, number

DAY_MS: Final = 86_400_000
LAST_SERIAL: Final = 2_958_465  # 9999-12-31
LENGTHS_END: Final = 3653  # ten years of days
LEAP_BUG: Final = 60  # the 29 February 1900 that never was
# Formats that a workbook names by number alone, as Chinese and western versions show them (ECMA-376, 18.8.30).
BUILT_IN: Final = (
    dict.fromkeys((14, 15, 16, 17, 27, 28, 29, 30, 31, 36, 50, 51, 52, 53, 54, 57, 58), "date")
    | dict.fromkeys((18, 19, 20, 21, 32, 33, 34, 35, 55, 56), "time")
    | dict.fromkeys((45, 47), "minutes")
    | {22: "both", 46: "elapsed"}
)
LITERALS: Final = re.compile(r'"[^"]*"|\\.|_.|\*.|\[(?!h+\]|m+\]|s+\])[^\]]*\]|am/pm|a/p|上午/下午', re.IGNORECASE)


@dataclass(frozen=True)
class Shape:
    """How a cell shows its number: as a number (with so many digits at least), date, time, both, minutes and seconds,
    or elapsed time.
    """

    kind: str = "number"
    digits: int = 0


def shape(code: int, format_text: str | None) -> Shape:
    """The shape of a number format.

    >>> [shape(0, text).kind for text in ("yyyy-mm-dd", "h:mm:ss AM/PM", "d/m/yy h:mm", "[h]:mm", "General", '0.0"h"')]
    ['date', 'time', 'both', 'elapsed', 'number', 'number']
    >>> shape(31, None).kind, shape(0, "000000").digits, shape(0, r"000\\-0000").digits
    ('date', 6, 7)
    """
    if format_text is None:
        return Shape(BUILT_IN.get(code, "number"))
    plain = LITERALS.sub("", format_text.split(";")[0]).lower()
    if re.search(r"\[(h+|m+|s+)\]", plain):
        return Shape("elapsed")
    if re.fullmatch("0[0 -]*0", plain):  # a number with leading zeros, in groups or not
        return Shape(digits=plain.count("0"))
    if plain == "general" or not re.search("[ymdhs年月日]", plain):
        return Shape()
    if re.fullmatch(r"m+[^ymdh]*s+[^ymdh]*", plain):  # minutes and seconds without an hour are no time of day
        return Shape("minutes")
    has_time = bool(re.search("[hs]", plain))
    has_day = bool(re.search("[yd]", plain)) or not has_time
    return Shape("both" if has_time and has_day else "time" if has_time else "date")


def shown_number(written: str, its: Shape, is_1904: bool) -> str:
    """A cell's number as text, marked where it is a day or a time.

    >>> shown_number("46143", Shape("date"), False), shown_number("0.25", Shape("time"), False)
    ('\\x1ddate_value:2026-05-01', '\\x1ddate_value:06:00:00')
    >>> shown_number("46143.5", Shape("date"), False), shown_number("700", Shape(digits=6), False)
    ('\\x1dhidden_time:2026-05-01 12:00:00', '000700')
    >>> shown_number("60", Shape("date"), False), shown_number("1.5", Shape("elapsed"), False)
    ('\\x1cnonexistent_date:1900-02-29', '\\x1dduration_value:36:00:00')
    """
    if its.kind == "number":
        text = number(written)
        return text.zfill(its.digits) if text.isascii() and text.isdigit() else text
    try:
        value = float(written)
    except ValueError:
        return hard("error_value", written)
    # Excel shows a day with a time and milliseconds as minutes and seconds: no length of minutes takes years.
    kind = its.kind if its.kind != "minutes" else "elapsed" if value < LENGTHS_END else "time"
    if kind == "elapsed":
        return duration(value * 86_400)
    if not 0 <= value < LAST_SERIAL + 1:
        return hard("error_value", written)
    return _moment(*divmod(round(value * DAY_MS), DAY_MS), kind, is_1904)


def _moment(day: int, milliseconds: int, kind: str, is_1904: bool) -> str:
    time = _time(milliseconds)
    if day == 0 and kind != "date" and not is_1904:
        return soft("date_value", time)
    if kind == "time" and day == 0:
        return soft("date_value", time)
    if not is_1904 and day in (0, LEAP_BUG):
        return hard("nonexistent_date", "1900-02-29" if day else "1900-01-00")
    on = _date(day, is_1904).isoformat()
    if kind == "date":
        return soft(HIDDEN_TIME, f"{on} {time}") if milliseconds else soft("date_value", on)
    return soft(HIDDEN_DAY if kind == "time" else "date_value", f"{on} {time}")


def _date(day: int, is_1904: bool) -> dt.date:
    if is_1904:
        return dt.date(1904, 1, 1) + dt.timedelta(days=day)
    return dt.date(1899, 12, 30) + dt.timedelta(days=day + (day < LEAP_BUG))


def _time(milliseconds: int) -> str:
    seconds, rest = divmod(milliseconds, 1000)
    return f"{seconds // 3600:02}:{seconds // 60 % 60:02}:{seconds % 60:02}" + (f".{rest:03}" if rest else "")

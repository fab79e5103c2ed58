"""Lengths of time as SQL: a text such as 1:02:03, PT1H2M3S or 1 day 02:00:00 as a number of seconds."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from mend.intake.extract.cleaning import quoted

NUMBER: Final = "decimal(24, 6)"
FRACTION: Final = "([.][0-9]{1,9})?"
# Form → its pattern, and what each of its parts between colons is worth in seconds.
CLOCKS: Final[dict[str, tuple[str, tuple[int, ...]]]] = {
    "HH:MM:SS": (f"[+-]?[0-9]{{1,7}}:[0-5]?[0-9]:[0-5]?[0-9]{FRACTION}", (3600, 60, 1)),
    "MM:SS": (f"[+-]?[0-9]{{1,8}}:[0-5]?[0-9]{FRACTION}", (60, 1)),
    "HH:MM": ("[+-]?[0-9]{1,7}:[0-5]?[0-9]", (3600, 60)),
    "seconds": (f"[+-]?[0-9]{{1,10}}{FRACTION}", (1,)),
}
# Years and months have no one length.
ISO: Final = "([+-]?)P(?:([0-9]{1,6})W)?(?:([0-9]{1,7})D)?(?:T(?:([0-9]{1,8})H)?(?:([0-9]{1,9})M)?(?:([0-9]{1,10}(?:[.,][0-9]{1,9})?)S)?)?"  # noqa: E501
ISO_WORTH: Final = (604_800, 86_400, 3600, 60, 1)
DAYS: Final = "([+-]?[0-9]{1,7}) days?(?:,? ([+-]?[0-9]{1,7}:[0-5]?[0-9]:[0-5]?[0-9](?:[.][0-9]{1,9})?))?"


def seconds(text: str, forms: Sequence[str]) -> str:
    """The number of seconds that a text says, by the first form that fits; null when none does. Signs are kept."""
    return f"coalesce({', '.join(_interval(text) if form == 'interval' else _clock(text, form) for form in forms)})"


def _clock(text: str, form: str) -> str:
    pattern, worth = CLOCKS[form]
    return f"case when regexp_full_match({text}, {quoted(pattern)}) then {_signed(text, worth)} end"


def _signed(text: str, worth: Sequence[int]) -> str:
    """The sum of the parts between colons; the sign in front is that of the whole."""
    parts = [
        f"try_cast(split_part(ltrim({text}, '+-'), ':', {place}) as {NUMBER}) * {each}"
        for place, each in enumerate(worth, 1)
    ]
    return f"case when starts_with({text}, '-') then -1 else 1 end * ({' + '.join(parts)})"


def _interval(text: str) -> str:
    """ISO 8601 (PT1H2M3S), days with or without a time (1 day, 2:00:00, as Python, PostgreSQL, DuckDB and pandas write
    it), or a time.
    """
    upper = f"replace(upper({text}), ',', '.')"
    parts = [
        f"coalesce(try_cast(nullif({_found(upper, ISO, place)}, '') as {NUMBER}), 0) * {each}"
        for place, each in enumerate(ISO_WORTH, 2)
    ]
    is_iso = f"regexp_full_match({upper}, {quoted(ISO)}) and regexp_matches({upper}, '[0-9][WDHMS]$')"
    rest = _found(text, DAYS, 2)
    time = f"case when {rest} = '' then 0 else {_signed(rest, CLOCKS['HH:MM:SS'][1])} end"
    of_days = f"try_cast({_found(text, DAYS, 1)} as {NUMBER}) * 86400 + {time}"
    return (
        f"case when {is_iso} then case when starts_with({upper}, '-') then -1 else 1 end * ({' + '.join(parts)}) "
        f"when regexp_full_match({text}, {quoted(DAYS)}) then {of_days} else {_clock(text, 'HH:MM:SS')} end"
    )


def _found(text: str, pattern: str, place: int) -> str:
    """What a part in brackets of a pattern found; an empty text for nothing."""
    return f"regexp_extract({text}, {quoted(pattern)}, {place})"

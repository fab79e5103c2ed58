"""Marks on staged fields: what a typed source says of a value beside its text.

A cell of a sheet, a column of a Parquet file or database and a JSON value have a type. Where the text alone would hide
it (an error that reads like a name, a fraction in an id), the field begins with a mark: a control character that the
gate keeps out of the data, a reason, and a colon. The conversion rejects by the reason, or reads the text after it.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

HARD: Final = "\x1c"  # no column can use the value
SOFT: Final = "\x1d"  # ids and codes cannot; numbers, times and free texts can
ANY: Final = r"[\x1c\x1d][a-z_]+:"
# Reasons of soft marks that the conversion knows by name: what the number format of a sheet's cell does not show.
HIDDEN_TIME: Final = "hidden_time"
HIDDEN_DAY: Final = "hidden_day"
# Reasons of soft marks by what the value is.
DATE, LENGTH, INEXACT, TRUTH = "date_value", "duration_value", "inexact_number", "boolean_value"
NUMBERS: Final = ("not_whole", INEXACT, TRUTH)


class Marked(str):
    """A field's text with its mark."""

    __slots__ = ()

    @property
    def shown(self) -> str:
        """The text without the mark."""
        return self.partition(":")[2]


def hard(reason: str, text: str) -> Marked:
    """A value that no column can use."""
    return Marked(f"{HARD}{reason}:{text}")


def soft(reason: str, text: str) -> Marked:
    """A value that no id or code can be."""
    return Marked(f"{SOFT}{reason}:{text}")


def without_mark(text: str) -> str:
    """A field's text as people see it.

    >>> without_mark(hard("error_value", "#N/A"))
    '#N/A'
    """
    return text.shown if isinstance(text, Marked) else text


def marked_sql(lead: str, reason: str, text: str) -> str:
    """The expression of a marked text."""
    return f"chr({ord(lead)}) || '{reason}:' || {text}"


def is_marked(text: str) -> str:
    """Whether any part of the text has a mark."""
    return f"(contains({text}, chr(28)) or contains({text}, chr(29)))"


def is_unusable(text: str) -> str:
    """Whether any part of the text has a hard mark."""
    return f"contains({text}, chr(28))"


def is_typed(text: str) -> str:
    """Whether the text begins with a soft mark."""
    return f"starts_with({text}, chr(29))"


def is_truth(text: str) -> str:
    """Whether the text is typed as yes or no."""
    return _has(text, TRUTH)


def shown(text: str) -> str:
    """The text without marks."""
    return f"regexp_replace({text}, '{ANY}', '', 'g')"


def readable(text: str) -> str:
    """The text without soft marks; null when it has a hard one."""
    return f"case when {is_unusable(text)} then null when {is_marked(text)} then {shown(text)} else {text} end"


def without_soft(text: str, reasons: Iterable[str] = ()) -> str:
    """The text without its soft marks, or without those of some reasons."""
    named = "|".join(reasons) or "[a-z_]+"
    return (
        rf"case when contains({text}, chr(29)) then regexp_replace({text}, '\x1d({named}):', '', 'g') else {text} end"
    )


def only(text: str, reason: str) -> str:
    """The text behind a soft mark of this reason; null for any other text."""
    return f"case when {_has(text, reason)} then {shown(text)} end"


def as_shown(text: str) -> str:
    """A part of a joined value: a day shows no time of day and a time shows no day, whatever else its cell holds."""
    day = f"when {_has(text, HIDDEN_TIME)} then {marked_sql(SOFT, 'date_value', _places(text, HIDDEN_TIME, 1, 10))}"
    time = f"when {_has(text, HIDDEN_DAY)} then {marked_sql(SOFT, 'date_value', _places(text, HIDDEN_DAY, 12, 15))}"
    return f"case {day} {time} else {text} end"


def day_of_hidden_time(text: str) -> str:
    """The day of a cell that shows a day alone; null for any other text."""
    return f"case when {_has(text, HIDDEN_TIME)} then {_places(text, HIDDEN_TIME, 1, 10)} end"


def reason_of(text: str) -> str:
    """The reason that the text's mark gives, a hard one first."""
    worst = (
        rf"coalesce(nullif(regexp_extract({text}, '\x1c([a-z_]+):', 1), ''), regexp_extract({text}, "
        rf"'\x1d([a-z_]+):', 1))"
    )
    return f"regexp_replace({worst}, '^hidden_.*', 'date_value')"


def _has(text: str, reason: str) -> str:
    return f"starts_with({text}, chr(29) || '{reason}:')"


def _places(text: str, reason: str, first: int, count: int) -> str:
    """Some characters of the text behind a mark."""
    return f"substr({text}, {len(reason) + 2 + first}, {count})"

"""Typed values of Parquet files and JSON lines as text, in SQL: the same as typed.py gives for databases and sheets."""

from __future__ import annotations

import re
from typing import Final

from mend.intake.extract.marks import HARD, SOFT, marked_sql
from mend.intake.extract.typed import EXACT

EXACT_FLOAT: Final = 2**24  # of a number with 32 bits
LENGTH: Final = "LENGTH"  # a whole number that the file's writer knew as a length of time; its unit follows
RESERVED: Final = r"[\x00\x1c-\x1f]"
TEXTS: Final = ("VARCHAR", "JSON", "UUID", "ENUM")
WHOLE: Final = (
    "TINYINT",
    "SMALLINT",
    "INTEGER",
    "BIGINT",
    "HUGEINT",
    "UTINYINT",
    "USMALLINT",
    "UINTEGER",
    "UBIGINT",
    "UHUGEINT",
    "BIGNUM",
)


def of_json(text: str, kind: str) -> str:
    """A JSON value from its text and the name of its type."""
    return (
        f"case {kind} when 'VARCHAR' then {_guarded(text)} when 'DOUBLE' then {_number(text, EXACT)} "
        f"when 'BOOLEAN' then {marked_sql(SOFT, 'boolean_value', text)} "
        f"when 'ARRAY' then {_nested(text)} when 'OBJECT' then {_nested(text)} else nullif({text}, '') end"
    )


def of_column(column: str, kind: str) -> str:
    """A Parquet column's value by the engine's name of its type."""
    text = f"cast({column} as varchar)"
    name = re.split(r"[(\[ ]", kind, maxsplit=1)[0]
    if kind.endswith("]") or name in ("STRUCT", "MAP", "UNION", "VARIANT", "GEOMETRY"):
        return _nested(text)
    if name in TEXTS or name in WHOLE:
        return _guarded(text)
    if name in ("DOUBLE", "FLOAT"):
        return f"nullif({_number(text, EXACT if name == 'DOUBLE' else EXACT_FLOAT)}, '')"
    if name == "DECIMAL":
        return _number(text, None)
    if name == LENGTH:
        return marked_sql(SOFT, "duration_value", _clock(column, kind.removeprefix(f"{LENGTH} ")))
    return _other(column, text, name)


def _other(column: str, text: str, name: str) -> str:
    if name == "BLOB":
        read = f"try(decode({column}))"
        is_text = rf"{read} is not null and not regexp_matches({read}, '[\x00-\x08\x0b\x0c\x0e-\x1f]')"
        return (
            f"case when {is_text} then nullif({read}, '') else "
            f"{marked_sql(HARD, 'binary_value', f'left(hex({column}), 64)')} end"
        )
    if name == "BOOLEAN":
        return marked_sql(SOFT, "boolean_value", text)
    if name in ("DATE", "TIME") or name.startswith("TIMESTAMP"):
        return marked_sql(SOFT, "date_value", text)
    return marked_sql(SOFT, "duration_value", text) if name == "INTERVAL" else _nested(text)


def _clock(column: str, unit: str) -> str:
    """A length of time as hours, minutes and seconds. What is less than a microsecond is no part of it."""
    worth = {"s": "* 1000000", "ms": "* 1000", "us": "", "ns": "// 1000"}[unit]
    return f"cast(to_microseconds(cast(cast({column} as hugeint) {worth} as bigint)) as varchar)"


def _guarded(text: str) -> str:
    """A text; marked where it holds what the marks are made of."""
    unusable = marked_sql(HARD, "control_character", f"regexp_replace({text}, '{RESERVED}', '', 'g')")
    return f"case when regexp_matches({text}, '{RESERVED}') then {unusable} else nullif({text}, '') end"


def _nested(text: str) -> str:
    return marked_sql(HARD, "nested_value", f"left({text}, 200)")


def _number(text: str, exact: int | None) -> str:
    """A number's text: a whole one without its empty fraction; any other marked with why it is no id.

    Args:
        exact: from where on the type stands for several whole numbers; None for decimals and JSON's digits.
    """
    value = f"try_cast({text} as double)"
    is_whole = f"regexp_full_match({text}, '-?[0-9]+([.]0+)?')"
    inexact, other = marked_sql(SOFT, "inexact_number", text), marked_sql(SOFT, "not_whole", text)
    digits = f"split_part({text}, '.', 1)"
    if exact is None:
        return f"case when {is_whole} then {digits} else {other} end"
    return (
        f"case when {text} is null then null when not coalesce(isfinite({value}), false) then {other} "
        f"when not contains({text}, '.') and {is_whole} then {text} "
        f"when abs({value}) >= {exact} then {inexact} when {is_whole} then {digits} else {other} end"
    )

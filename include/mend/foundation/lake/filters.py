"""Filters of lake rows and files. Values stay values: they go to Iceberg as they are, never into text."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from pyiceberg.expressions import (
    AlwaysFalse,
    AlwaysTrue,
    And,
    BooleanExpression,
    EqualTo,
    GreaterThanOrEqual,
    In,
    LessThanOrEqual,
    Or,
)

Filter = BooleanExpression
# PyIceberg takes (column, value), but describes itself to type checkers by its fields, at times: hence the ignores,
# here alone.


def equal(column: str, value: Any) -> Filter:
    """Rows whose column has this value."""
    return EqualTo(column, value)  # type: ignore[call-arg, arg-type, unused-ignore]


def one_of(column: str, values: Iterable[Any]) -> Filter:
    """Rows whose column has one of these values; none when there are no values."""
    chosen = sorted(set(values))
    return In(column, chosen) if chosen else AlwaysFalse()  # type: ignore[call-arg, arg-type, unused-ignore]


def at_least(column: str, value: Any) -> Filter:
    """Rows whose column is this value or more."""
    return GreaterThanOrEqual(column, value)  # type: ignore[call-arg, arg-type, unused-ignore]


def at_most(column: str, value: Any) -> Filter:
    """Rows whose column is this value or less."""
    return LessThanOrEqual(column, value)  # type: ignore[call-arg, arg-type, unused-ignore]


def no_row() -> Filter:
    """No row."""
    return AlwaysFalse()


def every_row() -> Filter:
    """All rows."""
    return AlwaysTrue()


def all_of(*filters: Filter) -> Filter:
    """Rows that match every filter."""
    return And(*filters) if len(filters) > 1 else filters[0] if filters else AlwaysTrue()


def any_of(*filters: Filter) -> Filter:
    """Rows that match one of the filters at least."""
    return Or(*filters) if len(filters) > 1 else filters[0] if filters else AlwaysFalse()

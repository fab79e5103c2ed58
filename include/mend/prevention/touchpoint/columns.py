"""What a measure of a touchpoint may ask of the month's rows: the columns of each record, and what they hold."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from mend.foundation.condition_kinds import Kind, check_kinds
from mend.foundation.conditions import Condition, ConditionError, parse
from mend.foundation.schema import CODES, RECORDS, Column

NUMBERS: Final = frozenset({"integer", "long", "double", "decimal", "points"})
BOOLEAN: Final = Kind("boolean")
NUMBER: Final = Kind("number")
# Columns that are worked out for the rows of a record, beside those of the contract.
WORKED_OUT: Final[Mapping[str, Mapping[str, Kind]]] = {
    "contact": {"points": NUMBER, "is_damaged": BOOLEAN},
    "ticket": {"is_on_time": BOOLEAN, "handling_seconds": NUMBER},
    "callback_booking": {"is_on_time": BOOLEAN, "callback_seconds": NUMBER},
    "survey_reply": {
        "score_of_ten": NUMBER,
        "is_answered": BOOLEAN,
        **dict.fromkeys(("touchpoint_code", "topic_code", "ivr_node_code", "agent_group_code"), Kind("text")),
    },
}


def _kind(column: Column) -> Kind | None:
    """What a contract column holds, as far as a measure may ask; None for times and personal texts."""
    if column.personal:
        return None
    if column.type == "boolean":
        return BOOLEAN
    if column.type in NUMBERS:
        return NUMBER
    if column.type == "string":
        return Kind("text", codes=frozenset(CODES[column.codes]) if column.codes else None)
    return None


COLUMNS: Final[Mapping[str, Mapping[str, Kind]]] = {
    record: {
        **{each.name: kind for each in RECORDS[record].columns if (kind := _kind(each)) is not None},
        **worked_out,
    }
    for record, worked_out in WORKED_OUT.items()
}


def parse_measure(text: str, record: str) -> Condition:
    """A condition over the record's columns, each compared with what it holds.

    Raises:
        ConditionError: naming the part that is wrong.

    >>> parse_measure("is_on_time", "ticket").sql()
    '("is_on_time")'
    """
    condition = parse(text, COLUMNS[record])
    check_kinds(condition, COLUMNS[record])
    return condition


def check_mean(name: str, record: str) -> str:
    """The name of a column whose mean is a measure.

    >>> check_mean("colour", "ticket")
    Traceback (most recent call last):
        ...
    mend.foundation.conditions.ConditionError: no number colour in ticket; write one of handling_seconds, \
reassignment_count, reopen_count, tier
    """
    numbers = sorted(each for each, kind in COLUMNS[record].items() if kind.name == "number")
    if name not in numbers:
        raise ConditionError(f"no number {name} in {record}; write one of {', '.join(numbers)}")
    return name

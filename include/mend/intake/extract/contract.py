"""A record's mapping against the contract: each problem in words that name key, value and what to do."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable, Iterator
from decimal import Decimal, InvalidOperation
from typing import Any, Final

from mend.foundation.schema import CODES, RECORDS, Column, Record
from mend.intake.extract.mapping import DURATIONS, ColumnMap, Expand, Group
from mend.intake.extract.nearest import with_nearest
from mend.intake.extract.record_source import RecordSource

VERSION: Final = Column("source_updated_at", "timestamp", "When the source says it last changed the row", "源更新时间")
WHOLE, NUMBERS = ("integer", "long"), ("integer", "long", "decimal", "double")
TIMES: Final = ("timestamp", "date")
TRUTHS: Final = ("true", "false", "t", "f", "yes", "no", "y", "n", "1", "0")
TRUTH: Final = (("boolean",), "yes or no")
TAKES: Final = {"sum": (NUMBERS, "numbers"), "count": (WHOLE, "whole numbers"), "any": TRUTH, "all": TRUTH}


def record_names_problem(records: Any) -> str | None:
    """What is wrong with the names of a source's records."""
    unknown = [str(name) for name in records if str(name) not in RECORDS] if isinstance(records, dict) else []
    if not unknown:
        return None
    return (
        f"records.{unknown[0]}: {with_nearest(unknown[0], RECORDS)} is no record of the contract; those are "
        f"{', '.join(RECORDS)}"
    )


def contract_problems(name: str, described: RecordSource) -> list[str]:
    """What is wrong with a record's description, each problem with its key."""
    record, where = RECORDS[name], f"records.{name}"
    found = list(_record_problems(where, described, record))
    contract = {column.name: column for column in record.columns}
    for column_name, mapping in described.columns.items():
        if column := contract.get(column_name):
            found += _column_problems(f"{where}.columns.{column_name}", column, mapping, described.group)
    if described.version:
        found += _column_problems(f"{where}.version", VERSION, described.version, described.group)
    return found


def _record_problems(where: str, described: RecordSource, record: Record) -> Iterator[str]:
    contract = {column.name: column for column in record.columns}
    if described.reader.format != "database" and not described.path:
        yield f"{where}: path is missing; say where its files are"
    if unknown := sorted(set(described.columns) - set(contract)):
        named = ", ".join(with_nearest(each, contract) for each in unknown)
        yield f"{where}.columns: the contract has no {named}; docs/data-dictionary.md lists its columns"
    needed = [column.name for column in contract.values() if column.required and column.default is None]
    if missing := sorted(set(needed) - set(described.columns)):
        yield (
            f"{where}.columns: the contract requires {', '.join(missing)}; map a column of the source, or give a "
            f"constant"
        )
    if described.group and described.expand:
        yield f"{where}: group and expand exclude each other; keep one"
    keys = [described.columns[name] for name in record.key if name in described.columns]
    if described.group:
        yield from _group_problems(f"{where}.group", described.group, record, keys)
    if described.expand:
        yield from _expand_problems(f"{where}.expand", described.expand, record, keys)


def _group_problems(where: str, group: Group, record: Record, keys: Iterable[ColumnMap]) -> Iterator[str]:
    used = {part.column for mapping in keys for part in mapping.parts}
    if lacking := sorted(used - set(group.by)):
        yield (
            f"{where}.by: {', '.join(group.by)} lacks {', '.join(lacking)}, which the key ({', '.join(record.key)}) "
            f"is made of: "
            "rows of several keys would become one; add it"
        )


def _expand_problems(where: str, expand: Expand, record: Record, keys: Iterable[ColumnMap]) -> Iterator[str]:
    if not any(expand.number == part.column for mapping in keys for part in mapping.parts):
        yield (
            f"{where}: the copies of a row would have one key; join the copy's number to {record.key[0]}, "
            f"such as {record.key[0]}: [..., '{expand.number}']"
        )


def _column_problems(where: str, column: Column, mapping: ColumnMap, group: Group | None) -> Iterator[str]:
    yield from _value_problems(where, column, mapping)
    yield from _format_problems(f"{where}.formats", column, mapping)
    is_time = column.type in TIMES or mapping.seconds_between is not None
    for key, is_given in (("zone", mapping.zone), ("ambiguous", mapping.ambiguous)):
        if is_given and not is_time:
            yield f"{where}.{key}: {is_given} says nothing about {column.name}, which is no time; take the key out"
    if mapping.round and column.type not in NUMBERS:
        yield f"{where}.round: {column.name} is no number; take the key out"
    if mapping.seconds_between and column.type not in NUMBERS:
        yield (
            f"{where}.seconds_between: {column.name} is a {column.type}, no number of seconds; map a column in seconds"
        )
    if mapping.when and column.type not in ("boolean", *NUMBERS):
        yield f"{where}.when: it gives yes or no, and {column.name} is a {column.type}; use from with codes"
    yield from _take_problems(f"{where}.take", column, mapping, group)


def _take_problems(where: str, column: Column, mapping: ColumnMap, group: Group | None) -> Iterator[str]:
    if mapping.take is None:
        return
    if group is None:
        yield (
            f"{where}: {mapping.take} needs a group of rows to take from; give the record group: "
            f"{{by: ..., order: ...}}"
        )
    types, words = TAKES.get(mapping.take, ((column.type,), ""))
    if column.type not in types:
        yield (
            f"{where}: {mapping.take} is for {words}, and {column.name} is a {column.type}; say first, last, min or max"
        )


def _value_problems(where: str, column: Column, mapping: ColumnMap) -> Iterator[str]:
    if column.codes and mapping.unknown == "keep":
        yield f"{where}.unknown: unknown codes cannot be kept, the contract lists them; say reject or null"
    if mapping.default is not None and mapping.constant is not None:
        yield f"{where}.default: a constant is never empty; keep one of the two"
    given = {"constant": mapping.constant, "default": mapping.default}
    given |= {f"codes.{code}": meant for code, meant in mapping.codes.items()}
    for key, value in given.items():
        if value is not None and (problem := value_problem(column, value)):
            yield f"{where}.{key}: {problem}"


def _format_problems(where: str, column: Column, mapping: ColumnMap) -> Iterator[str]:
    durations = [each for each in mapping.formats if each in DURATIONS]
    others = [each for each in mapping.formats if each not in DURATIONS]
    is_seconds = column.unit == "s" and bool(mapping.source)
    if column.type in TIMES or mapping.seconds_between:
        if durations:
            yield (
                f"{where}: {durations[0]} is a length of time, and {column.name} wants points in time; give "
                f"patterns such as %Y-%m-%d"
            )
    elif mapping.formats and not is_seconds:
        yield f"{where}: {column.name} is neither a time nor a number of seconds; take the key out"
    elif others:
        wanted = f"say one of {', '.join(DURATIONS)}, or map seconds_between"
        yield f"{where}: {others[0]} is a point in time, and {column.name} a length; {wanted}"
    if {"MM:SS", "HH:MM"} <= set(durations):
        yield f"{where}: 05:30 fits both MM:SS and HH:MM; keep the one that the source means"


def value_problem(column: Column, value: str | bool | int | float) -> str | None:
    """Why the contract does not allow the value, and what to do; None when it does.

    >>> value_problem(Column("talk_seconds", "integer", "", "", min=0), -1)
    '-1 is under 0, the least that talk_seconds may be; give another value'
    >>> value_problem(Column("tier", "integer", "", ""), "two")
    'two is no integer, as tier is; give one'
    """
    text = str(value).lower() if isinstance(value, bool) else str(value)
    if column.codes:
        codes = CODES[column.codes]
        return (
            None if text in codes else f"{with_nearest(text, codes)} is none of {', '.join(codes)}; give one of these"
        )
    if column.type == "string":
        if isinstance(value, bool):
            return f"{text} is yes or no, and {column.name} is a text; put it in quotes"
        fits = column.pattern is None or re.fullmatch(column.pattern, text)
        return None if fits else f"{text} has not the form {column.pattern} of {column.name}; give one that has"
    if not _is_of_type(column.type, value, text):
        return f"{text} is no {column.type}, as {column.name} is; give one"
    if column.min is not None and float(text) < column.min:
        return f"{text} is under {column.min:g}, the least that {column.name} may be; give another value"
    if column.max is not None and float(text) > column.max:
        return f"{text} is over {column.max:g}, the most that {column.name} may be; give another value"
    return None


def _is_of_type(type_name: str, value: str | bool | int | float, text: str) -> bool:
    if type_name == "boolean":
        return text in TRUTHS
    if isinstance(value, bool):
        return False
    try:
        if type_name in WHOLE:
            return bool(re.fullmatch("[+-]?[0-9]+", text)) and abs(int(text)) < (
                2**31 if type_name == "integer" else 2**63
            )
        if type_name == "decimal":
            return (
                Decimal(text).is_finite() and round(Decimal(text), 2) == Decimal(text) and abs(Decimal(text)) < 10**10
            )
        if type_name == "double":
            return Decimal(text).is_finite()
        return bool(dt.date.fromisoformat(text) if type_name == "date" else dt.datetime.fromisoformat(text))
    except (ValueError, InvalidOperation):
        return False

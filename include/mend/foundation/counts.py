"""The small result of a step: counts and a few names, fit for XCom, the log and an asset event."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from functools import cache
from pathlib import Path
from typing import Final, TypeAlias

from mend.foundation.yaml_text import read_yaml

Value: TypeAlias = int | float | str | bool | list[str]
Counts: TypeAlias = dict[str, Value]
WARNINGS: Final = "warnings"  # sentences, a line each where there is room for lines
SHOWN: Final = 6
CHINESE: Final = Path(__file__).with_name("count_words.yaml")
LONGEST_LIST: Final = 400  # a year of days; rows never go through XCom


def small(report: object) -> Counts:
    """What of a report is small: numbers, words, short lists of words. Parts within parts become `part_name`.

    >>> small({"rows": 3, "gate": {"parse": 1}, "days": [dt.date(2026, 3, 5)], "detail": None})
    {'rows': 3, 'gate_parse': 1, 'days': ['2026-03-05']}
    """
    counts: Counts = {}
    for name, value in _parts(report):
        if isinstance(value, bool | int | float | str):
            counts[name] = value
        elif isinstance(value, dt.date):
            counts[name] = value.isoformat()
        elif isinstance(value, list | tuple | set | frozenset):
            _add_list(counts, name, list(value))
        elif isinstance(value, Mapping) or is_dataclass(value):
            counts |= {f"{name}_{inner}": count for inner, count in small(value).items()}
    return counts


def in_words(counts: Mapping[str, Value]) -> str:
    """One line for people.

    >>> in_words({"rows": 31599, "days": ["2026-01", "2026-02"], "empty": 0})
    'rows 31 599, days 2026-01 2026-02, empty 0'
    >>> in_words({"is_promoted": False, "rejected_for": ["outcome: unknown_code: 1", "started_at: missing: 2"]})
    'is promoted no, rejected for outcome: unknown_code: 1; started_at: missing: 2'
    """
    shown = {
        name: len(value) if name == WARNINGS and isinstance(value, list) else value for name, value in counts.items()
    }
    said = [f"{name.replace('_', ' ')} {_word(value)}" for name, value in shown.items() if value not in ([], "")]
    return ", ".join(said) or "nothing to count"


def in_chinese(counts: Mapping[str, Value]) -> tuple[str, str]:
    """The same in Chinese; and the rest, which nobody has put into Chinese, as `in_words` says it.

    >>> in_chinese({"rows": 31599, "2026-01_damaged": 4, "days": [], "decision": "too few notes"})
    ('行数31 599，2026-01受损4', 'decision too few notes')
    """
    said: list[str] = []
    rest: dict[str, Value] = {}
    for name, value in counts.items():
        month, _, own = name.partition("_") if name[:1].isdigit() else ("", "", name)
        words, shown = _chinese().get(own), _chinese_word(value)
        if words is None or shown is None:
            rest[name] = value
        elif value not in ([], ""):
            said.append(f"{month}{words}{shown}")
    left = {name: value for name, value in rest.items() if value not in ([], "")}
    return "，".join(said), in_words(left) if left else ""


@cache
def _chinese() -> Mapping[str, str]:
    return {str(name): str(words) for name, words in read_yaml(CHINESE.read_text("utf-8")).items()}


def _chinese_word(value: Value) -> str | None:
    """A number, a day or yes and no; None for words."""
    if isinstance(value, bool):
        return "是" if value else "否"
    if isinstance(value, list) and len(value) > SHOWN:
        return str(len(value))
    word = _word(value)
    return None if any(each.isascii() and each.isalpha() for each in word) else word


def _parts(report: object) -> list[tuple[str, object]]:
    if isinstance(report, Mapping):
        return [(str(name), value) for name, value in report.items()]
    if is_dataclass(report):
        return [(field.name, getattr(report, field.name)) for field in fields(report)]
    return []


def _add_list(counts: Counts, name: str, values: list[object]) -> None:
    """Words stay words; of parts (a report per table, say) only their number is kept."""
    if all(isinstance(value, str | dt.date) for value in values) and len(values) <= LONGEST_LIST:
        counts[name] = [str(value) for value in values]
    else:
        counts[name] = len(values)


def _word(value: Value) -> str:
    if isinstance(value, list):
        between = "; " if any(" " in word for word in value) else " "
        return between.join(value) if len(value) <= SHOWN else f"{len(value)} of them"
    if isinstance(value, bool):
        return "yes" if value else "no"
    if not isinstance(value, int):
        return str(value)
    return f"{value:,}".replace(",", " ")

"""The warning line of each department: it is where the list fits the specialists' hours, and says so."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any

import pyarrow as pa

from mend.foundation.pipeline.model import read_model
from mend.foundation.pipeline.runner import Step
from mend.grumbles.warning.nights import ROOM
from mend.grumbles.warning.rules import Rules


def capacity_rows(step: Step, rules: Rules, nights: Mapping[dt.date, tuple[str, str]]) -> pa.Table:
    """Rows of mart_warning_capacity: one for each night and department, also of a night without any grumble.

    Args:
        nights: each night's digest of its list, and of the lists it was made from.
    """
    rows = []
    for row in step.arrow(read_model(ROOM, "capacity")).to_pylist():
        own, source = nights[row["day_on"]]
        en, zh = rules.department_words(row["department_code"])
        words = {"words_en": in_english(row, en), "words_zh": in_chinese(row, zh)}
        rows.append({**row, "list_digest": own, "derived_from": source, **words})
    columns = step.bench.described("mart_warning_capacity").column_names
    return pa.Table.from_pylist([{name: row[name] for name in columns} for row in rows])


def in_english(row: dict[str, Any], name: str) -> str:
    """Where a department's line is, and why.

    >>> row = {"specialist_count": 4, "capacity_minutes": 1440.0, "needed_minutes": 1425.0}
    >>> row |= {"candidate_count": 321, "listed_count": 57, "new_count": 50, "line_level": 5, "line_probability": None}
    >>> in_english(row, "network")
    'network: the line is at level 5: 57 of 321 customers (50 new) fit the 24.0 hours of 4 specialists and take
    23.8'
    """
    hours = f"the {row['capacity_minutes'] / 60:.1f} hours of {row['specialist_count']} specialists"
    if not row["listed_count"]:
        return f"{name}: nobody is above the line: {row['candidate_count']} customers, {hours}"
    return (
        f"{name}: the line is at level {row['line_level']}{_chance(row, ', 7-day probability ', ' %')}: "
        f"{row['listed_count']} of "
        f"{row['candidate_count']} customers ({row['new_count']} new) fit {hours} and take "
        f"{row['needed_minutes'] / 60:.1f}"
    )


def in_chinese(row: dict[str, Any], name: str) -> str:
    """The same in Chinese."""
    hours = f"{row['specialist_count']}名专员共{row['capacity_minutes'] / 60:.1f}小时"
    if not row["listed_count"]:
        return f"{name}：线上无客户，候选{row['candidate_count']}人，{hours}"
    chance, asked = _chance(row, "，7天投诉概率", "%"), f"候选{row['candidate_count']}人中{row['listed_count']}人"
    return (
        f"{name}：预警线位于{row['line_level']}级{chance}，{asked}（新增{row['new_count']}人）在{hours}之内，"
        f"需{row['needed_minutes'] / 60:.1f}小时"
    )


def _chance(row: dict[str, Any], before: str, after: str) -> str:
    chance = row["line_probability"]
    return "" if chance is None else f"{before}{100 * chance:.1f}{after}"

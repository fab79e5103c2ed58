"""The cut points in force on a day: those of the month whose results the day uses, else of the latest month before."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Any, Final

from mend.foundation.pipeline.workbench import Workbench
from mend.grumbles.warning.rules import LEVELS, Rules, result_month

Key = tuple[int, int, float]  # points, age in days, association coefficient
KEY: Final = ("points", "age_days", "coefficient")
COLUMNS: Final = {
    "day_on": "date",
    "cut_month": "varchar",
    **{f"{name}_{level}": "double" if name == "coefficient" else "integer" for level in LEVELS[:-1] for name in KEY},
}


def cut_in_force(bench: Workbench, rules: Rules, day: dt.date) -> tuple[str | None, Mapping[int, Key]]:
    """The month, and level → least place; None and nothing before the first cut points."""
    return _chosen(_every(bench), rules, day)


def cut_rows(bench: Workbench, rules: Rules, days: Sequence[dt.date]) -> list[list[Any]]:
    """Rows of the table `cut` (COLUMNS): one for each day that has cut points in force."""
    every, rows = _every(bench), []
    for day in sorted(set(days)):
        month, found = _chosen(every, rules, day)
        if month is not None:
            rows.append([day, month, *(cell for level in LEVELS[:-1] for cell in found[level])])
    return rows


def _every(bench: Workbench) -> dict[str, dict[int, Key]]:
    bench.view("mart_grumble_cut", as_name="every_cut")
    found: dict[str, dict[int, Key]] = {}
    for month, level, *key in bench.sql("select month, level, points, age_days, coefficient from every_cut"):
        found.setdefault(month, {})[level] = (key[0], key[1], key[2])
    return found


def _chosen(every: Mapping[str, Mapping[int, Key]], rules: Rules, day: dt.date) -> tuple[str | None, Mapping[int, Key]]:
    month = max((each for each in every if each <= result_month(rules, day)), default=None)
    return (None, {}) if month is None else (month, every[month])

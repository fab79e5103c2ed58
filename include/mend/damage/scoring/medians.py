"""Median handling time of each topic, month by month: what 'slow to grasp' compares with."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection
from typing import Final

from mend.foundation.lake.filters import one_of
from mend.foundation.periods import days_of, month_before, month_of
from mend.foundation.pipeline.model import read_model
from mend.foundation.pipeline.runner import Step

ROOM: Final = "damage/scoring"
COLUMNS: Final = {
    "month": "varchar",
    "topic_code": "varchar",
    "median_handling_seconds": "double",
    "contact_count": "bigint",
}


def refresh_medians(step: Step, days: Collection[dt.date], changed: Collection[dt.date]) -> list[str]:
    """The tables `topic_month` and `topic_median`; gives the months whose medians moved.

    Worked out are the months before the days (unless they are stored) and those with changed contacts, when the month
    after has contacts that were scored by the old medians.

    Args:
        days: days whose contacts may be held against the month before.
        changed: days of contacts that came with the run.
    """
    step.view("mart_topic_handling_month", as_name="topic_stored")
    stored = {row[0] for row in step.read("topic_stored")}
    followed = {month_before(day) for day in step.bench.lake.days("core_contact", "started_on")}
    needed = {month_before(day) for day in days} - stored
    fresh = sorted(needed | ({month_of(day) for day in changed} & followed))
    step.put("fresh_month", {"month": "varchar"}, [(month,) for month in fresh])
    step.put("topic_fresh", COLUMNS, [])
    for month in fresh:
        _work_out(step, month)
    step.run((read_model(ROOM, "topic_month"), read_model(ROOM, "topic_median")))
    return sorted(month for (month,) in step.rows(read_model(ROOM, "topic_moved")))


def store_medians(step: Step, moved: Collection[str]) -> None:
    """Keep the months whose medians moved. This comes last in a run: until then a rerun still sees what moved."""
    if moved:
        files = step.write("mart_topic_handling_month", "topic_month", where_in=("month", sorted(moved)))
        step.bench.lake.replace("mart_topic_handling_month", one_of("month", moved), files)


def _work_out(step: Step, month: str) -> None:
    days = days_of(month)
    step.view("core_contact", as_name="month_contact", days=days)
    values = {"month": month, "first_day": days[0], "last_day": days[-1]}
    step.make(read_model(ROOM, "topic_handling_month"), "_topic_of_month", values)
    step.append("_topic_of_month", "topic_fresh")

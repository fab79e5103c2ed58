"""The association's inputs from the lake: the tables `input_*` of the month and the days before it that the longest
window needs.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Final

from mend.foundation.lake.filters import equal
from mend.foundation.periods import ONE_DAY, days_of, month_before
from mend.foundation.pipeline.model import read_model
from mend.foundation.pipeline.runner import Step

RECORDS: Final = {"core_contact": "started_on", "mart_grumble": "grumbled_on", "mart_complaint": "complained_on"}
INPUTS: Final = ("input_grumble", "input_complaint", "input_customer", "input_cluster")


@dataclass(frozen=True)
class Period:
    """The month's first day, the last day of follow-up (right censoring), the first day with records, and whose
    clusters are used.
    """

    first_day: dt.date
    last_day: dt.date
    records_from: dt.date
    cluster_month: str | None = None

    @property
    def end_day(self) -> int:
        """The last day of follow-up, counted from the first day (0)."""
        return (self.last_day - self.first_day).days


def open_inputs(step: Step, month: str, longest: int) -> Period | None:
    """Open the inputs; gives the period, None when no day of the month has a record."""
    days = days_of(month)
    known = {day for table, column in RECORDS.items() for day in step.bench.lake.days(table, column)}
    if not known & set(days):
        return None
    looked = [days[0] - number * ONE_DAY for number in range(longest, 0, -1)] + days
    step.view("mart_grumble", "grumble_file", looked)
    step.view("mart_complaint", "complaint_file", looked)
    step.view("core_customer", "snapshot", [days[0]])
    cluster_month = _open_clusters(step, month)
    for name in INPUTS:
        step.make(read_model("grumbles/association", name), name, is_view=True)
    # A monthly snapshot does not say on which day of the month someone left.
    step.put("input_churn", {"customer_id": "varchar", "ended_on": "date"}, [])
    return Period(days[0], max(day for day in known if day <= days[-1]), min(known), cluster_month)


def _open_clusters(step: Step, month: str) -> str | None:
    """Clusters of the month before, which this month's complaints cannot have shaped; failing that the month's own."""
    for candidate in (month_before(days_of(month)[0]), month):
        if step.view("mart_customer_cluster", "cluster_file", where=equal("month", candidate)):
            return candidate
    return None

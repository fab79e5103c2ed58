"""The association's inputs from the lake: views `input_*` of the month and the days before it that the longest window
needs.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from mend.foundation.lake.filters import equal
from mend.foundation.periods import ONE_DAY, days_of, month_before
from mend.foundation.pipeline.workbench import Workbench

RECORDS = {"core_contact": "started_on", "mart_grumble": "grumbled_on", "mart_complaint": "complained_on"}


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


def open_inputs(bench: Workbench, month: str, longest: int) -> Period | None:
    """The views and the period; None when no day of the month has a record."""
    days = days_of(month)
    known = {day for table, column in RECORDS.items() for day in bench.lake.days(table, column)}
    if not known & set(days):
        return None
    looked = [days[0] - number * ONE_DAY for number in range(longest, 0, -1)] + days
    bench.view("mart_grumble", days=looked, as_name="grumble_file")
    bench.view("mart_complaint", days=looked, as_name="complaint_file")
    bench.view("core_customer", days=[days[0]], as_name="snapshot")
    bench.execute(
        "create or replace temp view input_grumble as select customer_id, grumble_type_code, grumbled_at, grumbled_on, "
        "cast(solved_at as date) as solved_on from grumble_file where grumble_type_code is not null"
    )
    bench.execute(
        "create or replace temp view input_complaint as select complaint_id, customer_id, complained_on, "
        "complaint_type_code "
        "from complaint_file where customer_id is not null"
    )
    _open_customers(bench)
    last = max(day for day in known if day <= days[-1])
    return Period(days[0], last, min(known), _open_clusters(bench, month))


def _open_customers(bench: Workbench) -> None:
    """The snapshot's customers; where no source carries customers, those who grumbled or complained.

    A monthly snapshot does not say on which day of the month someone left: who had left before the month is not at
    risk.
    """
    some = "select customer_id from input_grumble union select customer_id from input_complaint"
    seen = f"select customer_id, cast(null as date) as joined_on from ({some})"
    known = "select customer_id, joined_on from snapshot where status_code is distinct from 'left'"
    has_snapshot = bool(bench.sql("select 1 from snapshot limit 1"))
    bench.execute(f"create or replace temp view input_customer as {known if has_snapshot else seen}")
    bench.execute(
        "create or replace temp view input_churn as select '' as customer_id, cast(null as date) as ended_on where "
        "false"
    )


def _open_clusters(bench: Workbench, month: str) -> str | None:
    """Clusters of the month before, which this month's complaints cannot have shaped; failing that the month's own."""
    for candidate in (month_before(days_of(month)[0]), month):
        bench.view("mart_customer_cluster", where=equal("month", candidate), as_name="cluster_file")
        chosen = f"select customer_id, value_code, behaviour_code from cluster_file where month = '{candidate}'"
        bench.execute(f"create or replace temp view input_cluster as {chosen}")
        if bench.sql("select 1 from input_cluster limit 1"):
            return candidate
    return None

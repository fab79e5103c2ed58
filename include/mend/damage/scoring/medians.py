"""Median handling time of each topic, month by month: what 'slow to grasp' compares with."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field

from mend.foundation.lake.filters import one_of
from mend.foundation.periods import days_of, month_before, month_of
from mend.foundation.pipeline import model as models
from mend.foundation.pipeline.workbench import Workbench


@dataclass
class Medians:
    """Medians that this run computed afresh. They are stored last: until then a rerun still sees what moved."""

    fresh: list[str] = field(default_factory=list)
    moved: list[str] = field(default_factory=list)


def refresh_medians(bench: Workbench, days: list[dt.date]) -> Medians:
    """The temporary table `topic_month` (every month that the run may hold contacts against) and which of its months
    moved.

    Computed are the months before the run's days, unless they are stored, and the months of contacts that came with the
    run, when the month after has contacts that were scored by the old medians. The other months as they are stored are
    for days of any month that are looked at again for some customers.
    """
    contact_days = bench.lake.days("core_contact", "started_on")
    needed = {month_before(day) for day in days}
    changed = {
        month_of(row[0]) for row in bench.sql("select distinct subject_on from change where record_code = 'contact'")
    }
    followed = {month_before(day) for day in contact_days}
    bench.view("mart_topic_handling_month", as_name="topic_stored")
    stored = {row[0] for row in bench.sql("select distinct month from topic_stored")}
    result = Medians(fresh=sorted((needed - stored) | (changed & followed)))
    bench.execute("create or replace temp table topic_month as select * from topic_stored")
    for month in result.fresh:
        _compute(bench, month)
    result.moved = [month for month in result.fresh if _moved(bench, month)]
    return result


def store_medians(bench: Workbench, medians: Medians) -> None:
    """Keep the months computed afresh."""
    if medians.moved:
        bench.execute(
            "create or replace temp table moved_month as select unnest(cast($months as varchar[])) as month",
            {"months": medians.moved},
        )
        query = "select topic_month.* from topic_month semi join moved_month using (month)"
        bench.replace("mart_topic_handling_month", query, one_of("month", medians.moved))


def apply_medians(bench: Workbench) -> None:
    """The view `topic_median`: each topic's median with the month whose contacts are held against it."""
    bench.execute(
        "create or replace temp view topic_median as select topic_code, median_handling_seconds, "
        "cast(strptime(month || '-01', '%Y-%m-%d') + interval 1 month as date) as applies_to_month_on from topic_month"
    )


def _compute(bench: Workbench, month: str) -> None:
    days = days_of(month)
    bench.view("core_contact", days=days)
    bench.execute("delete from topic_month where month = $month", {"month": month})
    bench.execute(
        f"insert into topic_month by name {models.load('damage/scoring', 'topic_handling_month')}",
        {"month": month, "first_day": days[0], "last_day": days[-1]},
    )


def _moved(bench: Workbench, month: str) -> bool:
    compare = "select topic_code, median_handling_seconds, contact_count from {} where month = $month"
    fresh, stored = compare.format("topic_month"), compare.format("topic_stored")
    rows = bench.sql(
        f"select count(*) from (({fresh} except {stored}) union all ({stored} except {fresh}))", {"month": month}
    )
    return bool(rows[0][0])

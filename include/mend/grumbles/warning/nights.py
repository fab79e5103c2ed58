"""The tables of the room as they were known at the end of each night: `night`, `open_grumble` and `feature`."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from mend.foundation.lake.filters import all_of, at_least, at_most, one_of
from mend.foundation.periods import ONE_DAY, month_before
from mend.foundation.pipeline import model as models
from mend.foundation.pipeline.workbench import Workbench
from mend.grumbles.warning.rules import Rules


def open_nights(bench: Workbench, rules: Rules, days: Sequence[dt.date], permille: int = 1000) -> int:
    """Make the temp table `open_grumble` for the nights of these days, with their inputs as views; returns its rows.

    Nothing that happened after a night is in its rows: a rerun at any later date gives the same.

    Args:
        permille: of the customers, drawn by a hash of their id, so many in a thousand.
    """
    _nights(bench, rules, days)
    _views(bench, rules, min(days), max(days))
    if permille < 1000:
        drawn = f"select * from grumble where md5_number_lower(customer_id) % 1000 < {permille:d}"
        bench.execute(f"create or replace temp table drawn_grumble as {drawn}")
        bench.execute("create or replace temp view grumble as select * from drawn_grumble")
    values = {"ticket_limit_hours": rules.open.ticket_limit_hours, "department": rules.open.department}
    bench.execute(
        f"create or replace temp table open_grumble as {models.load('grumbles/warning', 'open_grumble')}", values
    )
    return int(bench.sql("select count(*) from open_grumble")[0][0])


def make_features(bench: Workbench, rules: Rules, areas: Sequence[str]) -> None:
    """Make the temp table `feature` of the rows of `open_grumble`, with a column open_<place> for each area: days since
    the customer's latest open grumble of that area."""
    columns = "".join(
        f",\n        min(case when area_code = $area_{place} then age_days end) as open_{place}"
        for place in range(len(areas))
    )
    values = {
        "recent_days": rules.open.recent_days,
        "complaint_days": rules.open.complaint_days,
        "window_days": rules.parts.association.window_days,
        **{f"area_{place}": area for place, area in enumerate(areas)},
    }
    query = models.load("grumbles/warning", "feature").replace("{open_areas}", columns)
    bench.execute(f"create or replace temp table feature as {query}", values)


def result_month(rules: Rules, day: dt.date) -> str:
    """The month whose clusters, associations and models a night uses: last month's, or in the first days the one
    before.

    A night uses them from a set day on, not from when they were ready: so a rerun finds what the first run found.
    """
    last = month_before(day)
    return last if day.day >= rules.open.monthly_results_from_day else month_before(dt.date.fromisoformat(f"{last}-01"))


def _nights(bench: Workbench, rules: Rules, days: Sequence[dt.date]) -> None:
    snapshots = bench.lake.days("core_customer", "month_on")
    bench.view("mart_grumble_type", as_name="every_taxonomy")
    versions = [row[0] for row in bench.sql("select distinct taxonomy_version from every_taxonomy")]
    bench.execute(
        "create or replace temp table night "
        "(day_on date, first_on date, snapshot_on date, result_month varchar, taxonomy_version date, ends_at "
        "timestamptz)"
    )
    rows = [
        (
            day,
            day - (rules.open.days - 1) * ONE_DAY,
            max((each for each in snapshots if each <= day), default=None),
            result_month(rules, day),
            max((each for each in versions if each <= day), default=None),
            bench.engine.begins(day + ONE_DAY),
        )
        for day in sorted(set(days))
    ]
    bench.engine.connection.executemany("insert into night values (?, ?, ?, ?, ?, ?)", rows)


def _views(bench: Workbench, rules: Rules, first: dt.date, last: dt.date) -> None:
    """The inputs' files that the nights can need; rows are chosen by the queries, night by night."""
    back = first - max(rules.open.days, rules.open.recent_days) * ONE_DAY
    bench.view(
        "mart_grumble", where=all_of(at_least("grumbled_on", back), at_most("grumbled_on", last)), as_name="grumble"
    )
    earlier = first - rules.open.complaint_days * ONE_DAY
    bench.view(
        "mart_complaint",
        where=all_of(at_least("complained_on", earlier), at_most("complained_on", last)),
        as_name="complaint",
    )
    bench.view("core_ticket", where=all_of(at_least("opened_on", back), at_most("opened_on", last)), as_name="ticket")
    bench.view(
        "mart_exposure_day", where=all_of(at_least("subject_on", back), at_most("subject_on", last)), as_name="exposure"
    )
    snapshots = [row[0] for row in bench.sql("select distinct snapshot_on from night where snapshot_on is not null")]
    bench.view("core_customer", days=snapshots, as_name="customer")
    months = {row[0] for row in bench.sql("select distinct result_month from night")}
    bench.view("mart_customer_cluster", where=one_of("month", months), as_name="customer_cluster")
    bench.view("mart_association", where=one_of("month", months), as_name="association")

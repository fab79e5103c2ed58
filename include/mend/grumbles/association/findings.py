"""The month's association of grumbles and complaints, with its key grumble points."""

from __future__ import annotations

from dataclasses import dataclass

from mend.foundation.home import Home
from mend.foundation.lake.filters import equal
from mend.foundation.periods import days_of, month_before
from mend.foundation.pipeline import model as models
from mend.foundation.pipeline.workbench import Workbench
from mend.grumbles.association.inputs import open_inputs
from mend.grumbles.association.measure import measure
from mend.grumbles.association.rules import settings_on


@dataclass(frozen=True)
class AssociationReport:
    """A month's association: last day of follow-up, customers at risk, grumble days and complaints counted, tests, and
    what was found.

    `cluster_month` is the month whose clusters were used: None without any, and the month itself only where the month
    before has none.
    """

    month: str
    followed_until: str | None
    customers: int
    grumble_days: int
    complaints: int
    tests: int
    significant: int
    key_points: int
    cluster_month: str | None


def find_associations(home: Home, bench: Workbench, month: str) -> AssociationReport:
    """Write mart_association of a month (YYYY-MM) from mart_grumble, mart_complaint, core_customer and
    mart_customer_cluster.

    Raises:
        AssociationRuleError: naming file and rule, when the settings are broken.
    """
    days = days_of(month)
    settings = settings_on(days[-1], home.root / "rules" / "association")
    period = open_inputs(bench, month, settings.longest)
    if period is None:
        bench.lake.replace("mart_association", equal("month", month), [])
        return AssociationReport(month, None, 0, 0, 0, 0, 0, 0, None)
    rows = measure(bench.engine, period, settings)
    before = month_before(days[0])
    bench.view("mart_association", where=equal("month", before), as_name="association_before")
    values = {
        "month": month,
        "month_before": before,
        "rate": settings.false_discovery_rate,
        "key_points": settings.key_points,
        "cluster_month": period.cluster_month,
    }
    bench.execute(
        f"create or replace temp table association_row as {models.load('grumbles/association', 'association')}", values
    )
    bench.replace("mart_association", "select * from association_row order by all", equal("month", month))
    found = bench.sql(
        "select count(case when is_significant then 1 end), count(case when is_key then 1 end) from association_row"
    )[0]
    customers, grumbles, complaints = (
        int(bench.sql(f"select count(*) from {source}")[0][0])
        for source in ("population", "grumble_day where day >= 0", "complaint_row where complaint_no = 0 and day >= 0")
    )
    tests = sum(row["p_value"] is not None for row in rows)
    followed = period.last_day.isoformat()
    return AssociationReport(
        month, followed, customers, grumbles, complaints, tests, int(found[0]), int(found[1]), period.cluster_month
    )

"""The month's association of grumbles and complaints, with its key grumble points."""

from __future__ import annotations

from dataclasses import dataclass

from mend.foundation.home import Home
from mend.foundation.lake.filters import equal
from mend.foundation.periods import days_of, month_before
from mend.foundation.pipeline.model import read_model
from mend.foundation.pipeline.runner import open_step
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


def find_associations(home: Home, bench: Workbench, month: str, shares: int | None = None) -> AssociationReport:
    """Write mart_association of a month (YYYY-MM) from mart_grumble, mart_complaint, core_customer and
    mart_customer_cluster.

    Args:
        shares: of customers, worked on one after the other; by memory where nothing is said. The rows are the same.

    Raises:
        AssociationRuleError: naming file and rule, when the settings are broken.
    """
    days = days_of(month)
    settings = settings_on(days[-1], home.root / "rules" / "association")
    with open_step(bench, "association") as step:
        period = open_inputs(step, month, settings.longest)
        if period is None:
            bench.lake.replace("mart_association", equal("month", month), [])
            return AssociationReport(month, None, 0, 0, 0, 0, 0, 0, None)
        counts, rows = measure(step, period, settings, shares)
        before = month_before(days[0])
        step.view("mart_association", "association_before", where=equal("month", before))
        values = {
            "month": month,
            "month_before": before,
            "rate": settings.false_discovery_rate,
            "key_points": settings.key_points,
            "cluster_month": period.cluster_month,
        }
        step.run(read_model("grumbles/association", "association"), values)
        found = step.rows(read_model("grumbles/association", "found_count"))[0]
        bench.lake.replace("mart_association", equal("month", month), step.write("mart_association", "association"))
    return AssociationReport(
        month=month,
        followed_until=period.last_day.isoformat(),
        customers=counts.customers,
        grumble_days=counts.grumble_days,
        complaints=counts.complaints,
        tests=sum(row["p_value"] is not None for row in rows),
        significant=found[0],
        key_points=found[1],
        cluster_month=period.cluster_month,
    )

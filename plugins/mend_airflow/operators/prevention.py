"""Prevention: touchpoints, where trouble comes from, and what promises would cost."""

from __future__ import annotations

from mend import chain
from mend_airflow.operators.step import MonthStepOperator


class TouchpointOperator(MonthStepOperator):
    """Measures each touchpoint of the inventory in a month, places it in the quadrant, and follows corrective actions
    for important ones that are surely low: tables, pictures and pages.
    """

    step = chain.step("touchpoints")


class TroubleOperator(MonthStepOperator):
    """Finds where the month's damage came from (menu node, topic, agent group, centre, plan, city), what of it is more
    than the volume explains, and the month's outages.

    Closed months that are held against this one are looked at again.
    """

    step = chain.step("trouble")


class GuaranteeOperator(MonthStepOperator):
    """Counts what the service guarantee would have cost in the month: each promise by city, with the next month's
    interval, and what nobody can tell.
    """

    step = chain.step("guarantee")

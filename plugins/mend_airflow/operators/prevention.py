"""Prevention: touchpoints, where trouble comes from, who deals with it, and what promises would cost."""

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


class ProblemOperator(MonthStepOperator):
    """Routes what has become worse in the month (grumbles by survey item, proven sources of trouble) to the departments
    that control it, and measures by the month's figures what was answered before.

    Each problem is opened once; one that goes on is not doubled. Later months that are held against this one are judged
    again.
    """

    step = chain.step("problems")


class GuaranteeOperator(MonthStepOperator):
    """Counts what the service guarantee would have cost in the month: each promise by city, with the next month's
    interval, and what nobody can tell.
    """

    step = chain.step("guarantee")

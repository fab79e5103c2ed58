"""Prevention: where trouble comes from, so that its cause is removed."""
"""Prevention: what a month teaches about promises."""

from __future__ import annotations

from mend import chain
from mend_airflow.operators.step import MonthStepOperator


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

"""Prevention: what a month teaches about promises."""

from __future__ import annotations

from mend import chain
from mend_airflow.operators.step import MonthStepOperator


class GuaranteeOperator(MonthStepOperator):
    """Counts what the service guarantee would have cost in the month: each promise by city, with the next month's
    interval, and what nobody can tell.
    """

    step = chain.step("guarantee")

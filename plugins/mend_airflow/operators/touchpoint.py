"""Touchpoints: how well each works and how it is experienced, and what its owner is asked to do."""

from __future__ import annotations

from mend import chain
from mend_airflow.operators.step import MonthStepOperator


class TouchpointOperator(MonthStepOperator):
    """Measures each touchpoint of the inventory in a month, places it in the quadrant, and follows corrective actions
    for important ones that are surely low: tables, pictures and pages.
    """

    step = chain.step("touchpoints")

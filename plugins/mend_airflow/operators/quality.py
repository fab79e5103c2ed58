"""Step 2: the quality gate."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mend.home import Home
from mend_airflow.business_date import Period
from mend_airflow.operators.step import StepOperator

if TYPE_CHECKING:
    from mend.workbench import Workbench


class QualityGateOperator(StepOperator):
    """Checks the rows that arrived on the run's days; bad rows go to quarantine with their reasons.

    A rule marked critical that fails stops the chain here, without retry. A warning is logged and stored, and the
    chain goes on.
    """

    def work(self, home: Home, bench: Workbench, period: Period) -> object:
        """The gate's report."""
        from mend.quality import gate

        return gate(home, bench, period.days)

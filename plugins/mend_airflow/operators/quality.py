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
        """Rows looked at and put aside, and broken rules that only warn."""
        from mend.quality import gate

        report = gate(home, bench, period.days)
        return {
            "batches": sum(record.batches for record in report.records),
            "rows": sum(record.rows for record in report.records),
            "quarantined": sum(record.quarantined for record in report.records),
            "warnings": len(report.warnings),
        }

"""Step 2: the quality gate."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mend.foundation.home import Home
from mend_airflow.business_date import Period
from mend_airflow.operators.days import require_days
from mend_airflow.operators.step import StepOperator

if TYPE_CHECKING:
    from mend.foundation.pipeline.workbench import Workbench


class QualityGateOperator(StepOperator):
    """Checks the rows that arrived on the run's days; bad rows go to quarantine with their reasons.

    A batch that breaks a critical rule beyond its share is stopped, and fails the task, without retry, once all are
    judged: it stays out of the core tables until a person accepts it or its source mends it, and the others go on. A
    warning is logged and stored.
    """

    makes_due_days = True

    def days_to_make(self, home: Home, period: Period) -> Period:
        """The first step that looks at batches takes the marked days for its run."""
        return require_days(home, period, take=True)

    def work(self, home: Home, bench: Workbench, period: Period) -> object:
        """Rows looked at and put aside, and broken rules that only warn."""
        from mend.intake.quality import gate, warnings_in_words

        report = gate(home, bench, period.days)
        return {
            "batches": sum(record.batches for record in report.records),
            "rows": sum(record.rows for record in report.records),
            "quarantined": sum(record.quarantined for record in report.records),
            "accepted_stops": len({verdict.batch.batch_number for verdict in report.accepted}),
            "warnings": warnings_in_words(report),
        }

"""Step 3: the one valid version of every row."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mend.home import Home
from mend_airflow.business_date import Period
from mend_airflow.operators.step import StepOperator

if TYPE_CHECKING:
    from mend.workbench import Workbench


class CoreLoadOperator(StepOperator):
    """Brings the core tables up to what arrived on the run's days, and accounts for every line.

    Rows in = accepted + quarantined + superseded, batch by batch; a difference fails the task at once.
    """

    def work(self, home: Home, bench: Workbench, period: Period) -> object:
        """Rows of each record's core table on the days rebuilt, and where the lines that came are."""
        from mend import core

        loaded = core.load(home, bench, period.days)
        batches = core.reconcile(home, bench, period.days)
        return {
            **{f"core_{record.record}": record.rows for record in loaded.records},
            "batches": len(batches),
            "lines": sum(batch.lines for batch in batches),
            "accepted": sum(batch.accepted for batch in batches),
            "quarantined": sum(batch.quarantined for batch in batches),
            "superseded": sum(batch.superseded for batch in batches),
        }

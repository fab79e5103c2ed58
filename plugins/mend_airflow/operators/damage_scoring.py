"""Step 4: the damage ledger."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mend.foundation.home import Home
from mend_airflow.business_date import Period
from mend_airflow.operators.step import StepOperator

if TYPE_CHECKING:
    from mend.foundation.pipeline.workbench import Workbench


class DamageScoringOperator(StepOperator):
    """Applies the indicators and repair credits to what changed: ledger and day scores, for the run's days and every
    day they reach.

    Rules are versioned by date. A rule file that is broken fails the task at once, with file, rule and reason.
    """

    makes_due_days = True

    def work(self, home: Home, bench: Workbench, period: Period) -> object:
        """The scoring's report."""
        from mend.damage.scoring import score

        return score(home, bench, period.days)

"""Step 5: grumbles and complaints on record."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mend.home import Home
from mend_airflow.business_date import Period
from mend_airflow.operators.step import StepOperator

if TYPE_CHECKING:
    from mend.workbench import Workbench


class GrumbleOperator(StepOperator):
    """Records the grumbles and complaints of the days that the run's rows touch, each classified once: by the source's
    code, else from the agent's text.

    The taxonomy is versioned by date. A taxonomy file that is broken fails the task at once, with file, place and reason.
    """

    def work(self, home: Home, bench: Workbench, period: Period) -> object:
        """The recording's report: counts, never a text."""
        from mend.grumbles import record_grumbles

        return record_grumbles(home, bench, period.days)

"""Grumbles and complaints on record, and the classifier that reads texts."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mend.foundation.home import Home
from mend_airflow.business_date import Period
from mend_airflow.operators.step import MonthStepOperator, StepOperator

if TYPE_CHECKING:
    from mend.foundation.pipeline.workbench import Workbench


class GrumbleOperator(StepOperator):
    """Records the grumbles and complaints of the days that the run's rows touch, each classified once: by the source's
    code, else from the agent's text.

    The taxonomy is versioned by date. A taxonomy file that is broken fails the task at once, with file, place and
    reason.
    """

    makes_due_days = True

    def work(self, home: Home, bench: Workbench, period: Period) -> object:
        """The recording's report: counts, never a text."""
        from mend.grumbles.records import record_grumbles

        return record_grumbles(home, bench, period.days)


class GrumbleClassifierOperator(MonthStepOperator):
    """Trains the classifier of agents' texts on the notes that the sources coded, judges it on the month's later ones,
    and puts it in force from the next month on if it is no worse than the one before.

    A month is trained once; run again, it gives what is registered.
    """

    def work(self, home: Home, bench: Workbench, period: Period) -> object:
        """The training's report: version, notes, accuracy and coverage, whether it is in force."""
        from mend.grumbles.records import train_classifier

        return train_classifier(home, bench, period.month)

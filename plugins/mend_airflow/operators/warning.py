"""The warning: which grumble becomes a complaint."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from mend.foundation.home import Home
from mend_airflow.business_date import Period
from mend_airflow.operators.step import MonthStepOperator, StepOperator

if TYPE_CHECKING:
    from mend.foundation.pipeline.workbench import Workbench


class ComplaintWarningOperator(StepOperator):
    """Grades the open grumbles of each night, estimates the probability of a complaint, and publishes the warning list:
    a customer once, with owner, reasons and strategy, as many as the specialists' hours hold.

    Later nights whose list follows from the run's nights are made again with them.

    Args:
        unmasked: True puts whole phone numbers into the files.
    """

    makes_due_days = True

    template_fields: Sequence[str] = ("unmasked",)

    def __init__(self, *, unmasked: bool = False, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.unmasked = unmasked

    def work(self, home: Home, bench: Workbench, period: Period) -> object:
        """The warning's report."""
        from mend.grumbles.warning import warn

        return warn(home, bench, period.days, unmasked=self.unmasked)


class ComplaintModelOperator(MonthStepOperator):
    """Trains the month's complaint models (7 and 30 days), judges them on later nights, and promotes each that is no
    worse than the one in force and than the baselines."""

    def work(self, home: Home, bench: Workbench, period: Period) -> object:
        """The training's report: versions, which were promoted, and their figures."""
        from mend.grumbles.warning import train_models

        return train_models(home, bench, period.month)


class GrumbleIndexOperator(MonthStepOperator):
    """Writes the month's grumble index of each service item beside the survey's satisfaction, with their
    correlation."""

    def work(self, home: Home, bench: Workbench, period: Period) -> object:
        """The index's report."""
        from mend.grumbles.warning import grumble_index

        return grumble_index(home, bench, period.month)

"""Months: which are due to be closed, their close, and their lists."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from airflow.sdk import Context
from airflow.sdk.exceptions import AirflowSkipException

from mend import chain
from mend.foundation.counts import Counts
from mend.foundation.periods import Period
from mend_airflow.operators.step import MonthStepOperator, StepOperator


class DueMonthsOperator(StepOperator):
    """Says which months are complete and were changed by this run; their asset events start the monthly chain.

    Skipped on the nights, most of them, when no month is due.
    """

    step = chain.step("due_months")

    def announce(self, context: Context, period: Period, counts: Counts) -> None:  # noqa: ARG002 - months, not days
        """Events for the first and the last month: their closes bring along those between.

        Raises AirflowSkipException when no month is due: an outlet without an event of its own would get the run's.
        """
        months = counts["months"]
        if not isinstance(months, list) or not months:
            raise AirflowSkipException("no month is complete and changed")
        self.emit(context, sorted({months[0], months[-1]}), counts)


class CloseMonthOperator(MonthStepOperator):
    """Closes a month: scores with carry-over, levels, segments, life-cycle stages, the indicators' report.

    Since scores carry over, months before it that are still open, or that late rows have changed since, are closed
    first, and those after it that are closed already are closed again.
    """

    step = chain.step("close_month")


class DamageListOperator(MonthStepOperator):
    """Writes the month's list by level, score and segment, with the main reasons in words: a table, and a CSV file
    per city.

    The lists of the months that were closed with this one are written too.

    Args:
        unmasked: True puts whole phone numbers into the files.
    """

    step = chain.step("damage_list")
    template_fields: Sequence[str] = ("unmasked",)

    def __init__(self, *, unmasked: bool = False, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.unmasked = unmasked

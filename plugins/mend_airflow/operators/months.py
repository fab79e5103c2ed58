"""Months: which are due to be closed, and their close."""

from __future__ import annotations

from typing import TYPE_CHECKING

from airflow.sdk import Context
from airflow.sdk.exceptions import AirflowSkipException

from mend.foundation.home import Home
from mend_airflow.business_date import Period
from mend_airflow.operators.counts import Counts
from mend_airflow.operators.step import MonthStepOperator, StepOperator

if TYPE_CHECKING:
    from mend.foundation.pipeline.workbench import Workbench


class DueMonthsOperator(StepOperator):
    """Says which months are complete and were changed by this run; their asset events start the monthly chain.

    Skipped on the nights, most of them, when no month is due.
    """

    makes_due_days = True

    def work(self, home: Home, bench: Workbench, period: Period) -> object:
        """The months, in order."""
        from mend.damage.closing import due

        return {"months": due(home, bench, period.days)}

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

    def work(self, home: Home, bench: Workbench, period: Period) -> object:
        """Customers of each month, by how badly they were damaged, and the indicators that could not be measured."""
        from mend.damage.closing import close_month, to_close

        months = to_close(home, bench, period.month)
        reports = [close_month(home, bench, month) for month in months]
        return {
            "months": months,
            **{f"{report.month}_customers": report.customers for report in reports},
            **{f"{report.month}_damaged": report.damaged for report in reports},
            **{f"{report.month}_severe": report.severe for report in reports},
            **{f"{report.month}_not_measured": report.not_measured for report in reports},
        }

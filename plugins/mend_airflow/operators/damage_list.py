"""The list of damaged customers."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from mend.foundation.home import Home
from mend_airflow.business_date import Period
from mend_airflow.operators.step import MonthStepOperator

if TYPE_CHECKING:
    from mend.foundation.pipeline.workbench import Workbench


class DamageListOperator(MonthStepOperator):
    """Writes the month's list by level, score and segment, with the main reasons in words: a table, and a CSV file
    per city.

    The lists of the months that were closed with this one are written too.

    Args:
        unmasked: True puts whole phone numbers into the files.
    """

    template_fields: Sequence[str] = ("unmasked",)

    def __init__(self, *, unmasked: bool = False, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.unmasked = unmasked

    def work(self, home: Home, bench: Workbench, period: Period) -> object:
        """Listed customers and version of each month's list, and the folder of the run's own."""
        from mend.damage.closing import to_list
        from mend.repair.campaign import damage_list

        months = to_list(bench, period.month)
        reports = [damage_list(home, bench, month, unmasked=self.unmasked) for month in months]
        return {
            "months": months,
            **{f"{report.month}_customers": report.customers for report in reports},
            **{f"{report.month}_version": report.version for report in reports},
            "folder": next(report.folder for report in reports if report.month == period.month),
        }

"""The steps `due_months` and `close_month`."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Any

from mend.damage.closing.month import close_month
from mend.damage.closing.months import due, to_close
from mend.foundation.home import Home
from mend.foundation.pipeline.workbench import Workbench


def say_due_months(home: Home, bench: Workbench, days: Sequence[dt.date]) -> dict[str, Any]:
    """The months that are complete and were changed by a run over these days, in order."""
    return {"months": due(home, bench, days)}


def close_due_months(home: Home, bench: Workbench, month: str) -> dict[str, Any]:
    """Close the month, and those that belong to it: customers of each, by how badly they were damaged, and the
    indicators that could not be measured."""
    months = to_close(home, bench, month)
    reports = [close_month(home, bench, each) for each in months]
    return {
        "months": months,
        **{f"{report.month}_customers": report.customers for report in reports},
        **{f"{report.month}_damaged": report.damaged for report in reports},
        **{f"{report.month}_severe": report.severe for report in reports},
        **{f"{report.month}_not_measured": report.not_measured for report in reports},
    }

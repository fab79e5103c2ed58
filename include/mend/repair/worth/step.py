"""The step `repair_worth`."""

from __future__ import annotations

from mend.foundation.home import Home
from mend.foundation.pipeline.workbench import Workbench
from mend.repair.worth.report import WorthReport, value_month


def value_repairs(home: Home, bench: Workbench, month: str) -> WorthReport:
    """What the month's repairs are worth by their speed."""
    return value_month(home, bench, month)

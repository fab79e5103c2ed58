"""Grumbles by life-cycle stage, the tendency to leave, and forms of grumbling."""

from mend.grumbles.lifecycle.errors import LifecycleError, LifecycleRuleError
from mend.grumbles.lifecycle.report import lines, point_table
from mend.grumbles.lifecycle.step import LifecycleReport, find_month_stages, find_stages, remake_later, report_of

__all__ = [
    "LifecycleError",
    "LifecycleReport",
    "LifecycleRuleError",
    "find_month_stages",
    "find_stages",
    "lines",
    "point_table",
    "remake_later",
    "report_of",
]

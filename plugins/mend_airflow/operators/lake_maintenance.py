"""Housekeeping of the lake."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from mend import chain
from mend_airflow.operators.step import StepOperator


class LakeMaintenanceOperator(StepOperator):
    """Compacts partitions of many small files, expires old snapshots of every table, and removes files that no snapshot
    names.

    Args:
        keep_snapshots_days: how long the lake can still be read as it was.
        orphans_after_hours: files younger than this may belong to a write under way and stay.
    """

    step = chain.step("lake_maintenance")
    template_fields: Sequence[str] = ("keep_snapshots_days", "orphans_after_hours")

    def __init__(self, *, keep_snapshots_days: int = 30, orphans_after_hours: int = 24, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.keep_snapshots_days = keep_snapshots_days
        self.orphans_after_hours = orphans_after_hours

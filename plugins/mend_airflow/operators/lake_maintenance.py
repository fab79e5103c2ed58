"""Housekeeping of the lake."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from mend.foundation.home import Home
from mend_airflow.business_date import Period
from mend_airflow.operators.step import StepOperator

if TYPE_CHECKING:
    from mend.foundation.pipeline.workbench import Workbench


class LakeMaintenanceOperator(StepOperator):
    """Compacts partitions of many small files, expires old snapshots of every table, and removes files that no snapshot
    names.

    Args:
        keep_snapshots_days: how long the lake can still be read as it was.
        orphans_after_hours: files younger than this may belong to a write under way and stay.
    """

    template_fields: Sequence[str] = ("keep_snapshots_days", "orphans_after_hours")

    def __init__(self, *, keep_snapshots_days: int = 30, orphans_after_hours: int = 24, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.keep_snapshots_days = keep_snapshots_days
        self.orphans_after_hours = orphans_after_hours

    def work(self, home: Home, bench: Workbench, period: Period) -> object:  # noqa: ARG002 - it looks at all days
        """Sums over all tables."""
        from mend.foundation.lake import Maintenance
        from mend.foundation.pipeline.compaction import compact
        from mend.foundation.pipeline.workbench import object_store
        from mend.foundation.schema import TABLES

        now = dt.datetime.now(dt.UTC)  # the age of files, not a business date
        keep = dt.timedelta(days=int(self.keep_snapshots_days))
        orphans_after = dt.timedelta(hours=int(self.orphans_after_hours))
        maintenance = Maintenance(bench.lake, object_store(home))
        compacted = sum(compact(bench, table) for table in TABLES)
        reports = [maintenance.run(table, now, keep, orphans_after) for table in TABLES]
        return {
            "tables": len(reports),
            "partitions_compacted": compacted,
            "snapshots_expired": sum(report.snapshots_expired for report in reports),
            "orphans_removed": sum(report.orphans_removed for report in reports),
            "bytes_freed": sum(report.bytes_freed for report in reports),
        }

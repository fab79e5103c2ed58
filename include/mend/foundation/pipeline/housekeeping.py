"""The step `lake_maintenance`: the lake kept small."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Any

from mend.foundation.home import Home
from mend.foundation.lake import Maintenance
from mend.foundation.pipeline.compaction import compact
from mend.foundation.pipeline.workbench import Workbench, object_store
from mend.foundation.schema import TABLES


def maintain_lake(
    home: Home,
    bench: Workbench,
    _: Sequence[dt.date],
    *,
    keep_snapshots_days: int = 30,
    orphans_after_hours: int = 24,
) -> dict[str, Any]:
    """Compact partitions of many small files, expire old snapshots, remove files that no snapshot names: sums over all
    tables.

    Args:
        keep_snapshots_days: how long the lake can still be read as it was.
        orphans_after_hours: files younger than this may belong to a write under way and stay.
    """
    now = dt.datetime.now(dt.UTC)  # the age of files, not a business date
    keep = dt.timedelta(days=int(keep_snapshots_days))
    orphans_after = dt.timedelta(hours=int(orphans_after_hours))
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

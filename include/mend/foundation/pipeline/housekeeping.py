"""The step `lake_maintenance`: the lake kept small."""

from __future__ import annotations

import datetime as dt
import shutil
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final

from mend.foundation.home import Home
from mend.foundation.lake import Maintenance
from mend.foundation.pipeline.compaction import compact
from mend.foundation.pipeline.workbench import Workbench, object_store
from mend.foundation.schema import TABLES

LEAST_HOURS_OF_SCRATCH: Final = 1  # a step at work writes more often than that


def maintain_lake(
    home: Home,
    bench: Workbench,
    _: Sequence[dt.date],
    *,
    keep_snapshots_days: int = 30,
    orphans_after_hours: int = 24,
) -> dict[str, Any]:
    """Compact partitions of many small files, expire old snapshots, remove files that no snapshot names and what killed
    processes left in the scratch folder: sums over all tables.

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
        "scratch_removed": remove_old_scratch(home.scratch, now, orphans_after),
    }


def remove_old_scratch(scratch: Path, now: dt.datetime, age: dt.timedelta) -> int:
    """Remove what nobody has written to for so long: a process that was killed cannot, and whole numbers may be in it.

    Returns: how many files and folders of the scratch folder are gone.
    """
    oldest = (now - max(age, dt.timedelta(hours=LEAST_HOURS_OF_SCRATCH))).timestamp()
    left = [path for path in scratch.glob("*") if _last_written(path) < oldest]
    for path in left:
        if path.is_dir() and not path.is_symlink():
            shutil.rmtree(path, ignore_errors=True)
        else:
            path.unlink(missing_ok=True)
    return len(left)


def _last_written(path: Path) -> float:
    """When it or anything in it was last written to; now for what is gone meanwhile."""
    try:
        inside = [] if path.is_symlink() else list(path.rglob("*"))
        return max(each.lstat().st_mtime for each in (path, *inside))
    except FileNotFoundError:
        return dt.datetime.now(dt.UTC).timestamp()

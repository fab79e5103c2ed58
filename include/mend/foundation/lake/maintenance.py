"""Housekeeping of the lake: expire old snapshots, remove files that no snapshot names.

Compaction needs an engine: mend.foundation.pipeline.compaction.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any

from fsspec.implementations.local import LocalFileSystem

from mend.foundation.lake.lake import Lake


@dataclass(frozen=True)
class MaintenanceReport:
    """What was done to one table. Counts; `bytes_freed` in bytes."""

    table: str
    snapshots_expired: int
    orphans_removed: int
    bytes_freed: int


@dataclass(frozen=True)
class Maintenance:
    """Housekeeping with its two limits.

    Args:
        lake: the lake to tidy.
        object_store: an fsspec file system of the object store; None for a lake in a folder.
    """

    lake: Lake
    object_store: Any = None

    def run(
        self, table: str, now: dt.datetime, keep_snapshots_for: dt.timedelta, orphans_after: dt.timedelta
    ) -> MaintenanceReport:
        """Expire the snapshots older than `keep_snapshots_for`, then remove the files that no snapshot names and that
        are older than `orphans_after` (younger ones may belong to a write under way)."""
        self.lake.table(table, fresh=True)  # one of an earlier version gets its columns before, not under this lock
        expired = self._expire(table, now - keep_snapshots_for)
        removed, freed = self._remove_orphans(table, now - orphans_after)
        return MaintenanceReport(table, expired, removed, freed)

    def _expire(self, name: str, before: dt.datetime) -> int:
        with self.lake.locked(name):
            table = self.lake.table(name, fresh=True)
            count = len(table.snapshots())
            table.maintenance.expire_snapshots().older_than(before).commit()
            return count - len(self.lake.table(name, fresh=True).snapshots())

    def _remove_orphans(self, name: str, before: dt.datetime) -> tuple[int, int]:
        """Data files only: metadata files are PyIceberg's own to remove."""
        with self.lake.locked(name):
            kept = {_bare(path) for path in self.lake.referenced(name)}
            folder = f"{self.lake.table(name).location().rstrip('/')}/data"
            system = self.object_store or LocalFileSystem()
            root = system._strip_protocol(folder)
            if not system.exists(root):
                return 0, 0
            found = system.find(root, detail=True)
            orphans = [entry for path, entry in found.items() if _bare(path) not in kept and _modified(entry) < before]
            for entry in orphans:
                system.rm_file(entry["name"])
        return len(orphans), sum(int(entry["size"]) for entry in orphans)


def _bare(path: str) -> str:
    return path.split("://", 1)[-1].lstrip("/")


def _modified(entry: dict[str, Any]) -> dt.datetime:
    changed = entry.get("mtime") or entry.get("LastModified")
    if isinstance(changed, dt.datetime):
        return changed if changed.tzinfo else changed.replace(tzinfo=dt.UTC)
    return dt.datetime.fromtimestamp(float(changed or 0), tz=dt.UTC)

"""The lake: Iceberg tables with atomic replacement of partitions."""

from mend.lake.lake import Lake, LakeConflict, LakeError
from mend.lake.maintenance import Maintenance, MaintenanceReport

__all__ = ["Lake", "LakeConflict", "LakeError", "Maintenance", "MaintenanceReport"]

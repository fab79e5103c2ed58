"""The lake: Iceberg tables with atomic replacement of partitions."""

from mend.lake.lake import Lake, LakeError
from mend.lake.maintenance import Maintenance, MaintenanceReport

__all__ = ["Lake", "LakeError", "Maintenance", "MaintenanceReport"]

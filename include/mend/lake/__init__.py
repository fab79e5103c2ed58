"""The lake: Iceberg tables with atomic replacement of partitions."""

from mend.lake.data_files import StoredFile
from mend.lake.errors import LakeConflict, LakeError
from mend.lake.lake import Lake
from mend.lake.maintenance import Maintenance, MaintenanceReport
from mend.lake.whereabouts import Whereabouts

__all__ = ["Lake", "LakeConflict", "LakeError", "Maintenance", "MaintenanceReport", "StoredFile", "Whereabouts"]

"""The lake: Iceberg tables with atomic replacement of partitions."""

from mend.foundation.lake.data_files import StoredFile
from mend.foundation.lake.errors import LakeConflict, LakeError
from mend.foundation.lake.lake import Lake
from mend.foundation.lake.maintenance import Maintenance, MaintenanceReport
from mend.foundation.lake.whereabouts import Whereabouts

__all__ = ["Lake", "LakeConflict", "LakeError", "Maintenance", "MaintenanceReport", "StoredFile", "Whereabouts"]

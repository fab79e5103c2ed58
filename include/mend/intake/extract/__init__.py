"""Extraction and the parse gate: from files and databases to raw_<record> rows and counted rejects."""

from mend.foundation.source_files import source_files
from mend.intake.extract.config import Source, read_source
from mend.intake.extract.errors import ExtractError
from mend.intake.extract.extraction import adopt_business_zone, extract
from mend.intake.extract.registry import load_source
from mend.intake.extract.report import ExtractReport, FileReport

__all__ = [
    "ExtractError",
    "ExtractReport",
    "FileReport",
    "Source",
    "adopt_business_zone",
    "extract",
    "load_source",
    "read_source",
    "source_files",
]

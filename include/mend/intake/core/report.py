"""What a load did, and where the lines of a batch are."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass


@dataclass(frozen=True)
class RecordReport:
    """What a load did to one record's tables: counts of batches, days rewritten, and the rows now on those days."""

    record: str
    batches: int
    days_rebuilt: int
    rows: int
    superseded: int
    changes: int
    seconds: float


@dataclass(frozen=True)
class CoreReport:
    """What a load did, record by record (only those of which something arrived)."""

    days: tuple[dt.date, ...]
    records: tuple[RecordReport, ...]

    @property
    def rows(self) -> int:
        """Rows on the days rewritten."""
        return sum(record.rows for record in self.records)


@dataclass(frozen=True)
class Reconciled:
    """Where the lines of one batch are. `lines` leaves out those that belong to other batches of the same file.

    The lines of a batch that the quality gate stopped are all in quarantine; those of one that no load has taken yet
    are `waiting`.
    """

    batch_number: int
    record: str
    source: str
    file_name: str
    lines: int
    accepted: int
    quarantined: int
    superseded: int
    waiting: int = 0

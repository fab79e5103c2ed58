"""What the gate found."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from mend.intake.quality.verdicts import Verdict


@dataclass(frozen=True)
class RecordQuality:
    """One record's part: rows looked at, rows put aside, and the verdicts batch by batch."""

    record: str
    batches: int
    rows: int
    quarantined: int
    verdicts: tuple[Verdict, ...]

    @property
    def broken(self) -> tuple[Verdict, ...]:
        return tuple(verdict for verdict in self.verdicts if not verdict.is_passed)


@dataclass(frozen=True)
class QualityReport:
    """What the gate found, record by record (only those of which something arrived)."""

    days: tuple[dt.date, ...]
    records: tuple[RecordQuality, ...]

    @property
    def warnings(self) -> tuple[Verdict, ...]:
        found = (verdict for record in self.records for verdict in record.broken)
        return tuple(verdict for verdict in found if verdict.severity == "warning")

    @property
    def stopping(self) -> tuple[Verdict, ...]:
        """What keeps batches out of the core tables."""
        return tuple(verdict for verdict in self._critical if not verdict.batch.is_accepted)

    @property
    def accepted(self) -> tuple[Verdict, ...]:
        """What would, had a person not accepted the batch."""
        return tuple(verdict for verdict in self._critical if verdict.batch.is_accepted)

    @property
    def _critical(self) -> tuple[Verdict, ...]:
        return tuple(verdict for record in self.records for verdict in record.broken if verdict.stops)

"""What an extraction did, in counts."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from mend.extract.staging import LineCounts
from mend.operations import Batch


@dataclass
class FileReport:
    """One file or query result. Its records are accepted + rejected + outside; `is_known`: it had been loaded
    before."""

    record: str
    file_name: str
    day: dt.date | None
    lines: LineCounts
    fingerprint: str
    accepted: int = 0
    rejected: int = 0
    outside: int = 0
    repaired: dict[str, int] = field(default_factory=dict)
    reasons: dict[str, int] = field(default_factory=dict)
    batch_numbers: list[int] = field(default_factory=list)
    extra_columns: tuple[str, ...] = ()
    remarks: tuple[str, ...] = ()
    is_known: bool = False

    def add_loaded(self, batch: Batch) -> None:
        """Take over what was counted when the batch was loaded."""
        self.batch_numbers.append(batch.batch_number)
        self.accepted, self.rejected = batch.counts.accepted, batch.counts.rejected
        self.outside = batch.counts.outside

    def add(self, batch_number: int, accepted: int, rejected: int, repaired: Mapping[str, int]) -> None:
        """Add what one batch holds."""
        self.batch_numbers.append(batch_number)
        self.accepted += accepted
        self.rejected += rejected
        for name, count in repaired.items():
            self.repaired[name] = self.repaired.get(name, 0) + count


@dataclass
class ExtractReport:
    """What one extraction brought: `files`, and `warnings` for people."""

    source: str
    days: tuple[dt.date, ...]
    files: list[FileReport] = field(default_factory=list)

    @property
    def warnings(self) -> list[str]:
        """Things that did not stop the load and want a look."""
        left_out = [
            f"{file.file_name}: columns that nothing maps were left out: {', '.join(file.extra_columns)}"
            for file in self.files
            if file.extra_columns
        ]
        return left_out + [f"{file.file_name}: {remark}" for file in self.files for remark in file.remarks]

    @property
    def batch_numbers(self) -> list[int]:
        """The batches of the days asked for, those loaded before included."""
        return sorted({number for file in self.files for number in file.batch_numbers})

    def counts(self) -> dict[str, dict[str, int]]:
        """Record → files, known, accepted, rejected, outside, repaired; small enough for an XCom."""
        totals: dict[str, dict[str, int]] = {}
        for file in self.files:
            record = totals.setdefault(file.record, {"files": 0, "known": 0, "accepted": 0, "rejected": 0, "outside": 0, "repaired": 0})
            new: dict[str, Any] = {
                "files": 1,
                "known": file.is_known,
                "accepted": file.accepted,
                "rejected": file.rejected,
                "outside": file.outside,
                "repaired": sum(file.repaired.values()),
            }
            for name, count in new.items():
                record[name] += int(count)
        return totals

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
    """One file or query result. Its records are accepted + rejected + outside; `is_known`: it had been loaded before; `is_refused`:
    nothing of it was loaded; `withdrawn`: batches of it that do not count."""

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
    is_known: bool = False
    folder: str | None = None
    is_refused: bool = False
    withdrawn: list[int] = field(default_factory=list)

    @property
    def place(self) -> str:
        """The file with its folder, or the query."""
        return f"{self.folder}/{self.file_name}" if self.folder else self.file_name

    def add_loaded(self, batch: Batch) -> None:
        """Take over what was counted when the batch was loaded."""
        self.batch_numbers.append(batch.batch_number)
        self.accepted, self.rejected = batch.counts.accepted, batch.counts.rejected
        self.outside = batch.counts.outside
        self.note(batch)

    def note(self, batch: Batch) -> None:
        """Take note of a batch that was withdrawn."""
        if batch.is_withdrawn:
            self.withdrawn.append(batch.batch_number)

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
    notes: list[str] = field(default_factory=list)

    @property
    def warnings(self) -> list[str]:
        """Things that did not stop the load and want a look."""
        left_out = [
            f"{file.place}: columns that nothing maps were left out: {', '.join(file.extra_columns)}"
            for file in self.files
            if file.extra_columns
        ]
        return [*left_out, *self.notes]

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

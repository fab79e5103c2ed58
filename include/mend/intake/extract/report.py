"""What an extraction did, in counts."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from mend.foundation.operations import Batch
from mend.intake.extract.staging import LineCounts

SELDOM: Final = ("expanded", "folded", "unattributed")  # counted where there are any


@dataclass
class FileReport:
    """One file or query result. Its records are accepted + rejected + outside; `is_known`: it had been loaded before;
    `is_refused`: nothing of it was loaded; `withdrawn`: batches of it that do not count.

    Where rows become more or fewer, records + expanded = accepted + rejected + outside + folded: `expanded` are the
    rows added to the file's records, `folded` the records that are part of another row or whose count was 0.
    `unattributed` are accepted rows without a customer, `ambiguous` times by column that were read as the later of two,
    `doubtful` ids by column that were kept and read like none.
    """

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
    expanded: int = 0
    folded: int = 0
    unattributed: int = 0
    ambiguous: dict[str, int] = field(default_factory=dict)
    doubtful: dict[str, int] = field(default_factory=dict)
    batch_numbers: list[int] = field(default_factory=list)
    extra_columns: tuple[str, ...] = ()
    remarks: tuple[str, ...] = ()
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
        self.note_withdrawn(batch)

    def note_withdrawn(self, batch: Batch) -> None:
        """Take note of a batch that was withdrawn."""
        if batch.is_withdrawn:
            self.withdrawn.append(batch.batch_number)

    def add(self, batch_number: int, accepted: int, rejected: int, repaired: Mapping[str, int]) -> None:
        """Add what one batch holds."""
        self.batch_numbers.append(batch_number)
        self.accepted += accepted
        self.rejected += rejected
        _add(self.repaired, repaired)

    def note(self, unattributed: int, ambiguous: Mapping[str, int], doubtful: Mapping[str, int]) -> None:
        """Add what was accepted in doubt."""
        self.unattributed += unattributed
        _add(self.ambiguous, ambiguous)
        _add(self.doubtful, doubtful)

    @property
    def ambiguous_words(self) -> str:
        """Which times were read as the later of two; empty when none was."""
        return _listed(self.ambiguous)

    @property
    def doubtful_words(self) -> str:
        """Which ids read like none and were kept; empty when none does."""
        return _listed(self.doubtful)


def _listed(counts: Mapping[str, int]) -> str:
    return ", ".join(f"{count} of {name}" for name, count in counts.items() if count)


def _add(totals: dict[str, int], counts: Mapping[str, int]) -> None:
    for name, count in counts.items():
        totals[name] = totals.get(name, 0) + count


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
        unmapped = [
            f"{file.place}: columns that nothing maps were left out: "
            f"{', '.join(name or '(no name)' for name in file.extra_columns)}"
            for file in self.files
            if file.extra_columns
        ]
        remarks = [f"{file.place}: {remark}" for file in self.files for remark in file.remarks]
        twice = [
            f"{file.place}: times that come twice as the clocks go back were read as the later one: "
            f"{file.ambiguous_words}; "
            "say ambiguous: earlier or later in the mapping"
            for file in self.files
            if file.ambiguous_words
        ]
        doubtful = [
            f"{file.place}: ids that read like no value (NULL, NaN, -) or like a number that a program took for a "
            f"fraction (700000.0) were "
            f"kept as they are: {file.doubtful_words}; name the empty ones under null_values, and let whole numbers "
            f"be written whole"
            for file in self.files
            if file.doubtful_words
        ]
        return [*unmapped, *remarks, *twice, *doubtful, *self.notes]

    @property
    def batch_numbers(self) -> list[int]:
        """The batches of the days asked for, those loaded before included."""
        return sorted({number for file in self.files for number in file.batch_numbers})

    def counts(self) -> dict[str, dict[str, int]]:
        """Record → files, known, accepted, rejected, outside, repaired, and where there are any expanded, folded,
        unattributed, ambiguous; small enough for an XCom."""
        totals: dict[str, dict[str, int]] = {}
        for file in self.files:
            record = totals.setdefault(
                file.record, {"files": 0, "known": 0, "accepted": 0, "rejected": 0, "outside": 0, "repaired": 0}
            )
            new: dict[str, Any] = {
                "files": 1,
                "known": file.is_known,
                "accepted": file.accepted,
                "rejected": file.rejected,
                "outside": file.outside,
                "repaired": sum(file.repaired.values()),
            }
            new |= {name: count for name in SELDOM if (count := getattr(file, name))}
            if any(file.ambiguous.values()):
                new["ambiguous"] = sum(file.ambiguous.values())
            for name, count in new.items():
                record[name] = record.get(name, 0) + int(count)
        return totals

    def reasons(self) -> list[str]:
        """Why rows were rejected, each as record, column, reason and count, the most frequent first; no value of the
        data.
        """
        totals: dict[str, int] = {}
        for file in self.files:
            _add(totals, {f"{file.record}.{words}": count for words, count in file.reasons.items()})
        ordered = sorted(totals.items(), key=lambda each: (-each[1], each[0]))
        return [f"{words}: {count}" for words, count in ordered]

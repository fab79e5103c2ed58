"""Converted rows of one record on their way into the lake: gathered file by file, then written with two commits.

Nothing of a file is in the lake before `write`: one that turns out broken leaves the lake as it was.
"""

from __future__ import annotations

import datetime as dt
from typing import Final

from pyiceberg.expressions import And, EqualTo, In

from mend import operations
from mend.extract.config import Source
from mend.extract.errors import ReconciliationError
from mend.extract.gathering import DayCount, Gathering
from mend.extract.report import FileReport
from mend.extract.staging import StagedFile
from mend.operations import Batch, Counts, NewBatch
from mend.schema import Record
from mend.workbench import Workbench

BATCHES: Final = "landing_batch"
Batches = dict[dt.date | None, Batch]


class Landing:
    """Takes the files of one record into the lake.

    Args:
        url: of the operations database.
        days: the business dates asked for, in order.
    """

    def __init__(self, bench: Workbench, url: str, source: Source, record: Record, days: tuple[dt.date, ...]) -> None:
        self._bench = bench
        self._url = url
        self._source = source
        self._record = record
        self._days = days
        self._provided = tuple(source.records[record.name].columns)
        self._mapping = source.fingerprint(record.name)
        self._gathering = Gathering(bench, source, record)
        self._files: list[tuple[FileReport, Batches]] = []
        self._pending: dict[int, tuple[Batch, Counts]] = {}
        self._seen: set[tuple[str, dt.date | None]] = set()
        self.rows = 0

    def take(self, staged: StagedFile, day: dt.date | None) -> FileReport:
        """Convert a file's rows and keep them for `write`. `day` is its business date, None for a file of many days.

        A content that stood in this run already, or that was loaded before, is only reported.
        """
        report = FileReport(self._record.name, staged.file_name, day, staged.counts, staged.fingerprint)
        report.extra_columns = staged.extra_columns
        if (staged.fingerprint, day) in self._seen:
            report.is_known = True
        elif not self._is_loaded(report, staged, day):
            self._gather(report, staged, day)
        self._seen.add((staged.fingerprint, day))
        return report

    def _is_loaded(self, report: FileReport, staged: StagedFile, day: dt.date | None) -> bool:
        """Whether a day's file was loaded before. Of a file of many days only its rows can tell which batches it
        has."""
        batch = operations.find_batch(self._url, self._new_batch(staged, day, day)) if day else None
        if batch is None or self._is_due(batch):
            return False
        counts = batch.counts
        report.accepted, report.rejected, report.outside = counts.accepted, counts.rejected, counts.outside
        report.batch_numbers, report.is_known = [batch.batch_number], True
        return True

    def _gather(self, report: FileReport, staged: StagedFile, day: dt.date | None) -> None:
        number = len(self._files)
        self._gathering.add(staged, day, number)
        self.rows += staged.counts.records
        counted = self._gathering.days(number)
        batches = self._register(staged, day, counted)
        self._files.append((report, batches))
        self._count(report, batches, counted)
        for reject_day, words, count in self._gathering.reasons(number):
            if reject_day in batches:
                report.reasons[words] = report.reasons.get(words, 0) + count

    def _register(self, staged: StagedFile, day: dt.date | None, counted: list[DayCount]) -> Batches:
        """The batches of the file that this run asks for."""
        readable = [each.day for each in counted if each.day is not None]
        # Rows without a readable day arrive on the file's first day, so that it is the same whichever days a run asks
        # for.
        first = day or min(readable, default=self._days[0])
        wanted = [day] if day else [each.day for each in counted if each.day is None or each.day in self._days]
        new = [self._new_batch(staged, each, each or first) for each in wanted]
        return {batch.business_date: batch for batch in operations.register_batches(self._url, new)}

    def _new_batch(self, staged: StagedFile, day: dt.date | None, arrived_on: dt.date | None) -> NewBatch:
        return NewBatch(
            source_code=self._source.source,
            record_code=self._record.name,
            business_date=day,
            arrived_on=arrived_on or self._days[0],
            fingerprint=staged.fingerprint,
            mapping_fingerprint=self._mapping,
            file_name=staged.file_name,
            provided_columns=self._provided,
        )

    def _is_due(self, batch: Batch) -> bool:
        """Whether the batch's rows must be written: never loaded whole, or read by another mapping."""
        return batch.status_code == "loading" or batch.mapping_fingerprint != self._mapping

    def _count(self, report: FileReport, batches: Batches, counted: list[DayCount]) -> None:
        total = report.lines.records
        by_day = {each.day: each for each in counted}
        for day, batch in batches.items():
            found = by_day.get(day, DayCount(day, 0, 0, {}))
            report.add(batch.batch_number, found.accepted, found.rejected, found.repaired)
            if self._is_due(batch):
                cells = sum(found.repaired.values())
                counts = Counts(total, found.accepted, found.rejected, total - found.lines, cells)
                self._pending[batch.batch_number] = (batch, counts)
        report.outside = sum(each.lines for each in counted if each.day not in batches)
        report.is_known = not any(number in self._pending for number in report.batch_numbers)
        if report.accepted + report.rejected + report.outside != total:
            raise ReconciliationError(
                f"{report.file_name}: {total} records, but {report.accepted} accepted, {report.rejected} rejected "
                f"and {report.outside} outside; nothing was loaded"
            )

    def write(self) -> None:
        """Put the gathered rows into raw_<record> and core_quarantine, in place of what an earlier try of theirs
        left."""
        if self._pending:
            batches = [batch for batch, _ in self._pending.values()]
            operations.mark_loading(self._url, batches, self._mapping, self._provided)
            self._number_batches()
            numbers = In("batch_number", sorted(self._pending))
            source = {"source": self._source.source}
            self._bench.replace(f"raw_{self._record.name}", self._gathering.accepted(BATCHES), numbers, source)
            rejects = And(numbers, EqualTo("gate_code", "parse"))
            self._bench.replace("core_quarantine", self._gathering.rejected(BATCHES), rejects, source)
            operations.mark_loaded(self._url, {number: counts for number, (_, counts) in self._pending.items()})
        self._gathering.clear()
        self._files.clear()
        self._pending.clear()
        self.rows = 0

    def _number_batches(self) -> None:
        """Which batch each gathered row belongs to, as a table to join."""
        columns = "file_number integer, batch_day date, batch_number bigint, arrived_on date, file_name varchar"
        self._bench.execute(f"create or replace temp table {BATCHES} ({columns})")
        for number, (report, batches) in enumerate(self._files):
            for day, batch in batches.items():
                if batch.batch_number in self._pending:
                    row = [number, day, batch.batch_number, batch.arrived_on, report.file_name]
                    bound = dict(zip("abcde", row, strict=True))
                    self._bench.execute(f"insert into {BATCHES} values ($a, $b, $c, $d, $e)", bound)

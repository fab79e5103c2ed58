"""The files of one record on their way into the lake: kept until there are enough, then converted and written together.

Nothing of a file is in the lake before `write`: one that turns out broken leaves the lake as it was.
"""

from __future__ import annotations

import datetime as dt
from typing import Final

from mend.foundation import operations
from mend.foundation.lake.filters import one_of
from mend.foundation.operations import Batch, Counts, NewBatch
from mend.foundation.pipeline.workbench import Workbench
from mend.foundation.schema import Record
from mend.intake.extract.config import Source
from mend.intake.extract.errors import ExtractError, NothingFitsError, ReconciliationError
from mend.intake.extract.gathering import DayCount, Gathering, Shaped
from mend.intake.extract.header import provided_columns
from mend.intake.extract.report import FileReport
from mend.intake.extract.staging import StagedFile
from mend.intake.quality.quarantine import put_rejected

BATCHES: Final = "landing_batch"
FEW_ROWS: Final = 20  # under this, a file of which no row fits is a small bad file, not a wrong description
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
        self._mapping = source.fingerprint(record.name)
        self._gathering = Gathering(bench, source, record)
        self._loaded = {
            (batch.fingerprint, batch.business_date): batch
            for batch in operations.batches(url, days, record.name)
            if batch.source_code == source.source and not self._is_due(batch)
        }
        self._files: list[tuple[StagedFile, dt.date | None, FileReport]] = []
        self._pending: dict[int, tuple[Batch, Counts]] = {}
        self._seen: set[tuple[str, dt.date | None]] = set()
        self.failures: list[ExtractError] = []
        self.rows = 0

    def take(self, staged: StagedFile, day: dt.date | None, folder: str | None = None) -> FileReport:
        """Keep a file for `write`, which completes the report. `day` is its business date, None for a file of many
        days; `folder` is where it is.

        A content that stood in this run already, or that was loaded before, is only reported.
        """
        report = FileReport(self._record.name, staged.file_name, day, staged.counts, staged.fingerprint)
        report.extra_columns, report.remarks, report.folder = staged.extra_columns, staged.remarks, folder
        identity = (staged.fingerprint, day)
        if identity in self._seen or (day is not None and identity in self._loaded):
            report.is_known = True
            if identity not in self._seen:
                report.add_loaded(self._loaded[identity])
            staged.discard()
        else:
            self._files.append((staged, day, report))
            self.rows += staged.counts.records
        self._seen.add(identity)
        return report

    def _is_due(self, batch: Batch) -> bool:
        """Whether the batch's rows must be written: never loaded whole, or read by another mapping."""
        return batch.status_code == "loading" or batch.mapping_fingerprint != self._mapping

    def write(self) -> None:
        """Convert the kept files, and put their rows into raw_<record> and core_quarantine, in place of what an earlier
        try of the same batches left. A file of which nothing can be used is a failure of its own: the others are
        written."""
        if not self._files:
            return
        self._gathering.convert([(staged, day) for staged, day, _ in self._files])
        batches = self._count()
        if self._pending:
            self._replace(batches)
        self._gathering.clear()
        for staged, _, _ in self._files:
            staged.discard()
        self._files.clear()
        self._pending.clear()
        self.rows = 0

    def _count(self) -> list[Batches]:
        """Complete the reports; returns each file's batches."""
        counted, reasons = self._gathering.days(), self._gathering.reasons()
        shaped = self._gathering.shaped()
        for number, (_, day, report) in enumerate(self._files):
            try:
                check_fit(report, counted[number], reasons[number], self._source.source, shaped.get(number))
            except ExtractError as error:
                report.is_refused = True
                error.day = day
                self.failures.append(error)
        registered = self._register([counted[number] for number in range(len(self._files))])
        for number, (_, _, report) in enumerate(self._files):
            if report.is_refused:
                continue
            self._plan(report, registered[number], counted[number])
            for day, words, count in reasons[number]:
                if day in registered[number]:
                    report.reasons[words] = report.reasons.get(words, 0) + count
        return registered

    def _register(self, counted: list[list[DayCount]]) -> list[Batches]:
        """The batches that this run asks for, file by file."""
        new = [self._new_batches(*file, days) for file, days in zip(self._files, counted, strict=True)]
        known = iter(operations.register_batches(self._url, [batch for batches in new for batch in batches]))
        return [{batch.business_date: next(known) for batch in batches} for batches in new]

    def _new_batches(
        self, staged: StagedFile, day: dt.date | None, report: FileReport, counted: list[DayCount]
    ) -> list[NewBatch]:
        if report.is_refused:
            return []
        readable = [each.day for each in counted if each.day is not None]
        # Rows without a readable day arrive on the file's first day, so that it is the same whichever days a run asks
        # for.
        first = day or min(readable, default=self._days[0])
        wanted = [day] if day else [each.day for each in counted if each.day is None or each.day in self._days]
        return [
            NewBatch(
                source_code=self._source.source,
                record_code=report.record,
                business_date=each,
                arrived_on=each or first,
                fingerprint=staged.fingerprint,
                mapping_fingerprint=self._mapping,
                file_name=staged.file_name,
                provided_columns=self._provided(staged),
                folder=report.folder,
            )
            for each in wanted
        ]

    def _plan(self, report: FileReport, batches: Batches, counted: list[DayCount]) -> None:
        """Count a file's batches, and note those whose rows must be written."""
        total = report.lines.records + report.expanded
        by_day = {each.day: each for each in counted}
        for day, batch in batches.items():
            found = by_day.get(day, DayCount(day, 0, 0, {}))
            report.add(batch.batch_number, found.accepted, found.rejected, found.repaired)
            report.note(found.unattributed, found.ambiguous, found.doubtful)
            report.note_withdrawn(batch)
            if self._is_due(batch):
                cells = sum(found.repaired.values())
                counts = Counts(total, found.accepted, found.rejected, total - found.lines, cells)
                self._pending[batch.batch_number] = (batch, counts)
        report.outside = sum(each.lines for each in counted if each.day not in batches)
        report.is_known = not any(number in self._pending for number in report.batch_numbers)

    def _replace(self, batches: list[Batches]) -> None:
        due = {
            batch.batch_number: self._provided(staged)
            for (staged, _, _), of_file in zip(self._files, batches, strict=True)
            for batch in of_file.values()
            if batch.batch_number in self._pending
        }
        operations.mark_loading(self._url, due, self._mapping)
        self._list_batches(batches)
        numbers = one_of("batch_number", sorted(self._pending))
        source = {"source": self._source.source}
        self._bench.replace(f"raw_{self._record.name}", self._gathering.accepted(BATCHES), numbers, source)
        rejected = self._bench.write("core_quarantine", self._gathering.rejected(BATCHES), source)
        put_rejected(self._bench.lake, list(self._pending), rejected)
        operations.mark_loaded(self._url, {number: counts for number, (_, counts) in self._pending.items()})

    def _provided(self, staged: StagedFile) -> tuple[str, ...]:
        """The contract columns of the file. What the objects of JSON lines lack is not known: all that are mapped."""
        described = self._source.records[self._record.name]
        return tuple(described.columns) if staged.is_json else provided_columns(staged.columns, described)

    def _list_batches(self, batches: list[Batches]) -> None:
        """Which batch each gathered row belongs to, as a table to join."""
        columns = {
            "file_number": "integer", "batch_day": "date", "batch_number": "bigint", "arrived_on": "date",
            "file_name": "varchar",
        }  # fmt: skip
        rows = [
            (number, day, batch.batch_number, batch.arrived_on, self._files[number][2].file_name)
            for number, of_file in enumerate(batches)
            for day, batch in of_file.items()
            if batch.batch_number in self._pending
        ]
        self._gathering.step.put(BATCHES, columns, rows)


def check_fit(
    report: FileReport,
    counted: list[DayCount],
    reasons: list[tuple[dt.date | None, str, int]],
    source: str,
    shaped: Shaped | None = None,
) -> None:
    """ReconciliationError when rows were lost on the way, NothingFitsError when not one of many rows is usable.

    Args:
        shaped: what became of the file's records where rows become more or fewer; the report takes it over.
    """
    records, rows = report.lines.records, sum(each.lines for each in counted)
    if shaped:
        report.expanded, report.folded = shaped.expanded, shaped.folded
    converted = shaped.records if shaped else rows
    if converted != records or rows + report.folded != records + report.expanded:
        raise ReconciliationError(f"{report.place}: {records} records, {converted} converted; nothing was loaded")
    if records >= FEW_ROWS and sum(each.rejected for each in counted) == rows > 0:
        raise NothingFitsError(
            f"{report.place}: none of its {records} rows could be read, most for {reasons[0][1]}; "
            f"compare the file with the source {source}. Nothing of it was loaded"
        )

"""Converted rows of one record on their way into the lake: gathered file by file, then written with two commits.

Gathering costs nothing until `write`: a file that turns out broken leaves the lake as it was.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping

from pyiceberg.expressions import And, EqualTo, In

from mend import operations
from mend.extract.config import Source
from mend.extract.convert import conversion, repairable_columns
from mend.extract.errors import NothingFitsError, ReconciliationError
from mend.extract.relation import Values, reading
from mend.extract.report import FileReport
from mend.extract.staging import RAW_ROW_BYTES, StagedFile
from mend.operations import Batch, Counts, NewBatch
from mend.schema import Record
from mend.workbench import Workbench

ONE_DAY = dt.timedelta(days=1)
FEW_ROWS = 20  # under this, a file of which no row fits is a small bad file, not a wrong description


class Landing:
    """Gathers the files of one record.

    Args:
        days: the business dates asked for, in order.
    """

    def __init__(self, bench: Workbench, url: str, source: Source, record: Record, days: tuple[dt.date, ...]) -> None:
        self._bench = bench
        self._url = url
        self._source = source
        self._record = record
        self._days = days
        self._repairable = repairable_columns(source.records[record.name])
        self._provided = tuple(source.records[record.name].columns)
        self._mapping = source.fingerprint(record.name)
        self._table = f"landing_{record.name}"
        self._files: list[tuple[FileReport, dict[dt.date | None, Batch]]] = []
        self._pending: dict[int, tuple[Batch, Counts]] = {}
        self._seen: set[tuple[str, dt.date | None]] = set()
        self.rows = 0

    def known(self, staged: StagedFile, day: dt.date | None) -> FileReport | None:
        """A report when this very content of the day was loaded before, or stands twice in this run: nothing is left to do."""
        again = (staged.fingerprint, day) in self._seen
        self._seen.add((staged.fingerprint, day))
        report = FileReport(self._record.name, staged.file_name, day, staged.counts, staged.fingerprint)
        report.extra_columns = staged.extra_columns
        if again:
            report.is_known = True
            return report
        if day is None:
            return None
        batch = operations.register_batches(self._url, [self._new_batch(staged, day, day)])[0]
        if self._is_due(batch):
            return None
        counts = batch.counts
        report.accepted, report.rejected, report.outside = counts.accepted, counts.rejected, counts.outside
        report.batch_numbers, report.is_known = [batch.batch_number], True
        return report

    def gather(self, staged: StagedFile, day: dt.date | None) -> FileReport:
        """Convert a file's rows and keep them for `write`. `day` is its business date, None for a file of many days."""
        report = FileReport(self._record.name, staged.file_name, day, staged.counts, staged.fingerprint)
        report.extra_columns = staged.extra_columns
        number = len(self._files)
        self._convert(staged, day, number)
        self._check_fit(staged, number)
        batches = self._register(staged, day, number)
        self._files.append((report, batches))
        self._count(report, batches, number)
        return report

    def _convert(self, staged: StagedFile, day: dt.date | None, number: int) -> None:
        future_from = str(day + ONE_DAY) if day else None
        made = conversion(staged, self._source, self._record, self._bench.zone, future_from)
        batch_day = "cast($batch_day as date)" if day else "event_on"
        query = f"select {number} as file_number, {batch_day} as batch_day, * from ({made.query}) as converted"
        bound = made.bound | ({"batch_day": str(day)} if day else {})
        verb = f"create or replace temp table {self._table} as" if not self.rows and not number else f"insert into {self._table} by name"
        self._bench.execute(f"{verb} {query}", bound)
        converted = self._bench.sql(f"select count(*) from {self._table} where file_number = {number}")[0][0]
        if converted != staged.counts.staged:
            raise ReconciliationError(f"{staged.file_name}: {staged.counts.staged} rows staged, {converted} converted; nothing was loaded")
        self._take_rejects(staged, day, number)
        self.rows += staged.counts.records

    def _take_rejects(self, staged: StagedFile, day: dt.date | None, number: int) -> None:
        """The lines that the gate turned away, as rows without values."""
        if not staged.counts.rejected:
            return
        values = Values()
        rows = reading(staged.rejects, ["reason", "raw"], values, RAW_ROW_BYTES * 2)
        batch_day = f"cast({values.bind(str(day) if day else None)} as date)"
        self._bench.execute(
            f"insert into {self._table} by name select {number} as file_number, {batch_day} as batch_day, line as line_number, "
            "{'column_name': '', 'reason_code': reason, 'bad_value': cast(null as varchar)} as first_reason, reason as reasons, "
            f"coalesce(replace(raw, chr(30), chr(10)), '') as raw_row from ({rows})",
            values.bound,
        )

    def _check_fit(self, staged: StagedFile, number: int) -> None:
        """A file of which not one row fits is described wrongly: better an error than a full quarantine."""
        if staged.counts.records < FEW_ROWS:
            return
        rejected, column, reason = self._bench.sql(
            f"select count(reasons), mode(first_reason.column_name), mode(first_reason.reason_code) from {self._table} where file_number = {number}"
        )[0]
        if rejected == staged.counts.records:
            where = f" of column {column}" if column else ""
            raise NothingFitsError(
                f"{staged.file_name}: none of its {rejected} rows could be read, most for {reason}{where}; "
                f"compare the file with the source {self._source.source}. Nothing of it was loaded"
            )

    def _register(self, staged: StagedFile, day: dt.date | None, number: int) -> dict[dt.date | None, Batch]:
        """The batches of the file that this run asks for; those that are due are written."""
        wanted = self._wanted_days(day, number)
        arrived = day or self._first_day(number)
        new = [self._new_batch(staged, each, each or arrived) for each in wanted]
        registered = operations.register_batches(self._url, new)
        return {batch.business_date: batch for batch in registered}

    def _wanted_days(self, day: dt.date | None, number: int) -> list[dt.date | None]:
        if day is not None:
            return [day]
        found = self._bench.sql(f"select distinct batch_day from {self._table} where file_number = {number} order by 1 nulls last")
        return [each for (each,) in found if each is None or each in set(self._days)]

    def _first_day(self, number: int) -> dt.date:
        """The day under which a file's undatable rows are kept: its first, so that it is the same whichever days a run asks for."""
        first: dt.date | None = self._bench.sql(f"select min(batch_day) from {self._table} where file_number = {number}")[0][0]
        return first or self._days[0]

    def _new_batch(self, staged: StagedFile, day: dt.date | None, arrived_on: dt.date) -> NewBatch:
        return NewBatch(
            self._source.source, self._record.name, day, arrived_on, staged.fingerprint, self._mapping, staged.file_name, self._provided
        )

    def _is_due(self, batch: Batch) -> bool:
        return batch.status_code == "loading" or batch.mapping_fingerprint != self._mapping

    def _count(self, report: FileReport, batches: Mapping[dt.date | None, Batch], number: int) -> None:
        repaired = "".join(f", count(case when repaired_{name} and reasons is null then 1 end)" for name in self._repairable)
        rows = self._bench.sql(
            f"select batch_day, count(*), count(reasons){repaired} from {self._table} where file_number = {number} group by 1"
        )
        total = report.lines.records
        for day, lines, rejected, *cells in rows:
            if day not in batches:
                report.outside += lines
                continue
            report.accepted += lines - rejected
            report.rejected += rejected
            for name, count in zip(self._repairable, cells, strict=True):
                report.repaired[name] = report.repaired.get(name, 0) + count
            self._plan(report, batches[day], Counts(total, lines - rejected, rejected, total - lines, sum(cells)))
        for day in set(batches) - {row[0] for row in rows}:  # a day whose file holds no rows
            self._plan(report, batches[day], Counts(total, 0, 0, total, 0))
        if report.accepted + report.rejected + report.outside != total:
            raise ReconciliationError(f"{report.file_name}: {total} records, but accepted, rejected and outside do not add up to them")
        self._explain(report, number, list(batches))

    def _plan(self, report: FileReport, batch: Batch, counts: Counts) -> None:
        report.batch_numbers.append(batch.batch_number)
        if self._is_due(batch):
            self._pending[batch.batch_number] = (batch, counts)

    def _explain(self, report: FileReport, number: int, days: list[dt.date | None]) -> None:
        found = self._bench.sql(
            f"select first_reason.column_name, first_reason.reason_code, batch_day, count(*) from {self._table} "
            f"where file_number = {number} and reasons is not null group by all"
        )
        for column, reason, day, count in found:
            if day in days:
                words = f"{column}: {reason}" if column else reason
                report.reasons[words] = report.reasons.get(words, 0) + count
        report.is_known = not any(batch in self._pending for batch in report.batch_numbers)

    def write(self) -> None:
        """Put the gathered rows into raw_<record> and core_quarantine, in place of what an earlier try of the same batches left."""
        if self._pending:
            batches = [batch for batch, _ in self._pending.values()]
            operations.mark_loading(self._url, batches, self._mapping, self._provided)
            self._number_batches()
            numbers = In("batch_number", sorted(self._pending))
            self._bench.replace(f"raw_{self._record.name}", self._accepted(), numbers, {"source": self._source.source})
            rejects = And(numbers, EqualTo("gate_code", "parse"))
            self._bench.replace("core_quarantine", self._rejected(), rejects, {"source": self._source.source})
            operations.mark_loaded(self._url, {number: counts for number, (_, counts) in self._pending.items()})
        self._forget()

    def _forget(self) -> None:
        self._bench.execute(f"drop table if exists {self._table}")
        self._files.clear()
        self._pending.clear()
        self.rows = 0

    def _number_batches(self) -> None:
        """Which batch each gathered row belongs to, as a table to join."""
        columns = "file_number integer, batch_day date, batch_number bigint, arrived_on date, file_name varchar"
        self._bench.execute(f"create or replace temp table landing_batch ({columns})")
        for number, (report, batches) in enumerate(self._files):
            for day, batch in batches.items():
                if batch.batch_number in self._pending:
                    row = [number, day, batch.batch_number, batch.arrived_on, report.file_name]
                    self._bench.execute("insert into landing_batch values ($a, $b, $c, $d, $e)", dict(zip("abcde", row, strict=True)))

    def _joined(self) -> str:
        return (
            f"{self._table} as landing join landing_batch as batch on landing.file_number = batch.file_number "
            "and landing.batch_day is not distinct from batch.batch_day"
        )

    def _accepted(self) -> str:
        names = ", ".join(f"landing.{column.name}" for column in self._record.columns)
        day = "" if self._record.event_source is None else f"event_on as {self._record.event_column}, "
        return (
            f"select {names}, {day}$source as source_code, batch_number, arrived_on, line_number, source_updated_at "
            f"from {self._joined()} where reasons is null"
        )

    def _rejected(self) -> str:
        return (
            f"select '{self._record.name}' as record_code, $source as source_code, batch_number, arrived_on, file_name, line_number, "
            "'parse' as gate_code, nullif(first_reason.column_name, '') as column_name, first_reason.bad_value as bad_value, "
            f"first_reason.reason_code as reason_code, reasons, raw_row from {self._joined()} where reasons is not null"
        )



"""The converted rows of one record's files, side by side in a temporary table of the engine, until they are written."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Final

from mend.extract.config import Source
from mend.extract.convert import conversion, repairable_columns
from mend.extract.errors import NothingFitsError, ReconciliationError
from mend.extract.relation import Values, reading
from mend.extract.staging import RAW_ROW_BYTES, StagedFile
from mend.schema import Record
from mend.workbench import Workbench

ONE_DAY: Final = dt.timedelta(days=1)
FEW_ROWS: Final = 20  # under this, a file of which no row fits is a small bad file, not a wrong description


@dataclass(frozen=True)
class DayCount:
    """Records of one file that belong to one day (None: unreadable), and the cells that were left empty, by column."""

    day: dt.date | None
    lines: int
    rejected: int
    repaired: dict[str, int]

    @property
    def accepted(self) -> int:
        return self.lines - self.rejected


class Gathering:
    """Rows of several files, numbered from 0, each with the day of its batch."""

    def __init__(self, bench: Workbench, source: Source, record: Record) -> None:
        self._bench = bench
        self._source = source
        self._record = record
        self._repairable = repairable_columns(source.records[record.name])
        self.table = f"landing_{record.name}"

    def add(self, staged: StagedFile, day: dt.date | None, number: int) -> None:
        """Convert a staged file. `day` is its business date; None when each row goes to its own.

        Raises NothingFitsError when not one of many rows is usable, ReconciliationError when rows were lost on the way.
        """
        made = conversion(staged, self._source, self._record, self._bench.zone, str(day + ONE_DAY) if day else None)
        batch_day = "cast($batch_day as date)" if day else "event_on"
        query = f"select {number} as file_number, {batch_day} as batch_day, * from ({made.query}) as converted"
        verb = f"insert into {self.table} by name" if number else f"create or replace temp table {self.table} as"
        self._bench.execute(f"{verb} {query}", made.bound | ({"batch_day": str(day)} if day else {}))
        self._add_rejects(staged, day, number)
        self._check(staged, number)

    def _add_rejects(self, staged: StagedFile, day: dt.date | None, number: int) -> None:
        """The lines that the gate turned away, as rows without values."""
        if not staged.counts.rejected:
            return
        values = Values()
        rows = reading(staged.rejects, ["reason", "raw"], values, RAW_ROW_BYTES * 2)
        batch_day = f"cast({values.bind(str(day) if day else None)} as date)"
        first = "{'column_name': '', 'reason_code': reason, 'bad_value': cast(null as varchar)}"
        self._bench.execute(
            f"insert into {self.table} by name select {number} as file_number, {batch_day} as batch_day, "
            f"line as line_number, {first} as first_reason, reason as reasons, "
            f"coalesce(replace(raw, chr(30), chr(10)), '') as raw_row from ({rows})",
            values.bound,
        )

    def _check(self, staged: StagedFile, number: int) -> None:
        rows, rejected, column, reason = self._bench.sql(
            "select count(*), count(reasons), mode(first_reason.column_name), mode(first_reason.reason_code) "
            f"from {self.table} where file_number = {number}"
        )[0]
        records = staged.counts.records
        if rows != records:
            raise ReconciliationError(f"{staged.file_name}: {records} records, {rows} converted; nothing was loaded")
        if rejected == records and records >= FEW_ROWS:
            where = f" of column {column}" if column else ""
            raise NothingFitsError(
                f"{staged.file_name}: none of its {records} rows could be read, most for {reason}{where}; "
                f"compare the file with the source {self._source.source}. Nothing of it was loaded"
            )

    def days(self, number: int) -> list[DayCount]:
        """The counts of a file by day, the unreadable day last."""
        cells = "".join(f", count(case when repaired_{name} and reasons is null then 1 end)" for name in self._repairable)
        rows = self._bench.sql(
            f"select batch_day, count(*), count(reasons){cells} from {self.table} where file_number = {number} "
            "group by 1 order by 1 nulls last"
        )
        return [
            DayCount(day, lines, rejected, dict(zip(self._repairable, repaired, strict=True))) for day, lines, rejected, *repaired in rows
        ]

    def reasons(self, number: int) -> list[tuple[dt.date | None, str, int]]:
        """Day, first reason in words and number of rows of a file's rejects."""
        rows = self._bench.sql(
            f"select batch_day, first_reason.column_name, first_reason.reason_code, count(*) from {self.table} "
            f"where file_number = {number} and reasons is not null group by all"
        )
        return [(day, f"{column}: {reason}" if column else reason, count) for day, column, reason, count in rows]

    def accepted(self, batches: str) -> str:
        """A query for the rows of raw_<record>; `batches` names a table with file_number, batch_day and what a batch
        has."""
        names = ", ".join(f"landing.{column.name}" for column in self._record.columns)
        day = "" if self._record.event_source is None else f"event_on as {self._record.event_column}, "
        return (
            f"select {names}, {day}$source as source_code, batch_number, arrived_on, line_number, source_updated_at "
            f"from {self._joined(batches)} where reasons is null"
        )

    def rejected(self, batches: str) -> str:
        """A query for the rows of core_quarantine."""
        return (
            f"select '{self._record.name}' as record_code, $source as source_code, batch_number, arrived_on, "
            "file_name, line_number, 'parse' as gate_code, nullif(first_reason.column_name, '') as column_name, "
            "first_reason.bad_value as bad_value, first_reason.reason_code as reason_code, reasons, raw_row "
            f"from {self._joined(batches)} where reasons is not null"
        )

    def _joined(self, batches: str) -> str:
        return (
            f"{self.table} as landing join {batches} as batch on landing.file_number = batch.file_number "
            "and landing.batch_day is not distinct from batch.batch_day"
        )

    def clear(self) -> None:
        """Forget the rows."""
        self._bench.execute(f"drop table if exists {self.table}")

"""The converted rows of one record's files, side by side in a temporary table of the engine, until they are written."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Final

from mend.foundation.pipeline.runner import Step
from mend.foundation.pipeline.workbench import Workbench
from mend.foundation.schema import Record
from mend.intake.extract.config import Source
from mend.intake.extract.convert import ambiguous_columns, conversion, doubtful_columns, repairable_columns
from mend.intake.extract.relation import Values, reading
from mend.intake.extract.staging import RAW_ROW_BYTES, StagedFile

FILES: Final = "landing_file"


@dataclass(frozen=True)
class DayCount:
    """Records of one file that belong to one day (None: unreadable); by column, the cells that were left empty or
    cleaned and the times read as the later of two and the ids that read like none; and the accepted ones without a
    customer."""

    day: dt.date | None
    lines: int
    rejected: int
    repaired: dict[str, int]
    ambiguous: dict[str, int] = field(default_factory=dict)
    unattributed: int = 0
    doubtful: dict[str, int] = field(default_factory=dict)

    @property
    def accepted(self) -> int:
        return self.lines - self.rejected


@dataclass(frozen=True)
class Shaped:
    """What became of a file's records where rows become more or fewer: those accounted for, the rows added to them, and
    the records that are part of another row or asked for none."""

    records: int
    expanded: int
    folded: int


class Gathering:
    """Rows of several files, numbered from 0, each with the day of its batch."""

    def __init__(self, bench: Workbench, source: Source, record: Record) -> None:
        self._bench = bench
        self._source = source
        self._record = record
        described = source.records[record.name]
        self._repairable = repairable_columns(described)
        self._ambiguous = ambiguous_columns(source, record)
        self._doubtful = doubtful_columns(described, record)
        self._is_shaped = bool(described.expand or described.group)
        self._is_row = "not coalesce(is_left_out, false)" if described.expand else "true"
        self.table = f"landing_{record.name}"
        self.step = Step(bench, "extract")

    def convert(self, files: Sequence[tuple[StagedFile, dt.date | None]]) -> None:
        """Fill the table from staged files, each with its business date (None when its rows go to their own days).

        Files of one form share a statement: a statement costs a tenth of a second, a small file almost nothing.
        """
        self._list(files)
        forms: dict[tuple[object, ...], list[StagedFile]] = defaultdict(list)
        for staged, _ in files:
            forms[staged.form].append(staged)
        for number, same in enumerate(forms.values()):
            made = conversion(same, self._source, self._record, self._bench.zone, FILES)
            if number:
                self._bench.execute(f"insert into {self.table} by name {made.query}", made.bound)
            else:
                self.step.put_table(self.table, made.query, made.bound)
        self._add_rejects([str(staged.rejects) for staged, _ in files if staged.counts.rejected])

    def _list(self, files: Sequence[tuple[StagedFile, dt.date | None]]) -> None:
        """Number the files, and say which day each is of."""
        rows = [
            (str(path), number, day)
            for number, (staged, day) in enumerate(files)
            for path in (staged.rows, staged.rejects)
        ]
        self.step.put(FILES, {"path": "varchar", "file_number": "integer", "own_day": "date"}, rows)

    def _add_rejects(self, paths: list[str]) -> None:
        """The lines that the gate turned away, as rows without values."""
        if not paths:
            return
        values = Values()
        rows = reading(paths, ["reason", "raw"], values, RAW_ROW_BYTES * 2)
        first = (
            "{'column_name': '', 'reason_code': reason, 'bad_value': cast(null as varchar), 'detail': cast(null "
            "as varchar)}"
        )
        self._bench.execute(
            f"insert into {self.table} by name select file_number, own_day as batch_day, line as line_number, "
            f"{first} as first_reason, reason as reasons, coalesce(replace(raw, chr(30), chr(10)), '') as raw_row "
            f"from ({rows}) as reject join {FILES} as file on file.path = reject.filename",
            values.bound,
        )

    def days(self) -> dict[int, list[DayCount]]:
        """File number → its counts by day, the unreadable day last."""
        named = {"repaired": self._repairable, "ambiguous": self._ambiguous, "doubtful": self._doubtful}
        flags = [f"{kind}_{name}" for kind, names in named.items() for name in names]
        counts = "".join(f", count(case when {flag} and reasons is null then 1 end)" for flag in flags)
        rows = self._bench.sql(
            f"select file_number, batch_day, count(*), count(reasons), {self._unattributed()}{counts} from "
            f"{self.table} "
            f"where {self._is_row} group by 1, 2 order by 1, 2 nulls last"
        )
        counted: dict[int, list[DayCount]] = defaultdict(list)
        mended = self._mended()
        for number, day, lines, rejected, unattributed, *cells_counted in rows:
            cells = iter(cells_counted)
            repaired, ambiguous, doubtful = ({name: next(cells) for name in names} for names in named.values())
            for name, count in mended[number, day].items():
                repaired[name] = repaired.get(name, 0) + count
            counted[number].append(DayCount(day, lines, rejected, repaired, ambiguous, unattributed, doubtful))
        return counted

    def _mended(self) -> dict[tuple[int, dt.date | None], dict[str, int]]:
        """File number and day → cells of accepted rows that cleaning repaired, by column."""
        rows = self._bench.sql(
            f"with cell as (select file_number, batch_day, unnest(string_split(mended, ',')) as name from {self.table} "
            f"where mended is not null and reasons is null and {self._is_row}) select *, count(*) from cell group by "
            f"all order by all"
        )
        found: dict[tuple[int, dt.date | None], dict[str, int]] = defaultdict(dict)
        for number, day, name, count in rows:
            found[number, day][name] = count
        return found

    def _unattributed(self) -> str:
        """Counts the accepted rows without a customer, of a record that allows them."""
        may_lack = any(column.name == "customer_id" and not column.required for column in self._record.columns)
        return "count(case when customer_id is null and reasons is null then 1 end)" if may_lack else "0"

    def shaped(self) -> dict[int, Shaped]:
        """File number → what became of its records, where the record's rows become more or fewer; else nothing."""
        if not self._is_shaped:
            return {}
        rows = self._bench.sql(
            "select file_number, sum(coalesce(stands_for, 1)), count(case when stands_for = 0 then 1 end), "
            f"sum(greatest(coalesce(stands_for, 1) - 1, 0)) + count(case when not ({self._is_row}) then 1 end) from "
            f"{self.table} group by 1"
        )
        return {number: Shaped(int(records), int(expanded), int(folded)) for number, records, expanded, folded in rows}

    def reasons(self) -> dict[int, list[tuple[dt.date | None, str, int]]]:
        """File number → day, first reason in words and number of rows of its rejects, the most frequent first."""
        rows = self._bench.sql(
            "select file_number, batch_day, first_reason.column_name, first_reason.reason_code, first_reason.detail, "
            "count(*) as lines "
            f"from {self.table} where reasons is not null and {self._is_row} group by all order by lines desc, 2, 3, "
            f"4, 5"
        )
        found: dict[int, list[tuple[dt.date | None, str, int]]] = defaultdict(list)
        for number, day, column, reason, detail, count in rows:
            words = f"{reason} ({detail})" if detail else reason
            found[number].append((day, f"{column}: {words}" if column else words, count))
        return found

    def accepted(self, batches: str) -> str:
        """A query for the rows of raw_<record>; `batches` names a table with file_number, batch_day and what a batch
        has.
        """
        names = ", ".join(f"landing.{column.name}" for column in self._record.columns)
        day = "" if self._record.event_source is None else f"event_on as {self._record.event_column}, "
        return (
            f"select {names}, {day}$source as source_code, batch_number, arrived_on, line_number, source_updated_at "
            f"from {self._joined(batches)} where reasons is null and {self._is_row}"
        )

    def rejected(self, batches: str) -> str:
        """A query for the rows of core_quarantine."""
        return (
            f"select '{self._record.name}' as record_code, $source as source_code, batch_number, arrived_on, "
            "file_name, line_number, 'parse' as gate_code, nullif(first_reason.column_name, '') as column_name, "
            "first_reason.bad_value as bad_value, first_reason.reason_code as reason_code, reasons, raw_row "
            f"from {self._joined(batches)} where reasons is not null and {self._is_row}"
        )

    def _joined(self, batches: str) -> str:
        return (
            f"{self.table} as landing join {batches} as batch on landing.file_number = batch.file_number "
            "and landing.batch_day is not distinct from batch.batch_day"
        )

    def clear(self) -> None:
        """Forget the rows."""
        self.step.close()

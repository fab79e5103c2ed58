"""The invariant of every run: rows in = accepted + quarantined + superseded, and the core tables hold the accepted."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection
from dataclasses import dataclass

from mend import operations
from mend.core.models import keys, model, versions
from mend.core.selection import Selection, numbers_table, select, view_refused
from mend.home import Home
from mend.lake.filters import all_of, equal, one_of
from mend.operations import Batch
from mend.schema import RECORDS, Record
from mend.workbench import Workbench


class ReconciliationError(RuntimeError):
    """Rows were lost or doubled; the message names record, batch, file or day, and the counts."""


@dataclass(frozen=True)
class Reconciled:
    """Where the lines of one batch are. `lines` leaves out those that belong to other batches of the same file."""

    batch_number: int
    record: str
    source: str
    file_name: str
    lines: int
    accepted: int
    quarantined: int
    superseded: int


def reconcile(home: Home, bench: Workbench, days: Collection[dt.date]) -> list[Reconciled]:
    """Account for every line that arrived on these business dates, once they are loaded. Raises ReconciliationError."""
    found: list[Reconciled] = []
    for record in RECORDS.values():
        selection = select(home, record, days)
        if selection.arrived:
            # A load of a neighbouring day must not rebuild the tables between two of the counts.
            with operations.locked(home.database_url, selection.lock_name):
                found.extend(_reconcile_record(bench, selection))
    return sorted(found, key=lambda batch: batch.batch_number)


def _reconcile_record(bench: Workbench, chosen: Selection) -> list[Reconciled]:
    days = _prepare(bench, chosen)
    batches = {batch.batch_number: batch for batch in chosen.arrived}
    counted = [_reconciled(batches[number], *counts) for number, *counts in bench.sql(model("reconciled"))]
    if days:
        _require_equal_days(bench, chosen.record)
    return counted


def _prepare(bench: Workbench, chosen: Selection) -> list[dt.date]:
    numbers_table(bench, "eligible_batch", [batch.batch_number for batch in chosen.eligible])
    numbers_table(bench, "batch_asked", chosen.numbers)
    record = chosen.record
    bench.view(record.raw.name, batches=chosen.numbers, as_name="arrived_raw")
    bench.execute(f"create or replace temp view arrived as {versions(record, 'arrived_raw')}")
    days: list[dt.date] = sorted(day for (day,) in bench.sql("select distinct subject_on from arrived"))
    bench.view(record.raw.name, days=days, as_name="nearby_raw")
    bench.execute(f"create or replace temp view nearby as {versions(record, 'nearby_raw')}")
    view_refused(bench, chosen.eligible, min(days, default=None), chosen.window_days)
    _view_quarantine(bench, chosen.numbers)
    _view_core(bench, record, days)
    return days


def _view_quarantine(bench: Workbench, numbers: list[int]) -> None:
    bench.view("core_quarantine", batches=numbers, as_name="quarantine_files")
    query = "select batch_number from quarantine_files where batch_number in (select batch_number from batch_asked)"
    bench.execute(f"create or replace temp view quarantine_of_batches as {query}")


def _view_core(bench: Workbench, record: Record, days: list[dt.date]) -> None:
    bench.view(record.core.name, days=days, as_name="held_core")
    bench.execute(f"create or replace temp view held as select {keys(record)} from held_core")
    # Of the record and the days only: batch numbers are unique over all records.
    of_record = all_of(equal("record_code", record.name), one_of("subject_on", days or [dt.date.min]))
    bench.view("core_superseded", where=of_record, as_name="superseded_files")
    bench.execute(f"create or replace temp view replaced as {_replaced(record)}")


def _replaced(record: Record) -> str:
    return f"select batch_number, line_number from superseded_files where record_code = '{record.name}'"


def _reconciled(batch: Batch, arrived: int, accepted: int, quarantined: int, superseded: int) -> Reconciled:
    lines = batch.counts.lines - batch.counts.outside
    where = f"{batch.record_code} batch {batch.batch_number} ({batch.file_name})"
    if lines != accepted + quarantined + superseded:
        raise ReconciliationError(
            f"{where}: {lines} lines came, but {accepted} accepted + {quarantined} quarantined"
            f" + {superseded} superseded are {accepted + quarantined + superseded}"
        )
    if arrived != batch.counts.accepted:
        passed = batch.counts.accepted
        raise ReconciliationError(f"{where}: the parse gate passed {passed} rows, the lake holds {arrived}")
    names = (batch.batch_number, batch.record_code, batch.source_code, batch.file_name)
    return Reconciled(*names, lines, accepted, quarantined, superseded)


def _require_equal_days(bench: Workbench, record: Record) -> None:
    with bench.engine.joins_as_written():
        different = bench.sql(model("day_difference"))
    if different:
        day, expected, found = different[0]
        raise ReconciliationError(
            f"{record.core.name} on {day} (and {len(different) - 1} more days): "
            f"{expected} valid rows arrived, the table holds {found}"
        )

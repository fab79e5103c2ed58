"""The invariant of every run: rows in = accepted + quarantined + superseded, and the core tables hold the accepted."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterable

from mend.foundation import operations
from mend.foundation.home import Home
from mend.foundation.operations import Batch
from mend.foundation.pipeline.model import read_model
from mend.foundation.pipeline.runner import Step, open_step
from mend.foundation.pipeline.workbench import Workbench
from mend.foundation.schema import RECORDS, Record
from mend.intake.core.batches import Accounts, accounts_of, lock_name, numbers_of
from mend.intake.core.errors import ReconciliationError
from mend.intake.core.fills import fills
from mend.intake.core.loading import ROOM, view_quarantined
from mend.intake.core.report import Reconciled

NUMBERS = {"batch_number": "bigint"}


def reconcile(home: Home, bench: Workbench, days: Collection[dt.date], may_wait: bool = False) -> list[Reconciled]:
    """Account for every line that arrived on these business dates, once they are loaded. Raises ReconciliationError.

    Args:
        may_wait: some of the batches may not have come to their core load yet; without it their rows must be in the
            core tables.
    """
    found: list[Reconciled] = []
    for record in RECORDS.values():
        # A load of a neighbouring day must not rewrite the tables between two of the counts.
        with (
            operations.locked(home.database_url, lock_name(home, record)),
            open_step(bench, f"accounts of {record.name}") as step,
        ):
            accounts = accounts_of(home, record, days)
            found.extend(_reconcile_record(step, accounts if may_wait else accounts.without_waiting()))
    return sorted(found, key=lambda batch: batch.batch_number)


def _reconcile_record(step: Step, accounts: Accounts) -> list[Reconciled]:
    found = _outside(step, accounts)
    if not accounts.counted:
        return found
    days = _open_counted(step, accounts)
    batches = {batch.batch_number: batch for batch in accounts.counted}
    found += [_reconciled(batches[number], *counts) for number, *counts in step.rows(read_model(ROOM, "reconciled"))]
    if days:
        _require_equal_days(step, accounts.record)
    return found


def _outside(step: Step, accounts: Accounts) -> list[Reconciled]:
    """The batches that are not in the tables: their lines are where the gates left them, none lost."""
    outside = [*accounts.stopped, *accounts.waiting]
    if not outside:
        return []
    _open_batches(step, accounts.record, outside)
    rows = {number: counts for number, *counts in step.rows(read_model(ROOM, "outside"))}
    found = []
    for batch in outside:
        arrived, rejected = rows[batch.batch_number]
        number, lines = batch.batch_number, batch.counts.lines - batch.counts.outside
        _require_rows(batch, arrived)
        if lines != arrived + rejected:
            raise ReconciliationError(f"{_named(batch)}: {lines} lines came, the lake holds {arrived + rejected}")
        names = (number, batch.record_code, batch.source_code, batch.file_name)
        is_waiting = batch in accounts.waiting
        found.append(Reconciled(*names, lines, 0, 0 if is_waiting else lines, 0, lines if is_waiting else 0))
    return found


def _open_batches(step: Step, record: Record, batches: Iterable[Batch]) -> None:
    """The batches asked about, their raw rows and their rows in quarantine."""
    numbers = numbers_of(batches)
    step.put("batch_asked", NUMBERS, [(number,) for number in numbers])
    step.view(record.raw.name, batches=numbers, as_name="raw_arrived")
    step.view("core_quarantine", batches=numbers)


def _open_counted(step: Step, accounts: Accounts) -> list[dt.date]:
    """What the tables hold of the days that the batches have rows of; gives these days."""
    record, lake = accounts.record, step.bench.lake
    _open_batches(step, record, accounts.counted)
    arrived = lake.files_of(record.raw.name, batch_number=numbers_of(accounts.counted))
    days = sorted({day for day, _ in lake.rows_by_partition(record.raw.name, arrived)})
    on_days = lake.files_of(record.raw.name, **{record.event_column: days})
    step.view_files(record.raw.name, on_days, "raw_day")
    known = {number for _, number in lake.rows_by_partition(record.raw.name, on_days)}
    known &= set(numbers_of(accounts.eligible))
    step.put("known_batch", NUMBERS, [(number,) for number in sorted(known)])
    step.view(record.core.name, days=days, as_name="core_day")
    # Of the record and the days only: batch numbers are unique over all records.
    superseded = lake.files_of("core_superseded", record_code=[record.name], subject_on=days)
    step.view_files("core_superseded", superseded, "core_superseded")
    return days


def _reconciled(batch: Batch, arrived: int, accepted: int, quarantined: int, superseded: int) -> Reconciled:
    lines = batch.counts.lines - batch.counts.outside
    where = _named(batch)
    if lines != accepted + quarantined + superseded:
        raise ReconciliationError(
            f"{where}: {lines} lines came, but {accepted} accepted + {quarantined} quarantined"
            f" + {superseded} superseded are {accepted + quarantined + superseded}"
        )
    _require_rows(batch, arrived)
    names = (batch.batch_number, batch.record_code, batch.source_code, batch.file_name)
    return Reconciled(*names, lines, accepted, quarantined, superseded)


def _named(batch: Batch) -> str:
    return f"{batch.record_code} batch {batch.batch_number} ({batch.place})"


def _require_rows(batch: Batch, arrived: int) -> None:
    if arrived != batch.counts.accepted:
        passed = batch.counts.accepted
        raise ReconciliationError(f"{_named(batch)}: the parse gate passed {passed} rows, the lake holds {arrived}")


def _require_equal_days(step: Step, record: Record) -> None:
    view_quarantined(step, [number for (number,) in step.read("known_batch")])
    different = step.rows(read_model(ROOM, "day_difference"), fills=fills(record))
    if different:
        day, expected, found = different[0]
        raise ReconciliationError(
            f"{record.core.name} on {day} (and {len(different) - 1} more days): {expected} valid rows arrived, the "
            f"table holds {found}"
        )

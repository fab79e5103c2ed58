"""The invariant of every run: rows in = accepted + quarantined + superseded, and the core tables hold the accepted."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection
from dataclasses import dataclass, replace

from mend.errors import BadDataError
from mend.foundation import operations
from mend.foundation.home import Home
from mend.foundation.lake.filters import all_of, equal, one_of
from mend.foundation.operations import Batch
from mend.foundation.pipeline.workbench import Workbench
from mend.foundation.schema import RECORDS, Record
from mend.intake.core.models import keys, model, versions
from mend.intake.core.selection import Held, held, numbers_of, numbers_table, view_refused


class ReconciliationError(BadDataError):
    """Rows were lost or doubled; the message names record, batch, file or day, and the counts."""


@dataclass(frozen=True)
class Reconciled:
    """Where the lines of one batch are. `lines` leaves out those that belong to other batches of the same file.

    The lines of a batch that the quality gate stopped are all in quarantine; those of one that no load has taken yet
    are `waiting`.
    """

    batch_number: int
    record: str
    source: str
    file_name: str
    lines: int
    accepted: int
    quarantined: int
    superseded: int
    waiting: int = 0


def reconcile(home: Home, bench: Workbench, days: Collection[dt.date], may_wait: bool = False) -> list[Reconciled]:
    """Account for every line that arrived on these business dates, once they are loaded. Raises ReconciliationError.

    Args:
        may_wait: some of the batches may not have come to their core load yet; without it their rows must be in the
            core tables.
    """
    found: list[Reconciled] = []
    for record in RECORDS.values():
        lock = held(home, record, days).lock_name
        # A load of a neighbouring day must not rebuild the tables between two of the counts.
        with operations.locked(home.database_url, lock):
            chosen = held(home, record, days)
            found.extend(_reconcile_record(bench, chosen if may_wait else _without_waiting(chosen)))
    return sorted(found, key=lambda batch: batch.batch_number)


def _without_waiting(chosen: Held) -> Held:
    """Those that wait are held to be in the tables."""
    return replace(
        chosen, counted=(*chosen.counted, *chosen.waiting), eligible=(*chosen.eligible, *chosen.waiting), waiting=()
    )


def _reconcile_record(bench: Workbench, chosen: Held) -> list[Reconciled]:
    found = _apart(bench, chosen)
    if not chosen.counted:
        return found
    days = _prepare(bench, chosen)
    batches = {batch.batch_number: batch for batch in chosen.counted}
    found += [_reconciled(batches[number], *counts) for number, *counts in bench.sql(model("reconciled"))]
    if days:
        _require_equal_days(bench, chosen.record)
    return found


def _apart(bench: Workbench, chosen: Held) -> list[Reconciled]:
    """The batches that are not in the tables: their lines are where the gates left them, none lost."""
    apart = [*chosen.stopped, *chosen.waiting]
    if not apart:
        return []
    bench.view(chosen.record.raw.name, batches=numbers_of(apart), as_name="apart_raw")
    _view_quarantine(bench, numbers_of(apart), "parse")
    rows = dict(bench.sql("select batch_number, count(*) from apart_raw group by all"))
    rejected = dict(bench.sql("select batch_number, count(*) from quarantine_of_batches group by all"))
    found = []
    for batch in apart:
        number, lines = batch.batch_number, batch.counts.lines - batch.counts.outside
        _require_rows(batch, rows.get(number, 0))
        held_now = rows.get(number, 0) + rejected.get(number, 0)
        if lines != held_now:
            raise ReconciliationError(f"{_named(batch)}: {lines} lines came, the lake holds {held_now}")
        names = (number, batch.record_code, batch.source_code, batch.file_name)
        is_waiting = batch in chosen.waiting
        found.append(Reconciled(*names, lines, 0, 0 if is_waiting else lines, 0, lines if is_waiting else 0))
    return found


def _prepare(bench: Workbench, chosen: Held) -> list[dt.date]:
    numbers = numbers_of(chosen.counted)
    numbers_table(bench, "eligible_batch", numbers_of(chosen.eligible))
    numbers_table(bench, "batch_asked", numbers)
    record = chosen.record
    bench.view(record.raw.name, batches=numbers, as_name="arrived_raw")
    bench.execute(f"create or replace temp view arrived as {versions(record, 'arrived_raw')}")
    days: list[dt.date] = sorted(day for (day,) in bench.sql("select distinct subject_on from arrived"))
    bench.view(record.raw.name, days=days, as_name="nearby_raw")
    bench.execute(f"create or replace temp view nearby as {versions(record, 'nearby_raw')}")
    view_refused(bench, chosen.eligible, min(days, default=None), chosen.window_days)
    _view_quarantine(bench, numbers)
    _view_core(bench, record, days)
    return days


def _view_quarantine(bench: Workbench, numbers: list[int], *gates: str) -> None:
    """The batches' rows in quarantine (of these gates alone, if any is named)."""
    bench.view("core_quarantine", batches=numbers, as_name="quarantine_files")
    query = "select batch_number from quarantine_files"
    if gates:
        query += f" where gate_code in ({', '.join(map(repr, gates))})"
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


def _require_equal_days(bench: Workbench, record: Record) -> None:
    with bench.engine.joins_as_written():
        different = bench.sql(model("day_difference"))
    if different:
        day, expected, found = different[0]
        raise ReconciliationError(
            f"{record.core.name} on {day} (and {len(different) - 1} more days): {expected} valid rows arrived, the "
            f"table holds {found}"
        )

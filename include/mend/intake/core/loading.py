"""Step 3 of the chain: of all versions that arrived, the one that is valid, on the day of its event."""

from __future__ import annotations

import datetime as dt
import logging
import time
from collections.abc import Collection
from dataclasses import dataclass

from mend.foundation import operations
from mend.foundation.home import Home
from mend.foundation.lake import StoredFile
from mend.foundation.lake.filters import all_of, equal, no_row, one_of
from mend.foundation.operations import Batch
from mend.foundation.pipeline.exchange import Exchange, exchange
from mend.foundation.pipeline.workbench import Workbench
from mend.foundation.schema import RECORDS, Record
from mend.intake.core.models import model, versions
from mend.intake.core.selection import Days, Selection, Touched, gather_kin, make_touched_key, prepare, select, set_days

log = logging.getLogger(__name__)
SCRATCH_TABLES = (
    "eligible_batch",
    "asked_day",
    "touched_day",
    "kin_elsewhere",
    "refused",
    "loser",
    "change_before",
    "touched_key",
    "known_day",
    "standing",
    "core_new",
    "superseded_new",
    "leaving_batch",
)
MANY = 8  # fewer keys than one in so many of a day's rows are few
FEW_DAYS = 8


@dataclass(frozen=True)
class RecordReport:
    """What a load did to one record's tables: counts of batches, days rebuilt, and the rows now on those days."""

    record: str
    batches: int
    days_rebuilt: int
    rows: int
    superseded: int
    changes: int
    seconds: float


@dataclass(frozen=True)
class CoreReport:
    """What a load did, record by record (only those of which something arrived)."""

    days: tuple[dt.date, ...]
    records: tuple[RecordReport, ...]

    @property
    def rows(self) -> int:
        """Rows on the days rebuilt."""
        return sum(record.rows for record in self.records)


def load(home: Home, bench: Workbench, days: Collection[dt.date]) -> CoreReport:
    """Bring the core tables up to what arrived on these business dates, in one pass over the whole range.

    Safe to repeat, in any order of days. Loads of the same record take turns: two that rebuild one day must not miss
    each other's rows.
    """
    chosen = tuple(sorted(set(days)))
    known = [batch for batch in operations.batches(home.database_url) if batch.status_code != "loading"]
    names = {batch.record_code for batch in known if batch.arrived_on in set(chosen)}
    reports: list[RecordReport] = []
    read: list[Batch] = []
    for record in RECORDS.values():
        if record.name in names:
            report, batches = _load_record(home, bench, record, chosen)
            reports.append(report)
            read += batches
    # What came since belongs to the next load: it is not in the tables.
    operations.mark_core_loaded(home.database_url, chosen, read)
    return CoreReport(chosen, tuple(reports))


def _load_record(
    home: Home, bench: Workbench, record: Record, days: tuple[dt.date, ...]
) -> tuple[RecordReport, tuple[Batch, ...]]:
    """The report, and the batches that were read."""
    began = time.monotonic()
    with operations.locked(home.database_url, select(home, record, days).lock_name):
        try:
            # Asked again under the lock: a neighbour's load may just have ended.
            selection = select(home, record, days)
            report = _rebuild(bench, selection, began)
        finally:
            _drop_scratch(bench)
    counts = (report.rows, report.days_rebuilt, report.batches)
    log.info("core_%s: %d rows on %d days from %d batches", record.name, *counts)
    if stopped := [batch for batch in selection.left_out if batch.is_stopped]:
        log.warning("core_%s: %d batches that the quality gate stopped are left out", record.name, len(stopped))
    return report, (*selection.arrived, *selection.left_out)


def _rebuild(bench: Workbench, chosen: Selection, began: float) -> RecordReport:
    touched = prepare(bench, chosen)
    rows = superseded = 0
    if touched.days:
        rows, superseded = _replace_days(bench, chosen, touched)
    changes = _replace_change(bench, chosen)
    seconds = round(time.monotonic() - began, 2)
    return RecordReport(chosen.record.name, len(chosen.arrived), len(touched.days), rows, superseded, changes, seconds)


def _replace_days(bench: Workbench, chosen: Selection, touched: Touched) -> tuple[int, int]:
    """The touched days' rows are made anew. Of days that were loaded before, and of which only a few keys came, that is
    done key by key: only the files whose rows differ are written."""
    core, day = chosen.record.core.name, chosen.record.event_column
    known = _days_of_few(bench, touched.days, bench.lake.rows_by_day(core, day))
    anew = touched.days - known
    if known and touched.is_all:
        make_touched_key(bench)
    if not touched.is_all:
        _add_kin_of(bench, chosen.record, anew, touched.near)
    with bench.engine.joins_as_written():
        bench.execute(f"create or replace temp table loser as {model('loser')}")
    files = _write_days(bench, chosen.record, anew)
    changed = _exchange(bench, chosen.record, known)
    bench.lake.replace(core, one_of(day, anew) if anew else no_row(), [*files, *changed.coming], gone=changed.going)
    rows = bench.lake.rows_matching(core, one_of(day, sorted(touched.days)))
    return rows, _replace_superseded(bench, chosen.record, anew, known)


def _days_of_few(bench: Workbench, touched: Days, rows: dict[dt.date, int]) -> Days:
    """The days that were loaded before, and of which the keys that came are few beside the rows that they have."""
    known = sorted(touched & rows.keys())
    keys = bench.sql(
        "select subject_on, count(distinct subject_id) from (select subject_on, subject_id from arrived "
        "union all select subject_on, subject_id from change_before "
        "union all select subject_on, subject_id from withdrawn where is_leaving) "
        "where list_contains($days, subject_on) group by subject_on",
        {"days": known},
    )
    counted = dict(keys)
    return frozenset(day for day in known if counted.get(day, 0) * MANY < rows[day])


def _add_kin_of(bench: Workbench, record: Record, anew: Days, near: Days) -> None:
    """A day that is made anew needs the versions of all its keys, not only of those that came."""
    bench.view(record.raw.name, days=anew, as_name="anew_raw")
    bench.execute(f"create or replace temp view anew as {versions(record, 'anew_raw')}")
    others = "select subject_id from anew anti join touched_key using (subject_id)"
    if bench.sql(f"{others} limit 1"):
        gather_kin(bench, record, near, others)


def _write_days(bench: Workbench, record: Record, days: Days) -> list[StoredFile]:
    """Files of the days made anew: of a few days one by one, which saves sorting their rows into days."""
    files: list[StoredFile] = []
    parts = [frozenset({day}) for day in sorted(days)] if len(days) <= FEW_DAYS else [days]
    for part in parts:
        bench.view(record.raw.name, days=part, as_name="touched_raw")
        write = bench.write_partition if len(part) == 1 else bench.write
        files += write(record.core.name, model("core_record", record))
    return files


def _exchange(bench: Workbench, record: Record, known: Days) -> Exchange:
    """What changes on days that were loaded before. A row can differ only when a version of its key came: on its own
    day, or on another of the touched days, having left this one."""
    if not known:
        return Exchange()
    set_days(bench, "known_day", known)
    bench.execute(f"create or replace temp table standing as {model('standing')}")
    batches = [number for (number,) in bench.sql("select distinct batch_number from standing")]
    files = bench.lake.files_of(record.raw.name, **{record.event_column: known}, batch_number=batches)
    bench.view_files(record.raw.name, files, "standing_raw")
    bench.execute(
        "create or replace temp view touched_raw as select * from standing_raw semi join standing using "
        "(batch_number, line_number)"
    )
    bench.execute(f"create or replace temp table core_new as {model('core_record', record)}")
    files = bench.lake.files_of(record.core.name, **{record.event_column: known})
    scope = f"semi join touched_key on old.{record.subject_id_column} = touched_key.subject_id"
    day = record.event_column
    return exchange(bench, record.core.name, files, scope, "select * from core_new", record.key, day, day)


def _replace_superseded(bench: Workbench, record: Record, anew: Days, known: Days) -> int:
    """The versions that others replace, of the days made anew, and of the keys that came on days that were loaded
    before.
    """
    table, values = "core_superseded", {"record": record.name}
    set_days(bench, "touched_day", anew)
    written = bench.write(table, model("core_superseded"), values) if anew else []
    changed = Exchange()
    if known:
        set_days(bench, "touched_day", known)
        bench.execute(f"create or replace temp table superseded_new as {model('core_superseded')}", values)
        new = "select * from superseded_new semi join touched_key using (subject_id)"
        files = bench.lake.files_of(table, record_code=[record.name], subject_on=known)
        scope = "semi join touched_key using (subject_id)"
        changed = exchange(bench, table, files, scope, new, ["batch_number", "line_number"], "subject_on", "subject_on")
    of_record = all_of(equal("record_code", record.name), one_of("subject_on", sorted(anew))) if anew else no_row()
    if anew or changed.coming or changed.going:
        bench.lake.replace(table, of_record, [*written, *changed.coming], gone=changed.going)
    return bench.lake.rows_matching(
        table, all_of(equal("record_code", record.name), one_of("subject_on", sorted(anew | known)))
    )


def _replace_change(bench: Workbench, chosen: Selection) -> int:
    """Last: as long as it is not written, a repeated load still sees what the one before had touched."""
    where = all_of(equal("record_code", chosen.record.name), one_of("arrived_on", sorted(chosen.days)))
    return bench.replace("core_change", model("core_change"), where, {"record": chosen.record.name})


def _drop_scratch(bench: Workbench) -> None:
    """Give the memory of the working tables back."""
    for name in SCRATCH_TABLES:
        bench.execute(f"drop table if exists {name}")

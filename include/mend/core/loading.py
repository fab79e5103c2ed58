"""Step 3 of the chain: of all versions that arrived, the one that is valid, on the day of its event."""

from __future__ import annotations

import datetime as dt
import logging
import time
from collections.abc import Collection
from dataclasses import dataclass

from mend import operations
from mend.core.models import model
from mend.core.selection import Days, Selection, prepare, select, set_days
from mend.exchange import Exchange, exchange
from mend.home import Home
from mend.lake.filters import all_of, equal, one_of
from mend.operations import Batch
from mend.schema import RECORDS, Record
from mend.workbench import Workbench

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
    "core_new",
)
MANY = 8  # fewer keys than one in so many of a day's rows are few


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


def _load_record(home: Home, bench: Workbench, record: Record, days: tuple[dt.date, ...]) -> tuple[RecordReport, tuple[Batch, ...]]:
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
    return report, selection.arrived


def _rebuild(bench: Workbench, chosen: Selection, began: float) -> RecordReport:
    touched = prepare(bench, chosen)
    bench.execute(f"create or replace temp table loser as {model('loser')}")
    set_days(bench, "touched_day", touched)
    rows = superseded = 0
    if touched:
        rows, superseded = _replace_days(bench, chosen.record, touched)
    changes = _replace_change(bench, chosen)
    seconds = round(time.monotonic() - began, 2)
    return RecordReport(chosen.record.name, len(chosen.arrived), len(touched), rows, superseded, changes, seconds)


def _replace_days(bench: Workbench, record: Record, touched: Days) -> tuple[int, int]:
    """The touched days' rows are made anew. Where only a few keys of days that were loaded before came, only the files whose rows differ
    are written."""
    core, days = record.core.name, sorted(touched)
    known = touched & bench.lake.days(core, record.event_column)
    if not _are_few(bench, core, record.event_column, known):
        known = frozenset()
    bench.view(record.raw.name, days=touched - known, as_name="touched_raw")
    files = bench.write(core, model("core_record", record)) if touched - known else []
    changed = _exchange(bench, record, known)
    bench.lake.replace(core, one_of(record.event_column, touched - known), [*files, *changed.coming], gone=changed.going)
    rows = bench.lake.rows_matching(core, one_of(record.event_column, days))
    of_record = all_of(equal("record_code", record.name), one_of("subject_on", days))
    return rows, bench.replace("core_superseded", model("core_superseded"), of_record, {"record": record.name})


def _are_few(bench: Workbench, core: str, day: str, known: Days) -> bool:
    """Whether the keys that came on those days are few beside the rows that the days have. Leaves them in `touched_key`."""
    bench.execute(
        "create or replace temp table touched_key as "
        "select subject_id from arrived where list_contains($days, subject_on) union select subject_id from change_before",
        {"days": sorted(known)},
    )
    (keys,) = bench.sql("select count(*) from touched_key")[0]
    return bool(known) and keys * MANY < bench.lake.rows_matching(core, one_of(day, known))


def _exchange(bench: Workbench, record: Record, known: Days) -> Exchange:
    """What changes on days that were loaded before. A row can differ only when a version of its key came."""
    if not known:
        return Exchange()
    # A key may have come on another of the touched days and have left this one.
    bench.execute("create or replace temp table touched_key as select subject_id from arrived union select subject_id from change_before")
    key = record.subject_id_column
    bench.view(record.raw.name, days=known, as_name="known_raw")
    bench.execute(f"create or replace temp view touched_raw as select * from known_raw semi join touched_key on {key} = subject_id")
    bench.execute(f"create or replace temp table core_new as {model('core_record', record)}")
    files = bench.lake.files_of(record.core.name, **{record.event_column: known})
    scope = f"semi join touched_key on old.{key} = touched_key.subject_id"
    day = record.event_column
    return exchange(bench, record.core.name, files, scope, "select * from core_new", record.key, day, day)


def _replace_change(bench: Workbench, chosen: Selection) -> int:
    """Last: as long as it is not written, a repeated load still sees what the one before had touched."""
    where = all_of(equal("record_code", chosen.record.name), one_of("arrived_on", sorted(chosen.days)))
    return bench.replace("core_change", model("core_change"), where, {"record": chosen.record.name})


def _drop_scratch(bench: Workbench) -> None:
    """Give the memory of the working tables back."""
    for name in SCRATCH_TABLES:
        bench.execute(f"drop table if exists {name}")

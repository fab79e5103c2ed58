"""Step 3 of the chain: of all versions that arrived, the one that is valid, on the day of its event. Whole days."""

from __future__ import annotations

import datetime as dt
import logging
import time
from collections.abc import Collection, Iterable
from typing import Final

from mend.foundation import operations
from mend.foundation.home import Home
from mend.foundation.lake.filters import Filter, all_of, equal, one_of
from mend.foundation.operations import Batch
from mend.foundation.pipeline.model import read_model
from mend.foundation.pipeline.runner import Step, open_step
from mend.foundation.pipeline.workbench import StoredFile, Workbench
from mend.foundation.schema import RECORDS, Record
from mend.intake.core.batches import Days, Selection, lock_name, numbers_of, select
from mend.intake.core.fills import fills
from mend.intake.core.report import CoreReport, RecordReport

log = logging.getLogger(__name__)
ROOM: Final = "intake/core"


def load(home: Home, bench: Workbench, days: Collection[dt.date]) -> CoreReport:
    """Bring the core tables up to what arrived on these business dates, in one pass over the whole range.

    Safe to repeat, in any order of days. Loads of the same record take turns: two that rewrite one day must not miss
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
    with (
        operations.locked(home.database_url, lock_name(home, record)),
        open_step(bench, f"core of {record.name}") as step,
    ):
        # Asked under the lock: a neighbour's load may just have ended.
        chosen = select(home, record, days)
        report = _rewrite(step, chosen)
    counts = (report.rows, report.days_rebuilt, report.batches)
    log.info("core_%s: %d rows on %d days from %d batches", record.name, *counts)
    if stopped := [batch for batch in chosen.left_out if batch.is_stopped]:
        log.warning("core_%s: %d batches that the quality gate stopped are left out", record.name, len(stopped))
    return report, chosen.read


def _rewrite(step: Step, chosen: Selection) -> RecordReport:
    """The days on which versions came or left, each as a whole.

    What changed is committed first: after a kill, the next load of these arrivals finds there what this one touched,
    even when a batch was read differently meanwhile.
    """
    began = time.monotonic()
    record = chosen.record
    days = _find_days(step, chosen)
    changes = rows = superseded = 0
    if days:
        changes = _replace_change(step, chosen)
        superseded = _replace_superseded(step, record, days)
        _view_days(step, record, days)
        if record.versions is not None:
            _replace_versions(step, record, days)
        rows = _replace_core(step, record, days)
    seconds = round(time.monotonic() - began, 2)
    return RecordReport(record.name, len(chosen.arrived), len(days), rows, superseded, changes, seconds)


def _find_days(step: Step, chosen: Selection) -> Days:
    """Leaves every version of the keys touched in `version`; gives the days that they are on.

    A correction may have moved a key to another day, where other versions of it may be as far away again: repeated
    over the days that this adds, until there are none.
    """
    days = _open_touched(step, chosen)
    near: Days = frozenset()
    while further := around(days, chosen.window_days) - near:
        near |= further
        _open_near(step, chosen, near)
        step.run(read_model(ROOM, "version"), fills=fills(chosen.record))
        days |= _days(step, "version")
    return days


def _open_touched(step: Step, chosen: Selection) -> Days:
    """Leaves the keys of which a version came or left in `touched_key`; gives the days of these versions."""
    record, lake = chosen.record, step.bench.lake
    before = lake.files_of("core_change", record_code=[record.name], arrived_on=chosen.days)
    step.view_files("core_change", before, "change_before")
    coming = lake.files_of(record.raw.name, batch_number=chosen.touching)
    touched = {*coming, *_files_without_versions(step, record)}
    step.view_files(record.raw.name, sorted(touched, key=lambda file: file.path), "raw_touched")
    step.run(read_model(ROOM, "touched_key"), fills=fills(record))
    return _partitions_of(step, record, touched)[0] | _days(step, "change_before")


def _files_without_versions(step: Step, record: Record) -> list[StoredFile]:
    """Raw files of days that an earlier version of Mend loaded, which kept no states of the record."""
    if record.versions is None:
        return []
    lake, day = step.bench.lake, record.event_column
    lacking = lake.days(record.core.name, day) - lake.days(record.versions.name, day)
    return lake.files_of(record.raw.name, **{day: lacking})


def _open_near(step: Step, chosen: Selection, near: Days) -> None:
    record = chosen.record
    files = step.bench.lake.files_of(record.raw.name, **{record.event_column: near})
    step.view_files(record.raw.name, files, "raw_near")
    numbers = _partitions_of(step, record, files)[1]
    arriving, withdrawn = set(numbers_of(chosen.arrived)), set(numbers_of(chosen.withdrawn))
    known = sorted(numbers & {*numbers_of(chosen.eligible), *withdrawn})
    columns = {"batch_number": "bigint", "is_arriving": "boolean", "is_withdrawn": "boolean"}
    step.put("known_batch", columns, [(number, number in arriving, number in withdrawn) for number in known])
    view_quarantined(step, known)


def _partitions_of(step: Step, record: Record, files: Collection[StoredFile]) -> tuple[Days, frozenset[int]]:
    """Days and batches that raw files are of, by their partitions."""
    found = step.bench.lake.rows_by_partition(record.raw.name, files)
    return frozenset(day for day, _ in found), frozenset(number for _, number in found)


def view_quarantined(step: Step, numbers: Iterable[int]) -> None:
    """Make `quarantined_line`: batch and line of the rows of these batches that the quality gate put aside."""
    step.view("core_quarantine", batches=numbers)
    step.run(read_model(ROOM, "quarantined_line"))


def _view_days(step: Step, record: Record, days: Days) -> None:
    step.view(record.raw.name, days=days, as_name="raw_day")


def _replace_change(step: Step, chosen: Selection) -> int:
    name = chosen.record.name
    files = step.write_rows("core_change", read_model(ROOM, "core_change"), {"record": name})
    where = all_of(equal("record_code", name), one_of("arrived_on", chosen.days))
    return _commit(step, "core_change", where, files)


def _replace_superseded(step: Step, record: Record, days: Days) -> int:
    stored = step.bench.lake.files_of("core_superseded", record_code=[record.name], subject_on=days)
    step.view_files("core_superseded", stored, "superseded_before")
    step.put("touched_day", {"subject_on": "date"}, [(day,) for day in sorted(days)])
    step.run(read_model(ROOM, "superseded_version"), {"record": record.name})
    where = all_of(equal("record_code", record.name), one_of("subject_on", days))
    return _commit(step, "core_superseded", where, step.write("core_superseded", "superseded_version"))


def _replace_versions(step: Step, record: Record, days: Days) -> None:
    assert record.versions is not None
    step.view(record.versions.name, days=days, as_name="state_before")
    step.run(read_model(ROOM, "state"))
    files = step.write_rows(record.versions.name, read_model(ROOM, "core_version"), fills=fills(record))
    _commit(step, record.versions.name, one_of(record.event_column, days), files)


def _replace_core(step: Step, record: Record, days: Days) -> int:
    files = step.write_rows(record.core.name, read_model(ROOM, "core_record"), fills=fills(record))
    return _commit(step, record.core.name, one_of(record.event_column, days), files)


def _commit(step: Step, table: str, where: Filter, files: Collection[StoredFile]) -> int:
    """Put the files in place of the rows that match; gives their rows."""
    lake = step.bench.lake
    lake.replace(table, where, list(files))
    return lake.rows_matching(table, where)


def _days(step: Step, name: str) -> Days:
    return frozenset(day for (day,) in step.bench.sql(f"select distinct subject_on from {name}"))


def around(days: Iterable[dt.date], window: int) -> Days:
    """The days and those at most `window` days before or after one of them.

    >>> sorted(day.day for day in around([dt.date(2024, 5, 10)], 1))
    [9, 10, 11]
    """
    return frozenset(day + dt.timedelta(days=step) for day in days for step in range(-window, window + 1))

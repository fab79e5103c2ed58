"""What had arrived by a business date, made readable in the second home without copying it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection
from dataclasses import dataclass
from typing import Final

from mend.asof.home import AsOfError
from mend.foundation import operations
from mend.foundation.home import Home
from mend.foundation.lake.filters import every_row
from mend.foundation.operations import Batch
from mend.foundation.pipeline.workbench import Workbench
from mend.foundation.schema import RECORDS

ARRIVED: Final = (*(record.raw.name for record in RECORDS.values()), "core_quarantine")
NAMED_BATCHES: Final = 5


@dataclass(frozen=True)
class Referenced:
    """What the second home reads of the first: batches and files, and the business dates to load and score, in
    order.
    """

    batches: int
    files: int
    days: tuple[dt.date, ...]


def reference(home: Home, second: Home, day: dt.date) -> Referenced:
    """Make the batches that had arrived by the day, and their rows, those of the second home.

    Raises AsOfError when the day is not loaded, or when batches of these days wait to be loaded.
    """
    with Workbench.open(home) as first, Workbench.open(second) as bench:
        days = _days(home, day)
        _require_finished(operations.batches(home.database_url), day)
        batches = operations.copy_batches(home.database_url, second.database_url, day)
        numbers = [batch.batch_number for batch in batches]
        files = sum(_reference(first, bench, table, numbers) for table in ARRIVED)
    return Referenced(len(batches), files, days)


def _reference(first: Workbench, bench: Workbench, table: str, numbers: Collection[int]) -> int:
    """A file holds one batch, as both tables' partitions have it, so that whole files tell the batches apart."""
    files = first.lake.files_of(table, batch_number=numbers)
    bench.lake.replace(table, every_row(), files)
    return len(files)


def _days(home: Home, day: dt.date) -> tuple[dt.date, ...]:
    loaded = operations.loaded_dates(home.database_url)
    if day not in loaded:
        held = f"it holds {loaded[0]} to {loaded[-1]}" if loaded else "it holds no day"
        raise AsOfError(f"{day} is not loaded in {home.root}; {held}")
    return tuple(each for each in loaded if each <= day)


def _require_finished(batches: Collection[Batch], day: dt.date) -> None:
    """A batch that was read, and is not in the core tables: whether its day had it is not known. Of one that the
    quality gate stopped, and of one that was withdrawn, it is: neither counts."""
    waiting = [
        batch
        for batch in batches
        if batch.arrived_on <= day
        and batch.loaded_at
        and batch.status_code == "loaded"
        and not batch.is_stopped
        and not batch.is_withdrawn
    ]
    if waiting:
        named = ", ".join(str(batch.batch_number) for batch in waiting[:NAMED_BATCHES])
        raise AsOfError(
            f"{len(waiting)} batches that arrived by {day} wait to be loaded ({named}): "
            f"run the nightly chain for {waiting[0].arrived_on} to its end, then ask again"
        )

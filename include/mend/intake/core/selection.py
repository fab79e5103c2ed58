"""What one load has to look at: the batches, the versions of their keys, and the days these lie on."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterable
from dataclasses import dataclass

from mend.foundation import operations
from mend.foundation.home import Home
from mend.foundation.lake.filters import all_of, equal, one_of
from mend.foundation.operations import Batch
from mend.foundation.operations.batches import CORE_LOADED, LOADED, LOADING, STOPPED, WITHDRAWN
from mend.foundation.pipeline.workbench import Workbench
from mend.foundation.schema import Record
from mend.intake.core.models import all_versions, model, versions

WINDOW_SETTING = "MEND_CORRECTION_WINDOW_DAYS"
WINDOW_DAYS = 35
Days = frozenset[dt.date]


@dataclass(frozen=True)
class Selection:
    """One record's part of a load, prepared in the bench.

    Attributes:
        days: business dates whose arrivals are loaded.
        arrived: their batches that count.
        left_out: their other batches: withdrawn, or stopped by the quality gate.
        eligible: those that count, and every batch of other days that is in the core tables already.
        withdrawn: the batches whose rows count as superseded: withdrawn ones of these days, and those of others that a
        load has seen.
        window_days: how far from its first day a correction may move a row.
        lock_name: held by whoever rebuilds or counts this record's core tables.
    """

    record: Record
    days: Days
    arrived: tuple[Batch, ...]
    left_out: tuple[Batch, ...]
    eligible: tuple[Batch, ...]
    withdrawn: tuple[Batch, ...]
    window_days: int
    lock_name: str

    @property
    def numbers(self) -> list[int]:
        return numbers_of(self.arrived)

    @property
    def withdrawn_now(self) -> list[int]:
        """Numbers of the withdrawn batches of these days."""
        return [batch.batch_number for batch in self.left_out if batch.is_withdrawn]


def select(home: Home, record: Record, days: Collection[dt.date]) -> Selection:
    """The batches of the record that arrived on these days, and those that are in the core tables already.

    Of other days' batches the tables' state counts, not what was decided since: their own days are made again for that.
    """
    known = operations.batches(home.database_url, record=record.name)
    of_days = [batch for batch in known if batch.arrived_on in days and batch.status_code != LOADING]
    others = [batch for batch in known if batch.arrived_on not in days]
    arrived = tuple(batch for batch in of_days if batch.counts_in_core)
    left_out = tuple(batch for batch in of_days if not batch.counts_in_core)
    eligible = (*arrived, *(batch for batch in others if batch.status_code == CORE_LOADED))
    withdrawn = (
        *(batch for batch in left_out if batch.is_withdrawn),
        *(batch for batch in others if batch.status_code == WITHDRAWN),
    )
    lock_name = f"core {home.warehouse} {record.name}"
    return Selection(
        record, frozenset(days), arrived, left_out, eligible, withdrawn, window_days(home, record), lock_name
    )


@dataclass(frozen=True)
class Held:
    """Where the batches of some days are, as the core tables have them, whatever was decided since.

    Attributes:
        counted: those that the tables know, as accepted or as withdrawn.
        stopped: those that the quality gate keeps out.
        waiting: those that no load has taken yet.
        eligible: every batch that the tables know.
    """

    record: Record
    counted: tuple[Batch, ...]
    stopped: tuple[Batch, ...]
    waiting: tuple[Batch, ...]
    eligible: tuple[Batch, ...]
    window_days: int
    lock_name: str


def held(home: Home, record: Record, days: Collection[dt.date]) -> Held:
    """The batches of the record that arrived on these days, by where they are."""
    known = operations.batches(home.database_url, record=record.name)
    of_days = [batch for batch in known if batch.arrived_on in days and batch.status_code != LOADING]
    apart = [batch for batch in of_days if batch.status_code == LOADED]
    stopped = tuple(batch for batch in apart if batch.gate_code == STOPPED or batch.is_withdrawn)
    return Held(
        record=record,
        counted=tuple(batch for batch in of_days if batch not in apart),
        stopped=stopped,
        waiting=tuple(batch for batch in apart if batch not in stopped),
        eligible=tuple(batch for batch in known if batch.status_code in (CORE_LOADED, WITHDRAWN)),
        window_days=window_days(home, record),
        lock_name=f"core {home.warehouse} {record.name}",
    )


def numbers_of(batches: Iterable[Batch]) -> list[int]:
    """The batches' numbers."""
    return [batch.batch_number for batch in batches]


def window_days(home: Home, record: Record) -> int:
    """Days around a version in which other versions of its key are looked for; none when the day is part of the key."""
    if record.event_column in record.key:
        return 0
    return int(home.settings.get(WINDOW_SETTING, WINDOW_DAYS))


@dataclass(frozen=True)
class Touched:
    """The days that the keys touched lie on.

    Attributes:
        near: the days on which other versions of these keys were looked for.
        is_all: `kin` has every version of the days, not only those of the keys touched.
    """

    days: Days
    near: Days
    is_all: bool


def prepare(bench: Workbench, chosen: Selection) -> Touched:
    """Make the tables `arrived`, `withdrawn`, `kin`, `refused` and `change_before`."""
    numbers_table(bench, "eligible_batch", numbers_of(chosen.eligible))
    bench.view(chosen.record.raw.name, batches=chosen.numbers, as_name="arrived_raw")
    bench.execute(f"create or replace temp view arrived as {versions(chosen.record, 'arrived_raw')}")
    view_withdrawn(bench, chosen)
    _view_earlier_change(bench, chosen)
    asked = _days(
        bench,
        f"select subject_on from arrived union select subject_on from change_before union {_leaving('subject_on')}",
    )
    near = around(asked, chosen.window_days)
    if _lie_elsewhere(bench, chosen.record, asked, near):
        make_touched_key(bench)
        touched = _follow(bench, chosen, asked)
    else:
        bench.execute("create or replace temp view kin as select * from nearby")
        touched = Touched(asked, near, is_all=True)
    view_refused(bench, (*chosen.eligible, *chosen.withdrawn), min(touched.days, default=None), chosen.window_days)
    return touched


def view_withdrawn(bench: Workbench, chosen: Selection) -> None:
    """`withdrawn`: the versions of withdrawn batches; `is_leaving` says of which the run's days are. Mostly there are
    none.
    """
    bench.view(chosen.record.raw.name, batches=numbers_of(chosen.withdrawn), as_name="withdrawn_raw")
    numbers_table(bench, "leaving_batch", chosen.withdrawn_now)
    leaving = "batch_number in (select batch_number from leaving_batch) as is_leaving"
    query = f"select *, {leaving} from ({all_versions(chosen.record, 'withdrawn_raw')})"
    bench.execute(f"create or replace temp view withdrawn as {query}")


def _leaving(column: str) -> str:
    """A query for what the withdrawn batches of the run's days leave."""
    return f"select {column} from withdrawn where is_leaving"


def make_touched_key(bench: Workbench) -> None:
    """The table `touched_key`: keys of which a version came or was withdrawn. A month's first load has no use for
    it.
    """
    query = f"select subject_id from arrived union select subject_id from change_before union {_leaving('subject_id')}"
    bench.execute(f"create or replace temp table touched_key as {query}")


def _lie_elsewhere(bench: Workbench, record: Record, asked: Days, near: Days) -> bool:
    """Whether some of the versions `nearby` lie on other days than those asked."""
    _view_nearby(bench, record, near)
    set_days(bench, "asked_day", asked)
    return bool(bench.sql("select 1 from nearby anti join asked_day using (subject_on) limit 1"))


def _view_nearby(bench: Workbench, record: Record, days: Days) -> None:
    bench.view(record.raw.name, days=days, as_name="nearby_raw")
    bench.execute(f"create or replace temp view nearby as {versions(record, 'nearby_raw')}")


def _follow(bench: Workbench, chosen: Selection, asked: Days) -> Touched:
    """`kin`: the versions of the keys touched. A correction may have moved a key to another day, where other versions
    of it may lie as far away again: repeated, over the days that this adds, until there are none."""
    bench.execute("create or replace temp table kin_elsewhere as select * from nearby limit 0")
    bench.execute("create or replace temp view kin as select * from kin_elsewhere")
    near: Days = frozenset()
    while further := around(asked, chosen.window_days) - near:
        gather_kin(bench, chosen.record, further, "from touched_key")
        near |= further
        asked |= _days(bench, "select distinct subject_on from kin")
    return Touched(asked, near, is_all=False)


def gather_kin(bench: Workbench, record: Record, days: Days, wanted: str) -> None:
    """Add to `kin` the versions on these days of the keys wanted (a query of subject_id).

    Few files of contacts have any of them, and to look a key up costs half of reading the whole version: the files are
    told first.
    """
    _view_nearby(bench, record, days)
    of_wanted = f"semi join ({wanted}) using (subject_id)"
    with bench.engine.joins_as_written():
        lying = bench.sql(f"select distinct subject_on, batch_number from nearby {of_wanted}")
        held, numbers = {day for day, _ in lying}, {number for _, number in lying}
        files = bench.lake.files_of(record.raw.name, **{record.event_column: held}, batch_number=numbers)
        bench.view_files(record.raw.name, files, "kin_raw")
        bench.execute(
            f"insert into kin_elsewhere select version.* from ({versions(record, 'kin_raw')}) as version {of_wanted}"
        )


def view_refused(bench: Workbench, batches: Iterable[Batch], since: dt.date | None, window: int) -> None:
    """Make `refused`: batch and line of the rows that the quality gate put aside.

    Of the batches that can reach the days from `since` on, that is: nothing arrives before its own day.
    """
    first = dt.date.min if since is None else since - dt.timedelta(days=window)
    numbers = [batch.batch_number for batch in batches if batch.arrived_on >= first]
    numbers_table(bench, "batch_near", numbers)
    bench.view("core_quarantine", batches=numbers, as_name="quarantine_near")
    bench.execute(f"create or replace temp table refused as {model('refused')}")


def _view_earlier_change(bench: Workbench, chosen: Selection) -> None:
    where = all_of(equal("record_code", chosen.record.name), one_of("arrived_on", sorted(chosen.days)))
    bench.view("core_change", where=where, as_name="change_files")
    query = "select * from change_files where record_code = $record and list_contains($days, arrived_on)"
    parameters = {"record": chosen.record.name, "days": sorted(chosen.days)}
    bench.execute(f"create or replace temp table change_before as {query}", parameters)


def around(days: Iterable[dt.date], window: int) -> Days:
    """The days and those at most `window` days before or after one of them.

    >>> sorted(day.day for day in around([dt.date(2024, 5, 10)], 1))
    [9, 10, 11]
    """
    return frozenset(day + dt.timedelta(days=step) for day in days for step in range(-window, window + 1))


def numbers_table(bench: Workbench, name: str, numbers: list[int]) -> None:
    """A temporary table of batch numbers."""
    query = "select cast(unnest($numbers) as bigint) as batch_number"
    bench.execute(f"create or replace temp table {name} as {query}", {"numbers": numbers})


def set_days(bench: Workbench, name: str, days: Iterable[dt.date]) -> None:
    """A temporary table of days, in the column subject_on."""
    query = "select cast(unnest($days) as date) as subject_on"
    bench.execute(f"create or replace temp table {name} as {query}", {"days": sorted(days)})


def _days(bench: Workbench, query: str) -> Days:
    return frozenset(day for (day,) in bench.sql(query))

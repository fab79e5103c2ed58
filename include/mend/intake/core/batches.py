"""The batches of one record that a load takes, and those that it counts."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterable
from dataclasses import dataclass, replace

from mend.foundation import operations
from mend.foundation.home import Home
from mend.foundation.operations import Batch
from mend.foundation.operations.batches import CORE_LOADED, LOADED, LOADING, STOPPED, WITHDRAWN
from mend.foundation.schema import Record

WINDOW_SETTING = "MEND_CORRECTION_WINDOW_DAYS"
WINDOW_DAYS = 35
Days = frozenset[dt.date]


@dataclass(frozen=True)
class Selection:
    """One record's part of a load.

    Attributes:
        days: business dates whose arrivals are loaded.
        arrived: their batches that count.
        left_out: their other batches: withdrawn, or stopped by the quality gate.
        eligible: those that count, and every batch of other days that is in the core tables already.
        withdrawn: the batches whose rows count as superseded: withdrawn ones of these days, and those of others that a
        load has seen.
        window_days: how far from its first day a correction may move a row.
    """

    record: Record
    days: Days
    arrived: tuple[Batch, ...]
    left_out: tuple[Batch, ...]
    eligible: tuple[Batch, ...]
    withdrawn: tuple[Batch, ...]
    window_days: int

    @property
    def read(self) -> tuple[Batch, ...]:
        """The batches of the days, whether they count or not."""
        return (*self.arrived, *self.left_out)

    @property
    def touching(self) -> list[int]:
        """Numbers of the batches that come or leave with this load."""
        return numbers_of([*self.arrived, *(batch for batch in self.left_out if batch.is_withdrawn)])


def select(home: Home, record: Record, days: Collection[dt.date]) -> Selection:
    """The batches of the record that arrived on these days, and those that are in the core tables already.

    Of other days' batches the tables' state counts, not what was decided since: a load of their own days does that.
    """
    known = operations.batches(home.database_url, record=record.name)
    of_days = [batch for batch in known if batch.arrived_on in days and batch.status_code != LOADING]
    others = [batch for batch in known if batch.arrived_on not in days]
    arrived = tuple(batch for batch in of_days if batch.counts_in_core)
    left_out = tuple(batch for batch in of_days if not batch.counts_in_core)
    return Selection(
        record=record,
        days=frozenset(days),
        arrived=arrived,
        left_out=left_out,
        eligible=(*arrived, *(batch for batch in others if batch.status_code == CORE_LOADED)),
        withdrawn=(
            *(batch for batch in left_out if batch.is_withdrawn),
            *(batch for batch in others if batch.status_code == WITHDRAWN),
        ),
        window_days=window_days(home, record),
    )


@dataclass(frozen=True)
class Accounts:
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

    def without_waiting(self) -> Accounts:
        """As if those that wait were in the tables."""
        counted, eligible = (*self.counted, *self.waiting), (*self.eligible, *self.waiting)
        return replace(self, counted=counted, eligible=eligible, waiting=())


def accounts_of(home: Home, record: Record, days: Collection[dt.date]) -> Accounts:
    """The batches of the record that arrived on these days, by where they are."""
    known = operations.batches(home.database_url, record=record.name)
    of_days = [batch for batch in known if batch.arrived_on in days and batch.status_code != LOADING]
    outside = [batch for batch in of_days if batch.status_code == LOADED]
    stopped = tuple(batch for batch in outside if batch.gate_code == STOPPED or batch.is_withdrawn)
    return Accounts(
        record=record,
        counted=tuple(batch for batch in of_days if batch not in outside),
        stopped=stopped,
        waiting=tuple(batch for batch in outside if batch not in stopped),
        eligible=tuple(batch for batch in known if batch.status_code in (CORE_LOADED, WITHDRAWN)),
    )


def numbers_of(batches: Iterable[Batch]) -> list[int]:
    """The batches' numbers."""
    return [batch.batch_number for batch in batches]


def lock_name(home: Home, record: Record) -> str:
    """Held by whoever rewrites or counts this record's core tables."""
    return f"core {home.warehouse} {record.name}"


def window_days(home: Home, record: Record) -> int:
    """Days around a version in which other versions of its key are looked for; none when the day is part of the key."""
    if record.event_column in record.key:
        return 0
    return int(home.settings.get(WINDOW_SETTING, WINDOW_DAYS))

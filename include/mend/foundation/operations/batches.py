"""Batches: what arrived, how far it has come, and which days the core tables hold."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, fields
from typing import Any

from sqlalchemy import ColumnElement, Connection, bindparam, delete, func, select, tuple_, update
from sqlalchemy.dialects.postgresql import insert

from mend.foundation.operations.database import transaction
from mend.foundation.operations.tables import LOAD_BATCH, LOADED_DAY

LOADING, LOADED, CORE_LOADED, WITHDRAWN = "loading", "loaded", "core_loaded", "withdrawn"
PASSED, STOPPED = "passed", "stopped"


@dataclass(frozen=True)
class NewBatch:
    """A batch before it has a number.

    Args:
        business_date: None for the rows of a file whose own day cannot be read.
        provided_columns: contract columns that the source maps and the file has.
    """

    source_code: str
    record_code: str
    business_date: dt.date | None
    arrived_on: dt.date
    fingerprint: str
    mapping_fingerprint: str
    file_name: str
    provided_columns: tuple[str, ...]
    folder: str | None = field(default=None, kw_only=True)


@dataclass(frozen=True)
class Counts:
    """Records of one batch: `lines` are all the file has, and the rows that a count added to them; `outside` those of
    its other batches and those that were folded into a row. `repaired` counts cells."""

    lines: int = 0
    accepted: int = 0
    rejected: int = 0
    outside: int = 0
    repaired: int = 0


@dataclass(frozen=True)
class Batch(NewBatch):
    """A registered batch.

    Attributes:
        status_code: how far it has come; of a withdrawn one, whether the core tables have seen that.
        loaded_at: when its rows were last put into the lake; None before.
        gate_code: what the quality gate said of these rows; None while it has not judged them.
        withdrawal_code: why its rows do not count; None: they do.
    """

    batch_number: int = field(kw_only=True)
    counts: Counts = field(kw_only=True)
    status_code: str = field(kw_only=True)
    loaded_at: dt.datetime | None = field(kw_only=True)
    gate_code: str | None = field(default=None, kw_only=True)
    is_accepted: bool = field(default=False, kw_only=True)
    withdrawal_code: str | None = field(default=None, kw_only=True)

    @property
    def is_withdrawn(self) -> bool:
        return self.withdrawal_code is not None

    @property
    def is_stopped(self) -> bool:
        """The gate stopped it, and nobody has accepted or withdrawn it since."""
        return self.gate_code == STOPPED and not self.is_accepted and not self.is_withdrawn

    @property
    def counts_in_core(self) -> bool:
        """Whether a core load takes its rows."""
        return self.status_code != LOADING and not self.is_withdrawn and not self.is_stopped

    @property
    def place(self) -> str:
        """The file with its folder, or the query."""
        return f"{self.folder}/{self.file_name}" if self.folder else self.file_name


def register_batch(url: str, batch: NewBatch) -> int:
    """The batch's number: a new one, or the one it had when the same content came before."""
    return register_batches(url, [batch])[0].batch_number


def register_batches(url: str, batches: Sequence[NewBatch]) -> list[Batch]:
    """Register each batch once, all in one transaction, numbered in the order given. Returns them as they stand."""
    if not batches:
        return []
    with transaction(url) as connection:
        # Look first: a conflict would use up a number each time a file is read again.
        known = _known(connection, batches)
        missing = [_first_values(batch) for batch in batches if _identity(batch) not in known]
        if missing:
            connection.execute(insert(LOAD_BATCH).values(registered_at=func.now()).on_conflict_do_nothing(), missing)
            known = _known(connection, batches)
        return [known[_identity(batch)] for batch in batches]


def _identity(batch: NewBatch) -> tuple[str, str, str, dt.date | None]:
    return batch.source_code, batch.record_code, batch.fingerprint, batch.business_date


def _known(connection: Connection, batches: Sequence[NewBatch]) -> dict[tuple[str, str, str, dt.date | None], Batch]:
    same_content = LOAD_BATCH.c.fingerprint.in_({batch.fingerprint for batch in batches})
    rows = connection.execute(select(LOAD_BATCH).where(same_content)).mappings()
    return {_identity(batch): batch for batch in map(_batch, rows)}


def _first_values(batch: NewBatch) -> dict[str, Any]:
    values: dict[str, Any] = {field.name: getattr(batch, field.name) for field in fields(NewBatch)}
    counts = dict.fromkeys(("line_count", "accepted_count", "rejected_count", "outside_count", "repaired_count"), 0)
    return (
        values
        | counts
        | {"provided_columns": list(batch.provided_columns), "status_code": LOADING, "is_accepted": False}
    )


def _batch(row: Mapping[Any, Any]) -> Batch:
    values = {field.name: row[field.name] for field in fields(NewBatch)}
    values["provided_columns"] = tuple(row["provided_columns"])
    counts = Counts(
        row["line_count"], row["accepted_count"], row["rejected_count"], row["outside_count"], row["repaired_count"]
    )
    others = ("batch_number", "status_code", "loaded_at", "gate_code", "is_accepted", "withdrawal_code")
    return Batch(**values, counts=counts, **{name: row[name] for name in others})


def mark_loading(url: str, provided: Mapping[int, Sequence[str]], mapping_fingerprint: str) -> None:
    """Say that the rows of these batches (by number, each with the contract columns that it provides) are about to be
    replaced, read with this mapping.

    What was accepted was the old reading: the gate judges the new one by itself.
    """
    if not provided:
        return
    values: dict[str, Any] = {
        "status_code": LOADING,
        "mapping_fingerprint": mapping_fingerprint,
        "provided_columns": bindparam("provided"),
        "gate_code": None,
        "is_accepted": False,
    }
    statement = update(LOAD_BATCH).where(LOAD_BATCH.c.batch_number == bindparam("number")).values(values)
    rows = [{"number": number, "provided": list(columns)} for number, columns in provided.items()]
    with transaction(url) as connection:
        connection.execute(statement, rows)


def mark_loaded(url: str, counted: Mapping[int, Counts]) -> None:
    """Record what each batch (by number) brought. IntegrityError when lines are not accepted + rejected + outside."""
    if not counted:
        return
    statement = (
        update(LOAD_BATCH)
        .where(LOAD_BATCH.c.batch_number == bindparam("number"))
        .values(
            status_code=LOADED,
            loaded_at=func.now(),
            line_count=bindparam("lines"),
            accepted_count=bindparam("accepted"),
            rejected_count=bindparam("rejected"),
            outside_count=bindparam("outside"),
            repaired_count=bindparam("repaired"),
        )
    )
    rows = [{"number": number, **vars(counts)} for number, counts in counted.items()]
    with transaction(url) as connection:
        connection.execute(statement, rows)


def batches(url: str, business_dates: Collection[dt.date] | None = None, record: str | None = None) -> list[Batch]:
    """The batches that arrived on these business dates (all when None), by number; those of unreadable days by
    arrived_on."""
    table = LOAD_BATCH.c
    conditions: list[ColumnElement[bool]] = []
    if business_dates is not None:
        conditions.append(table.arrived_on.in_(list(business_dates)))
    if record is not None:
        conditions.append(table.record_code == record)
    with transaction(url) as connection:
        found = connection.execute(select(LOAD_BATCH).where(*conditions).order_by(table.batch_number))
        return [_batch(row) for row in found.mappings()]


def mark_gated(url: str, judged: Iterable[Batch], stopped: Collection[int]) -> None:
    """Record what the gate said of the batches, as they were read: one whose rows were replaced meanwhile is not judged
    yet.
    """
    table = LOAD_BATCH.c
    batches = list(judged)
    with transaction(url) as connection:
        for code in (PASSED, STOPPED):
            seen = [(b.batch_number, b.loaded_at) for b in batches if (b.batch_number in stopped) == (code == STOPPED)]
            if seen:
                same = tuple_(table.batch_number, table.loaded_at).in_(seen)
                connection.execute(update(LOAD_BATCH).where(same, table.status_code != LOADING).values(gate_code=code))


def mark_core_loaded(url: str, business_dates: Iterable[dt.date], read: Iterable[Batch] = ()) -> None:
    """Say that the core tables hold these business dates, also those on which nothing arrived, and the batches as they
    were read: a withdrawn one does not count any more, a stopped one not yet.

    A batch of these dates that came meanwhile, or whose rows were replaced since it was read, stays `loaded`: nobody
    has seen it yet.
    """
    days = sorted(set(business_dates))
    if not days:
        return
    as_read: dict[str, list[tuple[int, dt.datetime | None]]] = {}
    for batch in read:
        became = CORE_LOADED if batch.counts_in_core else WITHDRAWN if batch.is_withdrawn else LOADED
        as_read.setdefault(became, []).append((batch.batch_number, batch.loaded_at))
    days_held = insert(LOADED_DAY).values([{"business_date": day, "core_loaded_at": func.now()} for day in days])
    refreshed = days_held.on_conflict_do_update(
        index_elements=["business_date"], set_={"core_loaded_at": days_held.excluded.core_loaded_at}
    )
    table = LOAD_BATCH.c
    with transaction(url) as connection:
        for status, batches in as_read.items():
            seen = (table.status_code != LOADING, tuple_(table.batch_number, table.loaded_at).in_(batches))
            connection.execute(update(LOAD_BATCH).where(*seen).values(status_code=status))
        connection.execute(refreshed)


def copy_batches(source: str, target: str, until: dt.date) -> list[Batch]:
    """Make the register at `target` that of `source`, of the batches that arrived by a business date alone. Gives what
    it holds then.

    They count as loaded and not yet in the core tables, and no day as loaded.

    Batches that never came to an end are left out, as a core load leaves them out.
    """
    table = LOAD_BATCH.c
    arrived = (table.arrived_on <= until, table.loaded_at.is_not(None))
    with transaction(source) as connection:
        rows = connection.execute(select(LOAD_BATCH).where(*arrived)).mappings().all()
    with transaction(target) as connection:
        connection.execute(delete(LOADED_DAY))
        connection.execute(delete(LOAD_BATCH))
        if rows:
            connection.execute(insert(LOAD_BATCH), [{**row, "status_code": LOADED} for row in rows])
    return batches(target)


def loaded_dates(url: str) -> list[dt.date]:
    """The business dates that the core tables hold, in order."""
    with transaction(url) as connection:
        return list(
            connection.execute(select(LOADED_DAY.c.business_date).order_by(LOADED_DAY.c.business_date)).scalars()
        )


def last_loaded_day(url: str, day: dt.date) -> dt.date:
    """The last day that the core tables hold, and no earlier one than the given: how late an old month is looked at."""
    return max([day, *loaded_dates(url)])


def provided_columns(url: str, record: str, month: str) -> frozenset[str]:
    """The contract columns that the sources of a month (YYYY-MM) map for this record; none when nothing of it
    arrived."""
    table = LOAD_BATCH.c
    in_month = func.to_char(table.arrived_on, "YYYY-MM") == month
    with transaction(url) as connection:
        lists = connection.execute(
            select(table.provided_columns).where(
                table.record_code == record, in_month, table.status_code != LOADING, table.withdrawal_code.is_(None)
            )
        ).scalars()
        return frozenset(column for listed in lists for column in listed)

"""What is decided about a batch after it came: its withdrawal and return, and a stop that is lifted. Each is one
transaction.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import Connection, func, insert, select, update

from mend.errors import CommandError
from mend.foundation.operations.batches import LOADING, STOPPED, Batch, batches
from mend.foundation.operations.database import transaction
from mend.foundation.operations.due import mark
from mend.foundation.operations.tables import BATCH_DECISION, LOAD_BATCH

PERSON, GONE_CODE = "person", "gone"
WITHDRAWN, RETURNED, ACCEPTED, GONE = "withdrawn", "returned", "accepted", "gone"
# Decision → the columns of the batch that it sets.
SETS: Final[dict[str, dict[str, Any]]] = {
    WITHDRAWN: {"withdrawal_code": PERSON},
    RETURNED: {"withdrawal_code": None},
    ACCEPTED: {"is_accepted": True},
    GONE: {"withdrawal_code": GONE_CODE},
}


class DecisionError(CommandError):
    """A decision that does not fit its batch; the message says why and what would."""


@dataclass(frozen=True)
class Decision:
    """One decision on record."""

    batch_number: int
    decision_code: str
    why: str
    decided_by: str
    decided_at: dt.datetime


def withdraw(url: str, batch_number: int, why: str, by: str) -> tuple[Batch, bool]:
    """Let the batch's rows not count any more, and mark its day to be made again. Gives the batch, and False when it
    was withdrawn before.

    Raises DecisionError when there is no such batch.
    """
    return _decide(url, batch_number, WITHDRAWN, why, by)


def take_back(url: str, batch_number: int, why: str, by: str) -> tuple[Batch, bool]:
    """Let a withdrawn batch's rows count again. Gives the batch, and False when they do already."""
    return _decide(url, batch_number, RETURNED, why, by)


def accept(url: str, batch_number: int, why: str, by: str) -> tuple[Batch, bool]:
    """Lift the quality gate's stop of a batch; the bad rows stay in quarantine. Gives the batch, and False when that
    was done before.

    Raises DecisionError when there is nothing to lift.
    """
    return _decide(url, batch_number, ACCEPTED, why, by)


def let_go(url: str, numbers: Collection[int], why: str) -> None:
    """Withdraw stopped batches whose file the source does not deliver any more: none of their rows ever counted."""
    with transaction(url) as connection:
        for number in sorted(numbers):
            _record(connection, _held(connection, number), GONE, why, "mend")


def bring_back(url: str, numbers: Collection[int], why: str) -> None:
    """The file of batches that were let go is delivered again: the gate judges them once more."""
    with transaction(url) as connection:
        for number in sorted(numbers):
            held = _held(connection, number)
            if held["withdrawal_code"] == GONE_CODE:
                _record(connection, held, RETURNED, why, "mend")


def decisions(url: str, numbers: Collection[int] | None = None) -> list[Decision]:
    """Decisions on record (of these batches), in order."""
    table = BATCH_DECISION.c
    query = select(table.batch_number, table.decision_code, table.why, table.decided_by, table.decided_at)
    if numbers is not None:
        query = query.where(table.batch_number.in_(list(numbers)))
    with transaction(url) as connection:
        return [Decision(*row) for row in connection.execute(query.order_by(table.batch_decision_id))]


def latest(found: Sequence[Decision]) -> dict[int, Decision]:
    """The last decision of each batch."""
    return {decision.batch_number: decision for decision in found}


def _decide(url: str, number: int, decision: str, why: str, by: str) -> tuple[Batch, bool]:
    with transaction(url) as connection:
        held = _held(connection, number)
        is_new = not _stands(held, decision)
        if is_new:
            _require_fit(held, decision)
            _record(connection, held, decision, why, by)
    return next(batch for batch in batches(url, record=held["record_code"]) if batch.batch_number == number), is_new


def _held(connection: Connection, number: int) -> dict[str, Any]:
    """The batch's row, kept from others until the transaction ends."""
    row = (
        connection.execute(select(LOAD_BATCH).where(LOAD_BATCH.c.batch_number == number).with_for_update())
        .mappings()
        .first()
    )
    if row is None:
        raise DecisionError(f"there is no batch {number}; `mend check --batches` lists them")
    return dict(row)


def _stands(held: dict[str, Any], decision: str) -> bool:
    if decision == ACCEPTED:
        return (
            bool(held["is_accepted"]) and held["withdrawal_code"] is None
        )  # of a withdrawn one no row counts, whatever was said
    return (held["withdrawal_code"] is None) == (decision == RETURNED) and held["withdrawal_code"] != GONE_CODE


def _require_fit(held: dict[str, Any], decision: str) -> None:
    number = held["batch_number"]
    if decision == WITHDRAWN and held["status_code"] == LOADING:
        raise DecisionError(
            f"batch {number} is being loaded, or its load died: none of its rows counts; run its day again first"
        )
    if decision == ACCEPTED and held["withdrawal_code"] is not None:
        raise DecisionError(
            f"batch {number} is withdrawn; take that back first: mend withdraw {number} --undo --why ..."
        )
    if decision == ACCEPTED and held["gate_code"] != STOPPED:
        raise DecisionError(f"batch {number} was not stopped by the quality gate: there is nothing to accept")


def _record(connection: Connection, held: dict[str, Any], decision: str, why: str, by: str) -> None:
    number = held["batch_number"]
    values = {"batch_number": number, "decision_code": decision, "why": why, "decided_by": by}
    connection.execute(insert(BATCH_DECISION).values(**values, decided_at=func.now()))
    connection.execute(update(LOAD_BATCH).where(LOAD_BATCH.c.batch_number == number).values(**SETS[decision]))
    mark(connection, held["arrived_on"])

"""Business dates that must be made again: marked when a decision changes what counts, taken by the next run of the
chain.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable

from sqlalchemy import Connection, delete, func, select, update
from sqlalchemy.dialects.postgresql import insert

from mend.foundation.operations.database import transaction
from mend.foundation.operations.tables import DAY_DUE


def mark(connection: Connection, day: dt.date) -> None:
    """Mark a day. A run that is at work on it may have looked too early: the mark counts as taken by none."""
    put = insert(DAY_DUE).values(business_date=day, marked_at=func.now())
    fresh = {"marked_at": put.excluded.marked_at, "taken_from_on": None, "taken_to_on": None}
    connection.execute(put.on_conflict_do_update(index_elements=["business_date"], set_=fresh))


def mark_due_days(url: str, days: Iterable[dt.date]) -> None:
    """Mark these days."""
    with transaction(url) as connection:
        for day in days:
            mark(connection, day)


def due_days(url: str) -> list[dt.date]:
    """Every day that is marked, in order."""
    with transaction(url) as connection:
        return list(connection.execute(select(DAY_DUE.c.business_date).order_by(DAY_DUE.c.business_date)).scalars())


def take_due_days(url: str, first: dt.date, last: dt.date) -> list[dt.date]:
    """Let the run of these days make the marked days again beside its own, also those of a run that never came to its
    end.
    """
    with transaction(url) as connection:
        connection.execute(update(DAY_DUE).values(taken_from_on=first, taken_to_on=last))
    return taken_days(url, first, last)


def taken_days(url: str, first: dt.date, last: dt.date) -> list[dt.date]:
    """The marked days that the run of these days has taken, in order."""
    table = DAY_DUE.c
    query = select(table.business_date).where(table.taken_from_on == first, table.taken_to_on == last)
    with transaction(url) as connection:
        return list(connection.execute(query.order_by(table.business_date)).scalars())


def settle_due_days(url: str, first: dt.date, last: dt.date, days: Iterable[dt.date]) -> None:
    """The run of these days has made these marked days again. One that was marked meanwhile stays."""
    table = DAY_DUE.c
    made = (table.taken_from_on == first, table.taken_to_on == last, table.business_date.in_(list(days)))
    with transaction(url) as connection:
        connection.execute(delete(DAY_DUE).where(*made))

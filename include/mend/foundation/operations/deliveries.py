"""Whether each source's delivery of a business date was read: what a day lacks is on record before anybody asks."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterable
from dataclasses import dataclass

from sqlalchemy import func, select
from sqlalchemy.dialects.postgresql import insert

from mend.foundation.operations.batches import LOADING
from mend.foundation.operations.database import transaction
from mend.foundation.operations.tables import LOAD_BATCH, LOADED_DAY, SOURCE_DELIVERY

AWAITED, FAILED, DONE = "awaited", "failed", "done"


@dataclass(frozen=True)
class Missing:
    """A source's business date that was not read to its end. `message` says why, None when its task never came to an
    end.
    """

    source_code: str
    business_date: dt.date
    message: str | None


@dataclass(frozen=True)
class Stretch:
    """What is missing of a source for one reason: `days` in words, a day or the first to the last of several."""

    source_code: str
    days: str
    message: str | None


def stretches(missing: Iterable[Missing]) -> list[Stretch]:
    """Missing deliveries by source and reason: one wrong file of many days is one thing to say.

    >>> days = [dt.date(2026, 5, day) for day in (1, 2, 4)]
    >>> missing = [Missing("crm", day, "gone") for day in days] + [Missing("crm", days[0], "cut")]
    >>> [each.days for each in stretches(missing)]
    ['2026-05-01 to 2026-05-04 (3 days)', '2026-05-01']
    """
    found: dict[tuple[str, str | None], list[dt.date]] = {}
    for each in missing:
        found.setdefault((each.source_code, each.message), []).append(each.business_date)
    return [Stretch(source, _in_words(days), message) for (source, message), days in found.items()]


def _in_words(days: list[dt.date]) -> str:
    return str(days[0]) if len(days) == 1 else f"{min(days)} to {max(days)} ({len(days)} days)"


def note_deliveries(
    url: str, sources: Iterable[str], days: Collection[dt.date], state: str, message: str | None = None
) -> None:
    """Say how the sources' deliveries of these days stand: awaited, failed (with the reason) or done."""
    rows = [
        {"source_code": source, "business_date": day, "state_code": state, "message": message}
        for source in dict.fromkeys(sources)
        for day in sorted(set(days))
    ]
    if not rows:
        return
    put = insert(SOURCE_DELIVERY).values(noted_at=func.now())
    changed = {name: put.excluded[name] for name in ("state_code", "message", "noted_at")}
    with transaction(url) as connection:
        connection.execute(
            put.on_conflict_do_update(index_elements=["source_code", "business_date"], set_=changed), rows
        )


def missing_deliveries(
    url: str, sources: Collection[str] | None = None, days: Collection[dt.date] | None = None
) -> list[Missing]:
    """What was not read (of these sources, of these days), by day."""
    table = SOURCE_DELIVERY.c
    query = select(table.source_code, table.business_date, table.message).where(table.state_code != DONE)
    if sources is not None:
        query = query.where(table.source_code.in_(list(sources)))
    if days is not None:
        query = query.where(table.business_date.in_(list(days)))
    with transaction(url) as connection:
        return [Missing(*row) for row in connection.execute(query.order_by(table.business_date, table.source_code))]


def days_with_nothing(url: str, days: Collection[dt.date]) -> list[dt.date]:
    """Those of the days of which nothing is known: no source was read to its end, no batch came, and they were not
    loaded before.
    """
    batch, day, delivery = LOAD_BATCH.c, LOADED_DAY.c, SOURCE_DELIVERY.c
    wanted = list(days)
    came = select(batch.arrived_on).where(batch.status_code != LOADING, batch.arrived_on.in_(wanted))
    loaded = select(day.business_date).where(day.business_date.in_(wanted))
    read = select(delivery.business_date).where(delivery.state_code == DONE, delivery.business_date.in_(wanted))
    with transaction(url) as connection:
        known = set(connection.execute(came.union(loaded, read)).scalars())
    return sorted(set(wanted) - known)

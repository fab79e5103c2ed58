"""Events that come by night: tickets, repairs, and callbacks booked and made, from the core tables."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from sqlalchemy import text

from mend.care.contact_rules.addresses import forget_withdrawn, put_persons, refresh_addresses
from mend.care.service_events.recording import ROOM, follow_again, record
from mend.foundation import operations
from mend.foundation.home import Home
from mend.foundation.lake.filters import at_least
from mend.foundation.persons import persons_of
from mend.foundation.pipeline.model import read_model
from mend.foundation.pipeline.runner import open_step
from mend.foundation.pipeline.workbench import Workbench

# In the order of the model's.
COLUMNS = (
    "event_id", "kind_code", "customer_id", "topic_code", "ticket_kind_code", "outcome_code", "city_code", "handler_id",
    "about_kind_code", "about_id", "happened_at", "promised_at",
)  # fmt: skip
REACH_DAYS = 31  # a ticket that is archived was opened, a callback that is made was booked at most so long ago


@dataclass(frozen=True)
class Night:
    """What a night brought: customers refreshed (none when no snapshot came), events in the core tables, and how many
    of them were new.
    """

    customers: int
    events: int
    new: int


def take_night(
    home: Home, bench: Workbench, days: Iterable[dt.date], at: dt.datetime, again: Iterable[dt.date] = ()
) -> Night:
    """Refresh the addresses and take in the events of these business days that no live file brought before.

    Args:
        at: end of the run's interval.
        again: other days whose batches were withdrawn or taken back: their addresses are refreshed, but nobody is asked
            about them now.
    """
    own = sorted(set(days))
    if own:
        refresh_persons(home, bench, _latest_day(home, own[-1]))
    changed = sorted({*own, *again})
    customers = forget_withdrawn(home, bench, changed) + _refresh(home, bench, changed)
    if not own:
        return Night(customers, 0, 0)
    events = _events(bench, own[0], own[-1])
    with operations.transaction(home.database_url) as connection:
        return Night(customers, len(events), record(connection, events, "night", at))


def _events(bench: Workbench, first: dt.date, last: dt.date) -> list[dict[str, Any]]:
    with open_step(bench, "night_events") as step:
        for table in ("core_ticket", "core_ticket_version"):
            step.view(table, where=at_least("opened_on", first - dt.timedelta(days=REACH_DAYS)))
        step.make(read_model(ROOM, "ticket_happening"), "ticket_happening", is_view=True)
        step.view("core_repair_action", where=at_least("done_on", first))
        step.view("core_callback_booking", where=at_least("requested_on", first - dt.timedelta(days=REACH_DAYS)))
        rows = step.rows(read_model(ROOM, "night_event"), {"first_on": first, "last_on": last})
    return [dict(zip(COLUMNS, row, strict=True)) for row in rows]


def refresh_persons(home: Home, bench: Workbench, day: dt.date) -> int:
    """Take over which ids became others by a day; follow-up looks once more at the complaints of those whom it touches,
    in the same transaction. Returns how many ids there are."""
    persons = persons_of(bench, day)
    with operations.transaction(home.database_url) as connection:
        follow_again(connection, put_persons(connection, persons))
    return len(persons)


def _latest_day(home: Home, day: dt.date) -> dt.date:
    """The last day that is loaded: a night of long ago, run again, does not take back the merges since."""
    return max([day, *operations.loaded_dates(home.database_url)])


def _refresh(home: Home, bench: Workbench, days: list[dt.date]) -> int:
    """The latest snapshot when the operations database lacks it, else the customers whose rows of it came with these
    days: millions of customers are not written again every night."""
    latest = max(bench.lake.days("core_customer", "month_on"), default=None)
    with operations.transaction(home.database_url) as connection:
        known = connection.execute(text("select max(snapshot_on) from contact_address")).scalar()
    if latest is None or known is None or known < latest:
        return refresh_addresses(home, bench)
    return refresh_addresses(home, bench, of_days=days)

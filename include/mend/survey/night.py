"""Events that come by night: tickets archived and repairs done, from the core tables."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass

from mend import models, operations
from mend.home import Home
from mend.lake.filters import at_least
from mend.survey.addresses import refresh_addresses
from mend.survey.events import put_events
from mend.workbench import Workbench

REACH_DAYS = 31  # a ticket that is archived was opened at most so long ago


@dataclass(frozen=True)
class Night:
    """What a night brought: customers refreshed, events found in the core tables, and how many of them were new."""

    customers: int
    events: int
    new: int


def take_night(home: Home, bench: Workbench, days: Iterable[dt.date], at: dt.datetime) -> Night:
    """Refresh the addresses and take in the events of these business days that no live file brought before.

    Args:
        at: end of the run's interval.
    """
    wanted = sorted(set(days))
    customers = refresh_addresses(home, bench)
    if not wanted:
        return Night(customers, 0, 0)
    bench.view("core_ticket", where=at_least("opened_on", wanted[0] - dt.timedelta(days=REACH_DAYS)))
    bench.view("core_repair_action", where=at_least("done_on", wanted[0]))
    rows = bench.engine.run(models.load("survey", "night_event"), {"first_on": wanted[0], "last_on": wanted[-1]})
    names = [each[0] for each in rows.description or []]
    events = [dict(zip(names, row, strict=True)) for row in rows.fetchall()]
    with operations.transaction(home.database_url) as connection:
        return Night(customers, len(events), put_events(connection, events, "night", at))

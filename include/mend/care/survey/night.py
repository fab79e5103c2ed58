"""Events that come by night: tickets archived and repairs done, from the core tables."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass

from sqlalchemy import text

from mend.care.survey.addresses import forget_withdrawn, refresh_addresses, refresh_persons
from mend.care.survey.events import put_events
from mend.foundation import operations
from mend.foundation.home import Home
from mend.foundation.lake.filters import at_least, equal
from mend.foundation.pipeline import model as models
from mend.foundation.pipeline.workbench import Workbench

REACH_DAYS = 31  # a ticket that is archived was opened at most so long ago


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
    wanted = sorted(set(days))
    if wanted:
        refresh_persons(home, bench, _latest_day(home, wanted[-1]))
    changed = sorted({*wanted, *again})
    customers = forget_withdrawn(home, bench, changed) + _refresh(home, bench, changed)
    if not wanted:
        return Night(customers, 0, 0)
    bench.view("core_ticket", where=at_least("opened_on", wanted[0] - dt.timedelta(days=REACH_DAYS)))
    bench.view("core_repair_action", where=at_least("done_on", wanted[0]))
    rows = bench.engine.run(models.load("care/survey", "night_event"), {"first_on": wanted[0], "last_on": wanted[-1]})
    names = [each[0] for each in rows.description or []]
    events = [dict(zip(names, row, strict=True)) for row in rows.fetchall()]
    with operations.transaction(home.database_url) as connection:
        return Night(customers, len(events), put_events(connection, events, "night", at))


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
    bench.view("core_change", days=days, where=equal("record_code", "customer"), as_name="customer_change")
    if not bench.sql("select 1 from customer_change where record_code = 'customer' limit 1"):
        return 0
    return refresh_addresses(home, bench, of_days=days)

"""The demo's handlers: they have answered what was opened days ago, each ticket within its first day, so that
what is open is of these days. Without them nobody would have called back in all of the simulated months.
"""

from __future__ import annotations

import datetime as dt
import hashlib
from typing import Final

from sqlalchemy import text

from mend.care.followup import Event, record
from mend.care.survey.manual_queue import settle_stopped_on
from mend.foundation import operations
from mend.foundation.home import Home

LEFT_OPEN: Final = dt.timedelta(days=2)
ROUNDS: Final = 6
HANDLER: Final = "demo"
HOURS: Final = 20  # the longest that one waits
OLD: Final = """
    select follow_up_id, changed_at from follow_up_ticket
    where state_code in ('open', 'in_progress', 'waiting_customer') and changed_at < :before
    order by changed_at, follow_up_id"""
STOPPED: Final = """
    select survey_id from survey_refusal join service_event using (event_id)
    where service_event.happened_at < :before and needs_person and handled_at is null"""


def answer_old_work(home: Home, at: dt.datetime) -> int:
    """Answer what was opened, or opened again by a complaint, more than two days before this moment; take up promised
    messages that were stopped before then. Done again, nothing is left to answer. Returns how many answers."""
    count = 0
    for _ in range(ROUNDS):  # a complaint after an answer opens a ticket again
        count += _answer(home, at)
    with operations.transaction(home.database_url) as connection:
        for survey in list(connection.execute(text(STOPPED), {"before": at - LEFT_OPEN}).scalars()):
            settle_stopped_on(connection, survey, HANDLER, at)
    return count


def _answer(home: Home, at: dt.datetime) -> int:
    return [record(home, *_answered(name, since)) for name, since in _old(home, at)].count(None)


def _old(home: Home, at: dt.datetime) -> list[tuple[str, dt.datetime]]:
    with operations.transaction(home.database_url) as connection:
        return [(name, since) for name, since in connection.execute(text(OLD), {"before": at - LEFT_OPEN})]


def _answered(name: str, since: dt.datetime) -> tuple[str, Event]:
    key = f"demo:{name}:answer:{since.astimezone(dt.UTC):%Y-%m-%dT%H:%M:%S.%f}"
    return name, Event(key, "answer", since + _waited(name), HANDLER, is_reached=True)


def _waited(name: str) -> dt.timedelta:
    """One to twenty hours, the same for a ticket in every demo."""
    return dt.timedelta(hours=1 + hashlib.sha256(name.encode()).digest()[0] % HOURS)

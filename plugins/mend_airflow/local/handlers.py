"""The demo's handlers: they have answered what was opened days ago, each ticket within its first day, so that
what is open is of these days. Without them nobody would have called back in all of the simulated months.
"""

from __future__ import annotations

import datetime as dt
import hashlib
from typing import Final

from sqlalchemy import text

from mend.care.followup import Event, record
from mend.foundation import operations
from mend.foundation.home import Home

LEFT_OPEN: Final = dt.timedelta(days=2)
HANDLER: Final = "demo"
HOURS: Final = 20  # the longest that one waits
OLD: Final = """
    select follow_up_id, opened_at from follow_up_ticket
    where state_code in ('open', 'in_progress', 'waiting_customer') and opened_at < :before
    order by opened_at, follow_up_id"""


def answer_old_work(home: Home, at: dt.datetime) -> int:
    """Answer what was opened more than two days before this moment; done again, nothing is left to answer. Returns how
    many tickets."""
    with operations.transaction(home.database_url) as connection:
        old = connection.execute(text(OLD), {"before": at - LEFT_OPEN}).all()
    for name, opened in old:
        answered = Event(f"demo:{name}:answer", "answer", opened + _waited(name), HANDLER, is_reached=True)
        record(home, name, answered)
    return len(old)


def _waited(name: str) -> dt.timedelta:
    """One to twenty hours, the same for a ticket in every demo."""
    return dt.timedelta(hours=1 + hashlib.sha256(name.encode()).digest()[0] % HOURS)

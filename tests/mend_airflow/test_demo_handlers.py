"""The demo's handlers answer old work once and leave the work of these days."""

from __future__ import annotations

import datetime as dt
from typing import Any

from sqlalchemy import text

from mend.care.followup import Event, record
from mend.foundation import operations
from mend.foundation.home import Home
from mend_airflow.local.handlers import answer_old_work

NOW = dt.datetime(2026, 5, 30, 9, tzinfo=dt.UTC)


def states(home: Home) -> list[tuple[Any, ...]]:
    with operations.transaction(home.database_url) as connection:
        query = "select customer_id, state_code, is_promise_kept from follow_up_ticket order by customer_id"
        return [tuple(row) for row in connection.execute(text(query))]


def test_what_is_old_is_answered_in_time_and_what_is_new_waits(home: Home) -> None:
    for customer, days in (("old", 181), ("older", 30), ("new", 1)):
        facts = {"measure": "booking", "customer_id": customer, "about_kind_code": "contact", "about_id": customer}
        facts |= {"survey_id": None, "topic_code": None, "city_code": None, "filed_at": None}
        opened = Event(f"test:{customer}", "open", NOW - dt.timedelta(days=days), facts=facts)
        assert record(home, f"booking:{customer}", opened) is None
    again = Event("test:older:again", "complain", NOW - dt.timedelta(days=20))  # after the answer: it is open again
    record(home, "booking:older", Event("test:older:answer", "answer", NOW - dt.timedelta(days=29), is_reached=True))
    record(home, "booking:older", again)
    assert answer_old_work(home, NOW) == 2
    found = states(home)
    assert [(customer, state) for customer, state, _ in found] == [
        ("new", "open"), ("old", "answered"), ("older", "answered"),
    ]  # fmt: skip
    assert answer_old_work(home, NOW) == 0
    assert states(home) == found

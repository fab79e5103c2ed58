"""Whether a ticket was open when its customer complained."""

from __future__ import annotations

import datetime as dt
from types import SimpleNamespace
from typing import Any

import pytest

from mend.care.followup.assignment import Filed
from mend.care.followup.matters import Complaint, _was_open
from mend.care.followup.rules import load_rules
from mend.care.followup.ticket import Event

OPENED = dt.datetime(2026, 5, 4, 9, tzinfo=dt.UTC)
FACTS = {
    "measure": "suspended_complaint", "customer_id": "A", "about_kind_code": "ticket", "about_id": "t1",
    "survey_id": None, "topic_code": None, "city_code": None, "filed_at": None,
}  # fmt: skip


def after(days: float) -> dt.datetime:
    return OPENED + dt.timedelta(days=days)


@pytest.mark.parametrize(("complained", "is_open"), [(20, True), (21, True), (-1, False)])
def test_an_escalation_in_the_very_moment_of_the_complaint_stands_on_it(complained: float, is_open: bool) -> None:
    """Its limit was over long before: reopened by the complaint, the ticket escalates in the same second."""
    reopening = Complaint("e1", "A", None, "t2", after(20))
    history = [
        Event("open", "open", OPENED, facts=FACTS),
        Event("answer", "answer", after(1), is_reached=True),
        Event(reopening.event.key, "complain", after(20)),
        Event("f:escalate:0", "escalate", after(20)),
    ]
    store: Any = SimpleNamespace(history=lambda names: {"f": history}, versions=load_rules())
    filed = Filed("f", "A", None, "t1", "open", OPENED, after(30))
    each = reopening if complained == 20 else Complaint("e2", "A", None, "t2", after(complained))
    assert _was_open(store, filed, each) is is_open

"""What opens follow-up tickets and what speaks of open ones: answers to surveys, and service events."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Any, Final, get_args

from mend.care import service_events
from mend.care.followup.matters import complaint, settle_matters
from mend.care.followup.rules import Measure
from mend.care.followup.states import EventCode
from mend.care.followup.ticket import Event
from mend.care.followup.ticket_store import TicketStore
from mend.foundation.operations.statements import statement

MEASURES: Final = get_args(Measure)
BLOCK: Final = 500  # answers or events of one transaction


def take_answers(store: TicketStore, at: dt.datetime) -> int:
    """Open a ticket for each answer 'unsolved'; the word of a customer who was followed up confirms or denies. Returns
    how many.
    """
    rows = store.connection.execute(statement("care/followup", "answer"), {"at": at, "size": BLOCK}).mappings().all()
    _expect(store, rows, [f"survey:{row['survey_id']}" for row in rows])
    for row in rows:
        if row["trigger_code"] == "follow_up_answered":
            _word(store, row)
        else:
            _open(store, row, f"survey:{row['survey_id']}", row["purpose_code"], row["replied_at"])
    settle_matters(store, at, [])
    return len(rows)


def take_service_events(store: TicketStore, at: dt.datetime) -> int:
    """Open tickets for bookings and suspended complaints; a callback that reached its customer answers the booking's; a
    complaint on a matter that is open goes to its ticket. Returns how many.
    """
    rows = (
        store.connection.execute(statement("care/followup", "service_event"), {"at": at, "size": BLOCK})
        .mappings()
        .all()
    )
    _expect(store, rows, [f"event:{row['event_id']}{part}" for row in rows for part in ("", ":suspend")])
    for row in rows:
        key = f"event:{row['event_id']}"
        if row["kind_code"] == "callback_booked":
            _open(store, row, key, "booking", row["happened_at"])
        elif row["kind_code"] == "callback_made":
            _called_back(store, row, key)
        elif row["kind_code"] == "ticket_suspended" and row["promised_at"] is not None:
            _open(store, row, key, "suspended_complaint", row["happened_at"])
        _refile(store, row, key)
    settle_matters(store, at, [complaint(row) for row in rows if row["kind_code"] == "complaint_filed"])
    service_events.mark_followed(store.connection, [row["event_id"] for row in rows], at)
    return len(rows)


def _expect(store: TicketStore, rows: Sequence[Mapping[Any, Any]], keys: Sequence[str]) -> None:
    """Read what these rows will ask of the store. A ticket is named after its measure and what it is about."""
    names = [f"{measure}:{row['about_id']}" for row in rows for measure in MEASURES]
    store.expect(names, keys, [row["customer_id"] for row in rows])


def _word(store: TicketStore, row: Mapping[Any, Any]) -> None:
    """The customer's word on a follow-up. One that came before the handler's latest entry counts at its own moment."""
    follow_up_id = row["about_id"].rpartition("#")[0]
    if store.history([follow_up_id]):
        code: EventCode = "confirm" if row["is_solved"] else "deny"
        store.record(follow_up_id, Event(f"survey:{row['survey_id']}", code, row["replied_at"]))


def _open(store: TicketStore, row: Mapping[Any, Any], key: str, measure: str, at: dt.datetime) -> None:
    """A ticket named after its measure and what it is about: the same cause never opens two. The first cause opens it,
    a later one is a complaint, in whatever order they come."""
    follow_up_id = f"{measure}:{row['about_id']}"
    names = ("customer_id", "about_kind_code", "about_id", "survey_id", "topic_code", "city_code")
    filed = row["filed_at"].isoformat() if row["filed_at"] else None
    facts = {name: row[name] for name in names} | {"measure": measure, "filed_at": filed}
    promised = row["promised_at"] if measure == "suspended_complaint" else None
    store.record(follow_up_id, Event(key, "open", at, until=promised, facts=facts))
    if promised is not None:
        store.record(follow_up_id, Event(f"{key}:suspend", "suspend", at, until=promised))


def _called_back(store: TicketStore, row: Mapping[Any, Any], key: str) -> None:
    """The source says that the customer was reached. Whether that solved it nobody said."""
    follow_up_id = f"booking:{row['about_id']}"
    if store.history([follow_up_id]):
        store.record(follow_up_id, Event(key, "answer", row["happened_at"], is_reached=True))


def _refile(store: TicketStore, row: Mapping[Any, Any], key: str) -> None:
    """What is known now of when a ticket was filed holds for the follow-ups about it that were opened before."""
    if row["about_kind_code"] == "ticket" and row["filed_at"] is not None:
        for follow_up_id in store.history([f"{measure}:{row['about_id']}" for measure in MEASURES]):
            store.refile(follow_up_id, row["filed_at"], Event(key, "complain", row["happened_at"]))

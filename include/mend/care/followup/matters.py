"""Whose ticket a complaint belongs to: the one that was not closed when the customer complained, in whatever order the
two come.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from itertools import takewhile
from typing import Any

from mend.care.followup.assignment import Filed
from mend.care.followup.folding import folded
from mend.care.followup.rules import rules_on
from mend.care.followup.ticket import Event
from mend.care.followup.ticket_store import TicketStore
from mend.foundation.operations.statements import statement


@dataclass(frozen=True)
class Complaint:
    """A complaint as a service event tells of it."""

    event_id: str
    customer_id: str
    topic_code: str | None
    about_id: str
    happened_at: dt.datetime

    @property
    def event(self) -> Event:
        return Event(f"event:{self.event_id}", "complain", self.happened_at)


def complaint(row: Mapping[Any, Any]) -> Complaint:
    """The complaint of a service event's row."""
    return Complaint(*(row[name] for name in ("event_id", "customer_id", "topic_code", "about_id", "happened_at")))


def settle_matters(store: TicketStore, at: dt.datetime, coming: Iterable[Complaint]) -> None:
    """Record complaints in the tickets that they belong to: those that come now, and earlier ones on matters whose
    tickets changed before them. In the order of their own time: a complaint changes only what comes after it.
    """
    store.flush()
    found = {each.event_id: each for each in (*_complaints_before(store, at), *coming)}
    held = _tickets_holding(store, list(found))
    for each in sorted(found.values(), key=lambda each: (each.happened_at, each.event_id)):
        wanted, holding = _ticket_of(store, each), held.get(each.event_id)
        if holding is not None and wanted != holding and (wanted is not None or _is_of_another(store, holding, each)):
            store.history([holding])
            store.without(holding, each.event)
        if wanted is not None and wanted != holding:
            store.record(wanted, each.event)
    store.changed_since.clear()


def _complaints_before(store: TicketStore, at: dt.datetime) -> list[Complaint]:
    """Complaints that were dealt with before, on the matters of tickets that were opened or replayed now."""
    if not store.changed_since:
        return []
    matters = [(store.assignment.filed(name), since) for name, since in store.changed_since.items()]
    values = {
        "at": at,
        "customer_ids": [filed.customer_id for filed, _ in matters],
        "topic_codes": [filed.topic_code for filed, _ in matters],
        "sinces": [since for _, since in matters],
    }
    return [
        complaint(row) for row in store.connection.execute(statement("care/followup", "complaint"), values).mappings()
    ]


def _tickets_holding(store: TicketStore, event_ids: list[str]) -> dict[str, str]:
    """In which ticket complaints stand already, fitting or not."""
    if not event_ids:
        return {}
    rows = store.connection.execute(statement("care/followup", "holding"), {"event_ids": event_ids})
    return {row.event_id: row.follow_up_id for row in rows}


def _ticket_of(store: TicketStore, each: Complaint) -> str | None:
    """Of the customer's tickets on the topic that were not closed at that moment the latest; none about the very thing
    complained of.
    """
    filed = store.assignment.tickets_of_matter(each.customer_id, each.topic_code)
    found = [ticket for ticket in filed if ticket.about_id != each.about_id and _was_open(store, ticket, each)]
    latest = max((ticket.opened_at for ticket in found), default=None)
    return min((ticket.follow_up_id for ticket in found if ticket.opened_at == latest), default=None)


def _is_of_another(store: TicketStore, follow_up_id: str, each: Complaint) -> bool:
    """Whether the ticket is another person's: a merge by which the complaint came to it was cancelled."""
    store.assignment.know_tickets([follow_up_id])
    return store.assignment.filed(follow_up_id).customer_id != store.assignment.person(each.customer_id)


def _was_open(store: TicketStore, ticket: Filed, each: Complaint) -> bool:
    if ticket.opened_at > each.happened_at:
        return False
    if ticket.changed_at <= each.happened_at:
        return ticket.state != "closed"
    history = store.history([ticket.follow_up_id])[ticket.follow_up_id]
    until = takewhile(lambda event: event.key != each.event.key, history)  # what follows stands on the complaint
    before = [event for event in until if event.at <= each.happened_at]
    return folded(ticket.follow_up_id, before, rules_on(history[0].at.date(), store.versions)).state != "closed"

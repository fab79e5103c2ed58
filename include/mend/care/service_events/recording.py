"""The only writer of service_event and known_ticket: what happened to customers, each once. Other rooms call these."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterable, Mapping
from typing import Any, Final, Literal

from sqlalchemy import Connection

from mend.foundation.operations.statements import statement

ROOM: Final = "care/service_events"
Source = Literal["live", "night", "follow_up"]
REQUIRED: Final = ("event_id", "kind_code", "customer_id", "about_kind_code", "about_id", "happened_at")
OPTIONAL: Final = (
    "phone_number",
    "language_code",
    "topic_code",
    "ticket_kind_code",
    "outcome_code",
    "city_code",
    "handler_id",
    "promised_at",
)
PUT: Final = (*REQUIRED, *OPTIONAL, "source_code", "taken_at")
OF_A_TICKET: Final = ("complaint_filed", "ticket_suspended", "ticket_archived", "ticket_reopened")


def record(connection: Connection, events: Iterable[Mapping[Any, Any]], source: Source, at: dt.datetime) -> int:
    """Put events that are not known yet; what they say of tickets is remembered. Of an event that comes twice the first
    counts. An event is a mapping of REQUIRED and, as far as it has them, OPTIONAL columns.

    Returns how many were new.
    """
    rows = {event["event_id"]: event for event in reversed(list(events))}
    if not rows:
        return 0
    connection.execute(statement(ROOM, "event_row"))
    _copy(connection, [{**event, "source_code": source, "taken_at": at} for event in reversed(rows.values())])
    new = connection.execute(statement(ROOM, "put_event")).rowcount
    if any(row["kind_code"] in OF_A_TICKET for row in rows.values()):
        connection.execute(statement(ROOM, "put_known_tickets"), {"kinds": list(OF_A_TICKET)})
    return new


def mark_dispatched(connection: Connection, event_ids: Collection[str], at: dt.datetime) -> None:
    """On these events was decided whether their customers are written to."""
    _mark(connection, "mark_dispatched", event_ids, at)


def mark_followed(connection: Connection, event_ids: Collection[str], at: dt.datetime) -> None:
    """Follow-up has dealt with these events."""
    _mark(connection, "mark_followed", event_ids, at)


def follow_again(connection: Connection, customer_ids: Collection[str]) -> None:
    """Let follow-up look once more at the complaints of customers who are one person now, or no more."""
    if customer_ids:
        connection.execute(statement(ROOM, "follow_again"), {"customer_ids": sorted(customer_ids)})


def _mark(connection: Connection, name: str, event_ids: Collection[str], at: dt.datetime) -> None:
    if event_ids:
        connection.execute(statement(ROOM, name), {"event_ids": list(event_ids), "at": at})


def _copy(connection: Connection, rows: Iterable[Mapping[str, Any]]) -> None:
    """Thousands of events in a statement's values, or as its parameters, are taken apart longer than they are
    written.
    """
    driver = connection.connection.driver_connection
    assert driver is not None
    with driver.cursor().copy(f"copy event_row ({', '.join(PUT)}) from stdin") as copy:
        for row in rows:
            copy.write_row([row.get(name) for name in PUT])

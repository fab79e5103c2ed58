"""One customer's records, and the entries that the domain's section 2 makes of them: plain loops, nothing of Mend's."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any, TypeAlias

Row: TypeAlias = Mapping[str, Any]
RECORDS = ("contact", "ticket_version", "survey_reply", "callback_booking", "repair_action")
DAY = dt.timedelta(days=1)
MINUTE = dt.timedelta(minutes=1)


@dataclass(frozen=True)
class Entry:
    """A row of the ledger."""

    at: dt.datetime
    kind: str  # debit, cap, credit
    indicator: str
    subject_kind: str
    subject: str
    points: Decimal
    cause: str | None = None
    incident: str | None = None


@dataclass
class Customer:
    """Everything that the records say of one customer."""

    customer_id: str
    contacts: list[Row] = field(default_factory=list)
    tickets: dict[str, list[Row]] = field(default_factory=lambda: defaultdict(list))  # states, oldest first
    replies: list[Row] = field(default_factory=list)
    bookings: list[Row] = field(default_factory=list)
    repairs: list[Row] = field(default_factory=list)
    grumbles: list[Row] = field(default_factory=list)

    @property
    def inbound(self) -> list[Row]:
        """What the customer began, oldest first."""
        return [row for row in self.contacts if row["direction_code"] == "inbound"]

    @property
    def outbound(self) -> list[Row]:
        return [row for row in self.contacts if row["direction_code"] == "outbound"]


def customers(tables: Mapping[str, Iterable[Row]]) -> dict[str, Customer]:
    """The records by customer. A ticket or reply that names nobody belongs to whose contact or ticket it names."""
    found: dict[str, Customer] = {}

    def of(name: str) -> Customer:
        return found.setdefault(name, Customer(name))

    owner: dict[tuple[str, str], str | None] = {}
    for row in sorted(tables["contact"], key=lambda row: (row["started_at"], row["contact_id"])):
        owner["contact", row["contact_id"]] = row["customer_id"]
        if row["customer_id"]:
            of(row["customer_id"]).contacts.append(row)
    newest = sorted(tables["ticket_version"], key=lambda row: (row["ticket_id"], row["version_at"]))
    for row in newest:  # the newest state says whose the ticket is
        owner["ticket", row["ticket_id"]] = row["customer_id"] or owner.get(("contact", row["contact_id"]))
    for row in newest:
        if name := owner["ticket", row["ticket_id"]]:
            of(name).tickets[row["ticket_id"]].append(row)
    for row in sorted(tables["survey_reply"], key=lambda row: (row["replied_at"], row["survey_id"])):
        if name := row["customer_id"] or owner.get((row["about_kind_code"], row["about_id"])):
            of(name).replies.append(row)
    for row in sorted(tables["callback_booking"], key=lambda row: (row["requested_at"], row["booking_id"])):
        of(row["customer_id"]).bookings.append(row)
    for row in sorted(tables["repair_action"], key=lambda row: (row["done_at"], row["repair_id"])):
        of(row["customer_id"]).repairs.append(row)
    for row in tables.get("grumble", ()):  # whether a text grumbles is another room's to say
        of(row["customer_id"]).grumbles.append(row)
    return found


def seconds(row: Row, *columns: str) -> dt.timedelta:
    """The sum of some durations; one that is not given took no time."""
    return dt.timedelta(seconds=sum(row[column] or 0 for column in columns))

"""Credits in order of time: each takes what is left, in the day's weight, of the damage that it names."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import ROUND_DOWN, Decimal

from tests.mend.damage.checker.contact_debits import is_failed
from tests.mend.damage.checker.facts import DAY, Customer, Entry, Row
from tests.mend.damage.checker.ticket_debits import answers, is_ended

CARRY_OVER, THOUSANDTH, NOTHING = Decimal("0.5"), Decimal("0.001"), Decimal("0.01")
DROPS = ("AGT-01", "AGT-02", "AGT-03")
FOLLOW_UPS = ("follow_up_call", "second_follow_up")
Name = tuple[str, str]


@dataclass
class Account:
    """What a debit still has."""

    debit: Entry
    left: Decimal
    month: str
    whole: Decimal = Decimal(0)  # net of its cap

    def __post_init__(self) -> None:
        self.whole = self.left

    def weigh(self, month: str) -> None:
        """Go through the closes until the month."""
        while self.month < month:
            self.left = (self.left * CARRY_OVER).quantize(THOUSANDTH, ROUND_DOWN)
            if self.left < NOTHING:
                self.left = Decimal(0)
            self.month = _next(self.month)


@dataclass(frozen=True)
class Claim:
    """A repair: what it is worth, and what it names, in the order in which it repairs."""

    at: dt.datetime
    credit: str
    cause: str
    points: int
    names: tuple[Name, ...]
    only: tuple[str, ...] = ()


def settle(
    customer: Customer, entries: list[Entry], incident: dict[str, str], zone: dt.tzinfo, until: dt.datetime
) -> tuple[list[Entry], list[Account]]:
    """The credits until a moment, and what every debit has left at the end of that moment's month."""
    accounts = _accounts(entries, zone, until)
    given = []
    for claim in sorted(_claims(customer), key=lambda claim: (claim.at, claim.credit, claim.cause)):
        if claim.at < until:
            given += _credit(claim, accounts, incident, zone)
    last = month_of(until - dt.timedelta(microseconds=1), zone)
    for account in accounts:
        account.weigh(last)
    return given, accounts


def _accounts(entries: list[Entry], zone: dt.tzinfo, until: dt.datetime) -> list[Account]:
    caps = {(row.subject, row.indicator, row.at): row.points for row in entries if row.kind == "cap"}
    return [
        Account(row, row.points + caps.get((row.subject, row.indicator, row.at), Decimal(0)), month_of(row.at, zone))
        for row in sorted(entries, key=lambda row: (row.at, row.indicator, row.cause or ""))
        if row.kind == "debit" and row.at < until
    ]


def _credit(claim: Claim, accounts: list[Account], incident: dict[str, str], zone: dt.tzinfo) -> Iterator[Entry]:
    """The claim repairs what has damage left: the ticket, or else the contact."""
    for kind, name in claim.names:
        left, taken = Decimal(claim.points), Decimal(0)
        for account in _in_reach(claim, accounts, kind, name, incident):
            account.weigh(month_of(claim.at, zone))
            part = min(left, account.left)
            account.left, left, taken = account.left - part, left - part, taken + part
        if taken:
            its = incident.get(name) if kind == "contact" else None
            yield Entry(claim.at, "credit", claim.credit, kind, name, -taken, claim.cause, its)
            return


def _in_reach(claim: Claim, accounts: list[Account], kind: str, name: str, incident: dict[str, str]) -> list[Account]:
    """What a name stands for: a ticket, a contact, and of an incident's first contact the whole incident."""
    named = [
        account
        for account in accounts
        if account.debit.subject_kind == kind
        and name in (account.debit.subject, incident.get(account.debit.subject) if kind == "contact" else None)
        and account.debit.at <= claim.at
    ]
    dropped = any(account.debit.indicator in claim.only for account in named)
    return named if dropped or not claim.only else []


def _claims(customer: Customer) -> Iterator[Claim]:
    own = {row["contact_id"] for row in customer.contacts}
    for row in customer.repairs:
        names = []
        if row["ticket_id"] in customer.tickets:
            names.append(("ticket", row["ticket_id"]))
        if row["contact_id"] in own:
            names.append(("contact", row["contact_id"]))
        for credit, points in _worth(row):
            only = DROPS if credit == "REP-07" else ()
            yield Claim(row["done_at"], credit, row["repair_id"], points, tuple(names), only)
    yield from _confirmed(customer)
    yield from _called_back(customer, own)
    for row in customer.replies:
        rated = row["purpose_code"] == "resurvey" and row["score_scale"] == 10 and (row["score"] or 0) >= 9
        about = (row["about_kind_code"], row["about_id"])
        if rated and (about[1] in own if about[0] == "contact" else about[1] in customer.tickets):
            yield Claim(row["replied_at"], "REP-08", row["survey_id"], 8, (about,))


def _worth(row: Row) -> Iterator[tuple[str, int]]:
    action, outcome = row["action_code"], row["outcome_code"]
    if action in FOLLOW_UPS and outcome == "resolved":
        yield "REP-01", 5
        if row["due_at"] is not None and row["done_at"] <= row["due_at"]:
            yield "REP-02", 1
    if (
        action == "priority_access"
        and outcome == "honoured"
        and row["wait_seconds"] is not None
        and row["wait_seconds"] <= 20
    ):
        yield "REP-03", 1
    if action == "rebate" and outcome == "accepted":
        yield "REP-04", 6
    if action == "care_sms" and outcome == "delivered":
        yield "REP-07", 1


def _confirmed(customer: Customer) -> Iterator[Claim]:
    for name, states in customer.tickets.items():
        for row in answers(customer, name):
            if row["is_solved"] and is_ended(states, row["replied_at"]):
                yield Claim(row["replied_at"], "REP-05", row["survey_id"], 4, (("ticket", name),))
                break  # once a ticket


def _called_back(customer: Customer, own: set[str]) -> Iterator[Claim]:
    for row in customer.bookings:
        called, asked = row["called_back_at"], row["requested_at"]
        if row["is_reached"] and called is not None and dt.timedelta(0) <= called - asked <= DAY:
            name = row["contact_id"]
            if name is None:
                before = [
                    other
                    for other in customer.inbound
                    if is_failed(other) and asked - 31 * DAY < other["started_at"] <= asked
                ]
                name = before[-1]["contact_id"] if before else None
            if name in own:
                yield Claim(called, "REP-06", row["booking_id"], 3, (("contact", name),))


def month_of(at: dt.datetime, zone: dt.tzinfo) -> str:
    return at.astimezone(zone).strftime("%Y-%m")


def _next(month: str) -> str:
    return (dt.date.fromisoformat(f"{month}-01") + 31 * DAY).strftime("%Y-%m")

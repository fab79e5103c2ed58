"""The debits of a customer's tickets, bookings and ratings, told by the records' own times."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from decimal import Decimal

from tests.mend.damage.checker.contact_debits import POINTS
from tests.mend.damage.checker.facts import DAY, Customer, Entry, Row

Spell = tuple[dt.datetime, dt.datetime]
FOREVER = dt.datetime(9999, 1, 1, tzinfo=dt.UTC)
RATED = 31 * DAY  # a rating of an older contact stands for itself: a stated limit
LIMIT = dt.timedelta(hours=48)


def record_entries(customer: Customer, incident: dict[str, str]) -> list[Entry]:
    """Debits of tickets, of bookings that nobody called back, and of poor ratings."""
    return [
        *(entry for name in customer.tickets for entry in _of_ticket(customer, name)),
        *_missed_bookings(customer),
        *_poor_ratings(customer, incident),
    ]


def _of_ticket(customer: Customer, name: str) -> Iterator[Entry]:
    states = customer.tickets[name]
    found = {
        "RES-02": (over_limit(states), None),
        "RES-03": _unsolved(customer, name),
        "RES-04": _second_failure(customer, name),
        "RES-05": (broken_promise(states), None),
        "RES-06": _repeat_complaint(customer, name),
        "RES-07": (escalated_at(states), None),
    }
    for indicator, (at, cause) in found.items():
        if at is not None:
            yield Entry(at, "debit", indicator, "ticket", name, Decimal(POINTS[indicator]), cause)


def closings(states: list[Row]) -> list[dt.datetime]:
    """Every moment on which a state says the ticket was resolved or closed."""
    return sorted({row[column] for row in states for column in ("closed_at", "resolved_at") if row[column]})


def reopenings(states: list[Row]) -> list[dt.datetime]:
    """Every reopening; one that names no time is known from the state that counts it."""
    found, count = set(), 0
    for row in states:
        if row["reopened_at"]:
            found.add(row["reopened_at"])
        elif (row["reopen_count"] or 0) > count:
            found.add(row["version_at"])
        count = max(count, row["reopen_count"] or 0)
    return sorted(found)


def open_spells(states: list[Row]) -> list[Spell]:
    """When somebody should have worked on the ticket: opened to closed, without what was suspended."""
    events = [(at, False) for at in closings(states)] + [(at, True) for at in reopenings(states)]
    spells, since = [], states[-1]["opened_at"]
    for at, is_open in sorted(events):
        if since is not None and not is_open and at >= since:
            spells.append((since, at))
            since = None
        elif since is None and is_open:
            since = at
    if since is not None:
        spells.append((since, FOREVER))
    return list(_without(spells, suspensions(states)))


def suspensions(states: list[Row]) -> list[Spell]:
    found = []
    for number, row in enumerate(states):
        if is_suspended(row):
            following = states[number + 1]["version_at"] if number + 1 < len(states) else FOREVER
            begin = row["suspended_at"] or row["opened_at"]
            if row["suspended_at"] is None and row["status_code"] == "suspended" and row["suspended_until"] is None:
                begin = row["version_at"]
            same = number + 1 < len(states) and states[number + 1]["suspended_until"] == row["suspended_until"]
            end = row["suspended_until"] or following
            found.append((begin, end if same else min(end, following)))
    return found


def is_suspended(row: Row) -> bool:
    """A status says so or a time."""
    return row["status_code"] == "suspended" or row["suspended_at"] is not None or row["suspended_until"] is not None


def _without(spells: list[Spell], gaps: list[Spell]) -> Iterator[Spell]:
    for begin, end in spells:
        cursor = begin
        for start, stop in sorted(gaps):
            if stop <= cursor or start >= end:
                continue
            if start > cursor:
                yield cursor, start
            cursor = max(cursor, stop)
        if cursor < end:
            yield cursor, end


def over_limit(states: list[Row]) -> dt.datetime | None:
    """The moment at which the ticket had been open for 48 h in all; none if closed in that very second."""
    left = LIMIT
    for begin, end in open_spells(states):
        if end - begin > left:
            return begin + left
        left -= end - begin
    return None


def is_ended(states: list[Row], at: dt.datetime) -> bool:
    """Resolved or closed at a moment, and not reopened since."""
    closed = max((moment for moment in closings(states) if moment <= at), default=None)
    again = max((moment for moment in reopenings(states) if moment <= at), default=None)
    return closed is not None and (again is None or again < closed)


def answers(customer: Customer, name: str) -> list[Row]:
    return [
        row
        for row in customer.replies
        if (row["about_kind_code"], row["about_id"]) == ("ticket", name) and row["is_solved"] is not None
        if row["replied_on"] >= customer.tickets[name][0]["opened_on"]  # on the day before nobody knew the ticket
    ]


def _unsolved(customer: Customer, name: str) -> tuple[dt.datetime | None, str | None]:
    """The first answer after a closing, where it says unsolved."""
    for closed in sorted({row["closed_at"] for row in customer.tickets[name] if row["closed_at"]}):
        after = [row for row in answers(customer, name) if row["replied_at"] >= closed]
        if after and after[0]["is_solved"] is False:
            return after[0]["replied_at"], after[0]["survey_id"]
    return None, None


def _second_failure(customer: Customer, name: str) -> tuple[dt.datetime | None, str | None]:
    failed = [
        (row["done_at"], row["repair_id"])
        for row in customer.repairs
        if row["action_code"] == "second_follow_up" and row["outcome_code"] == "unresolved" and row["ticket_id"] == name
        if row["done_on"] >= customer.tickets[name][0]["opened_on"]
    ]
    again = [(at, None) for at in reopenings(customer.tickets[name])]
    return min([*failed, *again], key=lambda found: (found[0], found[1] is not None), default=(None, None))


def state_at(states: list[Row], at: dt.datetime) -> Row | None:
    """The state in force at a moment."""
    return next((row for row in reversed(states) if row["version_at"] <= at), None)


def broken_promise(states: list[Row]) -> dt.datetime | None:
    """The promised time of a suspended ticket at which it was not answered; a later promise takes its place."""
    for promised in sorted({row["promised_at"] for row in states if row["promised_at"]}):
        row = state_at(states, promised)
        was_suspended = any(is_suspended(each) for each in states if each["version_at"] <= promised)
        holds = row is not None and row["promised_at"] == promised and was_suspended
        if holds and not is_ended(states, promised):
            return promised
    return None


def complained_at(states: list[Row]) -> dt.datetime | None:
    """Opened as a complaint, or became one."""
    for number, row in enumerate(states):
        if row["kind_code"] == "complaint":
            return row["opened_at"] if number == 0 else row["version_at"]
    return None


def escalated_at(states: list[Row]) -> dt.datetime | None:
    for number, row in enumerate(states):
        if row["is_escalated"] and row["kind_code"] == "complaint":
            return row["escalated_at"] or (row["opened_at"] if number == 0 and len(states) == 1 else row["version_at"])
    return None


def _repeat_complaint(customer: Customer, name: str) -> tuple[dt.datetime | None, str | None]:
    at = complained_at(customer.tickets[name])
    topic = customer.tickets[name][-1]["topic_code"]
    if at is None or topic is None:
        return None, None
    before = [
        (earlier, other)
        for other, states in customer.tickets.items()
        if states[-1]["topic_code"] == topic and (earlier := complained_at(states)) is not None
        if (earlier, other) < (at, name) and at - earlier <= 30 * DAY
    ]
    return (at, None) if before else (None, None)


def _missed_bookings(customer: Customer) -> Iterator[Entry]:
    for row in customer.bookings:
        called = row["called_back_at"]
        if called is None or called - row["requested_at"] > DAY:
            points = Decimal(POINTS["CON-07"])
            yield Entry(row["requested_at"] + DAY, "debit", "CON-07", "booking", row["booking_id"], points)


def is_poor(row: Row) -> bool:
    score, scale = row["score"], row["score_scale"]
    return score is not None and ((scale == 10 and 0 <= score <= 6) or (scale == 5 and 1 <= score <= 2))


def subject_of(customer: Customer, row: Row) -> tuple[str, str]:
    """What a reply speaks of: the customer's own contact or ticket, or else itself."""
    kind, name = row["about_kind_code"], row["about_id"]
    rated = {
        each["contact_id"]
        for each in customer.contacts
        if dt.timedelta(0) <= row["replied_on"] - each["started_on"] <= RATED
    }
    opened = {each for each, states in customer.tickets.items() if states[0]["opened_on"] <= row["replied_on"]}
    own = rated if kind == "contact" else opened
    return (kind, name) if kind in ("contact", "ticket") and name in own else ("reply", row["survey_id"])


def _poor_ratings(customer: Customer, incident: dict[str, str]) -> Iterator[Entry]:
    seen = set()
    for row in customer.replies:
        kind, name = subject_of(customer, row)
        if is_poor(row) and (kind, name) not in seen:
            seen.add((kind, name))
            cause = row["survey_id"] if kind != "reply" else None
            its = incident.get(name) if kind == "contact" else None
            yield Entry(row["replied_at"], "debit", "RES-08", kind, name, Decimal(POINTS["RES-08"]), cause, its)

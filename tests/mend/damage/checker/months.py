"""A customer's months: score and carry-over, peak and end, segment, explicit grade, level, consolidation."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import ROUND_DOWN, Decimal
from zoneinfo import ZoneInfo

from tests.mend.damage.checker.contact_debits import Medians, contact_entries, incidents
from tests.mend.damage.checker.credits import CARRY_OVER, THOUSANDTH, Account, month_of, settle
from tests.mend.damage.checker.facts import Customer, Entry, Row
from tests.mend.damage.checker.ticket_debits import (
    complained_at,
    escalated_at,
    is_ended,
    is_poor,
    record_entries,
    subject_of,
)

LAPSES = 3  # closes
Name = tuple[str, str]


@dataclass(frozen=True)
class Month:
    """A row of the damaged-customer database."""

    month: str
    score: Decimal
    carried: Decimal
    damage: int
    repair: Decimal
    peak: int
    end: int
    end_at: dt.datetime | None
    contacts: int
    incidents: int
    segment: str
    grade: int
    level: int
    is_consolidated: bool


@dataclass(frozen=True)
class Said:
    """Something the customer said, with its grade, and what it is about."""

    at: dt.datetime
    grade: int
    about: Name


def ledger(customer: Customer, medians: Medians, zone: ZoneInfo, until: dt.datetime) -> list[Entry]:
    """Every row of the customer's ledger that is decided before a moment."""
    entries = _debits(customer, medians, zone, until)
    return entries + settle(customer, entries, incidents(customer, zone), zone, until)[0]


def months(customer: Customer, medians: Medians, zone: ZoneInfo, names: Sequence[str]) -> Iterator[Month]:
    """The months, one after the other."""
    score = Decimal(0)
    for name in names:
        until = _end_of(name, zone)
        debits = _debits(customer, medians, zone, until)
        given, accounts = settle(customer, debits, incidents(customer, zone), zone, until)
        carried = (score * CARRY_OVER).quantize(THOUSANDTH, ROUND_DOWN)
        row = _month(customer, zone, name, [*debits, *given], accounts, carried)
        score = row.score
        yield row


def _debits(customer: Customer, medians: Medians, zone: ZoneInfo, until: dt.datetime) -> list[Entry]:
    every = [*contact_entries(customer, medians, zone), *record_entries(customer, incidents(customer, zone))]
    return [entry for entry in every if entry.at < until]


def _month(
    customer: Customer, zone: ZoneInfo, name: str, entries: list[Entry], accounts: list[Account], carried: Decimal
) -> Month:
    of_month = [entry for entry in entries if month_of(entry.at, zone) == name]
    damages = [entry for entry in of_month if entry.kind != "credit"]
    damage, repair = sum(int(entry.points) for entry in damages), -_sum(of_month, "credit")
    score = max(Decimal(0), carried + damage - repair)
    began = [row for row in customer.inbound if month_of(row["started_at"], zone) == name]
    first = set(incidents(customer, zone).values())
    end_at, end = _end(customer, zone, name, of_month)
    grade = explicit_grade(customer, accounts, zone, name)
    return Month(
        name,
        score,
        carried,
        damage,
        repair,
        _peak(damages),
        end,
        end_at,
        len(began),
        len([row for row in began if row["contact_id"] in first]),
        _segment(damages),
        grade,
        max(_level(score), grade),
        score == 0 and grade == 0 and (repair > 0 or _confirms(customer, accounts, zone, name)),
    )


def _sum(entries: list[Entry], kind: str) -> Decimal:
    return sum((entry.points for entry in entries if entry.kind == kind), Decimal(0))


def _peak(damages: list[Entry]) -> int:
    whole: dict[Name, int] = defaultdict(int)
    for entry in damages:
        whole[entry.subject_kind, entry.incident or entry.subject] += int(entry.points)
    return max([0, *whole.values()])


def _end(customer: Customer, zone: ZoneInfo, name: str, of_month: list[Entry]) -> tuple[dt.datetime | None, int]:
    """The latest thing that happened to the customer in the month, and its debits without the cap: a contact, whatever
    was decided of it later, or what was decided of a ticket, a booking or a rating after it."""
    debits = [entry for entry in of_month if entry.kind == "debit"]
    contacts = [row for row in customer.inbound if month_of(row["started_at"], zone) == name]
    last = contacts[-1] if contacts else None
    happened: dict[str, list[Entry]] = defaultdict(list)
    for entry in debits:
        of_contact = entry.subject_kind == "contact" and entry.indicator != "RES-08"
        if last is None or (not of_contact and entry.at > last["started_at"]):
            happened[entry.cause or entry.subject].append(entry)
    if happened:
        key = max(happened, key=lambda each: (max(entry.at for entry in happened[each]), each))
        return max(entry.at for entry in happened[key]), sum(int(entry.points) for entry in happened[key])
    if last is None:
        return None, 0
    its = [row for row in debits if row.subject == last["contact_id"] and row.indicator != "RES-08"]
    return last["started_at"], sum(int(row.points) for row in its)


def _segment(damages: list[Entry]) -> str:
    ivr = sum(entry.points for entry in damages if entry.indicator.startswith("IVR")) > 0
    agent = sum(entry.points for entry in damages if not entry.indicator.startswith("IVR")) > 0
    return {(True, True): "double", (True, False): "ivr", (False, True): "agent", (False, False): "none"}[ivr, agent]


def _level(score: Decimal) -> int:
    return 0 if score <= 0 else 1 + sum(score >= limit for limit in (5, 15, 30))


def explicit_grade(customer: Customer, accounts: list[Account], zone: ZoneInfo, name: str) -> int:
    """The highest grade of what was said and is not wholly repaired at the month's end."""
    until = _end_of(name, zone)
    return max(
        [
            0,
            *(
                said.grade
                for said in statements(customer, accounts)
                if said.at < until and _is_open(customer, said, accounts, zone, name)
            ),
        ]
    )


def statements(customer: Customer, accounts: list[Account]) -> Iterator[Said]:
    for row in customer.grumbles:
        yield Said(row["grumbled_at"], 1, (row["source_kind_code"], row["source_id"]))
    for name, states in customer.tickets.items():
        about = ("ticket", name)
        if (at := complained_at(states)) is not None:
            yield Said(at, 2, about)
        if (at := escalated_at(states)) is not None:
            yield Said(at, 4, about)
    for account in accounts:
        if account.debit.indicator == "RES-06":
            yield Said(account.debit.at, 3, ("ticket", account.debit.subject))
    for row in customer.replies:
        if grade := rating_grade(row):
            yield Said(row["replied_at"], grade, subject_of(customer, row))


def rating_grade(row: Row) -> int:
    score, scale = row["score"], row["score_scale"]
    if scale == 5 and score == 0:
        return 4  # no rating of a scale from 1 to 5, and surely none better than 1
    if not is_poor(row):
        return 0
    if scale == 5:
        return 4 if score == 1 else 3
    return 4 if score <= 2 else 3 if score <= 4 else 2


def _is_open(customer: Customer, said: Said, accounts: list[Account], zone: ZoneInfo, name: str) -> bool:
    its = [account for account in accounts if (account.debit.subject_kind, account.debit.subject) == said.about]
    if any(account.whole > 0 for account in its):  # what the cap took back whole is no damage, and no repair either
        return any(account.left > 0 for account in its)
    if _is_confirmed(customer, said, _end_of(name, zone)):
        return False
    return _closes_between(month_of(said.at, zone), name) < LAPSES


def _is_confirmed(customer: Customer, said: Said, until: dt.datetime) -> bool:
    """A confirmed resolution or a re-survey of 9 or 10 names it, after it was said."""
    for row in customer.replies:
        names = (row["about_kind_code"], row["about_id"]) == said.about and said.at <= row["replied_at"] < until
        rated = row["purpose_code"] == "resurvey" and row["score_scale"] == 10 and (row["score"] or 0) >= 9
        ticket = customer.tickets.get(said.about[1]) if said.about[0] == "ticket" else None
        solved = row["is_solved"] and (ticket is None or is_ended(ticket, row["replied_at"]))
        if names and (rated or solved):
            return True
    return False


def _confirms(customer: Customer, accounts: list[Account], zone: ZoneInfo, name: str) -> bool:
    """Something that was said and has no debits was confirmed in the month."""
    repaired = {(account.debit.subject_kind, account.debit.subject) for account in accounts if account.whole > 0}
    return any(
        said.about not in repaired
        and _is_confirmed(customer, said, _end_of(name, zone))
        and not _is_confirmed(customer, said, dt.datetime.fromisoformat(f"{name}-01").replace(tzinfo=zone))
        for said in statements(customer, accounts)
        if said.at < _end_of(name, zone)
    )


def _closes_between(first: str, last: str) -> int:
    return (int(last[:4]) - int(first[:4])) * 12 + int(last[5:]) - int(first[5:])


def _end_of(month: str, zone: ZoneInfo) -> dt.datetime:
    year, number = int(month[:4]), int(month[5:])
    return dt.datetime(year + number // 12, number % 12 + 1, 1, tzinfo=zone)

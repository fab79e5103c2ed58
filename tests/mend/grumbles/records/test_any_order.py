"""Whatever the order in which business dates are run, and whenever their rows came, grumbles and complaints come out
the same.
"""

from __future__ import annotations

import datetime as dt
import random
from collections.abc import Callable
from contextlib import AbstractContextManager
from typing import Any

import pytest
from tests.mend.damage.scoring.rows import put
from tests.mend.grumbles.records.test_records import contact, repair, reply, ticket

from mend.foundation.home import Home
from mend.foundation.pipeline.workbench import Workbench
from mend.grumbles.records import record_grumbles
from mend.grumbles.records.taxonomy import FOLDER

FIRST, LAST = 8, 12
DAYS = [dt.date(2026, 5, day) for day in range(FIRST, LAST + 1)]
CODES = [None, None, "tariff_billing.charge_dispute", "marketing", "Z99"]
NOTES = [None, None, "网速慢", "says the last agent was blunt", "扣费有疑问"]
MOODS = [None, "calm", "annoyed", "angry"]
TOPICS = [None, None, None, "bill_dispute"]
Rows = dict[str, dict[dt.date, list[dict[str, Any]]]]


def world(seed: int) -> Rows:
    """Contacts, and tickets, replies and repairs that speak of one another, by record and day."""
    chance = random.Random(seed)
    days = range(FIRST, LAST + 1)
    customers = [
        {"customer_id": name, "month_on": "2026-05-01", "city_code": chance.choice(["wuxi", None])} for name in "ABC"
    ]
    contacts = [_contact(chance, number, day) for day in days for number in range(4)]
    tickets = [_ticket(chance, contacts, number) for number in range(12)]
    replies = [_reply(chance, contacts, tickets, number) for number in range(10)]
    repairs = [_repair(chance, contacts, tickets, number) for number in range(6)]
    parts = {
        "customer": customers,
        "contact": contacts,
        "ticket": tickets,
        "survey_reply": replies,
        "repair_action": repairs,
    }
    dated = {
        "customer": "month_on",
        "contact": "started_at",
        "ticket": "opened_at",
        "survey_reply": "replied_at",
        "repair_action": "done_at",
    }
    rows: Rows = {record: {} for record in parts}
    for record, its in parts.items():
        for row in its:
            rows[record].setdefault(dt.date.fromisoformat(row[dated[record]][:10]), []).append(row)
    return rows


def _contact(chance: random.Random, number: int, day: int) -> dict[str, Any]:
    words = {
        "mood_code": chance.choice(MOODS),
        "grumble_type_code": chance.choice(CODES),
        "note_text": chance.choice(NOTES),
    }
    solved = {"topic_code": chance.choice(TOPICS), "is_resolved": chance.choice(["true", "false"])}
    return contact(f"C{day}{number}", day, 8 + number, customer_id=chance.choice("ABC"), **words, **solved)


def _ticket(chance: random.Random, contacts: list[dict[str, Any]], number: int) -> dict[str, Any]:
    opener = chance.choice([None, *contacts])
    day = (
        min(LAST, int(opener["started_at"][8:10]) + chance.choice([0, 0, 1])) if opener else chance.randint(FIRST, LAST)
    )
    closed = f"2026-05-{min(LAST, day + 2):02} 22:00:00+08:00"
    kind = chance.choice(["grumble", "complaint", "complaint", "enquiry"])
    ends = {
        "is_resolved": chance.choice(["true", "false"]),
        "closed_at": closed,
        "description_text": chance.choice(NOTES),
    }
    return ticket(
        f"T{number}",
        kind,
        day,
        21,
        contact_id=opener and opener["contact_id"],
        customer_id=chance.choice("ABC"),
        **ends,
    )


def _reply(
    chance: random.Random, contacts: list[dict[str, Any]], tickets: list[dict[str, Any]], number: int
) -> dict[str, Any]:
    kind, subject = chance.choice(
        [("contact", chance.choice(contacts)["contact_id"]), ("ticket", chance.choice(tickets)["ticket_id"])]
    )
    return reply(f"S{number}", kind, subject, chance.choice([True, False]), chance.randint(FIRST, LAST))


def _repair(
    chance: random.Random, contacts: list[dict[str, Any]], tickets: list[dict[str, Any]], number: int
) -> dict[str, Any]:
    subject = chance.choice(
        [{"contact_id": chance.choice(contacts)["contact_id"]}, {"ticket_id": chance.choice(tickets)["ticket_id"]}]
    )
    return repair(
        f"R{number}", chance.randint(FIRST, LAST), outcome_code=chance.choice(["resolved", "unresolved"]), **subject
    )


def load(bench: Workbench, rows: Rows, day: dt.date) -> None:
    """What came on that business date: the rows of that day; the snapshots came with the first."""
    for record, its in rows.items():
        own = day.replace(day=1) if record == "customer" and day == DAYS[0] else day
        if own in its:
            put(bench, record, its[own], arrived_on=day)


def contents(bench: Workbench) -> dict[str, list[tuple[Any, ...]]]:
    for table in ("mart_grumble", "mart_complaint"):
        bench.view(table)
    return {table: bench.sql(f"select * from {table} order by all") for table in ("mart_grumble", "mart_complaint")}


NewHome = Callable[[], AbstractContextManager[Home]]


@pytest.mark.parametrize("seed", [2, pytest.param(3, marks=pytest.mark.long)])
def test_shuffled_ranged_and_repeated_runs_give_the_same(new_home: NewHome, seed: int) -> None:
    rows = world(seed)
    with new_home() as home, Workbench.open(home) as bench:
        for day in DAYS:
            load(bench, rows, day)
            record_grumbles(home, bench, [day])
        straight = contents(bench)
        again = random.Random(seed).choice(DAYS)
        record_grumbles(home, bench, [again])
        assert contents(bench) == straight, "a rerun changed something"
    assert all(len(table) >= 3 for table in straight.values())
    assert len({row[7] for row in straight["mart_grumble"]}) == 3, "classified by source, by text and not at all"
    with new_home() as home, Workbench.open(home) as bench:
        for day in random.Random(seed).sample(DAYS, len(DAYS)):
            load(bench, rows, day)
            record_grumbles(home, bench, [day])
        assert contents(bench) == straight
    with new_home() as home, Workbench.open(home) as bench:
        for days in (DAYS[2:], DAYS[:2]):
            for day in days:
                load(bench, rows, day)
            record_grumbles(home, bench, days)
        assert contents(bench) == straight


@pytest.mark.parametrize("seed", [4])
def test_corrections_leave_what_would_have_been_without_them(new_home: NewHome, seed: int) -> None:
    """Another world of the same ids comes first, day by day; then every row is corrected, in any order of days and
    records.
    """
    rows, wrong = world(seed), world(seed + 100)
    with new_home() as home, Workbench.open(home) as bench:
        for day in DAYS:
            load(bench, rows, day)
        record_grumbles(home, bench, DAYS)
        expected = contents(bench)
    with new_home() as home, Workbench.open(home) as bench:
        for day in DAYS:
            load(bench, wrong, day)
            record_grumbles(home, bench, [day])
        _empty_days(bench, wrong, rows)
        _correct(home, bench, rows, seed)
        assert contents(bench) == expected


def _empty_days(bench: Workbench, wrong: Rows, rows: Rows) -> None:
    """Rows that move to another day leave their old one: so does the load, and it registers both days."""
    from mend.foundation.lake.filters import one_of
    from mend.foundation.schema import RECORDS

    for record, its in wrong.items():
        gone = sorted(its.keys() - rows[record].keys())
        if gone:
            put(bench, record, [row for day in gone for row in its[day]], arrived_on=DAYS[-1])
            bench.lake.replace(f"core_{record}", one_of(RECORDS[record].event_column, gone), [])


def _correct(home: Home, bench: Workbench, rows: Rows, seed: int) -> None:
    steps = [(record, day) for record, its in rows.items() for day in its]
    for record, day in random.Random(seed).sample(steps, len(steps)):
        put(bench, record, rows[record][day], arrived_on=DAYS[-1])
        record_grumbles(home, bench, [DAYS[-1]])


def test_a_run_over_a_change_of_taxonomy_is_the_same_as_its_days(new_home: NewHome) -> None:
    """A ticket of the new taxonomy's first day takes the code of its contact, which the old one read in the same
    run.
    """
    rows: Rows = {
        "contact": {day: [contact("C1", day.day, 23, grumble_type_code="marketing.lock_in")] for day in DAYS[:1]},
        "ticket": {
            day: [ticket("T1", "complaint", day.day, contact_id="C1", description_text="slow internet speed")]
            for day in DAYS[1:2]
        },
    }
    found = []
    for runs in ([[day] for day in DAYS[:2]], [DAYS[:2]]):
        with new_home() as home, Workbench.open(home) as bench:
            (home.root / "taxonomy").mkdir(exist_ok=True)
            later = (
                (FOLDER / "1990-01-01.yaml")
                .read_text("utf-8")
                .replace("valid_from: 1990-01-01", f"valid_from: {DAYS[1]}")
            )
            (home.root / "taxonomy" / f"{DAYS[1]}.yaml").write_text(later, "utf-8")
            for days in runs:
                for day in days:
                    load(bench, rows, day)
                record_grumbles(home, bench, days)
            found.append(contents(bench))
    assert found[0] == found[1]
    assert [(row[0], row[4]) for row in found[0]["mart_complaint"]] == [("T1", "marketing.lock_in")]


@pytest.mark.parametrize("shares", [pytest.param(2, marks=pytest.mark.long), 7])
def test_any_number_of_shares_gives_the_rows_of_one(new_home: NewHome, shares: int) -> None:
    """Tickets and replies without a customer go with what they name, also where that is another customer's."""
    rows = world(5)
    for record in ("ticket", "survey_reply"):
        its = [row for day in rows[record].values() for row in day]
        for number, row in enumerate(its):
            row["customer_id"] = None if number % 2 else row["customer_id"]
    found = []
    for count in (1, shares):
        with new_home() as home, Workbench.open(home) as bench:
            for day in DAYS:
                load(bench, rows, day)
            record_grumbles(home, bench, DAYS[1:], shares=count)
            report = record_grumbles(home, bench, DAYS[:1], shares=count)
            found.append((report, contents(bench)))
    assert found[0] == found[1]
    assert any(row[1] is None for row in found[0][1]["mart_complaint"])
    assert len(found[0][1]["mart_grumble"]) > 5

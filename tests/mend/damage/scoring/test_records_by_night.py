"""Tickets, bookings, ratings and repairs as they arrive night after night, beside one run over everything."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from tests.mend.damage.scoring.cases import Row, booking, contact, repair, reply
from tests.mend.damage.scoring.nights import MAY, entries, may, tables
from tests.mend.damage.scoring.rows import put
from tests.mend.damage.scoring.test_tickets import CLOSED, OPEN, state

from mend.damage.scoring import score
from mend.damage.scoring.days import read_changes
from mend.damage.scoring.measured import EVERYTHING
from mend.foundation.home import Home
from mend.foundation.lake.filters import every_row
from mend.foundation.pipeline.runner import open_step
from mend.foundation.pipeline.workbench import Workbench

# What arrives on each day of May.
WORLD: dict[int, list[Row]] = {
    1: [contact("01 10:00:00", "k1", is_wrong_answer=1, is_answered=1, queue_seconds=200)],
    2: [state("02 09:00:00", opened="02 09:00:00", **OPEN),
        contact("02 09:00:00", "k2", is_refused=1, outcome="refused"),
        booking("02 09:01:00")],
    4: [state("04 08:00:00", closed_at="04 08:00:00", opened="02 09:00:00", **CLOSED),
        booking("02 09:01:00", "04 10:00:00", is_reached=1),
        repair("rebate", "accepted", "03 10:00:00"), repair("care_sms", "delivered", "04 10:00:00", "r2")],
    6: [reply("06 10:00:00", "t1", is_solved=0),
        reply("06 11:00:00", "k1", "contact", "hang_up", score=2, score_scale=10)],
    8: [repair("follow_up_call", "resolved", "08 10:00:00", "r3", contact_id="k1", ticket_id="t1")],
    24: [state("24 07:00:00", opened="02 09:00:00",
        reopened_at="24 07:00:00", reopen_count=1, closed_at="04 08:00:00", **OPEN)],
    26: [state("26 07:00:00", opened="02 09:00:00",
        reopened_at="24 07:00:00", reopen_count=1, closed_at="26 07:00:00", **CLOSED),
         reply("26 09:00:00", "t1", is_solved=1)],
}  # fmt: skip
EXPECTED = [
    (1, "AGT-08", "k1", 5), (1, "CON-04", "k1", 3), (2, "CON-01", "k2", 3), (3, "CON-07", "b1", 5),
    (3, "REP-04", "k1", -6), (6, "RES-03", "t1", 6), (6, "RES-08", "k1", 8), (8, "REP-01", "t1", -5),
    (24, "RES-02", "t1", 4), (24, "RES-04", "t1", 6), (26, "REP-05", "t1", -4),
]  # fmt: skip


KEYS = {
    "contact": "contact_id",
    "callback_booking": "booking_id",
    "survey_reply": "survey_id",
    "repair_action": "repair_id",
}


def arrive(bench: Workbench, rows: list[Row], so_far: dict[str, list[dict[str, Any]]], day: dt.date) -> None:
    """Rows come on a day: what came of their records before stays (a newer row of a key in place of the older)."""
    for record in {record for record, _ in rows}:
        its = so_far.setdefault(record, [])
        its += [{"customer_id": "anna", **row} for kind, row in rows if kind == record]
        newest = list({row[KEYS[record]]: row for row in its}.values()) if record in KEYS else its
        put(bench, record, newest, arrived_on=day)


def nights(home: Home, bench: Workbench, order: list[int]) -> None:
    so_far: dict[str, list[dict[str, Any]]] = {}
    for place, number in enumerate(order):
        arrive(bench, WORLD.get(number, []), so_far, may(number))
        loaded = [may(each) for each in order[: place + 1]]
        score(home, bench, [may(number)], loaded=loaded, provided=EVERYTHING)


@pytest.mark.parametrize("order", [list(range(1, 32)), [1, 2, 4, 6, 8, 24, 26, 31]], ids=["each night", "with gaps"])
def test_nights_and_one_run_post_the_same(home: Home, bench: Workbench, order: list[int]) -> None:
    nights(home, bench, order)
    assert entries(bench) == EXPECTED
    by_night = tables(bench)
    everything = [row for rows in WORLD.values() for row in rows]
    arrive(bench, everything, {}, MAY[-1])
    score(home, bench, MAY, loaded=MAY, provided=EVERYTHING)
    assert tables(bench) == by_night


def test_a_reopening_leaves_every_earlier_day_as_it_was(home: Home, bench: Workbench) -> None:
    so_far: dict[str, list[dict[str, Any]]] = {}
    days = [may(number) for number in (1, 2, 4, 6, 8)]
    for day in days:
        arrive(bench, WORLD[day.day], so_far, day)
    score(home, bench, days, loaded=days, provided=EVERYTHING)
    closed = entries(bench)
    assert "RES-02" not in [entry[1] for entry in closed]
    arrive(bench, WORLD[24], so_far, may(24))
    score(home, bench, [may(24)], loaded=[*days, may(24)], provided=EVERYTHING)
    assert entries(bench) == [*closed, (24, "RES-02", "t1", 4), (24, "RES-04", "t1", 6)]


def test_rows_that_come_late_change_the_days_they_bear_on_alone(home: Home, bench: Workbench) -> None:
    """A repair of the 3rd comes on the 9th: the follow-up call of the 8th finds less, and nothing else changes."""
    early = {number: rows for number, rows in WORLD.items() if number <= 8}
    so_far: dict[str, list[dict[str, Any]]] = {}
    for number, rows in early.items():
        kept = [row for row in rows if row[1].get("repair_id") != "r1"]
        arrive(bench, kept, so_far, may(number))
    days = MAY[:8]
    score(home, bench, days, loaded=days, provided=EVERYTHING)
    assert [entry for entry in entries(bench) if entry[1].startswith("REP")] == [(8, "REP-01", "t1", -5)]
    late = [row for rows in early.values() for row in rows if row[1].get("repair_id") == "r1"]
    arrive(bench, late, so_far, may(9))
    score(home, bench, [may(9)], loaded=[*days, may(9)], provided=EVERYTHING)
    assert entries(bench) == [entry for entry in EXPECTED if entry[0] <= 9]


def test_a_later_state_of_an_old_ticket_bears_on_its_own_day(bench: Workbench) -> None:
    """So that a night does not look at a month again because an old ticket was closed."""
    opened, closed = "2026-05-02 09:00:00+08:00", "2026-05-20 09:00:00+08:00"
    raw = {"ticket_id": "t1", "opened_at": opened, "closed_at": closed}
    first = WORLD[2][0][1]
    put(bench, "ticket", [first, {**first, "version_at": closed, "closed_at": closed}], arrived_on=may(20))
    assert _first(bench, []) == may(2)  # nobody knows which state came
    assert _first(bench, [{**raw, "source_updated_at": closed}]) == may(20)
    assert _first(bench, [raw]) == may(20)
    assert _first(bench, [{**raw, "source_updated_at": opened}]) == may(2)
    assert _first(bench, [{**raw, "source_updated_at": closed}, {"ticket_id": "t1", "opened_at": opened}]) == may(2)


def _first(bench: Workbench, raw: list[dict[str, str]]) -> dt.date | None:
    """The first day that the 20th bears on, with these rows of the source's."""
    names = ("ticket_id", "opened_at", "closed_at", "source_updated_at")
    shape = bench.described("raw_ticket")
    given = (
        " union all ".join(
            "select " + ", ".join(f"cast({_quoted(row.get(name))} as varchar) as {name}" for name in names)
            for row in raw
        )
        or "select null as ticket_id, null as opened_at, null as closed_at, null as source_updated_at where false"
    )
    columns = {
        "kind_code": "'complaint'", "source_code": "'crm'", "batch_number": "1", "line_number": "1",
        "arrived_on": "date '2026-05-20'", "opened_on": "date '2026-05-02'", "ticket_id": "ticket_id",
        **{name: f"cast({name} as timestamptz)" for name in names[1:]},
    }  # fmt: skip
    listed = ", ".join(f"{columns.get(name, 'null')} as {name}" for name in shape.column_names)
    bench.replace("raw_ticket", f"select {listed} from ({given})", every_row())
    with open_step(bench, "test") as step:
        return read_changes(step, [may(20)]).first


def _quoted(value: str | None) -> str:
    return "null" if value is None else f"'{value}'"

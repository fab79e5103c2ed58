"""What tickets add, and when: decided once, by the states that held when a window closed."""

from __future__ import annotations

from typing import Any

import pytest
from tests.conftest import Template, fresh_home
from tests.mend.damage.scoring.cases import Row, at, repair, reply
from tests.mend.damage.scoring.record_steps import Entry, debits, debits_by_night, entries_of, named, put_rows

from mend.foundation.pipeline.workbench import Workbench


def state(when: str, name: str = "t1", opened: str = "10 09:00:00", **columns: Any) -> Row:
    """A ticket as its source says it is from a moment on."""
    times = {key: at(value) for key, value in columns.items() if key.endswith(("_at", "_until")) and value}
    row = {"ticket_id": name, "kind_code": "complaint", "opened_at": at(opened), "version_at": at(when)}
    return "ticket", {**row, **columns, **times}


OPEN, SUSPENDED, SOLVED, CLOSED = ({"status_code": code} for code in ("open", "suspended", "solved", "closed"))

CASES: list[tuple[str, list[Row], list[tuple[str, str, str, float]]]] = [
    (
        "closed after 47 h and reopened weeks later: the spells add up, and the reopening posts its own",
        [state("10 09:00:00", **OPEN), state("12 08:00:00", closed_at="12 08:00:00", **CLOSED),
         state("30 07:00:00", reopened_at="30 07:00:00", reopen_count=1, **OPEN)],
        [("RES-02", "t1", "30 08:00:00", 4), ("RES-04", "t1", "30 07:00:00", 6)],
    ),
    (
        "closed after 47 h and reopened without a time: from the state that says so",
        [state("10 09:00:00", **OPEN), state("12 08:00:00", closed_at="12 08:00:00", **CLOSED),
         state("30 07:00:00", reopen_count=1, **OPEN)],
        [("RES-02", "t1", "30 08:00:00", 4), ("RES-04", "t1", "30 07:00:00", 6)],
    ),
    (
        "the same with the closing kept in the row",
        [state("10 09:00:00", **OPEN), state("12 08:00:00", closed_at="12 08:00:00", **CLOSED),
         state("30 07:00:00", closed_at="12 08:00:00", reopen_count=1, **OPEN)],
        [("RES-02", "t1", "30 08:00:00", 4), ("RES-04", "t1", "30 07:00:00", 6)],
    ),
    (
        "closed after exactly 48 h and never reopened",
        [state("10 09:00:00", **OPEN), state("12 09:00:00", closed_at="12 09:00:00", **CLOSED)],
        [],
    ),
    (
        "closed after exactly 48 h and reopened: over at once",
        [state("10 09:00:00", **OPEN), state("12 09:00:00", closed_at="12 09:00:00", **CLOSED),
         state("20 09:00:00", reopened_at="20 09:00:00", **OPEN)],
        [("RES-02", "t1", "20 09:00:00", 4), ("RES-04", "t1", "20 09:00:00", 6)],
    ),
    (
        "closed after 48 h and a second",
        [state("10 09:00:00", **OPEN), state("12 09:00:01", closed_at="12 09:00:01", **CLOSED)],
        [("RES-02", "t1", "12 09:00:00", 4)],
    ),
    (
        "the only state comes at the closing: its times tell",
        [state("20 09:00:00", closed_at="20 09:00:00", resolved_at="12 09:00:01", **CLOSED)],
        [("RES-02", "t1", "12 09:00:00", 4)],
    ),
    (
        "a later state that says it was closed in time changes no earlier day",
        [state("10 09:00:00", **OPEN), state("13 12:00:00", closed_at="12 08:00:00", **CLOSED)],
        [("RES-02", "t1", "12 09:00:00", 4)],
    ),
    (
        "a state of the same day that says it was closed in time counts",
        [state("10 09:00:00", **OPEN), state("12 12:00:00", closed_at="12 08:00:00", **CLOSED)],
        [],
    ),
    (
        "closed by its status alone",
        [state("10 09:00:00", **OPEN), state("12 08:00:00", **CLOSED)],
        [],
    ),
    (
        "solved by its status alone, then open again",
        [state("10 09:00:00", **OPEN), state("11 09:00:00", **SOLVED), state("13 09:00:00", **OPEN)],
        [("RES-02", "t1", "14 09:00:00", 4), ("RES-04", "t1", "13 09:00:00", 6)],
    ),
    (
        "suspended time is not counted",
        [state("10 09:00:00", **OPEN),
         state("11 09:00:00", suspended_at="11 09:00:00", suspended_until="15 09:00:00", **SUSPENDED)],
        [("RES-02", "t1", "16 09:00:00", 4)],
    ),
    (
        "suspended by its status alone: from that state to the next without it",
        [state("10 09:00:00", **OPEN), state("11 09:00:00", **SUSPENDED), state("15 09:00:00", **OPEN)],
        [("RES-02", "t1", "16 09:00:00", 4)],
    ),
    (
        "back earlier than planned",
        [state("10 09:00:00", **OPEN),
         state("11 09:00:00", suspended_at="11 09:00:00", suspended_until="25 09:00:00", **SUSPENDED),
         state("15 09:00:00", **OPEN)],
        [("RES-02", "t1", "16 09:00:00", 4)],
    ),
    (
        "a suspension that is over when it begins stops no clock",
        [state("10 09:00:00"), state("11 09:00:00", suspended_at="11 09:00:00", suspended_until="11 09:00:00")],
        [("RES-02", "t1", "12 09:00:00", 4)],
    ),
    (
        "a suspension that ends before it begins stops no clock",
        [state("10 09:00:00"), state("11 09:00:00", suspended_at="11 09:00:00", suspended_until="10 12:00:00")],
        [("RES-02", "t1", "12 09:00:00", 4)],
    ),
    (
        "suspended for longer",
        [state("10 09:00:00", **OPEN),
         state("11 09:00:00", suspended_at="11 09:00:00", suspended_until="13 09:00:00", **SUSPENDED),
         state("12 09:00:00", suspended_at="11 09:00:00", suspended_until="15 09:00:00", **SUSPENDED)],
        [("RES-02", "t1", "16 09:00:00", 4)],
    ),
    (
        "a suspended ticket without status, by its times alone, and until nobody knows when",
        [state("10 09:00:00"), state("11 09:00:00", suspended_at="11 09:00:00")],
        [],
    ),
    (
        "suspended by its status alone and not answered by the promised time",
        [state("10 09:00:00", promised_at="14 09:00:00", **SUSPENDED)],
        [("RES-05", "t1", "14 09:00:00", 5)],
    ),
    (
        "answered in the second that was promised",
        [state("10 09:00:00", promised_at="14 09:00:00", **SUSPENDED),
         state("14 09:00:00", resolved_at="14 09:00:00", promised_at="14 09:00:00", **SOLVED)],
        [],
    ),
    (
        "answered a second late",
        [state("10 09:00:00", promised_at="14 09:00:00", **SUSPENDED),
         state("14 09:00:01", resolved_at="14 09:00:01", promised_at="14 09:00:00", **SOLVED)],
        [("RES-05", "t1", "14 09:00:00", 5)],
    ),
    (
        "a promise that was put off before its time is not broken; the new one is, once",
        [state("10 09:00:00", promised_at="14 09:00:00", **SUSPENDED),
         state("13 09:00:00", promised_at="18 09:00:00", **SUSPENDED),
         state("25 09:00:00", promised_at="28 09:00:00", **SUSPENDED)],
        [("RES-05", "t1", "18 09:00:00", 5)],
    ),
    (
        "woken before its promise, which is broken all the same",
        [state("10 09:00:00", promised_at="11 09:00:00", **SUSPENDED),
         state("10 19:00:00", promised_at="11 09:00:00", **OPEN)],
        [("RES-02", "t1", "12 19:00:00", 4), ("RES-05", "t1", "11 09:00:00", 5)],
    ),
    (
        "a promise of a ticket that was never suspended",
        [state("10 09:00:00", promised_at="11 09:00:00", **OPEN),
         state("12 08:00:00", closed_at="12 08:00:00", **CLOSED)],
        [],
    ),
    (
        "closed, and the first answer after the closing says unsolved",
        [state("10 09:00:00", closed_at="10 10:00:00", **CLOSED), reply("11 10:00:00", "t1", is_solved=0)],
        [("RES-03", "t1", "11 10:00:00", 6)],
    ),
    (
        "the first answer after the closing says solved, a second one unsolved",
        [state("10 09:00:00", closed_at="10 10:00:00", **CLOSED), reply("11 10:00:00", "t1", is_solved=1),
         reply("12 10:00:00", "t1", is_solved=0)],
        [],
    ),
    (
        "unsolved before the closing, no answer after it",
        [reply("10 09:30:00", "t1", is_solved=0), state("10 10:00:00", closed_at="10 10:00:00", **CLOSED)],
        [],
    ),
    (
        "unsolved before the closing and after it",
        [reply("10 09:30:00", "t1", is_solved=0), state("10 10:00:00", closed_at="10 10:00:00", **CLOSED),
         reply("10 11:00:00", "t1", is_solved=0)],
        [("RES-03", "t1", "10 11:00:00", 6)],
    ),
    (
        "a rating alone is no answer to whether it is solved",
        [state("10 10:00:00", closed_at="10 10:00:00", **CLOSED), reply("10 11:00:00", "t1", score=9, score_scale=10),
         reply("10 12:00:00", "t1", is_solved=0)],
        [("RES-03", "t1", "10 12:00:00", 6)],
    ),
    (
        "solved at the first closing, unsolved at the second",
        [state("10 09:00:00", closed_at="10 10:00:00", **CLOSED), reply("11 10:00:00", "t1", is_solved=1),
         state("12 10:00:00", reopened_at="12 10:00:00", **OPEN),
         state("13 10:00:00", closed_at="13 10:00:00", reopened_at="12 10:00:00", **CLOSED),
         reply("14 10:00:00", "t1", is_solved=0)],
        [("RES-03", "t1", "14 10:00:00", 6), ("RES-04", "t1", "12 10:00:00", 6)],
    ),
    (
        "somebody else says unsolved",
        [state("10 09:00:00", closed_at="10 10:00:00", **CLOSED),
         reply("11 10:00:00", "t1", is_solved=0, customer_id="bert")],
        [],
    ),
    (
        "the second follow-up failed, and then it was reopened: once",
        [state("10 09:00:00", closed_at="10 10:00:00", **CLOSED),
         repair("second_follow_up", "unresolved", "12 09:00:00", ticket_id="t1"),
         state("14 09:00:00", reopened_at="14 09:00:00", reopen_count=1, closed_at="14 10:00:00", **CLOSED)],
        [("RES-04", "t1", "12 09:00:00", 6)],
    ),
    (
        "the second follow-up of another customer's ticket failed",
        [state("10 09:00:00", closed_at="10 10:00:00", **CLOSED),
         repair("second_follow_up", "unresolved", "12 09:00:00", ticket_id="t1", customer_id="bert")],
        [],
    ),
    (
        "reopened twice counts once",
        [state("10 09:00:00", closed_at="10 10:00:00", **CLOSED),
         state("12 09:00:00", reopened_at="12 09:00:00", reopen_count=1, **OPEN),
         state("12 10:00:00", reopened_at="12 09:00:00", closed_at="12 10:00:00", reopen_count=1, **CLOSED),
         state("14 09:00:00", reopened_at="14 09:00:00", reopen_count=2, **OPEN),
         state("14 10:00:00", reopened_at="14 09:00:00", closed_at="14 10:00:00", reopen_count=2, **CLOSED)],
        [("RES-04", "t1", "12 09:00:00", 6)],
    ),
    (
        "escalated without a time: from the state that says so, also when another follows",
        [state("10 09:00:00", **CLOSED), state("11 09:00:00", is_escalated=1, **CLOSED),
         state("12 09:00:00", is_escalated=1, **CLOSED)],
        [("RES-07", "t1", "11 09:00:00", 10)],
    ),
    (
        "escalated at a time that the state names",
        [state("10 09:00:00", **CLOSED),
         state("11 09:00:00", is_escalated=1, escalated_at="11 08:00:00", **CLOSED)],
        [("RES-07", "t1", "11 08:00:00", 10)],
    ),
    (
        "an escalated enquiry that became a complaint",
        [state("10 09:00:00", kind_code="enquiry", is_escalated=1, **CLOSED),
         state("11 09:00:00", is_escalated=1, **CLOSED)],
        [("RES-07", "t1", "11 09:00:00", 10)],
    ),
    (
        "an enquiry that became a repeat complaint",
        [state("01 09:00:00", "t0", "01 09:00:00", topic_code="bill", **CLOSED),
         state("10 09:00:00", kind_code="enquiry", topic_code="bill", **CLOSED),
         state("12 09:00:00", topic_code="bill", **CLOSED)],
        [("RES-06", "t1", "12 09:00:00", 8)],
    ),
    (
        "a complaint on another topic, and one without a topic",
        [state("01 09:00:00", "t0", "01 09:00:00", topic_code="bill", **CLOSED),
         state("02 09:00:00", "t2", "02 09:00:00", **CLOSED), state("03 09:00:00", "t3", "03 09:00:00", **CLOSED),
         state("10 09:00:00", topic_code="data", **CLOSED)],
        [],
    ),
]  # fmt: skip


@pytest.fixture(scope="module")
def months(template: Template, tmp_path_factory: pytest.TempPathFactory) -> tuple[list[Entry], list[Entry]]:
    """What one run over the month and what thirty-one nights post of all cases, side by side in one home."""
    everything = [row for number, (_, rows, _) in enumerate(CASES) for row in named(rows, number)]
    with fresh_home(template, tmp_path_factory.mktemp("tickets")) as home, Workbench.open(home) as bench:
        put_rows(bench, everything)
        return debits(bench), debits_by_night(bench)


@pytest.mark.parametrize(
    ("number", "expected"), list(enumerate(each[2] for each in CASES)), ids=[each[0] for each in CASES]
)
def test_a_ticket(
    months: tuple[list[Entry], list[Entry]], number: int, expected: list[tuple[str, str, str, float]]
) -> None:
    assert entries_of(months[0], number) == expected


def test_thirty_nights_post_what_one_month_posts(months: tuple[list[Entry], list[Entry]]) -> None:
    month, nights = months
    assert len(month) == sum(len(expected) for *_, expected in CASES)
    assert nights == month

"""Repair credits: what each offers, what it names, and that it never takes more than is left, in today's weight."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Any

import pytest
from tests.conftest import Template, fresh_home
from tests.mend.damage.scoring.cases import REFUSED, Row, booking, contact, repair, reply
from tests.mend.damage.scoring.record_steps import LEDGER, MAY, TYPES, Entry, credits_of, entries_of, named, put_rows
from tests.mend.damage.scoring.test_tickets import CLOSED, OPEN, state

from mend.damage.scoring.credit_entries import make_credit_entries, write_misnamed
from mend.damage.scoring.rules import load_rules
from mend.foundation.pipeline.runner import open_step
from mend.foundation.pipeline.workbench import Workbench

HURT = ("debit", "AGT-08", "contact", "k1", "10 10:00:00", 5)
RESOLVED = ("follow_up_call", "resolved")
JUNE = [dt.date(2026, 6, number) for number in range(1, 31)]
OTHER = ("debit", "IVR-11", "contact", "k2", "10 10:10:00", 3, "k1")  # another contact of the incident k1
LATE = ("debit", "RES-02", "ticket", "t1", "11 10:00:00", 4)
Ledger = Sequence[Sequence[Any]]


def resurvey(when: str, about: str = "k1", kind: str = "contact", **columns: Any) -> Row:
    return reply(when, about, kind, "resurvey", score=9, score_scale=10, **columns)


def booked(**columns: Any) -> Row:
    return booking("10 10:05:00", "10 11:00:00", is_reached=1, **columns)


CASES: list[tuple[str, list[Row], Ledger, list[tuple[str, str, str, float]]]] = [
    ("all of it at most", [repair(*RESOLVED)], [("debit", "AGT-05", "contact", "k1", "10 10:00:00", 2)],
     [("REP-01", "k1", "12 09:00:00", -2)]),
    ("of several, each what the one before left", [repair("rebate", "accepted"),
     repair(*RESOLVED, "13 09:00:00", "r2")],
     [HURT, ("debit", "AGT-05", "contact", "k1", "10 10:00:00", 2)],
     [("REP-01", "k1", "13 09:00:00", -1), ("REP-04", "k1", "12 09:00:00", -6)]),
    ("before the damage", [repair(*RESOLVED, "10 09:59:59")], [HURT], []),
    ("in the second of the damage", [repair(*RESOLVED, "10 10:00:00")], [HURT], [("REP-01", "k1", "10 10:00:00", -5)]),
    ("another contact of the customer's", [repair(*RESOLVED, contact_id="k2")], [HURT], []),
    ("what a cap took away is not there",
     [repair(*RESOLVED)], [HURT, ("cap", "AGT-08", "contact", "k1", "10 10:00:00", -3)],
     [("REP-01", "k1", "12 09:00:00", -2)]),
    ("what an earlier credit took is not there", [repair(*RESOLVED, "13 09:00:00")],
     [HURT, ("credit", "REP-06", "contact", "k1", "2026-04-30 10:00:00+08:00", -3, None, "anna")],
     [("REP-01", "k1", "13 09:00:00", -5)]),  # it was given before the damage
    ("inside its time limit", [repair(*RESOLVED, due_at="12 09:00:00")], [(*HURT[:5], 10)],
     [("REP-01", "k1", "12 09:00:00", -5), ("REP-02", "k1", "12 09:00:00", -1)]),
    ("a second after its time limit", [repair(*RESOLVED, due_at="12 08:59:59")], [(*HURT[:5], 10)],
     [("REP-01", "k1", "12 09:00:00", -5)]),
    ("priority access after 20 s", [repair("priority_access", "honoured", wait_seconds=20)], [HURT],
     [("REP-03", "k1", "12 09:00:00", -1)]),
    ("priority access after 21 s", [repair("priority_access", "honoured", wait_seconds=21)], [HURT], []),
    ("a rebate that was refused", [repair("rebate", "refused")], [HURT], []),
    ("a care SMS after a drop", [repair("care_sms", "delivered")],
     [("debit", "AGT-01", "contact", "k1", "10 10:00:00", 3)], [("REP-07", "k1", "12 09:00:00", -1)]),
    ("a care SMS without a drop", [repair("care_sms", "delivered")], [HURT], []),
    ("a re-survey of 9", [resurvey("15 10:00:00")], [HURT], [("REP-08", "k1", "15 10:00:00", -5)]),
    ("another contact of the incident", [repair(*RESOLVED, contact_id="k2")],
     [HURT, OTHER], [("REP-01", "k2", "12 09:00:00", -3)]),
    ("an incident, by its first contact", [repair("rebate", "accepted")],
     [HURT, OTHER], [("REP-04", "k1", "12 09:00:00", -6)]),
    ("an incident whose first contact is not damaged", [repair(*RESOLVED)],
     [OTHER], [("REP-01", "k1", "12 09:00:00", -3)]),
    ("an incident, then what is left of a contact", [repair("rebate", "accepted"),
     repair(*RESOLVED, "13 09:00:00", "r2", contact_id="k2")],
     [HURT, OTHER],
     [("REP-01", "k2", "13 09:00:00", -2), ("REP-04", "k1", "12 09:00:00", -6)]),
    ("a ticket and a contact: the ticket first", [repair(*RESOLVED, contact_id="k1", ticket_id="t1")],
     [HURT, LATE], [("REP-01", "t1", "12 09:00:00", -4)]),
    ("a ticket without damage and a contact", [repair(*RESOLVED, contact_id="k1", ticket_id="t1")], [HURT],
     [("REP-01", "k1", "12 09:00:00", -5)]),
    ("a ticket that is repaired and a contact",
     [repair("rebate", "accepted", "11 11:00:00", ticket_id="t1"),
      repair(*RESOLVED, name="r2", contact_id="k1", ticket_id="t1")],
     [HURT, LATE],
     [("REP-01", "k1", "12 09:00:00", -5), ("REP-04", "t1", "11 11:00:00", -4)]),
    ("a booking reached within 24 h, with its contact", [booked(contact_id="k1")],
     [("debit", "CON-01", "contact", "k1", "10 10:00:00", 3)], [("REP-06", "k1", "10 11:00:00", -3)]),
    ("a booking without contact: the failed attempt before it",
     [contact("10 09:00:00", "k0", **REFUSED), contact("10 10:00:00", "k1", **REFUSED), contact("10 10:04:00", "k2"),
      contact("10 10:30:00", "k3", **REFUSED), booked()],
     [("debit", "CON-01", "contact", name, "10 10:00:00", 3) for name in ("k0", "k1", "k2", "k3")],
     [("REP-06", "k1", "10 11:00:00", -3)]),
    ("a booking without contact and no failed attempt before it", [contact("10 10:00:00", "k1"), booked()],
     [("debit", "AGT-08", "contact", "k1", "10 10:00:00", 3)], []),
    ("a booking without contact after another customer's attempt",
     [contact("10 10:00:00", "k1", customer_id="bert", **REFUSED), booked()],
     [("debit", "CON-01", "contact", "k1", "10 10:00:00", 3, None, "bert")], []),
    ("resolved and confirmed", [state("10 09:00:00", closed_at="10 10:00:00", **CLOSED),
     reply("11 10:00:00", "t1", is_solved=1),
     reply("12 10:00:00", "t1", is_solved=1)],
     [("debit", "RES-04", "ticket", "t1", "10 11:00:00", 6)], [("REP-05", "t1", "11 10:00:00", -4)]),
    ("confirmed while it is open counts when it is confirmed again after the closing",
     [state("10 09:00:00", **OPEN), reply("10 10:00:00", "t1", is_solved=1),
      state("11 10:00:00", closed_at="11 10:00:00", **CLOSED), reply("12 10:00:00", "t1", is_solved=1)],
     [("debit", "RES-04", "ticket", "t1", "10 09:30:00", 6)], [("REP-05", "t1", "12 10:00:00", -4)]),
    ("confirmed by somebody else", [state("10 09:00:00", closed_at="10 10:00:00", **CLOSED),
     reply("11 10:00:00", "t1", is_solved=1, customer_id="bert")],
     [("debit", "RES-04", "ticket", "t1", "10 11:00:00", 6)], []),
    ("another customer's contact", [repair(*RESOLVED, customer_id="bert")], [HURT], []),
    ("another customer's ticket", [repair(*RESOLVED, ticket_id="t1", customer_id="bert")],
     [LATE], []),
    ("another customer's contact, in a re-survey", [resurvey("15 10:00:00", customer_id="bert")], [HURT], []),
    ("another customer's contact and the own ticket",
     [repair(*RESOLVED, contact_id="k1", ticket_id="t1", customer_id="bert")],
     [HURT, (*LATE, None, "bert")], [("REP-01", "t1", "12 09:00:00", -4)]),
]  # fmt: skip


@pytest.fixture(scope="module")
def given(template: Template, tmp_path_factory: pytest.TempPathFactory) -> list[Entry]:
    """The credits of all cases, side by side in one home."""
    rows = [row for number, (_, each, *_) in enumerate(CASES) for row in named(each, number)]
    ledger = [_named(entry, number) for number, (*_, each, _) in enumerate(CASES) for entry in each]
    with fresh_home(template, tmp_path_factory.mktemp("credits")) as home, Workbench.open(home) as bench:
        put_rows(bench, rows)
        return credits_of(bench, ledger)


def _named(entry: Sequence[Any], number: int) -> Sequence[Any]:
    kind, indicator, subject_kind, subject, when, points, incident, customer = (
        *entry,
        *(None, "anna")[len(entry) - 6 :],
    )
    first = f"{number} {incident}" if incident else None
    return kind, indicator, subject_kind, f"{number} {subject}", when, points, first, f"{number} {customer}"


@pytest.mark.parametrize(
    ("number", "expected"), list(enumerate(each[3] for each in CASES)), ids=[each[0] for each in CASES]
)
def test_a_credit_on(given: list[Entry], number: int, expected: list[tuple[str, str, str, float]]) -> None:
    assert entries_of(given, number) == expected


def _done(when: str, name: str = "r1", action: tuple[str, str] = RESOLVED) -> Row:
    record, row = repair(*action, "12 09:00:00", name)
    return record, {**row, "done_at": f"{when} 09:00:00+08:00"}


def test_a_late_credit_repairs_in_today_s_weight(bench: Workbench) -> None:
    """A January debit weighs half in February, and so does its credit."""
    january = [("debit", "AGT-08", "contact", "k1", "2026-01-10 10:00:00+08:00", 5)]
    put_rows(bench, [_done("2026-02-03")])
    february = [dt.date(2026, 2, 3)]
    assert credits_of(bench, january, february) == [("REP-01", "k1", "03 09:00:00", -2.5)]


def test_however_late_while_damage_is_left(bench: Workbench) -> None:
    """Ten points: 5, 2.5, 1.25, 0.625, 0.312, 0.156, 0.078, 0.039, 0.019, then 0.009: nothing."""
    debit = [("debit", "RES-07", "ticket", "t1", "2025-05-31 23:59:59+08:00", 10)]
    put_rows(bench, [("repair_action", {**_done("2026-02-28")[1], "contact_id": None, "ticket_id": "t1"})])
    assert credits_of(bench, debit, [dt.date(2026, 2, 28)]) == [("REP-01", "t1", "28 09:00:00", -0.019)]
    put_rows(bench, [("repair_action", {**_done("2026-03-01")[1], "contact_id": None, "ticket_id": "t1"})])
    assert credits_of(bench, debit, [dt.date(2026, 3, 1)]) == []


def test_what_is_left_is_halved_after_what_was_repaired(bench: Workbench) -> None:
    """5 less 1 in May, half of it in June: 2."""
    may = [(*HURT[:4], "10 10:00:00", 5), ("credit", "REP-03", "contact", "k1", "20 10:00:00", -1)]
    put_rows(bench, [_done("2026-06-05")])
    assert credits_of(bench, may, JUNE) == [("REP-01", "k1", "05 09:00:00", -2)]


def test_one_run_over_two_months_gives_what_the_nights_give(bench: Workbench) -> None:
    debits = [(*HURT[:5], 5), ("debit", "AGT-07", "contact", "k1", "10 10:00:00", 5, None),
              ("debit", "RES-08", "contact", "k1", "2026-06-02 10:00:00+08:00", 8)]  # fmt: skip
    put_rows(bench, [_done("2026-05-12"), _done("2026-05-31", "r2"), _done("2026-06-02", "r3"),
                     _done("2026-06-03", "r4"), _done("2026-06-03", "r5", ("rebate", "accepted"))])  # fmt: skip
    whole = credits_of(bench, debits, [*MAY, *JUNE])
    assert [entry[-1] for entry in whole] == [-5, -5, -5, -3]
    given: list[Sequence[Any]] = []
    for day in [*MAY, *JUNE]:
        for indicator, subject, when, points in credits_of(bench, [*debits, *given], [day]):
            given.append(("credit", indicator, "contact", subject, f"{day:%Y-%m}-{when}+08:00", points))
    assert sorted(row[1] for row in given) == sorted(entry[0] for entry in whole)
    assert sorted(row[-1] for row in given) == sorted(entry[-1] for entry in whole)


def test_a_repair_under_the_id_that_an_account_became_repairs_from_the_merge_on(bench: Workbench) -> None:
    alias = {"old_customer_id": "anna", "new_customer_id": "zoe", "merged_on": "2026-05-12"}
    early, late = (
        repair(*RESOLVED, "11 09:00:00", customer_id="zoe"),
        repair(*RESOLVED, "12 09:00:00", "r2", customer_id="zoe"),
    )
    put_rows(bench, [("customer_alias", alias), early, late])
    assert credits_of(bench, [HURT]) == [("REP-01", "k1", "12 09:00:00", -5)]
    assert credits_of(bench, [HURT], [dt.date(2026, 5, 11)]) == []


def test_a_record_that_names_somebody_else_s_contact_or_ticket_is_reported(
    bench: Workbench, caplog: pytest.LogCaptureFixture
) -> None:
    rows = [
        contact(), contact("10 12:00:00", "k2", customer_id=None), state("10 09:00:00"),
        repair(*RESOLVED, customer_id="bert"), repair(*RESOLVED, name="r2"),
        repair(*RESOLVED, name="r3", contact_id="k1", ticket_id="t1", customer_id="carl"),
        repair(*RESOLVED, name="r4", contact_id="k2"), repair(*RESOLVED, name="r5", contact_id="unknown"),
        repair(*RESOLVED, "14 09:00:00", "r6", customer_id="zoe"),
        resurvey("15 10:00:00", customer_id="bert"), resurvey("16 10:00:00", "t1", "ticket"), booked(contact_id="k1"),
        ("customer_alias", {"old_customer_id": "anna", "new_customer_id": "zoe", "merged_on": "2026-05-14"}),
    ]  # fmt: skip
    put_rows(bench, rows)
    columns = {column.name: TYPES[column.type] for column in LEDGER.columns}
    for _ in range(2):  # a rerun reports the same
        with open_step(bench, "test") as step:
            step.put("ledger_debit", columns, [])
            step.put("ledger_credit", columns, [])
            make_credit_entries(step, load_rules(), MAY)
            assert write_misnamed(step, MAY) == 4
    bench.view("mart_misnamed_record")
    assert bench.sql("select record_code, record_id, subject_id, owner_id from mart_misnamed_record order by all") == [
        ("repair_action", "r1", "k1", "anna"),
        ("repair_action", "r3", "k1", "anna"),
        ("repair_action", "r3", "t1", "anna"),
        ("survey_reply", "s 15 10:00:00 k1", "k1", "anna"),
    ]
    assert "4 records name another customer's contact or ticket" in caplog.text
    assert "bert" not in caplog.text

"""Any number of shares gives the rows of one; no two ids are taken for one."""

from __future__ import annotations

import random
from typing import Any

import pytest
from tests.mend.damage.scoring.nights import MAY, WRONG, contact, entries, tables
from tests.mend.damage.scoring.rows import Row, put

from mend.damage.scoring import score
from mend.damage.scoring.measured import EVERYTHING
from mend.foundation.home import Home
from mend.foundation.pipeline.workbench import Workbench

COLLIDING = ("C00368479-000480", "C00361869-000130")  # DuckDB's hash() is the same for both


def many_rows() -> dict[str, list[Row]]:
    """Contacts of thirty customers, and tickets, replies and repairs of which every third names no customer."""
    from tests.mend.damage.scoring.test_posted_when_decided import world

    chance = random.Random(7)
    contacts = [{**row, "customer_id": f"c{number % 30}"} for number, row in enumerate(world(7))]
    contacts += [{**row, "contact_id": f"x{row['contact_id']}", "customer_id": None} for row in contacts[:40]]
    rows: dict[str, list[Row]] = {"contact": contacts, "ticket": [], "survey_reply": [], "repair_action": []}
    for number, about in enumerate(chance.sample(contacts, 150)):
        named = {"customer_id": about["customer_id"] if number % 3 else None}
        day = f"2026-05-{int(str(about['started_at'])[8:10]) + 1:02}"
        ticket: dict[str, Any] = {**named, "ticket_id": f"t{number}", "contact_id": about["contact_id"]}
        rows["ticket"].append({**ticket, "kind_code": "complaint", "opened_at": f"{day} 09:00:00+08:00"})
        subject = {"about_kind_code": "contact", "about_id": about["contact_id"], "purpose_code": "hang_up"}
        sent = {"sent_at": f"{day} 08:00:00+08:00", "replied_at": f"{day} 10:00:00+08:00"}
        rows["survey_reply"].append(
            {**named, **subject, **sent, "survey_id": f"s{number}", "score": number % 11, "score_scale": 10}
        )
        done = {
            "repair_id": f"r{number}",
            "customer_id": about["customer_id"] or "c1",
            "done_at": f"{day} 11:00:00+08:00",
        }
        rows["repair_action"].append(
            {**done, "action_code": "follow_up_call", "outcome_code": "resolved", "contact_id": about["contact_id"]}
        )
    return rows


def test_one_two_and_seven_shares_give_the_same_rows(home: Home, bench: Workbench) -> None:
    for record, rows in many_rows().items():
        put(bench, record, rows)
    days = MAY[:20]
    found = {}
    for shares in (1, 2, 7):
        score(home, bench, days, loaded=days, provided=EVERYTHING, shares=shares)
        found[shares] = tables(bench)
    assert len(found[1][0]) > 200
    assert found[2] == found[1]
    assert found[7] == found[1]


@pytest.mark.parametrize("shares", [1, 7])
def test_two_customers_whose_ids_have_one_hash_stay_two(home: Home, bench: Workbench, shares: int) -> None:
    assert bench.sql(f"select hash('{COLLIDING[0]}') = hash('{COLLIDING[1]}')") == [(True,)]
    rows = [
        {**contact(f"k{number}", f"10 10:0{number}:00", **WRONG), "customer_id": customer}
        for number, customer in enumerate(COLLIDING)
    ]
    put(bench, "contact", rows)
    score(home, bench, MAY[9:10], loaded=MAY[9:10], provided=EVERYTHING, shares=shares)
    assert entries(bench) == [(10, "AGT-08", "k0", 5), (10, "AGT-08", "k1", 5)]  # nobody called again: no RES-01
    bench.view("mart_exposure_day")
    assert bench.sql("select customer_id, contact_count, incident_count from mart_exposure_day order by all") == [
        (customer, 1, 1) for customer in sorted(COLLIDING)
    ]


def test_two_contacts_whose_ids_have_one_hash_stay_two(home: Home, bench: Workbench) -> None:
    """A ticket answers the contact that it names, and no other."""
    unresolved = {"is_answered": 1, "is_resolved": 0, "topic_code": None}
    rows = [
        {**contact("anna1", f"1{number} 10:00:00", **unresolved), "contact_id": name}
        for number, name in enumerate(COLLIDING)
    ]
    put(bench, "contact", rows)
    opened = {"ticket_id": "t1", "customer_id": "anna", "contact_id": COLLIDING[0], "kind_code": "enquiry"}
    at = {"opened_at": "2026-05-10 11:00:00+08:00", "closed_at": "2026-05-10 11:00:00+08:00"}
    put(bench, "ticket", [{**opened, **at}])
    score(home, bench, MAY[9:14], loaded=MAY[9:14], provided=EVERYTHING)
    assert entries(bench) == [(12, "AGT-09", COLLIDING[1], 3)]

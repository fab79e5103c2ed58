"""Ratings that name no customer damage and repair nobody."""

from __future__ import annotations

import datetime as dt
from typing import Any

from tests.mend.damage.scoring.rows import put

from mend.damage.scoring import score
from mend.damage.scoring.measured import EVERYTHING
from mend.foundation.home import Home
from mend.foundation.pipeline.workbench import Workbench

DAYS = [dt.date(2026, 5, 1) + dt.timedelta(days=number) for number in range(10)]
CONTACT = {
    "contact_id": "k",
    "customer_id": "A",
    "started_at": "2026-05-02 09:00:00+08:00",
    "outcome": "answered",
    "is_answered": 1,
}
TICKET = {
    "ticket_id": "t",
    "customer_id": "A",
    "kind_code": "complaint",
    "opened_at": "2026-05-02 10:00:00+08:00",
    "closed_at": "2026-05-02 11:00:00+08:00",
}


def ledger(home: Home, bench: Workbench, customer: str | None) -> list[tuple[Any, ...]]:
    """Customer, indicator and points of the ledger after two replies of this customer: a poor rating, and a ticket not
    solved.
    """
    times = {"sent_at": "2026-05-03 09:00:00+08:00", "replied_at": "2026-05-03 10:00:00+08:00", "customer_id": customer}
    rating = {
        "survey_id": "s1",
        "about_kind_code": "contact",
        "about_id": "k",
        "purpose_code": "hang_up",
        "score": 1,
        "score_scale": 10,
    }
    unsolved = {
        "survey_id": "s2",
        "about_kind_code": "ticket",
        "about_id": "t",
        "purpose_code": "second_follow_up",
        "is_solved": "false",
    }
    put(bench, "contact", [CONTACT])
    put(bench, "ticket", [TICKET])
    put(bench, "survey_reply", [rating | times, unsolved | times])
    score(home, bench, DAYS, loaded=DAYS, provided=EVERYTHING)
    bench.view("mart_damage_ledger")
    return bench.sql("select customer_id, indicator_id, points from mart_damage_ledger order by 2")


def test_a_rating_without_a_customer_is_in_nobody_s_ledger(home: Home, bench: Workbench) -> None:
    assert ledger(home, bench, None) == []


def test_the_same_rating_with_one_is(home: Home, bench: Workbench) -> None:
    assert ledger(home, bench, "A") == [("A", "RES-03", 6), ("A", "RES-08", 8)]

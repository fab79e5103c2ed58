"""What happened after a night changes nothing of that night: neither features, nor levels, nor probabilities."""

from __future__ import annotations

import datetime as dt
from typing import Any

from tests.mend.damage.scoring.rows import put as put_record
from tests.mend.grumbles.warning.tables import complaint, grumble, put, put_world, rows

from mend.foundation.home import Home
from mend.foundation.pipeline.runner import open_step
from mend.foundation.pipeline.workbench import Workbench
from mend.grumbles.warning import warn
from mend.grumbles.warning.nights import find_open_grumbles, make_features, open_nights
from mend.grumbles.warning.rules import load_rules
from mend.simulate.hazard_world import hazard_world

RULES = load_rules()[0]
NIGHT = dt.date(2026, 5, 20)


def _features(bench: Workbench) -> list[dict[str, Any]]:
    with open_step(bench, "test") as step:
        open_nights(step, RULES, [NIGHT])
        find_open_grumbles(step, RULES)
        make_features(step, RULES, ("marketing", "tariff_billing"))
        names = [row[0] for row in bench.sql("select column_name from (describe feature)")]
        return [dict(zip(names, row, strict=True)) for row in bench.sql("select * from feature order by grumble_id")]


def _known_then(bench: Workbench) -> list[Any]:
    """Tables with all that is known at the night's end; returns the grumbles."""
    grumbles = [
        grumble("1", "A", "2026-05-15 10:00", mood_code="angry", is_company_at_fault=True),
        grumble("2", "A", "2026-05-20 10:00", "marketing"),
        grumble("3", "B", "2026-05-02 10:00"),
        grumble("4", "B", "2026-05-05 10:00", solved_at="2026-05-06 10:00:00+08:00"),
    ]
    put(bench, "mart_grumble", grumbles)
    put(bench, "mart_complaint", [complaint("K1", "A", "2026-05-01 10:00")])
    people = [
        {"customer_id": name, "month_on": "2026-05-01", "joined_on": "2024-01-01", "arpu_amount": 80} for name in "AB"
    ]
    put_record(bench, "customer", people)
    put_record(bench, "ticket", [
        {"ticket_id": "T", "contact_id": "1", "kind_code": "grumble", "opened_at": "2026-05-15 11:00:00+08:00"}
        ])  # fmt: skip
    exposure = {"posted_on": "2026-05-15", "contact_count": 3, "incident_count": 1, "last_contact_id": "1"}
    put(bench, "mart_exposure_day", [
        {"customer_id": "A", "subject_on": "2026-05-15", "last_contact_at": "2026-05-15 10:00:00+08:00", **exposure}
        ])  # fmt: skip
    put(
        bench,
        "mart_customer_cluster",
        [{"month": "2026-04", "customer_id": "A", "behaviour_code": "cooperative_realist"}],
    )
    put(bench, "mart_association", [{"month": "2026-04", "grumble_type_code": "tariff_billing", "coefficient": 1.0}])
    return grumbles


def test_features_are_what_was_known_and_nothing_else(bench: Workbench) -> None:
    _known_then(bench)
    first = _features(bench)[0]
    expected = {
        "age_days": 5, "area_code": "tariff_billing", "solved_state_code": "overdue", "mood_code": "angry",
        "fault_code": "yes",
        "behaviour_code": "cooperative_realist", "tenure_months": 28, "arpu_amount": 80.0, "coefficient": 1.0,
        "recent_7": 2,
        "recent_count": 2,
        "latest_days": 0, "complaint_count": 1, "complaint_30": 1, "complaint_days": 19, "contact_30": 3,
        "open_count": 2, "open_0": 0,
        "open_1": 5,
    }  # fmt: skip
    assert {name: first[name] for name in expected} == expected


def test_changing_everything_after_the_night_changes_no_feature(bench: Workbench) -> None:
    grumbles = _known_then(bench)
    before = _features(bench)
    solved_later = [
        {**row, "solved_at": row.get("solved_at") or "2026-05-21 09:00:00+08:00", "is_solved": True} for row in grumbles
    ]
    put(bench, "mart_grumble", [*solved_later, grumble("9", "A", "2026-05-21 00:00")])
    put(bench, "mart_complaint", [complaint("K1", "A", "2026-05-01 10:00"), complaint("K2", "A", "2026-05-21 00:00")])
    put_record(
        bench, "customer", [{"customer_id": "A", "month_on": "2026-06-01", "status_code": "left", "arpu_amount": 5}]
    )
    put_record(bench, "ticket", [
        {"ticket_id": "T", "contact_id": "1", "kind_code": "grumble", "opened_at": "2026-05-15 11:00:00+08:00",
         "closed_at": "2026-05-21 11:00:00+08:00", "reopened_at": "2026-05-22 11:00:00+08:00"},
        {"ticket_id": "U", "contact_id": "2", "kind_code": "complaint", "opened_at": "2026-05-21 11:00:00+08:00"}
        ])  # fmt: skip
    put(bench, "mart_customer_cluster", [
        {"month": "2026-04", "customer_id": "A", "behaviour_code": "cooperative_realist"},
        {"month": "2026-05", "customer_id": "A", "behaviour_code": "limited_patience"}])  # fmt: skip
    put(bench, "mart_association", [
        {"month": "2026-04", "grumble_type_code": "tariff_billing", "coefficient": 1.0},
        {"month": "2026-05", "grumble_type_code": "tariff_billing", "coefficient": 3.0}])  # fmt: skip
    assert len(before) == 3
    assert _features(bench) == before


def test_a_night_run_on_the_day_and_one_run_months_later_are_the_same(home: Home, bench: Workbench) -> None:
    """The same world, followed to the night's end and followed for two months more."""
    found = []
    for last in (NIGHT, None):
        put_world(bench, hazard_world(5, 1500, days=100, end_follow_up_on=last))
        warn(home, bench, [NIGHT])
        found.append(rows(bench, "mart_grumble_level", "*", "grumble_id"))
    assert found[0] == found[1]
    assert {row[-5] for row in found[0]} == {"rate"}

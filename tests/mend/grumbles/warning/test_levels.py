"""Levels: what an open grumble is on a night, its four parts, and the stated shares."""

from __future__ import annotations

import datetime as dt
import random
from collections import Counter
from typing import Any

import pytest
from tests.mend.damage.scoring.rows import put as put_record
from tests.mend.grumbles.warning.tables import complaint, grumble, put, rows

from mend.foundation.pipeline.runner import open_step
from mend.foundation.pipeline.workbench import Workbench
from mend.grumbles.warning.levels import grade, grade_nights
from mend.grumbles.warning.nights import find_open_grumbles, make_features, open_nights
from mend.grumbles.warning.rules import load_rules, result_month

RULES = load_rules()[0]
NIGHT = dt.date(2026, 5, 20)
BANDS = {5: (0.10, 0.15), 4: (0.15, 0.20), 3: (0.295, 0.305), 2: (0.195, 0.205), 1: (0.195, 0.205)}


def _open(bench: Workbench, night: dt.date = NIGHT) -> set[str]:
    return {name.removeprefix("contact:") for name, _ in _states(bench, night)}


def _states(bench: Workbench, night: dt.date = NIGHT) -> list[Any]:
    with open_step(bench, "test") as step:
        open_nights(step, RULES, [night])
        find_open_grumbles(step, RULES)
        return bench.sql("select grumble_id, solved_state_code from open_part")


def _levels(bench: Workbench, night: dt.date = NIGHT) -> dict[str, int]:
    with open_step(bench, "test") as step:
        open_nights(step, RULES, [night])
        find_open_grumbles(step, RULES)
        make_features(step, RULES, ())
        grade(step, RULES)
        return dict(bench.sql("select grumble_id, level from graded"))


def test_a_grumble_is_open_until_it_is_solved_grown_old_or_complained_of(bench: Workbench) -> None:
    put(bench, "mart_grumble", [
        grumble("open", "A", "2026-05-18 10:00"),
        grumble("today", "A", "2026-05-20 23:59"),
        grumble("tomorrow", "A", "2026-05-21 00:00"),
        grumble("solved", "B", "2026-05-18 10:00", solved_at="2026-05-20 23:59:59+08:00"),
        grumble("solved later", "B", "2026-05-18 10:00", solved_at="2026-05-21 00:00:00+08:00"),
        grumble("old", "C", "2026-04-20 10:00"),
        grumble("oldest that counts", "C", "2026-04-21 10:00"),
        grumble("complained", "D", "2026-05-18 10:00"),
        grumble("after the complaint", "D", "2026-05-19 11:00"),
        grumble("complains later", "E", "2026-05-18 10:00", complaint_id="K2"),
    ])  # fmt: skip
    put(bench, "mart_complaint", [complaint("K1", "D", "2026-05-19 10:00"), complaint("K2", "E", "2026-05-21 00:00")])
    assert _open(bench) == {
        "open",
        "today",
        "solved later",
        "oldest that counts",
        "after the complaint",
        "complains later",
    }


def test_a_customer_who_left_is_warned_about_no_more(bench: Workbench) -> None:
    put(
        bench,
        "mart_grumble",
        [grumble(name, name, "2026-05-18 10:00") for name in ("stays", "left", "left later", "unknown")],
    )
    put_record(bench, "customer", [
        {"customer_id": "stays", "month_on": "2026-05-01", "status_code": "active"},
        {"customer_id": "left", "month_on": "2026-05-01", "status_code": "left"},
        {"customer_id": "left later", "month_on": "2026-05-01", "status_code": "active"},
        {"customer_id": "left later", "month_on": "2026-06-01", "status_code": "left"},
    ])  # fmt: skip
    assert _open(bench) == {"stays", "left later", "unknown"}


@pytest.mark.parametrize(
    ("night", "is_open"), [(10, True), (11, False), (14, False), (15, True), (18, True), (19, False)]
)
def test_solved_or_not_is_told_by_the_last_word_said_by_then(bench: Workbench, night: int, is_open: bool) -> None:
    """Solved on the 11th, denied on the 15th, solved again on the 19th: no later word changes an earlier night."""
    said = [(11, "s"), (15, "d"), (19, "s")]
    instants = [f"{word}{int(dt.datetime(2026, 5, day, 4, tzinfo=dt.UTC).timestamp() * 1e6)}" for day, word in said]
    solved = {"solution_words": ";".join(instants), "solved_at": "2026-05-19 12:00:00+08:00"}
    put(bench, "mart_grumble", [grumble("G", "A", "2026-05-10 10:00", **solved)])
    assert (_open(bench, dt.date(2026, 5, night)) == {"G"}) is is_open


def test_how_far_it_is_solved_is_told_by_its_ticket_as_it_stood(bench: Workbench) -> None:
    names = ("none", "fresh", "overdue", "suspended", "closed", "closes later")
    put(bench, "mart_grumble", [grumble(name, name, "2026-05-16 10:00") for name in names])
    put_record(bench, "ticket", [
        {"ticket_id": "1", "contact_id": "fresh", "kind_code": "grumble", "opened_at": "2026-05-19 10:00:00+08:00"},
        {"ticket_id": "2", "contact_id": "overdue", "kind_code": "grumble", "opened_at": "2026-05-16 11:00:00+08:00"},
        {"ticket_id": "3", "contact_id": "suspended", "kind_code": "grumble", "opened_at": "2026-05-16 11:00:00+08:00",
         "suspended_until": "2026-05-25 10:00:00+08:00", "promised_at": "2026-05-25 10:00:00+08:00"},
        {"ticket_id": "4", "contact_id": "closed", "kind_code": "grumble", "opened_at": "2026-05-16 11:00:00+08:00",
         "closed_at": "2026-05-18 10:00:00+08:00"},
        {"ticket_id": "5", "contact_id": "closes "
"later", "kind_code": "grumble", "opened_at": "2026-05-19 11:00:00+08:00",
         "closed_at": "2026-05-21 10:00:00+08:00"},
    ])  # fmt: skip
    states = {name.removeprefix("contact:"): state for name, state in _states(bench)}
    assert states == {
        "none": "untouched", "fresh": "in_hand", "overdue": "overdue", "suspended": "mending", "closed": "failed",
        "closes later": "in_hand",
    }  # fmt: skip


@pytest.mark.parametrize(("night", "state"), [(17, "in_hand"), (18, "failed"), (21, "failed"), (22, "overdue")])
def test_how_far_it_was_solved_on_a_night_is_told_by_the_state_that_the_source_had_then(
    bench: Workbench, night: int, state: str
) -> None:
    """Closed on the 18th; on the 22nd the source takes the closing back, as if it had never been."""
    put(bench, "mart_grumble", [grumble("G", "A", "2026-05-16 10:00")])
    opened = {"ticket_id": "T", "contact_id": "G", "kind_code": "grumble", "opened_at": "2026-05-16 11:00:00+08:00"}
    put_record(bench, "ticket", [opened])
    base = {**opened, "opened_on": "2026-05-16"}
    states = [
        {**base, "version_at": "2026-05-16 11:00:00+08:00"},
        {**base, "version_at": "2026-05-18 10:00:00+08:00", "closed_at": "2026-05-18 10:00:00+08:00"},
        {**base, "version_at": "2026-05-22 09:00:00+08:00"},
    ]
    put(bench, "core_ticket_version", states)
    assert _states(bench, dt.date(2026, 5, night)) == [("contact:G", state)]


def test_the_four_parts_stand_beside_the_level(bench: Workbench) -> None:
    put(
        bench,
        "mart_grumble",
        [grumble("old", "A", "2026-05-04 10:00"), grumble("new", "B", "2026-05-20 10:00", "marketing")],
    )
    behaviours = [
        {"customer_id": "A", "behaviour_code": "limited_patience"},
        {"customer_id": "B", "behaviour_code": "not_shown_yet"},
    ]
    put(bench, "mart_customer_cluster", [{"month": "2026-04", **row} for row in behaviours])
    influences = [
        {"grumble_type_code": "tariff_billing", "coefficient": 0.1},
        {"grumble_type_code": "tariff_billing", "coefficient": 1.6, "cluster_code": "limited_patience"},
        {"grumble_type_code": "marketing", "coefficient": 2.0, "is_significant": False},
    ]
    put(bench, "mart_association", [{"month": "2026-04", **row} for row in influences])
    grade_nights(bench, [RULES], [NIGHT])
    columns = "duration_part, solved_part, association_part, tolerance_part, points, association_coefficient"
    found = rows(bench, "mart_grumble_level", columns, "customer_id")
    assert found == [(5, 3, 5, 5, 450, 1.6), (1, 3, 2, 3, 220, 0.0)]  # who has shown nothing bears as much as others


def test_without_clusters_and_associations_the_parts_stand_at_neutral_and_are_counted(bench: Workbench) -> None:
    put(bench, "mart_grumble", [grumble("G", "A", "2026-05-19 10:00", None)])
    counts = grade_nights(bench, [RULES], [NIGHT])
    assert rows(bench, "mart_grumble_level", "association_part, tolerance_part, probability_source_code", "1") == [
        (3, 3, "none")
    ]
    assert (
        counts["without_cluster"],
        counts["without_association"],
        counts["without_taxonomy"],
        counts["without_probability"],
    ) == (
        1,
        1,
        1,
        1,
    )


def _crowd(size: int, seed: int) -> list[Any]:
    luck = random.Random(seed)
    return [
        grumble(f"{number:05}", f"C{number:05}", f"2026-05-{luck.randint(1, 20):02} 10:{luck.randint(0, 59):02}")
        for number in range(size)
    ]


@pytest.mark.parametrize("size", [1000, 1237])
@pytest.mark.parametrize("tied", [False, True])
def test_level_shares_stand_within_their_bands_also_with_massive_ties(bench: Workbench, size: int, tied: bool) -> None:
    same = [grumble(f"{number:05}", f"C{number:05}", "2026-05-18 10:00") for number in range(size)]
    put(bench, "mart_grumble", same if tied else _crowd(size, 7))
    counts = Counter(_levels(bench).values())
    shares = {level: counts[level] / size for level in BANDS}
    assert all(low <= shares[level] <= high for level, (low, high) in BANDS.items()), shares


def test_ties_break_the_same_way_in_whatever_order_the_rows_came(bench: Workbench) -> None:
    crowd = _crowd(300, 3)
    found = []
    for seed in (1, 2):
        random.Random(seed).shuffle(crowd)
        put(bench, "mart_grumble", crowd)
        found.append(_levels(bench))
    assert found[0] == found[1]
    assert len(set(found[0].values())) == 5


def test_a_months_results_are_used_from_a_set_day_of_the_next_month_on() -> None:
    assert result_month(RULES, dt.date(2026, 5, 4)) == "2026-03"
    assert result_month(RULES, dt.date(2026, 5, 5)) == "2026-04"

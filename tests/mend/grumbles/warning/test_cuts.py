"""Cut points of the levels: fitted at a month's close, in force for the month after."""

# ruff: noqa: E501 - rows of text tables
from __future__ import annotations

import datetime as dt
import random
from collections import Counter

from tests.mend.grumbles.warning.tables import grumble, put, rows

from mend.foundation.home import Home
from mend.foundation.pipeline.model import read_model
from mend.foundation.pipeline.testing import check
from mend.foundation.pipeline.workbench import Workbench
from mend.grumbles.warning.cuts import NOBODY, cut_points, fit_levels
from mend.grumbles.warning.levels import grade_nights
from mend.grumbles.warning.rules import load_rules

ROOM = "grumbles/warning"
RULES = load_rules()[0]


def test_parts_make_points_and_what_is_not_known_counts_at_neutral() -> None:
    weights = {
        f"{name}_weight": weight
        for name, weight in (("duration", 25), ("solved", 25), ("association", 30), ("tolerance", 20))
    }
    cuts = {f"duration_{n}": days for n, days in ((2, 1), (3, 3), (4, 7), (5, 14))} | {
        f"association_{n}": value for n, value in ((2, 0.0), (3, 0.25), (4, 0.75), (5, 1.5))
    }
    check(read_model(ROOM, "weighed"), {
        "open_grumble": """
            day_on     | grumble_id | grumbled_at            | age_days::int | solved_state_code | behaviour_code
            2026-05-20 | 1          | 2026-05-20 09:00:00+08 | 0             | untouched         |
            2026-05-20 | 2          | 2026-05-06 09:00:00+08 | 14            | failed            | limited_patience
        """,
        "feature": """
            day_on     | grumble_id | coefficient::double
            2026-05-20 | 1          |
            2026-05-20 | 2          | 0.8
        """,
        "solved_part": """
            code      | part::int
            untouched | 3
            failed    | 5
        """,
        "tolerance_part": """
            code             | part::int
            limited_patience | 5
        """,
    }, """
        grumble_id | duration_part | solved_part | association_part | tolerance_part | points
        1          | 1             | 3           | 3                | 3              | 250
        2          | 5             | 5           | 4                | 5              | 470
    """, {**weights, **cuts, "association_neutral": 3, "tolerance_neutral": 3})  # fmt: skip


def test_a_level_is_told_by_points_then_age_then_association_and_without_cut_points_by_shares() -> None:
    check(read_model(ROOM, "graded"), {
        "weighed": """
            day_on     | grumble_id | grumbled_at            | age_days::int | association_coefficient::double | duration_part | solved_part | association_part | tolerance_part | points::int
            2026-05-20 | more       | 2026-05-20 09:00:00+08 | 0             |                                 | 1 | 3 | 3 | 3 | 381
            2026-05-20 | older      | 2026-05-11 09:00:00+08 | 9             | 0.1                             | 1 | 3 | 3 | 3 | 380
            2026-05-20 | stronger   | 2026-05-13 09:00:00+08 | 7             | 0.4                             | 1 | 3 | 3 | 3 | 380
            2026-05-20 | under      | 2026-05-13 09:00:00+08 | 7             | 0.3                             | 1 | 3 | 3 | 3 | 380
            2026-05-20 | least      | 2026-05-20 09:00:00+08 | 0             |                                 | 1 | 3 | 3 | 3 | 100
            2026-05-21 | one        | 2026-05-13 09:00:00+08 | 7             | 0.3                             | 1 | 3 | 3 | 3 | 300
            2026-05-21 | two        | 2026-05-14 09:00:00+08 | 7             | 0.3                             | 1 | 3 | 3 | 3 | 300
        """,
        "cut": """
            day_on     | cut_month | points_5::int | age_days_5::int | coefficient_5::double | points_4::int | age_days_4::int | coefficient_4::double | points_3::int | age_days_3::int | coefficient_3::double | points_2::int | age_days_2::int | coefficient_2::double
            2026-05-20 | 2026-04   | 380           | 7               | 0.4                   | 380           | 0               | -1000                 | 300           | 0               | 0                     | 200           | 0               | 0
        """,
    }, """
        grumble_id | level | cut_month
        more       | 5     | 2026-04
        older      | 5     | 2026-04
        stronger   | 5     | 2026-04
        under      | 4     | 2026-04
        least      | 1     | 2026-04
        one        | 4     |
        two        | 2     |
    """, {"permille_5": 125, "permille_4": 300, "permille_3": 600, "permille_2": 800})  # fmt: skip


def test_places_are_in_order_with_their_grumbles() -> None:
    check(read_model(ROOM, "cut_key"), {"weighed": """
        points::int | age_days::int | association_coefficient::double
        300         | 2             | 0.5
        300         | 2             | 0.5
        300         | 2             |
        400         | 0             | 0.1
    """}, """
        points | age_days | coefficient | grumbles
        400    | 0        | 0.1         | 1
        300    | 2        | 0.5         | 2
        300    | 2        | -1000.0     | 1
    """)  # fmt: skip


def test_cut_points_come_as_near_to_the_shares_as_whole_places_allow() -> None:
    even = [((500 - n, 0, 0.0), 1) for n in range(1000)]
    found = cut_points(RULES, even)
    assert {level: share for level, (_, share) in found.items()} == {5: 0.125, 4: 0.3, 3: 0.6, 2: 0.8}
    # Two of three grumbles are alike: nobody is at level 5 or 4 rather than all of them.
    lumps = cut_points(RULES, [((400, 0, 0.0), 2), ((300, 0, 0.0), 1)])
    assert {level: key for level, (key, _) in lumps.items()} == {
        5: NOBODY,
        4: NOBODY,
        3: (400, 0, 0.0),
        2: (400, 0, 0.0),
    }


def _world(bench: Workbench, size: int = 4500) -> None:
    """Grumbles on all days from March to May; three clusters, three types of different influence."""
    luck = random.Random(5)
    types = ("tariff_billing", "marketing", "call_quality")
    first = dt.date(2026, 3, 1)
    days = [first + dt.timedelta(days=luck.randrange(92)) for _ in range(size)]
    put(bench, "mart_grumble", [
        grumble(f"{n:05}", f"C{n:05}", f"{day} 10:{n % 60:02}", types[n % 3]) for n, day in enumerate(days)
    ])  # fmt: skip
    behaviours = ("limited_patience", "cooperative_realist", "not_shown_yet")
    people = [{"customer_id": f"C{n:05}", "behaviour_code": luck.choice(behaviours)} for n in range(size)]
    put(bench, "mart_customer_cluster", [{"month": m, **row} for m in ("2026-03", "2026-04") for row in people])
    influence = [
        {"grumble_type_code": kind, "coefficient": value} for kind, value in zip(types, (0.1, 0.9, 1.7), strict=True)
    ]
    put(bench, "mart_association", [{"month": m, **row} for m in ("2026-03", "2026-04") for row in influence])


def test_the_stated_shares_come_out_in_the_month_after_without_being_forced(home: Home, bench: Workbench) -> None:
    _world(bench)
    report = fit_levels(home, bench, "2026-04")
    assert (report.nights, set(report.cuts), report.not_fitted) == (4, {"5", "4", "3", "2"}, "")
    nights = [dt.date(2026, 5, day) for day in (4, 5, 12, 19, 26)]
    grade_nights(bench, [RULES], nights)
    months = rows(bench, "mart_grumble_level", "distinct day_on, cut_month", "1")
    assert months == [(nights[0], None), *((night, "2026-04") for night in nights[1:])]
    counts = Counter(level for (level,) in rows(bench, "mart_grumble_level", "level", "1", "cut_month is not null"))
    shares = {level: counts[level] / counts.total() for level in counts}
    bands = {5: (0.10, 0.15), 4: (0.15, 0.20), 3: (0.27, 0.33), 2: (0.17, 0.23), 1: (0.17, 0.23)}
    assert all(low <= shares[level] <= high for level, (low, high) in bands.items()), shares


def test_no_other_grumble_of_the_night_moves_a_level(home: Home, bench: Workbench) -> None:
    _world(bench)
    fit_levels(home, bench, "2026-04")
    night = dt.date(2026, 5, 20)

    def level_of_one() -> list[int]:
        grade_nights(bench, [RULES], [night])
        return [row[0] for row in rows(bench, "mart_grumble_level", "level", "1", "grumble_id = 'contact:one'")]

    one = grumble("one", "C00001", "2026-05-20 10:00", "marketing")
    put(bench, "mart_grumble", [one])
    alone = level_of_one()
    put(bench, "mart_grumble", [one, *(grumble(f"n{n}", f"N{n}", "2026-05-02 10:00") for n in range(500))])
    assert (level_of_one(), len(alone)) == (alone, 1)


def test_too_few_grumbles_give_no_cut_points_and_say_so(home: Home, bench: Workbench) -> None:
    put(bench, "mart_grumble", [grumble("one", "C1", "2026-04-20 10:00")])
    report = fit_levels(home, bench, "2026-04")
    assert (report.cuts, report.not_fitted) == ({}, "1 open grumbles, 100 are needed")
    assert rows(bench, "mart_grumble_cut", "level", "1") == []

"""Problems go to the departments in charge and those that support them, down to the branches, and demands come back
up.
"""

from __future__ import annotations

import datetime as dt

from tests.mend.damage.scoring.rows import put as put_record
from tests.mend.grumbles.warning.tables import grumble, put, rows
from tests.mend.grumbles.warning.test_lists import TAXONOMY

from mend.foundation.home import Home
from mend.foundation.pipeline.workbench import Workbench
from mend.grumbles.warning import warn
from mend.grumbles.warning.rules import load_rules

NIGHT = dt.date(2026, 5, 20)
COLUMNS = (
    "direction_code, department_code, role_code, city_code, level, grumble_count, customer_count, above_count, "
    "top_type_code"
)


def _routed(home: Home, bench: Workbench, where: str = "true") -> list[tuple[object, ...]]:
    warn(home, bench, [NIGHT])
    return rows(bench, "mart_routed_problem", COLUMNS, COLUMNS, where)


def test_pressure_goes_down_and_across_and_a_demand_for_what_is_overdue_goes_up(home: Home, bench: Workbench) -> None:
    put(bench, "mart_grumble_type", TAXONOMY)
    put(bench, "mart_grumble", [
        grumble("1", "A", "2026-05-16 10:00", "indoor_weak", city_code="suzhou"),
        grumble("2", "B", "2026-05-16 10:00", "tariff_billing", city_code="wuxi"),
    ])  # fmt: skip
    put_record(bench, "ticket", [
        {"ticket_id": "T", "contact_id": "1", "kind_code": "grumble", "opened_at": "2026-05-16 11:00:00+08:00"}
        ])  # fmt: skip
    assert _routed(home, bench) == [
        ("across", "market", "support", "suzhou", 4, 1, 1, 1, "indoor_weak"),
        ("down", "market", "lead", "wuxi", 2, 1, 1, 0, "tariff_billing"),
        ("down", "network", "lead", "suzhou", 4, 1, 1, 1, "indoor_weak"),
        ("up", "network", "lead", "suzhou", 4, 1, 1, 1, "indoor_weak"),
    ]


def test_each_row_says_what_is_to_be_done_in_both_languages(home: Home, bench: Workbench) -> None:
    put(bench, "mart_grumble_type", TAXONOMY)
    put(
        bench,
        "mart_grumble",
        [grumble(f"{n:02}", f"C{n:02}", f"2026-05-18 {n:02}:00", "indoor_weak") for n in range(12)],
    )
    warn(home, bench, [NIGHT])
    found = rows(
        bench, "mart_routed_problem", "direction_code, level, actions_en, actions_zh", "direction_code, level desc"
    )
    rules = load_rules()[0]
    for direction, level, en, zh in found:
        own = rules.actions_of("network" if direction == "down" else "market", level)
        words = own.branch if direction == "down" else own.department
        assert (en, zh) == (words.en, words.zh)
    assert {level for _, level, _, _ in found} == {1, 2, 3, 4, 5}


def test_every_open_grumble_is_routed_once_to_the_department_in_charge(home: Home, bench: Workbench) -> None:
    put(bench, "mart_grumble_type", TAXONOMY)
    kinds = ("indoor_weak", "tariff_billing", "unheard_of", None)
    grumbles = [
        grumble(f"{n:03}", f"C{n // 2:03}", "2026-05-18 10:00", kinds[n % 4], city_code=("suzhou", None)[n % 2])
        for n in range(100)
    ]
    put(bench, "mart_grumble", grumbles)
    down = _routed(home, bench, "direction_code = 'down'")
    assert sum(int(str(row[5])) for row in down) == 100
    assert {row[1] for row in down} == {"network", "market", "service"}
    assert {row[3] for row in down} == {"suzhou", "unknown"}

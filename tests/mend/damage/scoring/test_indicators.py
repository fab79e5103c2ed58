"""Each indicator and credit: a small table, the points expected, and the boundary on both sides."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from tests.conftest import Template, fresh_home
from tests.mend.damage.scoring.cases import CREDITS, INCIDENTS, INDICATORS, Case, at
from tests.mend.damage.scoring.rows import put

from mend.damage.scoring import load_rules, score
from mend.damage.scoring.measured import EVERYTHING
from mend.foundation.home import Home
from mend.foundation.pipeline.workbench import Workbench

CASES = [*INDICATORS, *CREDITS, *INCIDENTS]
MAY = [dt.date(2026, 5, 1) + dt.timedelta(days=number) for number in range(31)]
APRIL_20 = dt.date(2026, 4, 20)
NAMED = ("contact_id", "ticket_id", "survey_id", "booking_id", "repair_id", "about_id")


@pytest.fixture(scope="module")
def points(template: Template, tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, dict[str, int]]]:
    """Case → indicator → net points: all cases scored in one run, a customer each."""
    with fresh_home(template, tmp_path_factory.mktemp("cases")) as home, Workbench.open(home) as bench:
        _put_all(bench)
        score(home, bench, [APRIL_20, *MAY], loaded=[APRIL_20, *MAY], provided=EVERYTHING)
        yield _net(bench)


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_the_points_of(case: Case, points: dict[str, dict[str, int]]) -> None:
    expected = {indicator: value for indicator, value in case.points.items() if value != 0}
    assert points.get(case.name, {}) == expected


def test_every_indicator_and_credit_has_cases_that_hit_and_cases_that_do_not() -> None:
    rules = load_rules()[-1]
    named = {case.name.split(" ")[0] for case in CASES}
    assert set(rules.indicators) | set(rules.credits) <= named


def _put_all(bench: Workbench) -> None:
    rows: dict[str, list[dict[str, Any]]] = defaultdict(list)
    for case in CASES:
        for record, row in case.rows:
            rows[record].append(_of_customer(row, case.name))
    # The month before: the topic "slow" took 100 s in the middle (90, 100, 110).
    for number, seconds in enumerate((90, 100, 110)):
        before = {
            "contact_id": f"april {number}",
            "customer_id": f"april {number}",
            "started_at": "2026-04-20 10:00:00+08:00",
        }
        rows["contact"].append(
            {**before, "outcome": "answered", "is_answered": 1, "topic_code": "slow", "talk_seconds": seconds}
        )
    for record, its_rows in rows.items():
        put(bench, record, its_rows)


def _of_customer(row: dict[str, Any], name: str) -> dict[str, Any]:
    """The row with ids of its own: the customer is the case, and every id carries its name."""
    named = {key: f"{name}: {value}" for key, value in row.items() if key in NAMED and value is not None}
    return {**row, **named, "customer_id": name}


def _net(bench: Workbench) -> dict[str, dict[str, int]]:
    bench.view("mart_damage_ledger")
    found: dict[str, dict[str, int]] = defaultdict(dict)
    query = (
        "select customer_id, indicator_id, sum(points)::int from mart_damage_ledger group by all having "
        "sum(points) <> 0"
    )
    for customer, indicator, total in bench.sql(query):
        found[customer][indicator] = total
    return found


def test_at_gives_an_instant_in_the_business_zone() -> None:
    assert at("10 09:00:00") == "2026-05-10 09:00:00+08:00"


def test_a_ledger_row_names_customer_subject_indicator_version_points_and_day(home: Home, bench: Workbench) -> None:
    row = {
        "contact_id": "k",
        "customer_id": "c",
        "started_at": "2026-05-10 10:00:00+08:00",
        "outcome": "refused",
        "is_refused": 1,
    }
    put(bench, "contact", [row])
    score(home, bench, [dt.date(2026, 5, 10)], loaded=[dt.date(2026, 5, 10)], provided=EVERYTHING)
    bench.view("mart_damage_ledger")
    columns = "customer_id, subject_kind_code, subject_id, indicator_id, rule_version, points, posted_on, incident_id"
    assert bench.sql(f"select {columns} from mart_damage_ledger") == [
        ("c", "contact", "k", "CON-01", dt.date(1990, 1, 1), 3, dt.date(2026, 5, 10), None)
    ]


def test_rules_are_found_beside_the_module() -> None:
    assert (Path("include/mend/damage/scoring/rules") / f"{load_rules()[0].valid_from}.yaml").is_file()

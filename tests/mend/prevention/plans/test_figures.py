"""What came of plans: rates with the interval they deserve, and no comparison where counts are missing."""

from __future__ import annotations

import datetime as dt
from typing import Any

import numpy as np
import pytest
from tests.mend.damage.scoring.rows import put

from mend.foundation import operations
from mend.foundation.home import Home
from mend.foundation.pipeline.model import read_model
from mend.foundation.pipeline.testing import check
from mend.foundation.pipeline.workbench import Workbench
from mend.prevention.plans.figures import Launched, half_years, make_figures, read_figures, rows_of
from mend.prevention.plans.rates import Rate, Reached, change_of, least_reached, rate_of
from mend.prevention.plans.report import figures_in_words, published

MONTH = "2026-03"


def launched(name: str, day: str, *, is_reviewed: bool, reached: tuple[int, int] | None) -> Launched:
    known = None if reached is None else Reached(*reached)
    return Launched(name, dt.date.fromisoformat(day), is_reviewed, known)


def groups(*plans: Launched) -> dict[str, dict[str, Any]]:
    return {row["group_code"]: row for row in rows_of(MONTH, half_years(MONTH), plans)}


def test_half_years_stand_side_by_side_and_reviewed_beside_not() -> None:
    found = groups(
        *(launched(f"a{i}", "2025-06-01", is_reviewed=False, reached=(100_000, 21)) for i in range(6)),
        *(launched(f"b{i}", "2025-10-01", is_reviewed=True, reached=(100_000, 13)) for i in range(5)),
        launched("c", "2026-03-31", is_reviewed=False, reached=(100_000, 13)),
    )
    assert (found["now"]["first_month"], found["now"]["last_month"]) == ("2025-10", "2026-03")
    assert (found["before"]["first_month"], found["before"]["last_month"]) == ("2025-04", "2025-09")
    assert (found["now"]["plan_count"], found["now"]["reviewed_count"]) == (6, 5)
    assert found["now"]["complaints_per_10000"] == pytest.approx(1.3)
    assert found["now"]["change"] == pytest.approx(1.3 / 2.1 - 1)
    assert -0.6 < found["now"]["change_low"] < found["now"]["change_high"] < 0
    assert found["reviewed"]["against_group_code"] == "not_reviewed"
    assert found["before"]["change"] is None


def test_what_is_not_known_is_counted_and_compares_nothing() -> None:
    found = groups(
        launched("a", "2025-10-01", is_reviewed=True, reached=None),
        launched("b", "2025-11-01", is_reviewed=True, reached=(0, 0)),
        launched("c", "2025-06-01", is_reviewed=False, reached=(50_000, 10)),
    )
    now = found["now"]
    assert (now["plan_count"], now["counted_plans"], now["complaints_per_10000"]) == (2, 1, None)
    assert (now["change"], now["reason_en"]) == (None, "no plans with known reach on one side")
    none = groups(
        launched("a", "2025-10-01", is_reviewed=True, reached=(4000, 0)),
        launched("b", "2025-10-02", is_reviewed=True, reached=(5000, 0)),
        launched("c", "2025-06-01", is_reviewed=False, reached=(50_000, 10)),
    )["now"]
    assert (none["complaints_per_10000"], none["low"]) == (0.0, 0.0)
    assert none["high"] == pytest.approx(4.1, abs=0.05)  # exact: 3.69 complaints
    assert none["reason_en"] == "no complaints on one side: a ratio says nothing"


def test_one_plan_has_a_rate_and_no_interval_and_compares_with_nothing() -> None:
    found = groups(
        launched("a", "2025-10-01", is_reviewed=True, reached=(100_000, 13)),
        launched("b", "2025-06-01", is_reviewed=False, reached=(100_000, 21)),
        launched("c", "2025-06-02", is_reviewed=False, reached=(100_000, 21)),
    )
    now = found["now"]
    assert (now["complaints_per_10000"], now["low"], now["high"], now["dispersion"]) == (
        pytest.approx(1.3),
        None,
        None,
        None,
    )
    assert (now["change"], now["reason_en"]) == (None, "one plan on one side: it tells nothing of how plans differ")
    assert "1.30 per 10 000 (one plan: no interval)" in figures_in_words([now], "en")[0]
    assert "1.30（仅一个方案，无区间）" in figures_in_words([now], "zh")[0]
    assert found["before"]["low"] is not None


@pytest.mark.parametrize("plans", [2, 3, 4, 5, 8])
@pytest.mark.parametrize("spread", [0.0, 0.6, 1.0])
def test_few_plans_have_an_interval_that_counts_how_they_differ(plans: int, spread: float) -> None:
    chance = np.random.default_rng(11)
    truth, covered, worlds = 2.0, 0, 400
    for _ in range(worlds):
        own = np.exp(chance.normal(-(spread**2) / 2, spread, plans)) * truth / 10_000
        found = rate_of([Reached(60_000, int(chance.poisson(60_000 * rate))) for rate in own])
        assert found is not None
        assert found.low is not None
        assert found.high is not None
        covered += found.low <= truth <= found.high
    assert covered / worlds > (0.92 if spread < 1 else 0.87)


@pytest.mark.parametrize("spread", [0.0, 0.6])
def test_the_interval_covers_the_truth_also_when_plans_differ(spread: float) -> None:
    """Plans whose own rates scatter: chance alone would give an interval far too narrow."""
    chance = np.random.default_rng(7)
    truth, covered, worlds = 2.0, 0, 600
    for _ in range(worlds):
        own = np.exp(chance.normal(-(spread**2) / 2, spread, 40)) * truth / 10_000
        found = rate_of([Reached(60_000, int(chance.poisson(60_000 * rate))) for rate in own])
        assert found is not None
        assert found.low is not None
        assert found.high is not None
        covered += found.low <= truth <= found.high
    assert covered / worlds > 0.91


def test_on_no_difference_few_are_called_one() -> None:
    chance = np.random.default_rng(3)
    wrong = 0
    for _ in range(600):
        sides = []
        for _ in range(2):
            own = np.exp(chance.normal(-0.08, 0.4, 27)) * 2 / 10_000
            sides.append(rate_of([Reached(30_000, int(chance.poisson(30_000 * rate))) for rate in own]))
        assert sides[0] is not None
        assert sides[1] is not None
        found = change_of(*sides)
        assert found is not None
        wrong += not found.low <= 0 <= found.high
    assert wrong / 600 < 0.08


def test_the_published_figures_say_what_they_can_prove_and_what_not() -> None:
    words = "\n".join(published("en"))
    assert "54 plans, 95 % reviewed, complaints per 10 000 reached from 2.1 to 1.3 (-38%)" in words
    assert "51/54 = 94.4% (84.9% to 98.1%)" in words
    assert "no interval" in words
    assert "209,000 customers" in words
    assert "-38%" in "\n".join(published("zh"))
    at = least_reached(2.1, 1.3)
    sure, unsure = (
        change_of(*(Rate(27, reached, round(reached * rate / 10_000), rate, rate, rate, 1.0) for rate in (1.3, 2.1)))
        for reached in (at * 2, at // 2)
    )
    assert sure is not None
    assert unsure is not None
    assert sure.high < 0 < unsure.high


def test_a_month_is_written_once_and_told_in_both_languages(home: Home, bench: Workbench) -> None:
    rows = [
        {
            "plan_id": f"P{number}",
            "submitted_on": f"2026-02-0{number}",
            "launched_on": "2026-02-20",
            "customers_reached_count": "40000",
            "complaints_after_count": str(number),
        }
        for number in range(1, 7)
    ]
    old = {
        "plan_id": "P9",
        "submitted_on": "2025-08-01",
        "customers_reached_count": "90000",
        "complaints_after_count": "40",
    }
    put(bench, "marketing_plan", [*rows, old])
    with operations.transaction(home.database_url) as connection:
        for plan_id, day in (("P1", "2026-02-10"), ("P2", "2026-02-21")):
            connection.exec_driver_sql(
                "insert into plan_review (plan_id, round_number, event_code, decided_by, decided_through, at, "
                "content_sha256, rules_from) values (%s, 1, 'approved', 'boss', 'a test', %s, 'x', '1990-01-01')",
                (plan_id, f"{day} 12:00:00+08:00"),
            )
    for _ in range(2):
        report = make_figures(home, bench, MONTH)
    assert (report.plans, report.reviewed, report.rows) == (6, 1, 4)  # P2 was approved the day after its launch
    found = read_figures(bench, MONTH)
    assert [row["group_code"] for row in found] == ["now", "before", "reviewed", "not_reviewed"]
    english, chinese = (figures_in_words(found, language) for language in ("en", "zh"))
    assert english[0].startswith(
        "this half-year: 6 plans, 1 reviewed before their launch (17%, 3% to 56%), 1 only after it, which counts as "
        "not reviewed; 21 complaints of 240,000 customers"
    )
    assert [(row["reviewed_count"], row["reviewed_late_count"]) for row in found] == [(1, 1), (0, 0), (1, 0), (0, 1)]
    assert chinese[0].startswith("本半年：方案6个，上线前已评审1个（17%，3%至56%），上线后才评审1个（按未评审计）；")
    assert english[-1].startswith("Nobody drew lots")
    assert chinese[1].startswith("上一半年：方案1个")


def test_a_month_made_again_knows_no_approval_that_came_after_it(home: Home, bench: Workbench) -> None:
    put(bench, "marketing_plan", [{"plan_id": "P1", "submitted_on": "2026-02-01", "launched_on": "2026-02-20"}])
    with operations.transaction(home.database_url) as connection:
        connection.exec_driver_sql(
            "insert into plan_review (plan_id, round_number, event_code, decided_by, decided_through, at, "
            "content_sha256, rules_from) values ('P1', 1, 'approved', 'boss', 'a test', %s, 'x', '1990-01-01')",
            ("2026-03-31 17:00:00+00:00",),  # 1 April in the home's zone
        )
    counted = {}
    for month in (MONTH, "2026-04"):
        make_figures(home, bench, month)
        counted[month] = read_figures(bench, month)[0]["reviewed_late_count"]
    assert counted == {MONTH: 0, "2026-04": 1}


def test_launched_plan() -> None:
    check(
        read_model("prevention/plans", "launched_plan"),
        {
            "plan_row": """
                plan_id | submitted_on | launched_on | customers_reached_count | complaints_after_count
                a | 2026-01-31 | 2026-02-01 | 100 | 1
                b | 2026-01-31 | | 200 |
                c | 2026-02-03 | | 300 | 0
                d | 2026-01-01 | 2026-03-01 | 400 | 0
                """
        },
        """
        plan_id | began_on | customers_reached_count | complaints_after_count
        a | 2026-02-01 | 100 | 1
        c | 2026-02-03 | 300 | 0
        """,
        {"first_day": dt.date(2026, 2, 1), "last_day": dt.date(2026, 2, 28)},
    )

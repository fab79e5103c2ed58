"""Costs, dated amounts, authority limits by level, budgets and floors by city, seasons."""

from __future__ import annotations

import datetime as dt
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.mend.repair.strategies.files import changed, of, setting

from mend.repair.strategies import Strategy, load_strategies, parse_strategies
from mend.repair.strategies.strategy import Floor

FIRST = dt.date(1990, 1, 1)
LIMITS = {0: 0, 1: 0, 2: 40, 3: 50, 4: 100}


def rebate(**keys: object) -> Strategy:
    return parse_strategies(changed(of("rebate", **keys))).strategy("rebate")


DATED = rebate(
    cost=90,
    authority_limit=LIMITS,
    compensation=[
        {"valid_from": FIRST, "amount": 40},
        {"valid_from": dt.date(2026, 7, 1), "amount": {0: 0, 1: 10, 2: 41, 3: 50, 4: 80}},
    ],
)


@pytest.mark.parametrize(
    ("day", "level", "amount", "is_over"),
    [
        (dt.date(2026, 6, 30), 4, 40, False),
        (dt.date(2026, 6, 30), 2, 40, False),  # as much as the limit is not over it
        (dt.date(2026, 6, 30), 1, 40, True),
        (dt.date(2026, 7, 1), 0, 0, False),  # nothing is given
        (dt.date(2026, 7, 1), 1, 10, True),
        (dt.date(2026, 7, 1), 2, 41, True),
        (dt.date(2026, 7, 1), 4, 80, False),
        (dt.date(1989, 12, 31), 4, 0, False),
    ],
)
def test_an_amount_is_that_of_the_day_and_level_and_held_to_its_limit(
    day: dt.date, level: int, amount: int, is_over: bool
) -> None:
    assert (DATED.amount_on(day, level), DATED.is_over_authority(day, level)) == (amount, is_over)


def test_a_cost_is_one_number_or_one_for_each_level() -> None:
    assert [rebate(cost=60).cost_at(level) for level in range(5)] == [60] * 5
    by_level = {0: 50, 1: 51, 2: 52, 3: 53, 4: 54}
    assert [rebate(cost=by_level).cost_at(level) for level in range(5)] == [50, 51, 52, 53, 54]


def test_a_city_that_is_not_named_has_what_the_others_have() -> None:
    found = rebate(city_budget={"default": 0, "hangzhou": 900, "0571": "unlimited"}, city_capacity=None)
    assert [found.budget_in(city) for city in ("hangzhou", "0571", "wenzhou", "unknown")] == [900, None, 0, 0]
    assert found.capacity_in("hangzhou") is None


def test_what_is_owed_uses_the_seats_of_another_strategy() -> None:
    owed = load_strategies()[0].strategy("complaint_handling")
    assert owed.capacity_from == "phone_callback"
    assert (owed.capacity_per_day, owed.capacity_per_month) == (None, None)


@given(st.integers(0, 100), st.integers(0, 10_000))
def test_a_floor_s_share_is_rounded_up_as_it_is_written(per_cent: int, candidates: int) -> None:
    found = Floor(None, per_cent / 100).of(candidates)
    assert found >= Fraction(per_cent, 100) * candidates > found - 1
    assert found <= candidates


def test_a_floor_is_a_number_or_a_share_by_city() -> None:
    floors = {"default": {"share": 0.1}, "hangzhou": {"least": 200}}
    found = parse_strategies(changed(setting(floors=floors))).settings
    assert [found.floor_in("hangzhou", 1000), found.floor_in("hangzhou", 50), found.floor_in("wenzhou", 71)] == [
        200,
        50,
        8,
    ]
    assert load_strategies()[0].settings.floor_in("hangzhou", 1000) == 0


@pytest.mark.parametrize(
    ("months", "seasons"),
    [
        (6, {"2026-01": "2026H1", "2026-06": "2026H1", "2026-07": "2026H2", "2026-12": "2026H2"}),
        (12, {"2026-01": "2026", "2026-12": "2026"}),
        (3, {"2026-03": "2026Q1", "2026-04": "2026Q2", "2026-12": "2026Q4"}),
        (4, {"2026-04": "2026S1", "2026-05": "2026S2", "2026-12": "2026S3"}),
        (1, {"2026-01": "2026M1", "2026-12": "2026M12"}),
    ],
)
def test_a_season_is_so_many_months_of_a_year(months: int, seasons: dict[str, str]) -> None:
    found = parse_strategies(changed(setting(season_months=months))).settings
    assert {month: found.season_of(month) for month in seasons} == seasons

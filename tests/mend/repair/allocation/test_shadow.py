"""What those held out would have been given, at the prices that the others paid."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from bench.allocation import problem_of

from mend.repair.allocation import Problem, allocate, shadow

NO_LIMITS = {"seats": {}, "budgets": {}, "totals": {}, "floors": {}}


def only(problem: Problem, is_kept: np.ndarray) -> Problem:
    """These customers alone, numbered again."""
    number = np.cumsum(is_kept) - 1
    rows = is_kept[problem.customer]
    kept = {name: getattr(problem, name)[rows] for name in ("strategy", "benefit", "cost")}
    return replace(problem, customer=number[problem.customer[rows]], city=problem.city[is_kept], **kept)


def test_two_held_out_beside_three_who_were_allocated() -> None:
    """Two seats for 9, 8 and 5: the price is between 5 and 8. Held out: 8 would have been listed, 5 would not."""
    three, two = np.arange(3), np.arange(2)
    found = allocate(Problem(three, 0 * three, np.array([9, 8, 5]), 0 * three, 0 * three, seats={(0, 0): 2}))
    held_out = Problem(two, 0 * two, np.array([9, 4]), 0 * two, 0 * two)
    assert found.chosen.tolist() == [0, 0, -1]
    assert shadow(held_out, found.prices).tolist() == [0, -1]


def test_who_costs_more_than_the_budget_ever_was_gets_nothing() -> None:
    one = np.zeros(1, np.int32)
    found = allocate(Problem(one, one, np.array([9]), np.array([3]), one, budgets={(0, 0): 10}))
    assert shadow(Problem(one, one, np.array([99]), np.array([11]), one), found.prices).tolist() == [-1]
    assert shadow(Problem(one, one, np.array([99]), np.array([10]), one), found.prices).tolist() == [0]


@pytest.mark.parametrize("order", [1, -1])
def test_the_listed_themselves_choose_at_the_prices_what_they_were_given(order: int) -> None:
    """With benefits that all differ, all but the few who were split to fill the last units; prices in any order."""
    problem = problem_of(6000, "continuous", 6)
    found = allocate(problem)
    again = shadow(replace(problem, **NO_LIMITS), found.prices[::order])
    assert (again == found.chosen).mean() > 0.9


def test_a_random_fifth_held_out_would_have_been_listed_as_often_as_the_others() -> None:
    problem = problem_of(40_000, "continuous", 8)
    is_held_out = np.random.default_rng(1).random(40_000) < 0.2
    others = only(problem, ~is_held_out)
    found = allocate(others)
    shadowed = shadow(only(replace(problem, **NO_LIMITS), is_held_out), found.prices)
    listed, would = found.chosen >= 0, shadowed >= 0
    assert abs(listed.mean() - would.mean()) < 4 * np.sqrt(0.25 / is_held_out.sum())

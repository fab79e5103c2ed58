"""What one unit more or less is worth, against the linear model solved again from the start."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from tests.mend.repair.allocation.worlds import Kind, penalty, some

from mend.repair.allocation import Options, Price, Problem, allocate
from mend.repair.allocation.core import group
from mend.repair.allocation.layout import lay_out
from mend.repair.allocation.solver import solve_relaxed

FAMILY = {"seat": "seats", "budget": "budgets", "total": "totals", "floor": "floors"}


def relaxed(problem: Problem, points: int) -> float:
    layout = lay_out(problem)
    solved = solve_relaxed(group(layout, np.arange(layout.places)), layout.limits, points)
    assert solved is not None
    return solved.worth


def changed(problem: Problem, price: Price, by: int) -> Problem:
    name = FAMILY[price.resource]
    cell = (price.strategy, price.city)
    key = price.strategy if price.resource == "total" else price.city if price.resource == "floor" else cell
    sign = -1 if price.resource == "floor" else 1
    return replace(problem, **{name: {**getattr(problem, name), key: price.capacity + sign * by}})


@pytest.mark.parametrize("kind", ["plain", "ties", "floors"])
@pytest.mark.parametrize("exact", [0, 3000])
def test_a_value_is_the_change_of_the_linear_model(kind: Kind, exact: int) -> None:
    for seed in range(6):
        problem = replace(some(np.random.default_rng(seed), 60 + 20 * seed, 4, 3, kind), totals={})
        points, base = penalty(problem), relaxed(problem, penalty(problem))
        for price in allocate(problem, Options(exact_customers=exact)).prices:
            if price.capacity < 6:
                continue  # one yuan less than the highest cost takes the choice away, which no linear model knows
            more, less = price.value_of_one_more, price.value_of_one_less
            assert more == pytest.approx(relaxed(changed(problem, price, 1), points) - base, abs=1e-4), (seed, price)
            assert less == pytest.approx(base - relaxed(changed(problem, price, -1), points), abs=1e-4), (seed, price)


def test_a_total_is_valued_exactly_and_a_city_beside_it_on_the_cautious_side() -> None:
    for seed in range(6):
        problem = replace(some(np.random.default_rng(seed), 150, 4, 3, "ties"), totals={0: 12, 1: 15, 2: 20})
        points, base = penalty(problem), relaxed(problem, penalty(problem))
        for price in allocate(problem).prices:
            if price.capacity < 6:
                continue
            assert price.value_of_one_more is not None
            assert price.value_of_one_less is not None
            more = relaxed(changed(problem, price, 1), points) - base
            less = base - relaxed(changed(problem, price, -1), points)
            if price.resource == "total":
                assert price.value_of_one_more == pytest.approx(more, abs=1e-4)
                assert price.value_of_one_less == pytest.approx(less, abs=1e-4)
            assert price.value_of_one_more >= more - 1e-4
            assert price.value_of_one_less <= less + 1e-4


def test_with_ties_one_more_and_one_less_differ() -> None:
    """Three seats; worth 9, 9, 9 and 4: a fourth seat brings 4, a third one less costs 9."""
    four = np.arange(4, dtype=np.int32)
    none = np.zeros(4, np.int32)
    problem = Problem(four, none, np.array([9, 9, 9, 4]), none, none, seats={(0, 0): 3})
    (price,) = allocate(problem).prices
    assert (price.value_of_one_more, price.value_of_one_less) == (4.0, 9.0)
    assert 4 <= price.price <= 9


def test_a_seat_where_there_is_none_has_a_value_and_one_less_of_it_has_none() -> None:
    one = np.zeros(1, np.int32)
    (price,) = allocate(Problem(one, one, np.array([7]), one, one, seats={(0, 0): 0})).prices
    assert (price.used, price.value_of_one_more, price.value_of_one_less) == (0, 7.0, None)


def test_what_is_left_over_is_worth_nothing_more() -> None:
    one = np.zeros(1, np.int32)
    (price,) = allocate(Problem(one, one, np.array([7]), one, one, seats={(0, 0): 5})).prices
    assert (price.price, price.value_of_one_more, price.value_of_one_less) == (0, 0.0, 0.0)

"""Small problems get their optimum: compared with every possible allocation, and with HiGHS on the plain model."""

from __future__ import annotations

import numpy as np
import pytest
from tests.mend.repair.allocation.worlds import KINDS, best_by_trying, faults, shuffled, some, tiny, worth

from mend.repair.allocation import Problem, allocate, replay


@pytest.mark.parametrize("first", range(0, 400, 50))
def test_a_tiny_problem_gets_the_best_of_all_allocations(first: int) -> None:
    for seed in range(first, first + 50):
        problem = tiny(seed)
        found = allocate(problem)
        assert faults(problem, found.chosen) == [], seed
        assert worth(problem, found) == best_by_trying(problem), seed
        assert found.is_exact, seed
        assert found.bound == found.benefit, seed


def test_the_three_of_an_example_by_hand() -> None:
    """Two seats of strategy 5 and 10 yuan for strategy 7: customer 1 goes without, though 2 alone would be worth less.

    customer  5     7 (yuan)
    0         9     8 (10)
    1         6     -
    2         7     -
    """
    problem = Problem(
        customer=np.array([0, 0, 1, 2]),
        strategy=np.array([5, 7, 5, 5]),
        benefit=np.array([9, 8, 6, 7]),
        cost=np.array([0, 10, 0, 0]),
        city=np.array([3, 3, 3]),
        seats={(5, 3): 1},
        budgets={(7, 3): 10},
    )
    found = allocate(problem)
    assert found.chosen.tolist() == [7, -1, 5]
    assert (found.benefit, found.cost, found.bound, found.gap, found.is_exact) == (15, 10, 15, 0.0, True)
    assert [(each.resource, each.capacity, each.used) for each in found.prices] == [("seat", 1, 1), ("budget", 10, 10)]


def test_of_customers_alike_the_first_by_number_are_listed() -> None:
    five = np.arange(5, dtype=np.int32)
    problem = Problem(five, np.zeros(5, int), np.full(5, 7), np.full(5, 2), np.zeros(5, int), seats={(0, 0): 3})
    assert allocate(problem).chosen.tolist() == [0, 0, 0, -1, -1]


def test_an_impossible_floor_is_a_named_shortage() -> None:
    problem = Problem(
        np.array([0]), np.array([0]), np.array([3]), np.array([1]), np.array([4, 6]), floors={4: 3, 6: 1, 9: 2}
    )
    found = allocate(problem)
    assert found.chosen.tolist() == [0, -1]
    assert found.shortage == {4: 2, 6: 1, 9: 2}
    assert (found.benefit, found.bound) == (3, 3)


def test_a_floor_lists_those_without_benefit_too() -> None:
    pair = (np.array([0]), np.array([0]), np.array([0]), np.array([1]), np.array([0]))
    assert allocate(Problem(*pair)).chosen.tolist() == [-1]
    assert allocate(Problem(*pair, floors={0: 1})).chosen.tolist() == [0]


def test_nothing_to_allocate_is_an_allocation_of_nothing() -> None:
    none = np.zeros(0, np.int32)
    found = allocate(Problem(none, none, none, none, np.zeros(3, np.int32), seats={(1, 0): 4}))
    assert found.chosen.tolist() == [-1, -1, -1]
    assert (found.benefit, found.bound, found.gap, found.is_exact) == (0, 0, 0.0, True)


@pytest.mark.parametrize("kind", KINDS)
def test_a_few_hundred_customers_get_what_highs_finds_on_the_plain_model(kind: str) -> None:
    problem = some(np.random.default_rng(11), 300, 6, 4, kind)  # type: ignore[arg-type]
    found = allocate(problem)
    assert faults(problem, found.chosen) == []
    assert worth(problem, found) == plain_optimum(problem)


def plain_optimum(problem: Problem) -> int:
    """Straight from the definition: one 0/1 column a pair, one row a customer and limit, one shortage a floor."""
    from scipy.optimize import Bounds, LinearConstraint, milp

    pairs, floors = len(problem.customer), list(problem.floors)
    city = problem.city[problem.customer]
    rows: list[np.ndarray] = []
    most: list[float] = []

    def add(row: np.ndarray, limit: float, shortage: int | None = None) -> None:
        whole = np.zeros(pairs + len(floors))
        whole[:pairs] = row
        if shortage is not None:
            whole[pairs + shortage] = -1
        rows.append(whole)
        most.append(limit)

    for customer in np.unique(problem.customer):
        add(problem.customer == customer, 1)
    for (strategy, where), seats in problem.seats.items():
        add((problem.strategy == strategy) & (city == where), seats)
    for (strategy, where), yuan in problem.budgets.items():
        add(((problem.strategy == strategy) & (city == where)) * problem.cost.astype(float), yuan)
    for strategy, total in problem.totals.items():
        add(problem.strategy == strategy, total)
    for at, (where, least) in enumerate(problem.floors.items()):
        add(-1.0 * (city == where), -least, at)
    price = 4 * int(problem.benefit.max()) + 1
    worths = np.concatenate([problem.benefit, np.full(len(floors), -price)])
    found = milp(
        -worths,
        integrality=np.ones(len(worths)),
        bounds=Bounds(0, np.concatenate([np.ones(pairs), np.full(len(floors), np.inf)])),
        constraints=LinearConstraint(np.array(rows), -np.inf, np.array(most)),
        options={"mip_rel_gap": 0.0},
    )
    return round(-found.fun)


def test_shuffled_rows_and_limits_give_the_same_allocation() -> None:
    for seed in range(60):
        problem = tiny(seed)
        found, other = allocate(problem), allocate(shuffled(problem, seed + 1))
        assert found.chosen.tolist() == other.chosen.tolist()
        assert found.flows == other.flows
        assert found.prices == other.prices


def test_flows_give_the_same_allocation_without_a_solver(monkeypatch: pytest.MonkeyPatch) -> None:
    found = {seed: allocate(tiny(seed)) for seed in range(60)}
    monkeypatch.setattr("scipy.optimize.milp", None)
    monkeypatch.setattr("scipy.optimize.linprog", None)
    for seed, first in found.items():
        again = replay(tiny(seed), first.flows)
        assert again.chosen.tolist() == first.chosen.tolist()
        assert vars(again) | {"chosen": 0} == vars(first) | {"chosen": 0}

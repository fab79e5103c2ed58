"""Random problems, and the optimum of a small one by trying everything."""

from __future__ import annotations

import itertools
from collections import Counter
from typing import Literal

import numpy as np

from mend.repair.allocation import Allocation, Problem

Kind = Literal["plain", "ties", "huge", "floors"]
KINDS: tuple[Kind, ...] = ("plain", "ties", "huge", "floors")


def tiny(seed: int) -> Problem:
    """Up to six customers, three strategies, two cities: `ties` has four benefits, `huge` costs up to two billion."""
    random = np.random.default_rng(seed)
    return some(random, int(random.integers(1, 7)), 3, 2, KINDS[seed % len(KINDS)])


def some(random: np.random.Generator, customers: int, strategies: int, cities: int, kind: Kind) -> Problem:
    """Limits of the size that bind."""
    customer, strategy = np.nonzero(random.random((customers, strategies)) < 0.6)
    most = 1 + 2 * customers // (strategies * cities)
    costs = [1, 3, 10**6, 2 * 10**9] if kind == "huge" else [0, 1, 2, 3, 5, 6]
    budgets = [3, 10**6 + 4, 2 * 10**9 + 5] if kind == "huge" else list(range(5 * most))
    cells = list(itertools.product(range(strategies), range(cities)))
    return Problem(
        customer=customer.astype(np.int32),
        strategy=strategy.astype(np.int16),
        benefit=random.integers(0, 4 if kind == "ties" else 50, len(customer)).astype(np.int32),
        cost=random.choice(costs, len(customer)).astype(np.int32),
        city=random.integers(0, cities, customers).astype(np.int32),
        seats={cell: int(random.integers(0, most + 1)) for cell in cells if random.random() < 0.5},
        budgets={cell: int(random.choice(budgets)) for cell in cells if random.random() < 0.4},
        totals={each: int(random.integers(0, cities * most)) for each in range(strategies) if random.random() < 0.3},
        floors={
            city: int(random.integers(0, 1 + customers * (2 if kind == "floors" else 1) // (2 * cities)))
            for city in range(cities)
            if random.random() < (1.0 if kind == "floors" else 0.2)
        },
    )


def penalty(problem: Problem) -> int:
    return 4 * int(problem.benefit.max(initial=0)) + 1


def worth(problem: Problem, allocation: Allocation) -> int:
    return allocation.benefit - penalty(problem) * sum(allocation.shortage.values())


def faults(problem: Problem, chosen: np.ndarray) -> list[str]:
    """Everything that an allocation breaks, counted from the problem's rows alone."""
    given = {
        (c, s): k
        for c, s, k in zip(problem.customer.tolist(), problem.strategy.tolist(), problem.cost.tolist(), strict=True)
    }
    seats: Counter[tuple[int, int]] = Counter()
    spent: Counter[tuple[int, int]] = Counter()
    totals: Counter[int] = Counter()
    found = []
    for customer, strategy in enumerate(chosen.tolist()):
        if strategy < 0:
            continue
        if (customer, strategy) not in given:
            found.append(f"{customer} is not eligible for {strategy}")
            continue
        cell = (strategy, int(problem.city[customer]))
        seats[cell] += 1
        spent[cell] += given[customer, strategy]
        totals[strategy] += 1
    found += [f"seats {cell}" for cell, used in seats.items() if used > problem.seats.get(cell, used)]
    found += [f"budget {cell}" for cell, used in spent.items() if used > problem.budgets.get(cell, used)]
    found += [f"total {each}" for each, used in totals.items() if used > problem.totals.get(each, used)]
    return found


def best_by_trying(problem: Problem) -> int:
    """The most benefit less penalties, over every way to give each customer one of their strategies or none."""
    options: list[list[int]] = [[-1] for _ in problem.city]
    benefit = {}
    for customer, strategy, points in zip(
        problem.customer.tolist(), problem.strategy.tolist(), problem.benefit.tolist(), strict=True
    ):
        options[customer].append(strategy)
        benefit[customer, strategy] = points
    ways = (np.array(way) for way in itertools.product(*options))
    return max(_worth_of(problem, way, benefit) for way in ways if not faults(problem, way))


def _worth_of(problem: Problem, way: np.ndarray, benefit: dict[tuple[int, int], int]) -> int:
    listed = Counter(problem.city[way >= 0].tolist())
    short = sum(max(0, least - listed[city]) for city, least in problem.floors.items())
    points = sum(benefit[customer, strategy] for customer, strategy in enumerate(way.tolist()) if strategy >= 0)
    return points - penalty(problem) * short


def shuffled(problem: Problem, seed: int) -> Problem:
    """The same problem: rows of each customer in another order, limits in another order."""
    random = np.random.default_rng(seed)
    order = np.lexsort((random.random(len(problem.customer)), problem.customer))
    rows = {name: getattr(problem, name)[order] for name in ("customer", "strategy", "benefit", "cost")}
    limits = {
        name: dict(random.permutation(np.array([*getattr(problem, name).items()], object)).tolist())
        if getattr(problem, name)
        else {}
        for name in ("seats", "budgets", "totals", "floors")
    }
    return Problem(**rows, city=problem.city, **limits)

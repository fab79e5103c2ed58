"""What is to be allocated: customers, what may be given to each, and what there is of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

import numpy as np

from mend.repair.allocation.errors import AllocationError

Ints = np.ndarray
Cell = tuple[int, int]  # strategy, city

# With both, every sum of values and prices is a whole number that a 64-bit float holds exactly.
MOST_BENEFIT: Final = 2**24
MOST_STRATEGIES: Final = 1000


@dataclass(frozen=True, eq=False)
class Problem:
    """One row a pair (a customer and a strategy that they may be given), sorted by customer; rows of one customer may
    come in any order. Customers are numbered 0 to n - 1 in the order that decides between equal ones.

    `seats` and `budgets` limit a strategy in a city, `totals` a strategy in the whole centre; what is absent has no
    limit. `floors` is the least number of customers to be listed in a city; one that cannot be met leaves a shortage.
    """

    customer: Ints
    strategy: Ints
    benefit: Ints
    cost: Ints
    city: Ints
    seats: Mapping[Cell, int] = field(default_factory=dict)
    budgets: Mapping[Cell, int] = field(default_factory=dict)
    totals: Mapping[int, int] = field(default_factory=dict)
    floors: Mapping[int, int] = field(default_factory=dict)


def require_sound(problem: Problem) -> None:
    """
    Raises:
        AllocationError: for the first thing that is wrong, with its row and value.
    """
    _require_arrays(problem)
    _require_limits(problem)
    _require_one_row_a_pair(problem)


def _require_arrays(problem: Problem) -> None:
    pairs = len(problem.customer)
    for name in ("strategy", "benefit", "cost"):
        if (found := len(getattr(problem, name))) != pairs:
            raise AllocationError(f"allocation: {name} has {found} rows, customer has {pairs}; give one of each a pair")
    for name in ("customer", "strategy", "benefit", "cost", "city"):
        if getattr(problem, name).dtype.kind not in "iu":
            raise AllocationError(f"allocation: {name} is {getattr(problem, name).dtype}; give whole numbers")
    _require_within("customer", problem.customer, 0, len(problem.city) - 1)
    _require_within("strategy", problem.strategy, 0, 2**15 - 1)
    _require_within("benefit", problem.benefit, 0, MOST_BENEFIT)
    _require_within("cost", problem.cost, 0, 2**31 - 1)
    _require_within("city", problem.city, 0, 2**31 - 1)


def _require_within(name: str, values: Ints, least: int, most: int) -> None:
    if not len(values) or (values.min() >= least and values.max() <= most):
        return
    row = int(np.flatnonzero((values < least) | (values > most))[0])
    raise AllocationError(f"allocation: {name} of row {row} is {values[row]}; give a number from {least} to {most}")


def _require_limits(problem: Problem) -> None:
    for name in ("seats", "budgets", "totals", "floors"):
        for key, value in getattr(problem, name).items():
            if not isinstance(value, int | np.integer) or isinstance(value, bool) or value < 0:
                raise AllocationError(f"allocation: {name} of {key} is {value!r}; give a whole number of at least 0")


def _require_one_row_a_pair(problem: Problem) -> None:
    customer = problem.customer
    if len(customer) < 2:
        return
    if (wrong := np.flatnonzero(customer[1:] < customer[:-1])).size:
        raise AllocationError(f"allocation: customer of row {wrong[0] + 1} is before that of the row above; sort by it")
    most = int(np.bincount(customer).max())
    for gap in range(1, most):  # rows of one customer are side by side, in any order
        same = (customer[gap:] == customer[:-gap]) & (problem.strategy[gap:] == problem.strategy[:-gap])
        if same.any():
            row = int(np.flatnonzero(same)[0])
            raise AllocationError(
                f"allocation: strategy {problem.strategy[row]} of customer {customer[row]} is there in row {row} and "
                f"in row {row + gap}; give one row a customer and strategy"
            )

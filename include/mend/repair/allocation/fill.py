"""Whole units that keep within every limit: what is over is taken back, what is left is given out, best value first.

Where HiGHS answers, this changes nothing or adds a last unit; where it does not, this is the allocation.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from mend.repair.allocation.core import Core
from mend.repair.allocation.judge import SCALE, Prices
from mend.repair.allocation.layout import Limits


@dataclass(eq=False)
class _Left:
    """What is left of each limit. Changed as units are given and taken."""

    count: np.ndarray
    seats: np.ndarray
    budgets: np.ndarray
    totals: np.ndarray

    def move(self, core: Core, column: int, units: int) -> None:
        kind, strategy = core.type_of[column], core.strategy[column]
        self.count[kind] -= units
        self.seats[strategy, core.city[kind]] -= units
        self.budgets[strategy, core.city[kind]] -= units * core.cost[column]
        self.totals[strategy] -= units

    def room(self, core: Core, column: int) -> int:
        """Units of the column that may still be given; under 0, those that are over a limit."""
        kind, strategy, cost = core.type_of[column], core.strategy[column], int(core.cost[column])
        city = core.city[kind]
        room = min(self.count[kind], self.seats[strategy, city], self.totals[strategy])
        budget = self.budgets[strategy, city]
        if cost and np.isfinite(budget):
            room = min(room, budget // cost)
        return int(room)


def is_within(core: Core, units: np.ndarray, limits: Limits) -> bool:
    """Whether these units keep within every count and limit, exactly."""
    left = _left(core, units, limits)
    return bool((units >= 0).all()) and all((each >= 0).all() for each in vars(left).values())


def fill(core: Core, units: np.ndarray, limits: Limits, value: np.ndarray) -> np.ndarray:
    """Units within every limit, from these: `value` of each column says what is taken back last and given first."""
    units = np.maximum(units, 0)
    left = _left(core, units, limits)
    order = np.lexsort((np.arange(len(value)), -value))
    for column in order[::-1].tolist():
        if units[column] and (over := -left.room(core, column)) > 0:
            back = min(over, int(units[column]))
            units[column] -= back
            left.move(core, column, -back)
    for column in order.tolist():
        if value[column] >= 0 and (room := left.room(core, column)) > 0:
            units[column] += room
            left.move(core, column, room)
    return units


def values_of_columns(core: Core, prices: Prices) -> np.ndarray:
    """v of each column in 1/4096 point."""
    strategy, city = core.cell
    charged = prices.seats[strategy, city] + prices.totals[strategy] + prices.budgets[strategy, city] * core.cost
    return np.asarray(core.benefit * SCALE - charged + prices.floors[city])


def _left(core: Core, units: np.ndarray, limits: Limits) -> _Left:
    strategy, city = core.cell
    seats, budgets, totals = limits.seats.copy(), limits.budgets.copy(), limits.totals.copy()
    np.subtract.at(seats, (strategy, city), units)
    np.subtract.at(budgets, (strategy, city), units * core.cost)
    np.subtract.at(totals, strategy, units)
    count = core.count - np.bincount(core.type_of, units, minlength=len(core.count)).astype(np.int64)
    return _Left(count, seats, budgets, totals)

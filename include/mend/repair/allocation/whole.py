"""From a model's solution to whole units: most stay as they are; a few types are solved once more, in whole units.

Which: those with a fraction, and in each cell those nearest to another choice, a few units of each. Where HiGHS has no
answer the units are given out by value, best first: within every limit in any case.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Final

import numpy as np

from mend.repair.allocation.band import rest_of
from mend.repair.allocation.core import Core
from mend.repair.allocation.fill import fill, is_within, values_of_columns
from mend.repair.allocation.judge import Prices
from mend.repair.allocation.layout import Limits
from mend.repair.allocation.solver import Solution, solve_whole

WHOLE: Final = 1e-6  # nearer to a whole number than this is that number
NEAREST: Final = 6  # types of a cell that are solved once more
FREED: Final = 2  # units of each of their columns
NODES: Final = 100


def whole_units(
    core: Core, rest: Limits, solution: Solution | None, prices: Prices, penalty: int, near: float
) -> np.ndarray:
    """Whole units of each column within `rest`; of the types solved once more the best, or within `near` points."""
    value = values_of_columns(core, prices)
    units = np.zeros(len(core.strategy), np.int64)
    if solution is not None:
        units = np.floor(solution.units + WHOLE).astype(np.int64)
        is_again, freed = _to_solve_again(core, solution.units, units, value)
        part, columns = _part(core, units - freed, is_again)
        found = solve_whole(part, _rest(core, rest, units - freed), penalty, _gap(part, near), NODES)
        if found is not None:
            again = units - freed
            again[columns] += found.units
            units = again if is_within(core, again, rest) else units
    return fill(core, units, rest, value)


def _to_solve_again(
    core: Core, exact: np.ndarray, units: np.ndarray, value: np.ndarray, nearest: int = NEAREST
) -> tuple[np.ndarray, np.ndarray]:
    """Whether each type is, and the units of each column that it gives up for it."""
    types = len(core.count)
    is_split = np.zeros(types, bool)
    is_split[core.type_of[np.abs(exact - np.rint(exact)) > WHOLE]] = True
    is_again = is_split.copy()
    is_again[_nearest(core, value, nearest)] = True
    return is_again, np.where(is_again[core.type_of], np.minimum(units, FREED), 0)


def _nearest(core: Core, value: np.ndarray, nearest: int) -> np.ndarray:
    """In each cell the types whose column there is nearest to their best other choice."""
    order = np.lexsort((-value, core.type_of))
    is_first = np.diff(core.type_of[order], prepend=-1) != 0
    best = np.zeros(len(core.count))
    best[core.type_of[order[is_first]]] = value[order[is_first]]
    second = np.zeros(len(core.count))
    after = np.flatnonzero(is_first[:-1] & ~is_first[1:]) + 1
    second[core.type_of[order[after]]] = value[order[after]]
    best, second = np.maximum(best, 0), np.maximum(second, 0)
    column_best = best[core.type_of]
    distance = np.where(value >= column_best, value - second[core.type_of], column_best - value)
    strategy, city = core.cell
    cell = strategy * (int(city.max(initial=0)) + 1) + city
    near = np.lexsort((np.arange(len(cell)), distance, cell))
    rank = np.arange(len(near)) - np.searchsorted(cell[near], cell[near])
    return np.unique(core.type_of[near[rank < nearest]])


def _part(core: Core, units: np.ndarray, is_again: np.ndarray) -> tuple[Core, np.ndarray]:
    """The types that are solved again, with what they have to give, and their columns' positions."""
    free = core.count - np.bincount(core.type_of, units, minlength=len(core.count))
    columns = np.flatnonzero(is_again[core.type_of])
    number = np.cumsum(is_again) - 1
    part = replace(
        core,
        city=core.city[is_again],
        count=free[is_again],
        type_of=number[core.type_of[columns]],
        strategy=core.strategy[columns],
        benefit=core.benefit[columns],
        cost=core.cost[columns],
    )
    return part, columns


def _rest(core: Core, rest: Limits, units: np.ndarray) -> Limits:
    used = usage(core, units, rest)
    return rest_of(rest, used.seats, used.budgets)


def usage(core: Core, units: np.ndarray, limits: Limits) -> Limits:
    """What these units use of each limit; of floors: how many are listed."""
    strategy, city = core.cell
    used, spent = np.zeros(limits.seats.shape), np.zeros(limits.seats.shape)
    np.add.at(used, (strategy, city), units)
    np.add.at(spent, (strategy, city), units * core.cost)
    return Limits(used, spent, used.sum(axis=1), used.sum(axis=0))


def near_part(core: Core, rest: Limits, units: np.ndarray, prices: Prices) -> tuple[Core, Limits]:
    """The types that decide what a unit more or less is worth, and what the rest leaves to them."""
    is_again, freed = _to_solve_again(core, units, units, values_of_columns(core, prices), 2 * NEAREST)
    part, _ = _part(core, units - freed, is_again)
    left = _rest(core, rest, units - freed)
    return part, Limits(**{name: np.maximum(each, 0) for name, each in vars(left).items()})


def _gap(part: Core, near: float) -> float:
    """So many points as a share of what the part is worth at most."""
    own = float((part.count[part.type_of] * part.benefit).sum()) + 1.0
    return float(np.clip(near / own, 1e-7, 1e-2))

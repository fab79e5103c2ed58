"""What one unit more of a limit would bring, and what one unit less would cost: the linear model solved again.

A city's limits bear on its own customers alone once the totals, which cities share, are charged at their price. So one
model answers for one limit of every city at once: in round k the k-th limit of each city is one unit more, and a city's
value is read off its own types. A total is solved by itself. What is not used up brings nothing more.

With the totals at their price the gain of one more is never too low, and the loss of one less never too high.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Final, Literal

import numpy as np

from mend.repair.allocation.core import Core
from mend.repair.allocation.judge import Prices
from mend.repair.allocation.layout import Limits
from mend.repair.allocation.solver import Solution, solve_relaxed
from mend.repair.allocation.whole import near_part, usage

DIGITS: Final = 6
SMALL: Final = 1e-6
Sign = Literal[1, -1]
At = tuple[int, ...]


@dataclass(frozen=True, eq=False)
class Values:
    """In points a unit, in the shape of the limits; not a number where there is no limit or no answer."""

    more: Limits
    less: Limits


@dataclass(frozen=True, eq=False)
class _Near:
    """The types that decide, what the limits leave to them, and what of each limit is not used."""

    part: Core
    left: Limits
    spare: Limits
    penalty: int


def unknown(limits: Limits) -> Values:
    blank = [Limits(**{name: np.full_like(each, np.nan) for name, each in vars(limits).items()}) for _ in range(2)]
    return Values(*blank)


def values_of_limits(core: Core, rest: Limits, solution: Solution | None, prices: Prices, penalty: int) -> Values:
    """`rest` is what the limits leave to the core, `solution` its linear solution."""
    values = unknown(rest)
    if solution is None or solution.duals is None:
        return values
    part, left = near_part(core, rest, solution.units, prices)
    used = usage(core, solution.units, rest)
    spare = Limits(**{name: vars(rest)[name] - vars(used)[name] for name in vars(rest)})
    np.negative(spare.floors, out=spare.floors)  # of a floor: how many are listed beyond it
    near = _Near(part, left, spare, penalty)
    _fill_local(near, solution.duals.totals, 1, values.more)
    _fill_local(near, solution.duals.totals, -1, values.less)
    _fill_totals(near, 1, values.more)
    _fill_totals(near, -1, values.less)
    return values


def _fill_local(near: _Near, charged: np.ndarray, sign: Sign, values: Limits) -> None:
    """Seats, budgets and floors, with the totals charged."""
    part = replace(near.part, benefit=near.part.benefit - charged[near.part.strategy])
    free = replace(near.left, totals=np.full_like(near.left.totals, np.inf))
    waiting = [each for name in ("seats", "budgets", "floors") for each in _waiting(near, name, sign, values)]
    base = _by_city(part, free, near.penalty) if waiting else None
    for round_ in _rounds(waiting):
        changed = _by_city(part, _changed(free, round_, sign), near.penalty)
        if base is not None and changed is not None:
            for name, at in round_:
                getattr(values, name)[at] = _points(sign * (changed - base)[at[-1]])


def _fill_totals(near: _Near, sign: Sign, values: Limits) -> None:
    waiting = _waiting(near, "totals", sign, values)
    base = solve_relaxed(near.part, near.left, near.penalty) if waiting else None
    for name, at in waiting:
        changed = solve_relaxed(near.part, _changed(near.left, [(name, at)], sign), near.penalty)
        if base is not None and changed is not None:
            values.totals[at] = _points(sign * (changed.worth - base.worth))


def _waiting(near: _Near, name: str, sign: Sign, values: Limits) -> list[tuple[str, At]]:
    """The limits that need a model. Where something is left over the value is known: nothing."""
    spare, left = getattr(near.spare, name), getattr(near.left, name)
    found = []
    for each in np.argwhere(np.isfinite(left)):
        at = tuple(int(k) for k in each)
        takes = (sign < 0) != (name == "floors")  # the limit as it stands gets one less
        if name == "floors" and left[at] < SMALL and spare[at] < 1 - SMALL:
            continue  # none here, or one that the fixed meet to the last customer
        if spare[at] >= 1 - SMALL or (sign > 0 and spare[at] > SMALL):
            getattr(values, name)[at] = 0.0
        elif not takes or left[at] >= 1 - SMALL:
            found.append((name, at))
    return found


def _rounds(waiting: list[tuple[str, At]]) -> list[list[tuple[str, At]]]:
    """At most one limit of a city a round."""
    rounds: list[list[tuple[str, At]]] = []
    seen: dict[int, int] = {}
    for each in waiting:
        number = seen.get(each[1][-1], 0)
        seen[each[1][-1]] = number + 1
        if number == len(rounds):
            rounds.append([])
        rounds[number].append(each)
    return rounds


def _changed(limits: Limits, which: list[tuple[str, At]], sign: Sign) -> Limits:
    arrays = {name: each.copy() for name, each in vars(limits).items()}
    for name, at in which:
        arrays[name][at] = max(arrays[name][at] + (-sign if name == "floors" else sign), 0.0)
    return Limits(**arrays)


def _by_city(part: Core, limits: Limits, penalty: int) -> np.ndarray | None:
    """What the best of the model is worth in each city."""
    solved = solve_relaxed(part, limits, penalty)
    if solved is None:
        return None
    used = usage(part, solved.units, limits)
    cities = len(limits.floors)
    worth = np.bincount(part.city[part.type_of], solved.units * part.benefit, minlength=cities)
    return np.asarray(worth - penalty * np.maximum(limits.floors - used.floors, 0))


def _points(value: float) -> float:
    return round(max(float(value), 0.0), DIGITS)
